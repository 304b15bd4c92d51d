/**
 * What new tests are worth. Rule: they pass every time in slots of their own, and each function that they are about has a
 * broken version that they notice and the other tests do not; a function for which that cannot be shown is left out.
 */
import type { EditTree } from '../guarded.ts';
import { mutantsOf } from '../mutants/mutants.ts';
import { notices } from '../mutants/noticed.ts';
import type { Check, Judgement } from '../types.ts';

export interface AddedTests {
  /** The tests of the repository. */
  check: Check;
  baseTree: string;
  /** The whole file. */
  test: { path: string; text: string };
  /** Where the functions stand: lines 1-based, inclusive. */
  source: { path: string; text: string };
  functions: ReadonlyArray<{ name: string; line: number; endLine: number }>;
  /** Tests from which the source can be reached. */
  others: readonly string[];
  editTree: EditTree;
  signal: AbortSignal;
}

export type Worth = { kept: string[] } | { reason: string };

const TIMES = 3;
/** Broken versions of one function. */
const MOST = 4;
/** Milliseconds of the other tests: longer ones are not run again only to see what they notice. */
const LONGEST = 60_000;

export async function worthOf(added: AddedTests): Promise<Worth> {
  const { check, baseTree, test, editTree, signal } = added;
  const own = (await check.narrow?.([test.path])) ?? null;
  if (own === null) return { reason: `${check.name} cannot be run on one file` };
  const tree = await editTree(baseTree, [{ path: test.path, content: test.text }]);
  let whole: Judgement | null = null;
  for (let at = 0; at < TIMES; at += 1) {
    whole = await own.judge(tree, { signal });
    if (whole.outcome !== 'passed') return { reason: `they do not pass: ${lastWords(whole)}` };
  }
  const names = Object.entries(whole?.tests ?? {}).filter(([, outcome]) => outcome === 'passed');
  if (whole === null || names.length === 0) return { reason: 'nobody can see which of them ran' };
  const others = await othersOf(added);
  const kept: string[] = [];
  for (const one of added.functions) if (await adds(one, { ...added, own, whole, others, tree })) kept.push(one.name);
  return kept.length === 0 ? { reason: 'no broken version was noticed by them alone' } : { kept };
}

function lastWords({ outcome, detail }: Judgement): string {
  return detail.trim().split('\n').at(-1)?.slice(0, 200) || outcome;
}

/** The tests that might notice as well, and what they say of the base; null where none can, `unknown` where it takes too long. */
async function othersOf({ check, others, baseTree, signal }: AddedTests): Promise<Others> {
  if (others.length === 0) return null;
  const some = (await check.narrow?.([...others])) ?? check;
  const base = await some.judge(baseTree, { signal });
  return base.duration > LONGEST || base.outcome === 'timeout' ? 'unknown' : { check: some, base };
}

type Others = { check: Check; base: Judgement } | null | 'unknown';

interface Trying extends Omit<AddedTests, 'others'> {
  own: Check;
  whole: Judgement;
  others: Others;
  tree: string;
}

async function adds({ line, endLine }: { line: number; endLine: number }, trying: Trying): Promise<boolean> {
  const { source, own, whole, others, tree, baseTree, editTree, signal } = trying;
  if (others === 'unknown') return false;
  const lines = source.text.split('\n');
  const before = lines.map((text, at) => (at >= line - 1 && at < endLine ? '' : text)).join('\n');
  const mutants = (await mutantsOf([{ path: source.path, before, after: source.text }])).filter(
    (one) => one.line >= line && one.line <= endLine,
  );
  for (const { path, text } of mutants.slice(0, MOST)) {
    const broken = [{ path, content: text }];
    if (!notices(whole, await own.judge(await editTree(tree, broken), { signal }))) continue;
    if (others === null) return true;
    if (!notices(others.base, await others.check.judge(await editTree(baseTree, broken), { signal }))) return true;
  }
  return false;
}
