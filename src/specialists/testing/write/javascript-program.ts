/**
 * The program that asks JavaScript functions. Rule: only values that a reader can check at sight are answers; TypeScript is
 * stripped of its types before, for the interpreter may not know them.
 */
import { dirname, join } from 'node:path/posix';
import type { Law, Subject } from './types.ts';

export type Read = (path: string) => Promise<string | null>;

/** Modules that are brought along with a TypeScript file. */
const MOST = 25;

export interface ScriptProgram {
  path: string;
  subjects: readonly Subject[];
  laws: readonly Law[];
  quote: '"' | "'";
  /** Texts of modules as the interpreter reads them, by path; empty: it reads the tree itself. */
  sources: Readonly<Record<string, string>>;
}

export function scriptProgram({ path, subjects, laws, quote, sources }: ScriptProgram): string {
  const asked = subjects.map(({ name, inputs, exported }) => ({ name, inputs, exported }));
  return ASK.replace('@SUBJECT', () => JSON.stringify({ path, subjects: asked, laws, quote, sources }));
}

/** The module and all that it brings from the tree, without types; null where that is not to be had. */
export async function sourcesOf(path: string, text: string, read: Read): Promise<Record<string, string> | null> {
  const needs = /\.[cm]?tsx?$/.test(path) || (/\.jsx?$/.test(path) && /^\s*(import\s[^(]|export\s)/m.test(text));
  if (!needs) return {};
  const { transpileModule, ModuleKind, ScriptTarget } = (await import('typescript')).default;
  const sources: Record<string, string> = {};
  const open: Array<[string, string]> = [[path, text]];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [own, written] = next;
    if (Object.keys(sources).length >= MOST) return null;
    const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
    const plain = transpileModule(written, { compilerOptions, fileName: own }).outputText;
    sources[own] = plain;
    for (const [, specifier = ''] of plain.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.[^"']+)["']/g)) {
      const found = await resolved(join(dirname(own), specifier), read);
      if (found === null) return null;
      if (!(found[0] in sources) && !open.some(([one]) => one === found[0])) open.push(found);
    }
  }
  return sources;
}

async function resolved(path: string, read: Read): Promise<[string, string] | null> {
  for (const one of candidates(path)) {
    const text = await read(one);
    if (text !== null) return [one, text];
  }
  return null;
}

function candidates(path: string): string[] {
  const bare = path.replace(/\.[cm]?js$/, '');
  const endings = ['.ts', '.mts', '.tsx', '.js', '.mjs'];
  return [path, ...endings.map((one) => bare + one), ...endings.map((one) => `${bare}/index${one}`)];
}

const ASK = String.raw`'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const inspector = require('node:inspector');
const { pathToFileURL } = require('node:url');
const end = process.reallyExit.bind(process);
const { writeSync } = fs;
const TOP = process.cwd();
const SUBJECT = @SUBJECT;
const LONGEST = 64;
let effect = null;
let watching = false;

function tell(said) {
  writeSync(1, JSON.stringify(said) + '\n');
  end(0);
}

process.stdout.write = process.stderr.write = () => {
  if (watching) effect = 'prints';
  return true;
};
process.on('uncaughtException', () => end(0));
process.on('unhandledRejection', () => end(0));

const HOOKS = ${'`'}
  let sources, top;
  const candidates = (url) => {
    const bare = url.replace(/\\.[cm]?js$/, '');
    const endings = ['.ts', '.mts', '.tsx', '.js', '.mjs'];
    return [url, ...endings.map((one) => bare + one), ...endings.map((one) => bare + '/index' + one)];
  };
  export async function initialize(given) { sources = new Map(Object.entries(given.sources)); }
  export async function resolve(specifier, context, next) {
    if (specifier.startsWith('file:') && sources.has(specifier)) return { url: specifier, format: 'module', shortCircuit: true };
    if (specifier.startsWith('.') && sources.has(context.parentURL)) {
      const found = candidates(new URL(specifier, context.parentURL).href).find((one) => sources.has(one));
      if (found) return { url: found, format: 'module', shortCircuit: true };
    }
    return next(specifier, context);
  }
  export async function load(url, context, next) {
    if (!sources.has(url)) return next(url, context);
    return { format: 'module', source: sources.get(url), shortCircuit: true };
  }
${'`'};

class Unreadable extends Error {}

function spell(value, depth = 0) {
  if (value === undefined || value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (Object.is(value, -0) || !Number.isFinite(value)) throw new Unreadable();
    return String(value);
  }
  if (typeof value === 'string') {
    if (/[^\P{C}\n\t]|\/tmp\//u.test(value) || value.includes(TOP)) throw new Unreadable();
    const other = SUBJECT.quote === '"' ? "'" : '"';
    const mark = value.includes(SUBJECT.quote) && !value.includes(other) ? other : SUBJECT.quote;
    const text = value.replaceAll('\\', '\\\\').replaceAll(mark, '\\' + mark).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    return mark + text + mark;
  }
  if (depth > 3 || typeof value !== 'object') throw new Unreadable();
  if (Array.isArray(value)) {
    if (Object.keys(value).length !== value.length) throw new Unreadable();
    return '[' + value.map((one) => spell(one, depth + 1)).join(', ') + ']';
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) throw new Unreadable();
  const pairs = Object.entries(value).map(
    ([key, one]) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : spell(key)) + ': ' + spell(one, depth + 1),
  );
  return pairs.length === 0 ? '{}' : '{ ' + pairs.join(', ') + ' }';
}

function hasFraction(value) {
  if (typeof value === 'number') return !Number.isInteger(value);
  return value !== null && typeof value === 'object' && Object.values(value).some(hasFraction);
}

const given = (text) => (0, eval)('[' + text + ']');
const session = new inspector.Session();
session.connect();
const post = (method, params) => {
  let said;
  session.post(method, params, (error, result) => {
    said = result;
  });
  return said;
};
post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

// Which lines and branches of the function ran since it was asked last.
function walked(name, url, text) {
  const script = post('Profiler.takePreciseCoverage').result.find((one) => one.url === url);
  const own = script?.functions.find((one) => one.functionName === name && one.ranges[0].count > 0);
  if (!own) return { steps: [], lines: [] };
  const { startOffset: from, endOffset: to } = own.ranges[0];
  const ranges = script.functions
    .flatMap((one) => one.ranges)
    .filter((one) => one.startOffset >= from && one.endOffset <= to)
    .sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const counts = new Array(to - from).fill(1);
  for (const { startOffset, endOffset, count } of ranges) counts.fill(count, startOffset - from, endOffset - from);
  const [steps, lines] = [[], []];
  let at = from;
  for (const [index, line] of text.slice(from, to).split('\n').entries()) {
    const code = line.trim();
    const first = at + line.length - line.trimStart().length;
    if (code !== '' && !/^([{}()\[\];,\s]*|\/\/.*|\*.*|\/\*.*)$/.test(code)) {
      lines.push(index + 1);
      if (counts[first - from] > 0) steps.push('0>' + (index + 1));
    }
    at += line.length + 1;
  }
  for (const { startOffset, endOffset, count } of ranges.slice(1)) steps.push((count > 0 ? 'y' : 'n') + startOffset + '-' + endOffset + '>0');
  return { steps, lines };
}

function ask(work, input, about) {
  const args = given(input);
  let before;
  try {
    before = spell(args, -1);
  } catch {
    return null;
  }
  let said;
  watching = true;
  try {
    const value = work(...args);
    watching = false;
    const spelt = spell(value);
    if (spelt.length > LONGEST || (hasFraction(value) && typeof value === 'object')) said = null;
    else said = { value: spelt, ...(hasFraction(value) ? { fractional: true } : {}) };
  } catch (error) {
    watching = false;
    const known = /^(Error|TypeError|RangeError|SyntaxError|URIError)$/.test(error?.constructor?.name ?? '');
    said = error instanceof Unreadable || !known ? null : { raises: error.constructor.name };
  }
  const { steps, lines } = walked(...about);
  if (lines.length > about.lines.length) about.lines = lines;
  if (spell(args, -1) !== before) effect = 'changes what it is given';
  return said === null ? null : { input, steps, ...said };
}

const MAKES = { 'round-trip': true, idempotent: true, 'same-length': true };

function holds(law, functions, input) {
  const args = given(input);
  const work = functions[law.of];
  if (law.kind === 'commutative') {
    if (args.length !== 2 || spell(args[0]) === spell(args[1])) return null;
    return spell(work(...args)) === spell(work(...args.toReversed()));
  }
  if (args.length !== 1 || !MAKES[law.kind]) return null;
  let once;
  try {
    once = work(...args);
  } catch {
    return null;
  }
  spell(once);
  if (law.kind === 'same-length') return typeof once === typeof args[0] && once.length === args[0].length;
  if (law.kind === 'idempotent') return typeof once === typeof args[0] && spell(work(once)) === spell(once);
  return spell(functions[law.undo](once)) === spell(args[0]);
}

function lawAnswers(law, functions) {
  const found = [];
  for (const input of SUBJECT.subjects.find((one) => one.name === law.of).inputs) {
    try {
      const said = holds(law, functions, input);
      if (said === false) return null;
      if (said) found.push(input);
    } catch {
      return null;
    }
  }
  return found;
}

async function load() {
  const full = path.join(TOP, SUBJECT.path);
  const url = pathToFileURL(full).href;
  const own = Object.entries(SUBJECT.sources);
  if (own.length === 0) {
    const text = fs.readFileSync(full, 'utf8');
    if (/\.mjs$/.test(full)) return { module: await import(url), url, text };
    const loaded = Module.createRequire(full)(full);
    const isPlain = typeof loaded === 'object' && loaded !== null;
    return { module: isPlain ? { default: loaded, ...loaded } : { default: loaded, ...Object(loaded) }, url: full, text };
  }
  const sources = Object.fromEntries(own.map(([name, text]) => [pathToFileURL(path.join(TOP, name)).href, text]));
  Module.register('data:text/javascript,' + encodeURIComponent(HOOKS), { parentURL: url, data: { sources } });
  return { module: await import(url), url, text: SUBJECT.sources[SUBJECT.path] };
}

(async () => {
  const before = JSON.stringify(process.env);
  watching = true;
  const { module, url, text } = await load().catch(() => tell({ effect: 'cannot be loaded', functions: {}, laws: [] }));
  watching = false;
  if (effect !== null || JSON.stringify(process.env) !== before) tell({ effect: effect ?? 'changes the process', functions: {}, laws: [] });
  const functions = {};
  const works = {};
  for (const { name, inputs, exported } of SUBJECT.subjects) {
    const work = exported === 'default' ? (module.default?.default ?? module.default) : (module[name] ?? module.default?.[name]);
    if (typeof work !== 'function') continue;
    works[name] = work;
    const about = [work.name, url, text];
    about.lines = [];
    post('Profiler.takePreciseCoverage');
    const cases = inputs.map((input) => ask(work, input, about)).filter((one) => one !== null);
    if (effect === null) functions[name] = { cases, lines: about.lines };
    effect = null;
  }
  tell({ effect: null, functions, laws: SUBJECT.laws.map((law) => (works[law.of] && (!law.undo || works[law.undo]) ? lawAnswers(law, works) : null)) });
})();
`;
