/** Two texts → context, deleted and added lines, deleted before added as diffs are written. */
import { matchLines } from '../match-lines.ts';
import type { Kind, PatchLine } from '../model.ts';

export function diffLines(old: readonly PatchLine[], now: readonly PatchLine[]): PatchLine[] {
  const textOf = ({ text }: PatchLine) => text;
  const matched = matchLines(old.map(textOf), now.map(textOf));
  const result: PatchLine[] = [];
  let next = 0;
  const addUpTo = (end: number) => {
    for (; next < end; next += 1) result.push(mark(now[next]!, '+'));
  };
  for (const [at, line] of old.entries()) {
    const other = matched[at]!;
    if (other < 0) {
      result.push(mark(line, '-'));
      continue;
    }
    addUpTo(other);
    result.push(mark(line, ' '));
    next = other + 1;
  }
  addUpTo(now.length);
  return result;
}

/** `raw` is what a hunk would hold. */
function mark(line: PatchLine, kind: Kind): PatchLine {
  return { ...line, kind, raw: `${kind}${line.text}` };
}
