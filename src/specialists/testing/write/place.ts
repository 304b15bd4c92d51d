/**
 * Where a new test stands and what it looks like. Pure but for reading. Rule: as the nearest module that has a test; where
 * the repository shows no custom, nothing is written.
 */
import { basename, dirname, extname, join, relative } from 'node:path/posix';
import { isTestData, isTestPath, languageOf, testsNamedAfter } from '../../../code/index.ts';
import type { Manner } from './types.ts';

export interface Files {
  paths: readonly string[];
  read(path: string): Promise<string | null>;
}

/** Modules whose tests are looked for. */
const NEAR = 150;
const LARGEST = 1500;

/** The manner of the test of `path`; null where no other test shows how. */
export async function mannerOf(path: string, files: Files): Promise<Manner | null> {
  const isPython = path.endsWith('.py');
  const family = files.paths.filter((one) => (languageOf(one) === 'python') === isPython && languageOf(one) !== null);
  const tests = family.filter((one) => isTestPath(one) && isNamedTest(one) && !isTestData(one));
  const sources = family
    .filter((one) => !isTestPath(one))
    .sort((a, b) => shared(b, path) - shared(a, path) || (a < b ? -1 : 1));
  const own = nearest(testsNamedAfter(path, tests), path);
  const pairs = sources.slice(0, NEAR).flatMap((source) => {
    const test = source === path ? null : nearest(testsNamedAfter(source, tests), source);
    return test === null ? [] : [{ source, test }];
  });
  const pair = typical(pairs);
  const like = own ?? pair?.test ?? nearest(tests, path);
  if (like === null) return null;
  const place = own ?? placed(path, like, pair?.source ?? null, files);
  const text = (await files.read(like)) ?? '';
  if (place === null || (own === null && files.paths.includes(place))) return null;
  const existing = own === null ? null : text;
  if (existing !== null && existing.split('\n').length > LARGEST) return null;
  const runner = isPython ? (/TestCase\b/.test(text) ? 'unittest' : 'pytest') : await runnerOf(text, files);
  const module = isPython ? await pythonModule(path, tests, files) : scriptModule(path, place, text);
  if (runner === null || module === null) return null;
  const quote = count(text, "'") > count(text, '"') ? "'" : '"';
  return { path: place, existing, like: text, module, runner, quote };
}

interface Pair {
  source: string;
  test: string;
}

/** The nearest of those that stand as most do: beside their source, or apart. */
function typical(pairs: readonly Pair[]): Pair | undefined {
  const beside = ({ source, test }: Pair) => dirname(source) === dirname(test);
  const most = pairs.filter(beside).length * 2 > pairs.length;
  return pairs.find((one) => beside(one) === most);
}

function isNamedTest(path: string): boolean {
  const name = basename(path);
  if (/(functional|integration|e2e|acceptance|system|browser|smoke|bench)/i.test(path)) return false;
  if (path.endsWith('.py')) return /^test_.*\.py$|_tests?\.py$/.test(name);
  return !/\.d\.ts$|[jt]sx$|e2e|cypress|\.cy\.|stories|support|helper|fixture|setup|util/.test(path);
}

/** How many folders two paths have in common. */
function shared(a: string, b: string): number {
  const [one, other] = [a.split('/'), b.split('/')];
  const end = one.findIndex((part, at) => part !== other[at]);
  return end === -1 ? one.length : end;
}

function nearest(paths: readonly string[], to: string): string | null {
  return paths.toSorted((a, b) => shared(b, to) - shared(a, to) || a.length - b.length || (a < b ? -1 : 1))[0] ?? null;
}

function placed(path: string, like: string, source: string | null, { paths }: Files): string | null {
  const name = nameLike(path, like);
  const folders = new Set(paths.map((one) => dirname(one)));
  const [from, to] = [source === null ? null : dirname(source), dirname(like)];
  const wanted = from === null ? to : mirrored(dirname(path), from, to);
  const folder = folders.has(wanted) || wanted.endsWith('__tests__') || wanted === dirname(path) ? wanted : to;
  return name === null ? null : join(folder, name);
}

