/**
 * Whether broken tests depend on the others. Rule: it explains a break and never excuses it: the repository's own run, in its
 * own order, is the measure.
 */
import type { Settled } from '../flakes/settle.ts';
import type { Check, Judgement } from '../types.ts';
import type { Affected } from './affected.ts';

/** Files beyond which nobody asks. */
const MOST = 5;

export interface Asked {
  candidateTree: string;
  affected: (() => Promise<Affected>) | undefined;
  judge(check: Check, tree: string): Promise<Judgement>;
}

/** Runs the broken tests by themselves, and says so in the note when they pass then. */
export async function explainOrder(check: Check, settled: Settled, asked: Asked): Promise<Settled> {
  const { kind, broken = [] } = settled;
  if (kind !== 'broken' || broken.length === 0 || check.narrow === undefined || asked.affected === undefined)
    return settled;
  const { filesOf } = await asked.affected();
  const files = broken.map((id) => filesOf(check, id));
  const all = [...new Set(files.flat())];
  if (files.some((some) => some.length === 0) || all.length > MOST) return settled;
  const narrow = await check.narrow(all);
  const alone = narrow === null ? null : await asked.judge(narrow, asked.candidateTree);
  if (alone === null || !broken.every((id) => alone.tests[id] === 'passed')) return settled;
  const them = broken.length === 1 ? 'it passes' : 'they pass';
  return {
    ...settled,
    note: `${settled.note} (without the other tests ${them}: it is what those leave behind, or their order)`,
  };
}
