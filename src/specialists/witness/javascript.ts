import type { Finding, Witness } from '../../records/index.ts';
import type { SourceFile } from '../types.ts';
export async function javascriptWitness(_file: SourceFile, _finding: Finding): Promise<Witness | null> {
  return null;
}
