/**
 * One hunk and a file → every place where it could go, and every place where it stands already. Rule: the first tier
 * that finds either decides, with all that it finds; the weaker ones are only asked when no block stands whole.
 */
import type { Hunk, PatchLine } from '../model.ts';
import type { Tier } from '../place-types.ts';
import { alignAnywhere } from './align.ts';
import { type Candidate, changesOf } from './candidate.ts';
import { type FileIndex, keyOf } from './file-index.ts';
import { isInformative } from './informative.ts';
import { byLastLine } from './last-line.ts';
import { countsOf, resolveMarkers } from './markers.ts';
import { splitAnywhere, trimAnywhere } from './parts.ts';
import { asApplied, findWhole, WHOLE_TIERS } from './tiers.ts';

export interface Sighting {
  hunk: Hunk;
  lines: readonly PatchLine[];
  /** Where the old side stands. */
  pending: Candidate[];
  /** Where the new side stands. */
  applied: Candidate[];
  /** Why there is nothing to choose from. */
  fault: string | null;
}

export function look(hunk: Hunk, index: FileIndex): Sighting {
  const sighting = lookEverywhere(hunk, index);
  if (!index.exhausted) return sighting;
  const fault = 'its lines stand in too many places to tell which is meant';
  return { ...sighting, pending: [], applied: [], fault: sighting.fault ?? fault };
}

/** For somebody who checks the result: where nothing is certain, what is most like it. */
export function lookLeniently(hunk: Hunk, index: FileIndex): Sighting {
  const sighting = look(hunk, index);
  if (index.exhausted || sighting.pending.length + sighting.applied.length > 0) return sighting;
  const lines = hunk.lines.map((line): PatchLine => (line.kind === '?' ? { ...line, kind: ' ' } : line));
  const [best] = alignAnywhere(lines, index, true);
  return best ? { hunk, lines, pending: [best], applied: [], fault: null } : sighting;
}

function lookEverywhere(hunk: Hunk, index: FileIndex): Sighting {
  const resolved = resolveMarkers(hunk, index);
  if ('fault' in resolved) return { hunk, lines: hunk.lines, pending: [], applied: [], fault: resolved.fault };
  const { lines } = resolved;
  const seen = { hunk, lines, fault: null };
  const isChange = lines.some(({ kind }) => kind !== ' ');
  if (!isChange) return { ...seen, pending: [], applied: [], fault: null };
  const claim = hunk.oldStart;
  const pending = firstOf(WHOLE_TIERS, (whole) => findWhole(whole, lines, index, claim));
  const applied = firstOf(WHOLE_TIERS, (whole) => findApplied(whole, lines, index, claim));
  const adds = addsNews(lines);
  if (pending.found.length > 0 || (applied.found.length > 0 && adds))
    return { ...seen, ...byLastLine(unlessSamePlace(pending, applied), index.lines.length) };
  if (applied.found.length > 0 && lacksContext(hunk, lines) && lines.every(saysNothing))
    return { ...seen, pending: [], applied: [], fault: LEFT_OUT };
  // A change of blank lines alone is nothing that slips could hide.
  const isBlank = lines.every(({ kind, text }) => kind === ' ' || text.trim() === '');
  if (isBlank && applied.found.length > 0 && applied.rank <= 1) return { ...seen, pending: [], applied: applied.found };
  // What only deletes may stand there in part: its context alone is no proof that it was applied.
  const weaker = lookCloser(seen, index);
  if (applied.found.length === 0) return weaker;
  const isEither = weaker.pending.some((old) => applied.found.some((now) => covers(now, old)));
  if (isEither && lines.some(({ kind }) => kind === '+')) return { ...seen, pending: [], applied: [], fault: EITHER };
  return { ...seen, pending: weaker.pending, applied: applied.found };
}

