/** Witnesses of JavaScript and TypeScript rules. Rule: null wherever the code cannot be reached or the effect not be seen. */
import type { Finding, Witness } from '../../records/index.ts';
import type { SourceFile } from '../types.ts';
import { javascriptKinds } from './javascript-kinds.ts';
import { javascriptProgram } from './javascript-program.ts';
import { javascriptSubject } from './javascript-target.ts';

export async function javascriptWitness(file: SourceFile, finding: Finding): Promise<Witness | null> {
  const kind = javascriptKinds[finding.rule];
  const subject = kind && (await javascriptSubject(file, finding));
  const parts = subject && kind(subject);
  if (!parts) return null;
  return { language: 'javascript', title: parts.title, program: javascriptProgram(subject, parts) };
}
