/** Blob names of git. Rule: an `index` line that names the file as it stands vouches for the patch; any other says nothing. */
import { createHash } from 'node:crypto';
import type { Section } from './model.ts';

const SHORTEST = 7;

/** Whether `abbreviation` names a blob of `content`, in either of git's formats. */
export function isBlob(abbreviation: string, content: Buffer): boolean {
  if (abbreviation.length < SHORTEST || /^0+$/.test(abbreviation)) return false;
  const named = (algorithm: string) =>
    createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex').startsWith(abbreviation);
  return named('sha1') || (abbreviation.length > 40 && named('sha256'));
}

/** The index line that all sections of a file share, if they do. */
export function indexOf(sections: readonly Section[]): { old: string; new: string } | null {
  const [first, ...rest] = sections.map(({ index }) => index);
  if (!first || !rest.every((other) => other?.old === first.old && other.new === first.new)) return null;
  return first;
}
