/**
 * Picks one place for every hunk of a file. Rule: several places that nothing tells apart are a refusal, and so is a
 * place far from where the header points while something much like the block stands there.
 */
import type { Hunk } from '../model.ts';
import type { Refusal } from '../place-types.ts';
import { narrow } from './anchors.ts';
import { type Candidate, changesOf, signature } from './candidate.ts';
import { closestTo } from './closest.ts';
import type { FileIndex } from './file-index.ts';
import { keyOf } from './file-index.ts';
import { isGone } from './gone.ts';
import { isInformative, weightOf } from './informative.ts';
import { addsNews, look, lookLeniently, type Sighting } from './look.ts';
import { CUT_OFF, isUnfinished, lostLines } from './lost-lines.ts';
import { claimOf, countsAgree, type Numbers, readNumbers } from './numbers.ts';

export interface Chosen {
  hunk: Hunk;
  candidate: Candidate;
}
type Refused = Omit<Refusal, 'path'>;
type Result = { chosen: Chosen[] } | { refusals: Refused[] };

/** Farther from the claimed line than this, a look-alike at the claimed line is the likelier target. */
const NEAR = 8;
const ALIKE = 0.5;
/** The whole block stands elsewhere to the letter: what stands here must be more than its like. */
const ALIKE_EXACT = 0.65;

/** `lenient`: somebody else checks the result. */
export function chooseAll(hunks: readonly Hunk[], index: FileIndex, lenient = false): Result {
  const { once, repeated } = distinct(hunks);
  const sightings = once.map((hunk) => (lenient ? lookLeniently(hunk, index) : look(hunk, index)));
  const numbers = readNumbers(sightings);
  const chosen: Array<Chosen & { places: number }> = [];
  const refusals: Refused[] = [];
  for (const sighting of sightings) {
    if (sighting.fault === null && !sighting.lines.some(({ kind }) => kind !== ' ')) {
      if (!lenient && isUnfinished(sighting.hunk))
        refusals.push({ hunk: sighting.hunk.number, reason: CUT_OFF, closest: null });
      continue;
    }
    const choice = sighting.fault ?? choose(sighting, sightings, numbers, index);
    const gap = typeof choice === 'string' || lenient ? null : lostLines(sighting, choice, index);
    const guess = lenient && typeof choice === 'string' ? nearestToClaim(sighting) : null;
    const isOneOfTwo =
      !lenient && typeof choice !== 'string' && mayBeTwo(sighting, choice, sightings, repeated, numbers);
    const candidate = gap ?? (isOneOfTwo ? ONE_FOR_TWO : (guess ?? choice));
    if (typeof candidate === 'string')
      refusals.push({ hunk: sighting.hunk.number, reason: candidate, closest: closestTo(sighting.lines, index) });
    else chosen.push({ hunk: sighting.hunk, candidate, places: sighting.pending.length + sighting.applied.length });
  }
  return refusals.length > 0 ? { refusals } : withoutRepeated(chosen, index, lenient);
}

function choose(sighting: Sighting, all: readonly Sighting[], numbers: Numbers, index: FileIndex): Candidate | string {
  const { hunk, lines, pending, applied } = sighting;
  if (!lines.some(({ kind }) => kind !== '+')) return withoutContext(sighting, all.length === 1, index);
  if (pending.length + applied.length === 0) return 'its lines are not in the file';
  if (says(lines) === false && pending.some(({ tier }) => tier !== 'exact')) return byNumberAlone(sighting, numbers);
  if (pending.length === 0) return alreadyThere(sighting, numbers, index);
  const [only] = pending as [Candidate];
  if (pending.length === 1 && applied.length === 0) return isDecoy(sighting, only, numbers, index) ? DECOY : only;
  const inside = applied.find((now) => pending.every((old) => now.start <= old.start && now.end >= old.end));
  if (inside && pending.length === 1) return overlapping(sighting, inside, numbers, index);
  const adds = addsNews(lines);
  const byNumber = nearest(adds ? withoutMade(sighting) : sighting, numbers);
  if (byNumber) return isDecoy(sighting, byNumber, numbers, index) ? DECOY : byNumber;
  if (pending.length === 1 && (hunk.oldStart === null || !adds)) return only;
  const left = narrow(sighting, pending, all, index);
  if (left.length === 1 && applied.length === 0) return left[0]!;
  const twins = all.filter((other) => bodyOf(other.hunk) === bodyOf(hunk));
  if (twins.length === pending.length && applied.length === 0) return pending[twins.indexOf(sighting)]!;
  return `it fits in ${pending.length + applied.length} places (lines ${lineList([...pending, ...applied])}), and nothing tells which is meant`;
}

