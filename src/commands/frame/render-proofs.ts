/** What was shown of a change by running it: first on the screen. Pure; words of the code are spelt out, never obeyed. */
import type { EvaluationRow } from '../../crew/index.ts';
import type { PerformanceResult, WitnessResult } from '../../records/index.ts';
import { visibleLine } from './visible.ts';

/** Lines with an empty one behind them; none where nothing was shown. */
export function shownFirst(evaluation: Pick<EvaluationRow, 'witness' | 'performance'> | null): string[] {
  const { witness, performance } = evaluation ?? {};
  const lines = [...(witness ? witnessLines(witness) : []), ...(performance ? [performanceLine(performance)] : [])];
  return lines.length === 0 ? [] : [...lines, ''];
}

function witnessLines({ title, before, after }: WitnessResult): string[] {
  return [`Witness: ${visibleLine(title)}`, `  before: ${before} · after: ${after}`];
}

function performanceLine({ ratio, ci, significant, pairs, unit, what }: PerformanceResult): string {
  const [low, high] = ci;
  const how =
    unit === 'instructions' ? 'instructions counted' : `95 %: ${low.toFixed(2)} to ${high.toFixed(2)}, ${pairs} pairs`;
  const word = significant ? '' : ' (not significant)';
  return `Performance: ${ratio.toFixed(2)} times as fast${word}, ${how}: ${visibleLine(what)}`;
}

/** Reasons that say in other words what stands first. */
export function isShown(reason: string): boolean {
  return /^(witness|performance): /.test(reason);
}
