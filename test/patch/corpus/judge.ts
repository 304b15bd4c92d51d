/**
 * What an engine made of a case, against the truth. Rule: corrupted is worse than wrong: something changed although the
 * engine said no, something outside was touched, or text came out that neither side nor the patch has.
 */
import type { Case } from './cases.ts';
import { linesOf, type Tree } from './model.ts';

export type Verdict = 'correct' | 'refused' | 'wrong' | 'corrupted';

export interface Outcome {
  /** Did the engine say that it was applied? */
  applied: boolean;
  tree: Tree;
  /** Something outside of the tree changed. */
  intrusion: string | null;
}

export function judge(item: Case, { applied, tree, intrusion }: Outcome): Verdict {
  if (intrusion !== null) return 'corrupted';
  if (!applied) {
    if (!sameTree(tree, item.before)) return 'corrupted';
    return item.truth === null ? 'correct' : 'refused';
  }
  if (item.truth !== null && sameTree(tree, item.truth)) return 'correct';
  // Said yes to what must be refused, without doing anything: harmless, but not right.
  if (item.class === 'p') return sameTree(tree, item.before) ? 'wrong' : 'corrupted';
  return isGarbled(item, tree) ? 'corrupted' : 'wrong';
}

export function sameTree(a: Tree, b: Tree): boolean {
  return a.size === b.size && [...a].every(([path, file]) => isSame(file, b.get(path)));
}

function isSame(a: { mode: string; content: string }, b: { mode: string; content: string } | undefined): boolean {
  return b !== undefined && a.mode === b.mode && a.content === b.content;
}

/** Lines that were glued, markers that became text, line endings that were mixed. */
function isGarbled(item: Case, tree: Tree): boolean {
  const sides = [item.before, item.truth ?? new Map()] as Tree[];
  const known = new Set(
    sides.flatMap((side) => [...side.values()].flatMap(({ content }) => linesOf(content).map(bare))),
  );
  for (const line of linesOf(item.patch.toString('latin1'))) known.add(bare(line)).add(bare(line.slice(1)));
  for (const [path, file] of tree) {
    const [before, truth] = [item.before.get(path), item.truth?.get(path)];
    if (before?.content === file.content || truth?.content === file.content) continue;
    if (linesOf(file.content).some((line) => !known.has(bare(line)))) return true;
    const mixed = (text: string | undefined) => text !== undefined && /\r\n/.test(text) && /[^\r]\n/.test(text);
    if (mixed(file.content) && !mixed(before?.content) && !mixed(truth?.content)) return true;
  }
  return false;
}

const bare = (line: string) => line.trim();
