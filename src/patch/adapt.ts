/**
 * Added lines in the file's own manner. Rule: what the patch says stands unless the lines that it shares with the file
 * prove its line endings, indentation or trailing blanks to be damaged.
 */
import {
  dominantIndent,
  type IndentPair,
  indentOf,
  isForeign,
  type Reading,
  readingsOf,
  reindent,
  reindentBy,
  tabsAs,
  unitOf,
} from './indentation.ts';
import type { Candidate, Change } from './match/candidate.ts';
import type { Chosen } from './match/choose.ts';
import { keyOf } from './match/file-index.ts';
import type { PatchLine } from './model.ts';
import type { NewLine, Text } from './text.ts';

interface Pair {
  line: PatchLine;
  at: number;
}
type Blanks = 'meant' | 'damage' | 'unclear';
export type Adapted = { lines: NewLine[] } | { reason: string };

export interface Manner {
  adapt(chosen: Chosen, change: Change): Adapted;
}

/** `as given`: added lines keep their endings and blanks after all. A reading: they are indented by it. */
type Way = 'usual' | 'as given' | Reading;

/** `all`: every chosen hunk of the file, as evidence. */
export function readManner(all: readonly Chosen[], text: Text, way: Way): Manner {
  const asGiven = way === 'as given';
  const pairs = new Map(all.map((chosen) => [chosen, pairsOf(chosen, text)]));
  const every = [...pairs.values()].flat();
  const hasEnding = (at: number) => text.ended || at < text.lines.length - 1;
  const endings = every.filter(({ at }) => hasEnding(at));
  const mismatch = endings.some(({ line, at }) => line.cr !== (text.cr[at] === 1));
  const endingsLie = mismatch || (!asGiven && forgotEndings(all, text));
  const blanks = asGiven ? 'meant' : readBlanks(every, text);
  const shift = asGiven ? null : readShift(every, text);
  const empties = asGiven || shift?.empties ? 'meant' : readEmpties(every, text);
  const everyIndent = indentPairs(every, text);
  const adapt = (chosen: Chosen, { from, to, insert }: Change): Adapted => {
    const lines = insert.map((index) => chosen.candidate.lines[index]!);
    const own = pairs.get(chosen)!;
    const ending = endingsLie
      ? endingOf(
          own.filter(({ at }) => hasEnding(at)),
          text,
          { from, to },
        )
      : null;
    if (endingsLie && ending === null) return { reason: 'the line endings of the file are mixed there' };
    const isSearch = chosen.hunk.form === 'search';
    const unclear = asGiven ? null : isSearch ? unclearTwin(own, lines, text) : unclearBlanks(lines, blanks, empties);
    if (unclear !== null) return { reason: unclear };
    if (!asGiven && mayBeShifted(own, lines, text)) return { reason: SHIFTED };
    const isOneMore = shift?.by.length === 1 && !shift.empties;
    if (isOneMore && lines.some((line) => line.text === shift.by)) return { reason: EMPTIES };
    const replaced = own.filter(({ line, at }) => line.kind === '-' && at >= from && at < to);
    const asIs = lines.map((line) => line.text);
    const texts = asGiven
      ? asIs
      : typeof way === 'function'
        ? reindentBy(asIs, way, indentPairs(own, text))
        : indented(
            asIs,
            { replaced: indentPairs(replaced, text), own: indentPairs(own, text), all: everyIndent },
            text,
          );
    if (texts === null) return { reason: 'how its added lines are to be indented is not certain' };
    return {
      lines: texts.map((given, at) => ({
        text:
          shift?.empties && lines[at]!.text === shift.by
            ? ''
            : !isSearch && blanks === 'damage'
              ? withoutTrailing(given)
              : given,
        cr: ending ?? lines[at]!.cr,
      })),
    };
  };
  return { adapt };
}

/** Added lines end in LF although the whole file ends in CR LF, and the patch does not convert it. */
function forgotEndings(all: readonly Chosen[], text: Text): boolean {
  const ended = text.ended ? text.cr : text.cr.slice(0, -1);
  if (ended.length === 0 || ended.includes(0)) return false;
  const added = all.flatMap(({ candidate }) => candidate.lines.filter(({ kind }) => kind === '+'));
  return added.length > 0 && added.every(({ cr }) => !cr) && !all.some(isConversion);
}

