/**
 * A small benchmark of a touched function. Rule: the function is called as it stands in the tree, with arguments made from
 * its types, its defaults and what it does with them; where no arguments fit there is no benchmark.
 */
import { Unanalysable } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import type { Benchmark } from './types.ts';

export type { Benchmark } from './types.ts';

/** Most functions of one file that are tried. */
const MOST = 5;

/** Benchmarks of the functions whose text differs between the two states of a file, in text order. */
export async function makeBenchmarks(before: SourceFile, after: SourceFile): Promise<Benchmark[]> {
  try {
    const made =
      before.language === 'python'
        ? await (await import('./python.ts')).pythonBenchmarks(before, after)
        : await (await import('./javascript.ts')).javascriptBenchmarks(before, after);
    return made.slice(0, MOST);
  } catch (error) {
    if (error instanceof Unanalysable) return [];
    throw error;
  }
}