function lookCloser(seen: Pick<Sighting, 'hunk' | 'lines' | 'fault'>, index: FileIndex): Sighting {
  const { lines } = seen;
  if (lines.length > LONGEST) return { ...seen, pending: [], applied: [] };
  const partly = partlyApplied(lines, index);
  if (partly === null) return { ...seen, pending: [], applied: [], fault: LEFT_OUT };
  if (partly.length > 0) return { ...seen, pending: partly, applied: [] };
  const split = splitAnywhere(lines, index);
  const trimmed = trimAnywhere(lines, index).filter((candidate) => !isThereAlready(candidate, index));
  if (split.length > 0)
    return { ...seen, pending: [...split, ...inOnePiece(seen.hunk, lines, split, index)], applied: [] };
  if (trimmed.length > 0) return { ...seen, pending: trimmed, applied: [] };
  const aligned = alignAnywhere(lines, index);
  const best = aligned.filter(({ score }) => score >= (aligned[0]?.score ?? 0) - RIVAL);
  if (best.some(({ uncertain }) => uncertain))
    return { ...seen, pending: [], applied: [], fault: 'where its added lines go in is not certain' };
  if (best.some((candidate) => isThereAlready(candidate, index)))
    return { ...seen, pending: [], applied: [], fault: 'some of its added lines are in the file already' };
  return { ...seen, pending: best, applied: [] };
}

/** The parts stand far from where the header points, and the whole stands there with a slip in it. */
function inOnePiece(
  hunk: Hunk,
  lines: readonly PatchLine[],
  split: readonly Candidate[],
  index: FileIndex,
): readonly Candidate[] {
  const isNear = ({ start }: Candidate) => hunk.oldStart !== null && Math.abs(start - (hunk.oldStart - 1)) <= NEAR;
  if (hunk.oldStart === null || split.some(isNear)) return [];
  return [...trimAnywhere(lines, index), ...alignAnywhere(lines, index)].filter(isNear).slice(0, 1);
}

interface Found {
  found: Candidate[];
  rank: number;
}

function firstOf(tiers: typeof WHOLE_TIERS, find: (whole: (typeof WHOLE_TIERS)[number]) => Candidate[]): Found {
  for (const [rank, whole] of tiers.entries()) {
    const found = find(whole);
    if (found.length > 0) return { found, rank };
  }
  return { found: [], rank: tiers.length };
}

const covers = (outer: Candidate, inner: Candidate): boolean => outer.start <= inner.start && outer.end >= inner.end;

/** A change of blanks stands in both its forms where blanks do not count: the stronger tier says which it is. */
function unlessSamePlace(pending: Found, applied: Found): Pick<Sighting, 'pending' | 'applied'> {
  const same = (a: Candidate, b: Candidate) => a.start === b.start && a.end === b.end;
  const isWeaker = applied.rank > pending.rank;
  const isStronger = applied.rank < pending.rank;
  return {
    pending: pending.found.filter((old) => !(isStronger && applied.found.some((now) => same(old, now)))),
    applied: applied.found.filter(
      (now) => !pending.found.some((old) => (isWeaker && covers(now, old)) || (!isStronger && covers(old, now))),
    ),
  };
}

const NEAR = 8;
/** A longer hunk stands as it is, or not at all. Lines. */
const LONGEST = 3000;
/** A placement that is this much worse is no rival. */
const RIVAL = 0.15;

function findApplied(
  whole: (typeof WHOLE_TIERS)[number],
  lines: readonly PatchLine[],
  index: FileIndex,
  claim: number | null,
): Candidate[] {
  const now = asApplied(lines);
  if (whole.tier !== 'exact' && !now.some(({ text }) => isInformative(text))) return [];
  const found = findWhole(whole, now, index, claim).filter((candidate) => isMade(lines, candidate, index));
  return found.map((candidate) => ({ ...candidate, tier: 'already' as Tier }));
}

/** Added lines stand as they are meant, or differ in what the context differs in too and the change does not concern. */
function isMade(lines: readonly PatchLine[], candidate: Candidate, index: FileIndex): boolean {
  const now = lines.filter(({ kind }) => kind !== '-');
  const gone = new Set(lines.filter(({ kind }) => kind === '-').map(({ text }) => keyOf('strip', text)));
  const isOther = (_: PatchLine, at: number) => index.lines[candidate.start + at] !== now[at]!.text;
  const others = now.filter(isOther).filter(({ text }) => text.trim() !== '');
  const added = others.filter(({ kind }) => kind === '+');
  const isContext = others.length > added.length || !now.some(({ kind, text }) => kind === ' ' && text.trim() !== '');
  return added.length === 0 || (isContext && !added.some(({ text }) => gone.has(keyOf('strip', text))));
}

