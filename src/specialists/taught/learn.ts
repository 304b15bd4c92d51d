/**
 * What a commit teaches: the one replacement that it makes, as a pattern. Pure. Rule: learned is only what, applied to the
 * old text, gives the new one, and what the person did not leave alone next to it.
 */
import { createHash } from 'node:crypto';
import { isGenerated, isTestData, isTestPath, languageOf, parseSyntax, type SyntaxNode } from '../../code/index.ts';
import { type Alike, createAlike, isBroken } from './alike.ts';
import { createNames } from './bound.ts';
import { type Change, changesBetween } from './changes.ts';
import { generalise, type Pattern } from './generalise.ts';
import { describes } from './match.ts';
import { calledIn, isOnlyRenamed, reasonAgainst } from './meaning.ts';
import { isOwn } from './modules.ts';
import { siblingsIn } from './siblings.ts';
import type { Lesson, Shape, Taught } from './types.ts';
import { useOf } from './uses.ts';

/** Places that one commit mends: beyond that it is a campaign, and whoever led it has looked everywhere. */
const MOST_PLACES = 10;
const MOST_FILES = 5;
/** Tokens that stay as they are: less is found anywhere. */
const LEAST_TOKENS = 3;

export type Learned = { ok: true; lesson: Lesson } | { ok: false; reason: string };

/** Learns from the files that a commit changed; files that are no source code do not count. */
export async function learn(taught: readonly Taught[]): Promise<Learned> {
  const no = (reason: string): Learned => ({ ok: false, reason });
  const sources = taught.filter(({ path }) => languageOf(path) !== null);
  const code = sources.filter(({ path }) => !isTestPath(path));
  const files = code.length > 0 ? code : sources;
  const language = languageOf(files[0]?.path ?? '');
  if (language === null) return no('no source file was changed');
  if (files.length > MOST_FILES) return no('too many files');
  if (files.some(({ path }) => languageOf(path) !== language)) return no('several languages');
  if (files.some(({ path, after }) => isTestData(path) || isGenerated(path, after))) return no('generated');
  const alike = createAlike();
  const places: Place[] = [];
  for (const file of files) {
    const found = await placesIn(file, alike);
    if (typeof found === 'string') return no(found);
    places.push(...found);
  }
  if (places.length > MOST_PLACES) return no('too many places');
  const found = commonPattern(places, alike);
  if (typeof found === 'string') return no(found);
  const [first] = places as [Place, ...Place[]];
  const against = reasonAgainst(found, first.change, first.file.path, places.length);
  if (against !== null) return no(against);
  const lesson: Lesson = {
    language,
    ...found,
    words: wordsOf(found.before),
    calls: wordsOf(found.after).filter((word) => !wordsOf(found.before).includes(word)),
    tests: code.length === 0,
    uses: {
      taught: [...new Set(places.map(({ change }) => useOf(change.before)))].sort(),
      others: othersFor(found, first.change),
    },
    own: found.names.some(({ bound }) => isOwn(bound, first.file.path)),
    ...namesFor(first.change),
    print: printOf(language, found),
  };
  const wrong = await contradiction(lesson, files, places);
  return wrong === null ? { ok: true, lesson } : no(wrong);
}

interface Place {
  file: Taught;
  change: Change;
}

async function placesIn(file: Taught, alike: Alike): Promise<Place[] | string> {
  const [before, after] = await Promise.all([parseSyntax(file.path, file.before), parseSyntax(file.path, file.after)]);
  if (before === null || after === null) return 'it cannot be parsed';
  if (isBroken(before) || isBroken(after)) return 'it cannot be read';
  const changes = changesBetween(before, after, alike);
  if (changes === null) return 'more than expressions was changed';
  return changes.map((change) => ({ file, change }));
}

/** The pattern of all places; a sentence where they have none in common. */
function commonPattern(places: readonly Place[], alike: Alike): Pattern | string {
  if (places.length === 0) return 'nothing was replaced';
  for (const loose of places.length > 1 ? [false, true] : [false]) {
    const patterns = places.map(({ file: { path }, change }) => {
      const names = { before: createNames(path), after: createNames(path) };
      return generalise(change, { alike, names, loose });
    });
    const [first] = patterns;
    if (first === undefined || first === null) return 'it holds for this place alone';
    const key = keyOf(first);
    if (patterns.every((one) => one !== null && keyOf(one) === key)) return first;
  }
  return 'several things were changed';
}