/** Where the tests of `folder` stand, when those of `from` stand in `to`. */
function mirrored(folder: string, from: string, to: string): string {
  if (to === from) return folder;
  if (to.startsWith(`${from}/`)) return join(folder, to.slice(from.length + 1));
  const [a, b] = [from.split('/'), to.split('/')];
  let same = 0;
  while (same < Math.min(a.length, b.length) && a.at(-1 - same) === b.at(-1 - same)) same += 1;
  const [source, test] = [a.slice(0, a.length - same).join('/'), b.slice(0, b.length - same).join('/')];
  if (source === '') return join(test, folder === '.' ? '' : folder);
  return folder === source
    ? test
    : folder.startsWith(`${source}/`) && same > 0
      ? join(test, folder.slice(source.length + 1))
      : to;
}

function nameLike(path: string, like: string): string | null {
  const name = basename(like);
  const file = basename(path);
  const stem = file.slice(0, -extname(file).length);
  const own = (stem === '__init__' ? basename(dirname(path)) : stem).replace(/^_+/, '');
  if (path.endsWith('.py'))
    return /^test_/.test(name) ? `test_${own}.py` : /_tests?\.py$/.test(name) ? `${own}_test.py` : null;
  const ending = /[._-](test|spec)(\.[cm]?[jt]s)$/.exec(name);
  if (ending) return `${own}${ending[0]}`;
  return /^test[-_.]/.test(name) ? `${name.slice(0, 5)}${own}${extname(name)}` : `${own}${extname(name)}`;
}

/** The dotted name by which tests bring such a module. */
async function pythonModule(path: string, tests: readonly string[], { paths, read }: Files): Promise<string | null> {
  const parts = path.replace(/(\/__init__)?\.py$/, '').split('/');
  if (parts.some((part) => !/^[A-Za-z_]\w*$/.test(part) && part !== 'src')) return null;
  const there = new Set(paths);
  let first = parts.length - (path.endsWith('__init__.py') ? 0 : 1);
  while (first > 0 && there.has([...parts.slice(0, first), '__init__.py'].join('/'))) first -= 1;
  const packaged = parts.slice(Math.min(first, parts.length - 1)).join('.');
  const options = [
    packaged,
    ...(parts[0] === 'src' ? [parts.slice(1).join('.')] : []),
    parts.join('.'),
    parts.at(-1) ?? '',
  ];
  const texts = await Promise.all(tests.slice(0, 40).map(async (test) => (await read(test)) ?? ''));
  const brought = (name: string) => {
    const folder = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
    const pattern = new RegExp(
      `^\\s*(from|import)\\s+(${[name, folder, name.split('.')[0]].join('|').replaceAll('.', '\\.')})\\b`,
      'm',
    );
    return texts.some((text) => pattern.test(text));
  };
  return options.find((one) => one !== '' && brought(one)) ?? packaged;
}

/** As the other imports of tests are written: with an ending or without. */
function scriptModule(path: string, place: string, like: string): string {
  const bare = relative(dirname(place), path).replace(/\.[cm]?[jt]sx?$/, '');
  const dotted = bare.startsWith('.') ? bare : `./${bare}`;
  const specifiers = [...like.matchAll(/(?:from\s+|require\(\s*|import\(\s*)["'](\.[^"']*)["']/g)].map(
    (match) => match[1] ?? '',
  );
  const ending =
    specifiers.map((one) => /\.[cm]?[jt]sx?$/.exec(one)?.[0] ?? '').find((one, at) => at === 0 || one !== '') ?? '';
  if (ending === '' && specifiers.length > 0) return dotted.replace(/\/index$/, '');
  const own = extname(path);
  const written = /\.[cm]?js$/.test(ending)
    ? own.replace('ts', 'js')
    : /\.[cm]?ts$/.test(ending)
      ? own
      : own.replace('ts', 'js');
  return `${dotted}${written}`;
}

async function runnerOf(like: string, { read }: Files): Promise<Manner['runner'] | null> {
  const brought = /["'](node:test|vitest|uvu|@jest\/globals)["']/.exec(like)?.[1];
  if (brought !== undefined) return brought === '@jest/globals' ? 'jest' : (brought as Manner['runner']);
  if (/["'](ava|tap|tape|@playwright\/test|lab|qunit)["']/.test(like)) return null;
  const manifest = (await read('package.json')) ?? '';
  const script = /"test(?::\w+)?"\s*:\s*"([^"]*)"/.exec(manifest)?.[1] ?? '';
  const known = ['vitest', 'jest', 'mocha'] as const;
  return known.find((name) => script.includes(name)) ?? known.find((name) => manifest.includes(`"${name}"`)) ?? null;
}

function count(text: string, mark: string): number {
  return text.split(mark).length;
}