/** A guess for somebody who checks the result. */
function nearestToClaim({ hunk, pending }: Sighting): Candidate | null {
  const claim = claimOf(hunk, true);
  const far = ({ start }: Candidate) => Math.abs(start - (claim ?? 0));
  return claim === null ? null : ([...pending].sort((a, b) => far(a) - far(b))[0] ?? null);
}

const says = (lines: Sighting['lines']): boolean => lines.some(({ kind, text }) => kind !== '+' && isInformative(text));

/** Braces and blank lines that do not even stand exactly: only where the header points to the line. */
function byNumberAlone(sighting: Sighting, numbers: Numbers): Candidate | string {
  const near = sighting.pending.filter((candidate) => (numbers.distance(sighting, candidate) ?? NEAR) <= 3);
  const trusted = sighting.hunk.oldStart !== null && numbers.noise === 0;
  return trusted && near.length === 1 && sighting.applied.length === 0
    ? near[0]!
    : 'its lines are too common to say where it goes';
}

/** Where the added lines stand too, the change was made: the old side alone is no place to make it again. */
function withoutMade(sighting: Sighting): Sighting {
  const covers = (now: Candidate, old: Candidate) => now.start <= old.start && now.end >= old.end;
  return { ...sighting, pending: sighting.pending.filter((old) => !sighting.applied.some((now) => covers(now, old))) };
}

const DECOY = 'its block stands elsewhere than its line number says, and something like it stands there too';

function lineList(candidates: readonly Candidate[]): string {
  const lines = candidates.slice(0, 5).map(({ start }) => start + 1);
  return `${lines.join(', ')}${candidates.length > 5 ? ' …' : ''}`;
}

/** Without any old line only an empty file, or the number of a diff without context, says where. */
function withoutContext({ hunk, lines }: Sighting, isAlone: boolean, index: FileIndex): Candidate | string {
  const empty = index.lines.length === 0;
  const claim = claimOf(hunk, false);
  const exact = hunk.oldCount === 0 && countsAgree(hunk, lines) && claim !== null && claim <= index.lines.length;
  if (!empty && !exact) return 'it has no line that says where it goes';
  if (!empty && hunk.oldStart === 0 && isAlone) {
    const same = lines.length === index.lines.length && lines.every(({ text }, at) => index.lines[at] === text);
    if (!same) return 'it is for an empty file, and the file has lines';
  }
  const start = empty ? 0 : claim!;
  const size = lines.length;
  const there = (from: number) =>
    from >= 0 &&
    lines.every(({ text }, at) => index.lines[from + at] === text) &&
    lines.some(({ text }) => isInformative(text));
  const done =
    !empty &&
    ((hunk.oldStart === 0 && isAlone) ||
      there(start) ||
      there(start - size) ||
      (hunk.newStart !== null && there(hunk.newStart - 1)));
  const at = new Int32Array(size).fill(-1);
  return { tier: done ? 'already' : 'exact', lines, at, start, end: start, score: 1 };
}

/** The new side stands there and the old one nowhere. A change that only deletes leaves little to tell it by. */
function alreadyThere(sighting: Sighting, numbers: Numbers, index: FileIndex): Candidate | string {
  const { lines } = sighting;
  const applied = sighting.applied.filter((candidate) => isGone(sighting, candidate, numbers, index));
  const far = (candidate: Candidate) => numbers.distance(sighting, candidate) ?? 0;
  const [best] = [...applied].sort((a, b) => far(a) - far(b));
  if (!best) return 'its lines are not in the file';
  if (isDecoy(sighting, best, numbers, index)) return DECOY;
  const says = addsNews(lines);
  const context = lines.filter(({ kind, text }) => kind === ' ' && isInformative(text)).length;
  const distances = applied.map((candidate) => numbers.distance(sighting, candidate));
  const near = distances.some((distance) => distance !== null && distance <= 3);
  const told = distances.includes(0) && countsAgree(sighting.hunk, lines);
  return says || told || (context >= 2 && (near || applied.length === 1)) ? best : 'its lines are not in the file';
}

/** The new side covers the old one: added lines at the border of the hunk stand there, or their like does. */
function overlapping(sighting: Sighting, inside: Candidate, numbers: Numbers, index: FileIndex): Candidate {
  const { hunk, lines } = sighting;
  const only = sighting.pending[0]!;
  if (addsNews(lines)) return inside;
  const [old, now] = [numbers.distance(sighting, only), numbers.distance(sighting, inside)];
  if (now === 0 && old !== null && old > 0) return inside;
  // Without context at its border, an untouched hunk reaches the border of the file.
  const size = index.lines.length;
  const behind = lines.at(-1)?.kind === '+' && only.end !== size && inside.end === size;
  const before = lines[0]?.kind === '+' && only.start !== 0 && inside.start === 0;
  return countsAgree(hunk, lines) && (behind || before) ? inside : only;
}