/** Lines go and come again in one place as they were: the line endings are what changes. */
function isConversion({ candidate }: Chosen): boolean {
  let [gone, again] = [0, 0];
  let removed: PatchLine[] = [];
  let added: PatchLine[] = [];
  const close = () => {
    const texts = new Set(added.filter(({ bare }) => !bare).map(({ text }) => text));
    const worded = removed.filter(({ text, bare }) => text.trim() !== '' && !bare);
    gone += worded.length;
    again += worded.filter(({ text }) => texts.has(text)).length;
    [removed, added] = [[], []];
  };
  for (const line of candidate.lines) {
    if (line.kind === ' ') close();
    else (line.kind === '-' ? removed : added).push(line);
  }
  close();
  return gone > 0 && again >= 0.8 * gone;
}

/** What blanks at the end of the patch's lines are, where the file has none behind the same text. */
function readBlanks(pairs: readonly Pair[], text: Text): Blanks {
  const worded = pairs.filter(({ line }) => line.text.trim() !== '');
  const lying = worded.filter(({ line, at }) => isPadded(line.text) && !isPadded(text.lines[at]!));
  if (lying.length === 0) return 'meant';
  return lying.length >= 3 && lying.length === worded.length ? 'damage' : 'unclear';
}

/** What blanks in blank lines of the patch are, where the file's are empty: those of added lines may be meant all the same. */
function readEmpties(pairs: readonly Pair[], text: Text): 'meant' | 'unclear' {
  const filled = pairs.filter(({ line }) => line.text !== '' && line.text.trim() === '');
  const lying = filled.filter(({ at }) => text.lines[at] === '');
  return lying.length === 0 ? 'meant' : 'unclear';
}

/** Fewer lines are no custom. */
const ENOUGH = 3;

/** All lines of the patch are indented by a few blanks more than the file's; `empties`: its empty lines are too. */
function readShift(pairs: readonly Pair[], text: Text): { by: string; empties: boolean } | null {
  const worded = pairs.filter(({ line }) => line.text.trim() !== '');
  const [first] = worded;
  if (!first || worded.length < ENOUGH) return null;
  const by = first.line.text.slice(0, Math.max(0, first.line.text.length - text.lines[first.at]!.length));
  if (by === '' || by.trim() !== '') return null;
  if (worded.some(({ line, at }) => line.text !== by + text.lines[at]!)) return null;
  const empty = pairs.filter(({ at }) => text.lines[at] === '');
  if (empty.some(({ line }) => line.text !== by)) return null;
  return { by, empties: empty.length > 0 };
}

/** A block of SEARCH and REPLACE says twice what it means; a hunk says it once. */
function unclearBlanks(added: readonly PatchLine[], blanks: Blanks, empties: Blanks): string | null {
  const isBlank = (text: string) => text.trim() === '';
  if (blanks === 'unclear' && added.some(({ text }) => isPadded(text) && !isBlank(text)))
    return 'whether the blanks at the end of its added lines are meant is not certain';
  if (empties === 'unclear' && added.some(({ text }) => text !== '' && isBlank(text))) return EMPTIES;
  return null;
}

/**
 * A line that stays differs from the file in the blanks at its end, and one comes that is as the file has it: which of
 * the two is the one that stood there follows from the blanks alone.
 */
function unclearTwin(own: readonly Pair[], added: readonly PatchLine[], text: Text): string | null {
  const isTwin = ({ line, at }: Pair) => {
    const found = text.lines[at]!;
    if (line.kind !== ' ' || line.text === found || keyOf('blanks', line.text) !== keyOf('blanks', found)) return false;
    return added.some((other) => other.text === found);
  };
  return own.some(isTwin) ? 'which of its lines stands there, and which is added, differ in blanks alone' : null;
}

/** A blank line is all blanks: there is nothing that they trail. */
function withoutTrailing(text: string): string {
  return text.trim() === '' ? text : text.replace(/[ \t]+$/, '');
}

const isPadded = (text: string): boolean => /[ \t]$/.test(text);

/** Lines of the patch that stand in the file, as they stand. */
function pairsOf({ candidate }: Chosen, text: Text): Pair[] {
  const pairs: Pair[] = [];
  for (const [index, line] of candidate.lines.entries()) {
    const at = candidate.at[index]!;
    if (line.kind === '+' || at < 0) continue;
    const found = text.lines[at]!;
    if (keyOf('strip', line.text) === keyOf('strip', found)) pairs.push({ line, at });
  }
  return pairs;
}

