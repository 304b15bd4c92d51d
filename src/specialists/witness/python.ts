/** Witnesses of Python rules. Rule: null wherever the code cannot be reached or the effect not be seen. */
import type { Finding, Witness } from '../../records/index.ts';
import type { SourceFile } from '../types.ts';
import { inputKinds, type Kind } from './python-kinds.ts';
import { pythonProgram } from './python-program.ts';
import { settingKinds } from './python-settings-kinds.ts';
import { pythonSubject } from './python-target.ts';

export const pythonKinds: Readonly<Record<string, Kind>> = { ...inputKinds, ...settingKinds };

export async function pythonWitness(file: SourceFile, finding: Finding): Promise<Witness | null> {
  const kind = pythonKinds[finding.rule];
  const subject = kind && (await pythonSubject(file, finding));
  const parts = subject && kind(subject);
  if (!parts) return null;
  return { language: 'python', title: parts.title, program: pythonProgram(subject, parts) };
}
