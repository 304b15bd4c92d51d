/**
 * Reads what is new in one reflog. Pure. Rule: only commits that were made here count; what was fetched, checked out or
 * reset to was made elsewhere or before. A rebase counts once, by its end.
 */
import { digest } from '../base/index.ts';
import type { Oid } from './types.ts';

/** Where reading stopped: bytes, and a digest of the last line, by which an expired or rewritten log is noticed. */
export interface LogPosition {
  offset: number;
  last: string;
  /** Seconds of the last entry. */
  time: number;
  /** A rebase was open and had made at least one commit. */
  picked: boolean;
}
export interface Made {
  oid: Oid;
  time: number;
}
interface Entry {
  line: string;
  oid: Oid;
  time: number;
  message: string;
}

export const START: LogPosition = { offset: 0, last: '', time: 0, picked: false };

/** Commits made after `from`, oldest first, and the new position. */
export function readLog(log: Buffer, from: LogPosition): { made: Made[]; position: LogPosition } {
  const end = log.lastIndexOf(10) + 1;
  const position: LogPosition = { ...from, offset: end };
  const made: Made[] = [];
  for (const entry of entriesAfter(log.subarray(0, end), from)) {
    if (/^rebase\b.*\((start|abort)\)/.test(entry.message)) position.picked = false;
    else if (/^rebase\b.*\(finish\)/.test(entry.message)) {
      if (position.picked) made.push(entry);
      position.picked = false;
    } else if (/^rebase\b/.test(entry.message)) position.picked = true;
    else if (isMadeHere(entry.message)) made.push({ oid: entry.oid, time: entry.time });
    position.last = digest([entry.line]);
    position.time = entry.time;
  }
  return { made: made.map(({ oid, time }) => ({ oid, time })), position };
}

function isMadeHere(message: string): boolean {
  if (/^merge .*: fast-forward$/i.test(message) || message === 'cherry-pick: fast-forward') return false;
  return /^(commit( \([a-z -]+\))?|cherry-pick|revert|am|merge .*?): /.test(message);
}

function entriesAfter(log: Buffer, from: LogPosition): Entry[] {
  if (from.offset === 0) return parse(log);
  const before = log.subarray(0, from.offset).toString('utf8').split('\n');
  if (from.offset <= log.length && before.at(-1) === '' && digest([before.at(-2) ?? '']) === from.last)
    return parse(log.subarray(from.offset));
  // Expired or rewritten. The entry is somewhere else now, or gone: then its time is all that is left to go by.
  const all = parse(log);
  const known = all.findLastIndex(({ line }) => digest([line]) === from.last);
  return known >= 0 ? all.slice(known + 1) : all.filter(({ time }) => time > from.time);
}

function parse(bytes: Buffer): Entry[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const match = /^[0-9a-f]+ ([0-9a-f]+) .*?> (\d+) [+-]\d+(?:\t(.*))?$/.exec(line);
      return match ? [{ line, oid: match[1] as Oid, time: Number(match[2]), message: match[3] ?? '' }] : [];
    });
}
