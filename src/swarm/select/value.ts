/**
 * What a fix is worth: severity x confidence x record. Rule: pure, whole numbers, so that no order of adding changes a sum;
 * many small ones do not outweigh one of the next severity before there are ten of them.
 */
import type { Fix, Severity, SpecialistName } from '../../records/index.ts';
import { isFromModel } from '../propose/propose.ts';

/** How good the proposals of a specialist and rule have been: 1 is neutral, above is better, never below 0. */
export type RecordOf = (specialist: SpecialistName, rule: string) => number;

const WEIGHT: Record<Severity, number> = { critical: 1_000, high: 100, medium: 10, low: 1 };
/** A rule knows why it is right. */
const CONFIDENCE = { rule: 1, model: 0.5 } as const;
const SCALE = 1_000;

/** At least 1. */
export function worthOf({ severity, specialist, rule }: Fix, record: RecordOf = () => 1): number {
  const confidence = isFromModel(rule) ? CONFIDENCE.model : CONFIDENCE.rule;
  const said = record(specialist, rule);
  const known = Number.isFinite(said) ? Math.min(10, Math.max(0, said)) : 1;
  return Math.max(1, Math.round(SCALE * WEIGHT[severity] * confidence * known));
}

/** Best first: value, then the smaller change, then rule, path and text, so that the same fixes have the same order. */
export function byValue(record?: RecordOf): (a: Fix, b: Fix) => number {
  const keys = new Map<Fix, { value: number; key: string }>();
  const of = (fix: Fix) => {
    const known = keys.get(fix) ?? { value: worthOf(fix, record), key: keyOf(fix) };
    keys.set(fix, known);
    return known;
  };
  return (a, b) => {
    const [x, y] = [of(a), of(b)];
    return y.value - x.value || a.edits.length - b.edits.length || (x.key < y.key ? -1 : x.key > y.key ? 1 : 0);
  };
}

function keyOf({ rule, findings, edits, creates, title }: Fix): string {
  return `${rule}\0${findings[0]?.path ?? ''}\0${JSON.stringify([edits, creates ?? [], title])}`;
}