/** Something comes that did not go. */
export function addsNews(lines: readonly PatchLine[]): boolean {
  const gone = new Set(lines.filter(({ kind }) => kind === '-').map(({ text }) => keyOf('strip', text)));
  return lines.some(({ kind, text }) => kind === '+' && isInformative(text) && !gone.has(keyOf('strip', text)));
}

const LEFT_OUT = 'whether its added lines stand there, or their like that it left out, is not certain';
const EITHER = 'whether it was applied, or its context differs, is not certain: what it adds could be any line';

/** The header counts more old lines than there are. */
const lacksContext = ({ oldCount }: Hunk, lines: readonly PatchLine[]): boolean =>
  oldCount !== null && oldCount > countsOf(lines).old;

/** A changed blank line or brace may be any other. */
const saysNothing = ({ kind, text }: PatchLine): boolean => kind === ' ' || !isInformative(text);

const MOST_GROUPS = 6;

/**
 * Some changes of the hunk were made, others not: each way to read them that stands whole. Null: what seems to be made
 * says nothing, and may be context that was left out.
 */
function partlyApplied(lines: readonly PatchLine[], index: FileIndex): Candidate[] | null {
  const groups: Array<{ from: number; to: number }> = [];
  for (const [at, { kind }] of lines.entries()) {
    if (kind === ' ') continue;
    const last = groups.at(-1);
    if (last?.to === at) last.to = at + 1;
    else groups.push({ from: at, to: at + 1 });
  }
  if (groups.length < 2 || groups.length > MOST_GROUPS) return [];
  const isVacuous = ({ from, to }: { from: number; to: number }) =>
    (from === 0 || to === lines.length) && lines.slice(from, to).every(({ kind }) => kind === '-');
  for (const whole of WHOLE_TIERS.slice(0, 2)) {
    const found: Candidate[] = [];
    for (let mask = 1; mask < 2 ** groups.length - 1; mask += 1) {
      const made = (at: number) => groups.some(({ from, to }, bit) => (mask >> bit) & 1 && at >= from && at < to);
      if (groups.some((group, bit) => (mask >> bit) & 1 && isVacuous(group))) continue;
      const mixed = lines.flatMap((line, at) => {
        if (!made(at)) return [line];
        return line.kind === '-' ? [] : [{ ...line, kind: ' ' as const }];
      });
      const places = findWhole(whole, mixed, index);
      if (places.length > 0 && lines.every((line, at) => !made(at) || saysNothing(line))) return null;
      found.push(...places.map((place) => ({ ...place, tier: 'partly' as const })));
    }
    if (found.length > 0) return found;
  }
  return [];
}

/** Most of an added block stands right before or behind where it would go: somebody made the change before. */
function isThereAlready(candidate: Candidate, index: FileIndex): boolean {
  const key = (text: string | undefined) => keyOf('strip', text ?? '');
  const old = new Set(candidate.lines.filter(({ kind }) => kind !== '+').map(({ text }) => key(text)));
  const isNews = (text: string) => isInformative(text) && !old.has(key(text));
  return (changesOf(candidate, index.lines.length) ?? []).some(({ from, to, insert }) => {
    const texts = insert.map((at) => candidate.lines[at]!.text);
    const total = texts.filter(isNews).length;
    // What goes differs from what comes, be it in blanks alone.
    const isSame = (text: string, line: number) =>
      line >= from && line < to ? text === index.lines[line] : key(text) === key(index.lines[line]);
    const standing = (start: number) => texts.filter((text, at) => isNews(text) && isSame(text, start + at)).length;
    return [from, from - texts.length, to].some((start) => standing(start) * 2 > total);
  });
}
