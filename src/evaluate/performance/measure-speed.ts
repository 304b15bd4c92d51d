/** Measures what a candidate changes. Rule: the first benchmark that can be run on both sides decides; none is invented. */
import type { PerformanceResult } from '../../records/index.ts';
import type { Programs } from '../programs.ts';
import type { EvaluationResult } from '../types.ts';
import { commandOf, type GeneratedBenchmark, samplerOf } from './generated.ts';
import { type Measured, measurePairs, type Sampler } from './measure.ts';

export interface SpeedInput {
  /** Of touched functions. */
  generated: readonly GeneratedBenchmark[];
  /** Of the repository, those that concern the touched files first. */
  own: readonly Sampler[];
  trees: { base: string; candidate: string };
  minSpeedupPercent: number;
}

/** Measures; what cannot be measured is said and why. */
export async function measureSpeed(input: SpeedInput, programs: Programs): Promise<Measured> {
  const { trees, minSpeedupPercent } = input;
  // Looked up before the slots are taken: a toolchain that looks for a program needs one itself.
  const ready = await Promise.all(
    input.generated.map(async (benchmark) => ({ benchmark, runner: await commandOf(benchmark, programs) })),
  );
  const nothing: Measured = { kind: 'unmeasured', why: 'no touched function can be called with arguments of our own' };
  const said = await programs.on([trees.base, trees.candidate], async (base, candidate): Promise<Measured> => {
    let last: Measured = nothing;
    if (!base || !candidate) return last;
    for (const sampler of input.own) {
      last = await measurePairs(sampler, [base, candidate], minSpeedupPercent);
      if (last.kind !== 'unmeasured') return last;
    }
    for (const { benchmark, runner } of ready) {
      const sampler = runner && (await samplerOf(benchmark, runner, base));
      if (!sampler) continue;
      last = await measurePairs(sampler, [base, candidate], minSpeedupPercent);
      if (last.kind !== 'unmeasured') return last;
    }
    return last;
  });
  return said ?? { kind: 'unmeasured', why: 'a tree is not complete in this clone' };
}

/**
 * What a measurement does to the evaluation of a fix that claims to be faster. One that was measured and is not faster is
 * none; one that nobody could measure stands on what its rule says, and says so.
 */
export function withSpeed(
  result: EvaluationResult,
  measured: Measured,
  minSpeedupPercent: number,
  claims: boolean,
): EvaluationResult {
  const fail = (reason: string): EvaluationResult =>
    claims
      ? { ...result, outcome: 'failed', reasons: [reason, ...result.reasons] }
      : { ...result, reasons: [reason, ...result.reasons] };
  if (measured.kind === 'unmeasured')
    return { ...result, reasons: [...result.reasons, `not measured: ${measured.why}`] };
  if (measured.kind === 'different')
    return fail(`returns something else than the base for the same input: ${measured.what}`);
  const performance = measured.result;
  const judged = { ...result, performance };
  const reason = `performance: ${times(performance)}: ${performance.what}`;
  if (performance.significant || !claims) return { ...judged, reasons: [reason, ...result.reasons] };
  const why = `not faster by ${minSpeedupPercent} % (${times(performance)}): ${performance.what}`;
  return { ...judged, outcome: 'failed', reasons: [why, ...result.reasons] };
}

function times({ ratio, ci, unit }: PerformanceResult): string {
  const [low, high] = ci;
  const range = unit === 'instructions' ? 'by instructions' : `95 %: ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return `${ratio.toFixed(2)} times as fast, ${range}`;
}