function nearest(sighting: Sighting, numbers: Numbers): Candidate | null {
  const { hunk, lines, pending, applied } = sighting;
  const ranked = [...pending, ...applied]
    .map((candidate) => ({ candidate, far: numbers.distance(sighting, candidate) }))
    .filter((entry): entry is { candidate: Candidate; far: number } => entry.far !== null)
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  if (!best) return null;
  const effect = (candidate: Candidate) => (candidate.tier === 'already' ? '' : `${candidate.at.join()}`);
  if (best.candidate.tier === 'already' && pending.length > 0 && best.far > NEAR) return null;
  const rival = ranked.find(({ candidate }) => effect(candidate) !== effect(best.candidate));
  if (!rival) return best.candidate;
  const exact =
    best.far === 0 && rival.far > 0 && (numbers.confirmed || (numbers.noise === 0 && countsAgree(hunk, lines)));
  const isNear = best.far <= NEAR && rival.far > 3 * (best.far + numbers.noise) + 4;
  return exact || isNear ? best.candidate : null;
}

function isDecoy(sighting: Sighting, candidate: Candidate, numbers: Numbers, index: FileIndex): boolean {
  const { hunk, lines } = sighting;
  const claim = claimOf(hunk, true);
  const far = numbers.distance(sighting, candidate);
  if (
    claim === null ||
    far === null ||
    numbers.supported(sighting, candidate) ||
    Math.abs(candidate.start - claim) <= NEAR
  )
    return false;
  const old = lines.filter(({ kind }) => kind !== '+');
  let [total, matched] = [0, 0];
  for (const [at, { text }] of old.entries()) {
    const weight = weightOf(text);
    total += weight;
    if (keyOf('strip', index.lines[claim + at] ?? '') === keyOf('strip', text)) matched += weight;
  }
  const overlaps = candidate.start < claim + old.length && claim < candidate.end;
  return !overlaps && matched >= (candidate.tier === 'exact' ? ALIKE_EXACT : ALIKE) * total;
}

/** The same hunk again, and a second place: it was repeated, or each has its own. Only a number that is right decides. */
function mayBeTwo(
  sighting: Sighting,
  choice: Candidate,
  all: readonly Sighting[],
  repeated: ReadonlySet<Hunk>,
  numbers: Numbers,
): boolean {
  const { hunk, pending, applied } = sighting;
  if (hunk.oldStart === null || pending.length + applied.length < 2) return false;
  const isTwin = (other: Sighting) => other !== sighting && bodyOf(other.hunk) === bodyOf(hunk);
  return (repeated.has(hunk) || all.some(isTwin)) && numbers.distance(sighting, choice) !== 0;
}

const bodyOf = ({ lines }: Hunk): string => lines.map(({ raw }) => raw).join('\n');

/** The same hunk twice is one hunk. */
function distinct(hunks: readonly Hunk[]): { once: Hunk[]; repeated: Set<Hunk> } {
  const keyOfHunk = ({ oldStart, newStart, lines, anchors }: Hunk) =>
    JSON.stringify([
      oldStart,
      oldStart === null ? anchors : newStart,
      lines.map(({ raw, cr, bare }) => [raw, cr, bare]),
    ]);
  const once = new Map<string, Hunk>();
  const repeated = new Set<Hunk>();
  for (const hunk of hunks) {
    const key = hunk.oldStart === null ? `${keyOfHunk(hunk)}${hunk.number}` : keyOfHunk(hunk);
    const known = once.get(key);
    if (known) repeated.add(known);
    else once.set(key, hunk);
  }
  return { once: [...once.values()], repeated };
}

const ONE_FOR_TWO =
  'another hunk makes the same change, and there are several places for the two: which is whose is not certain';

/** Hunks of one effect are one hunk, repeated with other numbers or none; with a second place each may mean its own. */
function withoutRepeated(all: ReadonlyArray<Chosen & { places: number }>, index: FileIndex, lenient: boolean): Result {
  const once = new Map<string, Chosen>();
  const refusals: Refused[] = [];
  for (const { hunk, candidate, places } of all) {
    const changes = candidate.tier === 'already' ? null : changesOf(candidate, index.lines.length);
    const key = changes === null ? `${hunk.number}` : signature(candidate, changes);
    if (!once.has(key)) once.set(key, { hunk, candidate });
    else if (places > 1 && !lenient) refusals.push({ hunk: hunk.number, reason: ONE_FOR_TWO, closest: null });
  }
  return refusals.length > 0 ? { refusals } : { chosen: [...once.values()] };
}
