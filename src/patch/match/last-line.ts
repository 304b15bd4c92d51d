/**
 * What `\ No newline at end of file` says of the place. Rule: it names the last line of the file; where one side of a
 * hunk stands so and the other does not, that is the side that stands. Where neither does, the marker says nothing.
 */
import type { Candidate } from './candidate.ts';

interface Sides {
  pending: Candidate[];
  applied: Candidate[];
}

/** `size`: the file's lines. */
export function byLastLine({ pending, applied }: Sides, size: number): Sides {
  const isLast = (candidate: Candidate) => marks(candidate).some((line) => line === size - 1);
  const isNot = (candidate: Candidate) => marks(candidate).some((line) => line !== size - 1);
  return {
    pending: applied.some(isLast) ? pending.filter((candidate) => !isNot(candidate)) : pending,
    applied: pending.some(isLast) ? applied.filter((candidate) => !isNot(candidate)) : applied,
  };
}

/** Lines of the file on which the marked lines of the side that stands there are. */
const marks = ({ lines, at }: Candidate): number[] =>
  lines.flatMap(({ kind, bare }, index) => (bare && kind !== '+' ? [at[index]!] : []));
