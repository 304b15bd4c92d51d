/**
 * The memory's key of a finding. Rule: independent of line numbers, indentation and line ends, so that code that moves
 * keeps its fingerprint, and code that changes does not.
 */
import { digest } from '../base/index.ts';

export interface Fingerprinted {
  specialist: string;
  rule: string;
  /** The same line in two files is two findings: rejecting one says nothing of the other. */
  path: string;
  before: string;
  after: string;
}

/** Returns 16 hex digits. The caller masks literals that look like secrets before it calls. */
export function fingerprint({ specialist, rule, path, before, after }: Fingerprinted): string {
  return digest([specialist, rule, path, normalise(before), normalise(after)]);
}

function normalise(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
