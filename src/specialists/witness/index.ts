/**
 * A failing input for a finding. Rule: a witness really calls the code that was found, with stand-ins for what is around
 * it; it comes from our templates and the syntax tree of the base, never from a candidate.
 */
import type { Finding, Witness } from '../../records/index.ts';
import { Unanalysable } from '../rule.ts';
import type { SourceFile } from '../types.ts';

/**
 * Makes the witness of `finding` in `file` (its text on the base), or null where its rule has none, where the code cannot
 * be reached by name, or where the effect of an input cannot be seen.
 */
export async function makeWitness(file: SourceFile, finding: Finding): Promise<Witness | null> {
  try {
    if (file.language === 'python') return await (await import('./python.ts')).pythonWitness(file, finding);
    return await (await import('./javascript.ts')).javascriptWitness(file, finding);
  } catch (error) {
    if (error instanceof Unanalysable) return null;
    throw error;
  }
}