/** Names of variables are not part of what is the same, unless they say what they are. */
function keyOf({ before, after, holes, names }: Pattern): string {
  const admitted = holes.map(({ admits, placeholders, bound }) => [admits, placeholders, bound]);
  return JSON.stringify([before, after, admitted, names.map(({ name, bound }) => [name, bound])]);
}

function printOf(language: string, pattern: Pattern): string {
  const hash = createHash('sha256').update(`${language}\0${keyOf(pattern)}`);
  return hash.digest('hex').slice(0, 16);
}

/** Words of the old code that every place has. */
function wordsOf(shape: Shape, words = new Set<string>()): string[] {
  if ('text' in shape) {
    if (/^\w{2,}$/.test(shape.text)) words.add(shape.text);
  } else if ('children' in shape) for (const child of shape.children) wordsOf(child, words);
  return [...words];
}

function countTokens(shape: Shape): number {
  if ('hole' in shape) return 0;
  return 'text' in shape ? 1 : shape.children.reduce((sum, child) => sum + countTokens(child), 0);
}

/** The same function gives the same kind of thing; its namesake something alike; anything else, who knows. */
function othersFor(pattern: Pattern, { before, after }: Change): Lesson['uses']['others'] {
  if (before.kind === after.kind && calledIn(before) === calledIn(after)) return 'any';
  return isOnlyRenamed(pattern) ? 'some' : 'none';
}

const MOST_WORDS = 40;

function namesFor({ before, after }: Change): { old: string; new: string } {
  const [old, fresh] = [calledIn(before) ?? '', calledIn(after) ?? ''];
  const short = ({ text }: SyntaxNode) => text.replaceAll(/\s+/g, ' ').slice(0, MOST_WORDS);
  return old !== fresh && fresh !== '' ? { old, new: fresh } : { old, new: short(after) };
}

/** What speaks against the lesson where it was taught; null: nothing. */
async function contradiction(
  lesson: Lesson,
  files: readonly Taught[],
  places: readonly Place[],
): Promise<string | null> {
  if (lesson.words.length === 0 || countTokens(lesson.before) < LEAST_TOKENS) return 'it could be anything';
  const alike = createAlike();
  for (const { file, change } of places)
    for (const node of change.after.below()) {
      const options = { alike, names: createNames(file.path), bound: false };
      if (describes(lesson, lesson.before, node, options)) return 'the new code would be changed again';
    }
  for (const file of files) {
    const own = places.filter((place) => place.file === file).map(({ change }) => change);
    const found = await siblingsIn(lesson, file.path, file.before);
    const mended = own.map(({ before }) => before.start);
    if (own.some(({ before }) => !found.some(({ start }) => start === before.start)))
      return 'it does not find its own place';
    const applied = applyAll(
      file.before,
      found.filter(({ start }) => mended.includes(start)).flatMap(({ edits }) => edits),
    );
    if (!(await isSameCode(file.path, applied, file.after))) return 'it does not give what was written';
    const left = found.filter(({ start }) => !mended.includes(start));
    if (left.length > 0 && lesson.own) return 'an own function that is still used next to it';
    const tree = own[0] === undefined ? null : topOf(own[0].before);
    if (tree === null) continue;
    const touched = own.map(({ before }) => functionAround(before));
    for (const { start, end } of left)
      if (touched.includes(functionAround(nodeAt(tree, start, end)))) return 'the same was left alone next to it';
  }
  return null;
}

function topOf(node: SyntaxNode): SyntaxNode {
  let top = node;
  for (const above of node.above()) top = above;
  return top;
}

function nodeAt(tree: SyntaxNode, start: number, end: number): SyntaxNode {
  let found = tree;
  for (const node of tree.below()) if (node.start <= start && end <= node.end) found = node;
  return found;
}

function functionAround(node: SyntaxNode): SyntaxNode | null {
  for (const above of node.above()) if (/function|method|lambda/.test(above.kind)) return above;
  return null;
}

/** Applies edits that do not overlap. */
export function applyAll(text: string, edits: ReadonlyArray<{ start: number; end: number; text: string }>): string {
  let result = text;
  for (const edit of edits.toSorted((a, b) => b.start - a.start))
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  return result;
}

/** The same code, imports apart. */
async function isSameCode(path: string, one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([parseSyntax(path, one), parseSyntax(path, other)]);
  if (a === null || b === null || isBroken(a)) return false;
  return changesBetween(a, b, createAlike())?.length === 0;
}
