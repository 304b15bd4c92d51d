/**
 * The memory's key of a finding. Rule: independent of line numbers, indentation and line ends, so that code that moves
 * keeps its fingerprint, and code that changes does not.
 */
import { digest } from '../base/index.ts';

/** Returns 16 hex digits. The caller masks literals that look like secrets before it calls. */
export function fingerprint(input: { specialist: string; rule: string; before: string; after: string }): string {
  return digest([input.specialist, input.rule, normalise(input.before), normalise(input.after)]);
}

function normalise(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
