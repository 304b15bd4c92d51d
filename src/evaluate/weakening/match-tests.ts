/**
 * Finds each test of the base again. Pure. Rule: by its place, then by its name elsewhere, then by what it does; where the
 * base has several of one name, first by what they do; what ran must still run, in a file that a runner collects.
 */
import { basename } from 'node:path/posix';
import { languageOf } from '../test-files.ts';
import type { TestCase } from './reading.ts';

export interface Renamed {
  from: TestCase;
  to: TestCase;
}

export function matchTests(old: readonly TestCase[], now: readonly TestCase[]): { pairs: Renamed[]; gone: TestCase[] } {
  const pairs: Renamed[] = [];
  let [left, free] = [[...old], [...now]];
  const pass = (same: (from: TestCase, to: TestCase) => boolean) => {
    for (const from of left) {
      const to = free.find((one) => (from.hidden || !one.hidden) && same(from, one));
      if (to === undefined) continue;
      pairs.push({ from, to });
      free = free.filter((one) => one !== to);
    }
    const found = new Set(pairs.map(({ from }) => from));
    left = left.filter((one) => !found.has(one));
  };
  const name = ({ names }: TestCase) => names.join('\0');
  const last = ({ names }: TestCase) => names.at(-1);
  const known = new Map<string, number>();
  for (const one of old) known.set(placeOf(one), (known.get(placeOf(one)) ?? 0) + 1);
  const isOneOfMany = (test: TestCase) => (known.get(placeOf(test)) ?? 0) > 1;
  pass((from, to) => isOneOfMany(from) && placeOf(from) === placeOf(to) && from.body === to.body);
  pass(
    (from, to) => isOneOfMany(from) && from.path === to.path && !known.has(placeOf(to)) && bodyOf(from) === bodyOf(to),
  );
  pass((from, to) => from.path === to.path && name(from) === name(to));
  const moved = (from: TestCase, to: TestCase) => from.path === to.path || isCollected(from.path, to.path);
  pass((from, to) => moved(from, to) && name(from) === name(to) && isAlike(from, to));
  pass((from, to) => moved(from, to) && last(from) === last(to) && isAlike(from, to));
  pass((from, to) => moved(from, to) && bodyOf(from) === bodyOf(to));
  pass(
    (from, to) =>
      moved(from, to) && from.shape === to.shape && (from.assertions.length > 0 || from.shape.length > TELLING),
  );
  pass((from, to) => from.path === to.path && from.assertions.length > 0 && isAlike(from, to));
  pass((from, to) => moved(from, to) && last(from) === last(to));
  // By another name, with other words, about the same things.
  pass((from, to) => from.path === to.path && isAbout(from, to));
  return { pairs, gone: left };
}

function placeOf({ path, names }: TestCase): string {
  return [path, ...names].join('\0');
}

/** The name of a test is part of its text in Python, Go and Rust. */
function bodyOf({ body, names }: TestCase): string {
  return body.replace(names.at(-1) ?? '', '');
}
/** Characters of a shape that two tests do not share by chance: of one whose parts are tests themselves. */
const TELLING = 80;

/** The same things are insisted on. */
function isAlike(from: TestCase, to: TestCase): boolean {
  if (from.assertions.length === 0) return bodyOf(from) === bodyOf(to) || from.shape === to.shape;
  const texts = new Set(to.assertions.map(({ text }) => text));
  return from.assertions.every(({ text }) => texts.has(text)) || from.shape === to.shape;
}

function isAbout(from: TestCase, to: TestCase): boolean {
  const subjects = new Set(to.assertions.map(({ subject }) => subject));
  return from.assertions.length > 0 && from.assertions.every(({ subject }) => subjects.has(subject));
}

/** A file that was found by its name must still be. */
function isCollected(from: string, to: string): boolean {
  const language = languageOf(to);
  if (language !== languageOf(from)) return false;
  const patterns = {
    python: /^(test_.*|.*_tests?|tests?)\.py$/,
    javascript: /[.-](test|spec|cy|e2e)\.[cm]?[jt]sx?$|^test\./,
    go: /^[^_.].*_test\.go$/,
    rust: /\.rs$/,
  };
  const pattern = language === null ? /./ : patterns[language];
  if (language === 'javascript' && /(^|\/)__tests__\//.test(to)) return true;
  return pattern.test(basename(to)) || !pattern.test(basename(from));
}
