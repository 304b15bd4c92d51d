/**
 * Chosen places → the new text. Rule: context keeps the file's bytes, edits never overlap, and how the file ends follows
 * from the file unless the patch knows better.
 */
import { everyReading, type Manner, readManner } from './adapt.ts';
import { type Change, changesOf } from './match/candidate.ts';
import type { Chosen } from './match/choose.ts';
import { applyEdits, type LineEdit, type Text } from './text.ts';

export type Finished = { content: string } | { hunk: number; reason: string };
type Edit = LineEdit & { chosen: Chosen; change: Change };

export function finish(all: readonly Chosen[], text: Text): Finished {
  return finishIn(readManner(all, text, 'usual'), all, text, null);
}

/** Every text that the patch may mean, for a caller that knows which is right. */
export function* everyFinish(all: readonly Chosen[], text: Text): Generator<string> {
  const seen = new Set<string>();
  const candidates = all.map(({ candidate }) => candidate);
  const ways = ['usual', 'as given', ...everyReading(candidates, text.lines)] as const;
  for (const ending of [null, true, false])
    for (const way of ways) {
      const finished = finishIn(readManner(all, text, way), all, text, ending);
      if (!('content' in finished) || seen.has(finished.content)) continue;
      seen.add(finished.content);
      yield finished.content;
    }
}

/** `ending`: whether the result ends in a newline, where somebody else knows. */
function finishIn(manner: Manner, all: readonly Chosen[], text: Text, ending: boolean | null): Finished {
  const edits: Edit[] = [];
  for (const chosen of all) {
    if (chosen.candidate.tier === 'already') continue;
    const changes = changesOf(chosen.candidate, text.lines.length);
    const no = (reason: string) => ({ hunk: chosen.hunk.number, reason });
    if (changes === null) return no('where its added lines go in is not certain');
    for (const change of changes) {
      const adapted = manner.adapt(chosen, change);
      if ('reason' in adapted) return no(adapted.reason);
      edits.push({ from: change.from, to: change.to, insert: adapted.lines, chosen, change });
    }
  }
  edits.sort((a, b) => a.from - b.from || a.to - b.to || a.chosen.hunk.number - b.chosen.hunk.number);
  const collision = collide(edits);
  if (collision) return collision;
  const last = edits.at(-1);
  const told = last === undefined || last.to < text.lines.length ? endsUntouched(all, text) : endsAfter(last, text);
  const ended = ending ?? told;
  if (ended === null)
    return {
      hunk: last!.chosen.hunk.number,
      reason: 'whether the file is to end in a newline is not certain: the file does not, and the patch has no marker',
    };
  return { content: applyEdits(text, edits, ended) };
}

function collide(edits: readonly Edit[]): { hunk: number; reason: string } | null {
  for (const [index, edit] of edits.entries()) {
    const before = edits[index - 1];
    if (!before) continue;
    const both = before.from === edit.from && before.to === before.from && edit.to === edit.from;
    const adjacent = Math.abs(edit.chosen.hunk.number - before.chosen.hunk.number) === 1;
    const [mine, other] = [edit.chosen.hunk.number, before.chosen.hunk.number];
    if (edit.from < before.to) return { hunk: mine, reason: `it changes the same lines as hunk ${other}` };
    if (both && (!adjacent || sameLines(edit, before)))
      return { hunk: mine, reason: `it adds lines at the same place as hunk ${other}` };
  }
  return null;
}

const sameLines = (a: Edit, b: Edit): boolean =>
  a.insert.map(({ text }) => text).join('\n') === b.insert.map(({ text }) => text).join('\n');

/** The last edit reaches the end of the file. Null: not certain. */
function endsAfter({ chosen, change, insert, from, to }: Edit, text: Text): boolean | null {
  const { candidate, hunk } = chosen;
  const lastLine = text.lines.length - 1;
  const lines = candidate.lines;
  const lastAdded = change.insert.at(-1);
  const newest = lastAdded === undefined ? newEnd(lines) : lines[lastAdded]!;
  if (newest?.bare && (newest.kind === '+' || !text.ended) && (insert.length > 0 || to > from)) return false;
  const knows = lines.some(({ kind, bare }, index) => bare && kind !== '+' && candidate.at[index] === lastLine);
  if (insert.length === 0) return to === from ? text.ended : true;
  if (hunk.form !== 'unified') return text.ended;
  if (text.ended)
    return isToggle(change, chosen, text) && !lines.some(({ kind, bare }) => kind === '-' && bare) ? null : true;
  if (knows || isToggle(change, chosen, text)) return true;
  return null;
}

/** All of a hunk may stand there but the newline that it takes off the end of the file, or puts there. */
function endsUntouched(all: readonly Chosen[], text: Text): boolean {
  const last = all.find(({ candidate }) => candidate.tier === 'already' && candidate.end === text.lines.length);
  const newest = last && newEnd(last.hunk.lines);
  if (!last || newest?.kind !== '+') return text.ended;
  if (newest.bare) return false;
  return text.ended || last.hunk.lines.some(({ kind, bare }) => kind === '-' && bare);
}

/** The line that ends the new side. */
function newEnd(lines: Chosen['candidate']['lines']) {
  return lines.findLast(({ kind }) => kind !== '-');
}

/** The last line goes and comes as it was: only its newline can be meant. */
function isToggle({ to, from, insert }: Change, { candidate }: Chosen, text: Text): boolean {
  const added = insert.map((index) => candidate.lines[index]!.text);
  const gone = candidate.lines.filter(
    ({ kind }, index) => kind === '-' && candidate.at[index]! >= from && candidate.at[index]! < to,
  );
  return (
    gone.length === added.length && added.every((line, at) => gone[at]!.text === line && text.lines[from + at] === line)
  );
}
