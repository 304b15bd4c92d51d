/** What failing checks printed, for a model. Rule: pure; what differs from run to run is masked: the same failure gives the same question. */
import { reduceLog } from '../swarm/index.ts';

/** Characters: it stands in the journal and in a prompt. */
const LONGEST = 6_000;
const DURATION = /\b\d+(?:\.\d+)?\s?(?:ms|s|secs?|seconds?)\b|(?<=\bduration_ms:? )\d[\d.e-]*|\b\d\d?:\d\d:\d\d\b/g;
/** Where a slot lies says who works here, and which one it was is chance. */
const SLOT = /(?:file:\/\/)?\/[^\s'"()]*?\/ambient\/slots\/\d+\//g;
const ADDRESS = /\b0x[0-9a-f]{6,}\b/gi;

export function failingLog(parts: readonly string[]): string {
  const { text } = reduceLog(parts.join('\n\n'));
  return text.replace(SLOT, '').replace(DURATION, '(time)').replace(ADDRESS, '(address)').slice(-LONGEST);
}