/** A context line that lost its marker is one blank short, which says nothing of how the patch indents. */
function indentPairs(pairs: readonly Pair[], text: Text): IndentPair[] {
  return pairs.flatMap(({ line, at }) => {
    const found = text.lines[at]!;
    if (found.trim() === '' || (line.kind === ' ' && keyOf('blanks', line.raw) === keyOf('blanks', found))) return [];
    return [[indentOf(line.text), indentOf(found)] as const];
  });
}

const EMPTIES = 'whether the blanks in its added blank lines are meant is not certain';
const SHIFTED = 'its context lost a blank: whether its added lines did too is not certain';

/** Lost markers and a lost blank of indentation look the same where all context is indented and added lines are less. */
function mayBeShifted(own: readonly Pair[], added: readonly PatchLine[], text: Text): boolean {
  const context = own.filter(({ line }) => line.kind === ' ' && line.text.trim() !== '');
  const depths = (lines: readonly string[]) =>
    Math.min(...lines.filter((line) => line.trim() !== '').map((line) => indentOf(line).length));
  const lost = context.every(({ line, at }) => line.text !== text.lines[at] && line.raw === text.lines[at]);
  return (
    context.length > 1 &&
    lost &&
    depths(added.map((line) => line.text)) + 1 === depths(context.map(({ line }) => line.raw))
  );
}

/** In a file of both endings the lines that go decide, else those on both sides. */
function endingOf(pairs: readonly Pair[], text: Text, { from, to }: Pick<Change, 'from' | 'to'>): boolean | null {
  const near = pairs.length > 0 ? pairs.map(({ at }) => text.cr[at]!) : [...text.cr];
  const all = new Set(text.ended ? text.cr : text.cr.slice(0, -1));
  if (all.size === 1) return all.has(1);
  const own = new Set(near);
  if (own.size === 1) return own.has(1);
  const touched = new Set(to > from ? text.cr.slice(from, to) : [...text.cr.slice(Math.max(0, from - 1), from + 1)]);
  const isOpen = !text.ended && to >= text.lines.length;
  return touched.size === 1 && !isOpen ? touched.has(1) : null;
}

/** Every reading of how the hunks indent that some line of theirs bears out, and the customary ones. */
export function everyReading(candidates: readonly Candidate[], lines: readonly string[]): Reading[] {
  const pairs = candidates.flatMap((candidate) =>
    candidate.lines.flatMap((line, index): IndentPair[] => {
      const at = candidate.at[index]!;
      return line.kind === '+' || at < 0 ? [] : [[indentOf(line.text), indentOf(lines[at]!)]];
    }),
  );
  return readingsOf([...new Map(pairs.map((pair) => [pair.join('>'), pair])).values()]);
}

/** The hunk has lines indented in this way: by tabs, or by two blanks and more. */
function isWitnessed(indent: string, telling: readonly IndentPair[]): boolean {
  const style = (text: string) => (text.includes('\t') ? '\t' : text.length > 1 ? ' ' : '');
  return style(indent) === '' || telling.some(([patch]) => style(patch) === style(indent));
}

interface Evidence {
  /** Of the lines that the added ones replace, of the hunk, of the file. */
  replaced: readonly IndentPair[];
  own: readonly IndentPair[];
  all: readonly IndentPair[];
}

function indented(added: readonly string[], { replaced, own, all }: Evidence, text: Text): string[] | null {
  const isIndented = ([patch, file]: IndentPair) => patch !== '' || file !== '';
  const differs = ([patch, file]: IndentPair) => patch !== file;
  if (!added.some((line) => indentOf(line) !== '' && line.trim() !== '') && !own.some(differs)) return [...added];
  const telling = own.filter(isIndented);
  const others = all.filter(isIndented);
  if (telling.some(differs)) return reindent(added, replaced, own, all);
  const isSilent = others.some(differs) && added.some((line) => !isWitnessed(indentOf(line), telling));
  if (telling.length > 0 && !isSilent) return [...added];
  if (others.some(differs)) return reindent(added, [], all, all);
  if (others.length > 0) return [...added];
  const dominant = dominantIndent(text.lines);
  if (!added.some((line) => isForeign(line, dominant))) return [...added];
  const unit = dominant === ' ' ? unitOf(text.lines) : null;
  return unit === null ? null : tabsAs(unit, added);
}
