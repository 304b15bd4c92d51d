/**
 * Reads one version of one file: its tests, what they insist on, who asserts for them. Rule: a broken text is read as far
 * as it goes; a text too large or too odd to be read has no reading, and its reader must say so.
 */
import { parseSyntax, type SyntaxNode } from '../../code/index.ts';
import { isTestFile, type Language, languageOf } from '../test-files.ts';
import { canonical, shapeOf, whole } from './canonical.ts';
import type { FoundTest, Grammar } from './grammar.ts';
import { mockOf } from './mocks.ts';
import { conditionsOf, leavesLoop, neverRun } from './reached.ts';
import { GO } from './read-go.ts';
import { JAVASCRIPT } from './read-javascript.ts';
import { PYTHON } from './read-python.ts';
import { conditionsIn, inTests, rust } from './read-rust.ts';
import { type Assertion, type Call, NOTHING, type Reading, STRENGTH, type TestCase } from './reading.ts';
import { tablesIn } from './tables.ts';
import { longest, timeoutOf } from './timeouts.ts';

/** Characters; raw strings of Rust, each of which is looked for to the end of the text; nodes, and how deep they nest. */
const LARGEST = 512 * 1024;
const MOST_RAW = 2000;
const MOST_NODES = 400_000;
const DEEPEST = 1500;

export interface ReadFile {
  root: SyntaxNode;
  language: Language;
  /** What it tests; nothing for a file of the program. */
  reading: Reading;
}

/** Null where the language is not known, 'unreadable' where nobody could read it in reasonable time. */
export async function readFile(path: string, text: string): Promise<ReadFile | null | 'unreadable'> {
  const language = languageOf(path);
  if (language === null) return null;
  const raw = language === 'rust' ? (text.match(/r#+"/g)?.length ?? 0) : 0;
  if (text.length > LARGEST || raw > MOST_RAW) return 'unreadable';
  const root = await parseSyntax(path, text);
  if (root === null) return null;
  if (isOdd(root)) return 'unreadable';
  const grammar = await grammarOf(language, root);
  const hasTests = isTestFile(path) || language === 'rust';
  return { root, language, reading: hasTests ? readTests(path, root, grammar, language) : { path, ...NOTHING } };
}

function isOdd(root: SyntaxNode): boolean {
  let nodes = 0;
  const depths = new Map<SyntaxNode | null, number>([[null, 0]]);
  for (const node of root.below()) {
    const depth = (depths.get(node.parent) ?? 0) + 1;
    if (node.children.length > 0) depths.set(node, depth);
    nodes += 1;
    if (depth > DEEPEST || nodes > MOST_NODES) return true;
  }
  return false;
}

async function grammarOf(language: Language, root: SyntaxNode): Promise<Grammar> {
  if (language === 'rust') return rust(await conditionsIn(root));
  return { python: PYTHON, javascript: JAVASCRIPT, go: GO }[language];
}

function readTests(path: string, root: SyntaxNode, grammar: Grammar, language: Language): Reading {
  const found = grammar.tests(root, path);
  const named = new Set(
    [...root.below()].map((node) => (grammar.functions.test(node.kind) ? grammar.functionName(node) : null)),
  );
  const owners = new Map<SyntaxNode, FoundTest>(
    found.flatMap((test) => [[test.body, test] as const, [test.node, test] as const]),
  );
  const owned = new Map<FoundTest | string, Assertion[]>();
  const helpers: Reading['helpers'] = new Map();
  const outside: Assertion[] = [];
  const markers: Reading['markers'] = [];
  const mocks: string[] = [];
  let limit: number | null = null;
  const counts = new Map<
    FoundTest,
    { returns: number; rows: number; timeout: number | null; calls: Call[]; mocks: string[] }
  >();
  const countsOf = (test: FoundTest) => {
    const known = counts.get(test) ?? { returns: 0, rows: 0, timeout: null, calls: [], mocks: [] };
    counts.set(test, known);
    return known;
  };
  const isDead = (node: SyntaxNode, within: SyntaxNode, body: SyntaxNode) =>
    (grammar.dead(node, within) ?? neverRun(node, body, grammar)) !== null;
  const inRustTests = (node: SyntaxNode) => language !== 'rust' || isTestFile(path) || inTests(node);
  for (const node of root.below()) {
    const { test, helper, within } = placeOf(node, owners, grammar);
    const marker = grammar.marker(node);
    if (marker !== null && (language !== 'rust' || isTestFile(path) || concernsTests(node)))
      markers.push({ text: marker, line: 0 });
    if (test) {
      const tally = countsOf(test);
      tally.rows += grammar.rows(node);
      if (helper === null && (grammar.returns.test(node.kind) || leavesLoop(node, test.body, grammar)))
        tally.returns += 1;
      const called = grammar.calls.test(node.kind) ? calledBy(node) : null;
      if (called !== null && !(named.has(called) && isDead(node, within, test.body)))
        tally.calls.push({ name: called, conditions: conditionsOf(node, within, grammar) });
      tally.timeout = longest(tally.timeout, timeoutOf(node, test));
    } else {
      limit = longest(limit, timeoutOf(node, null));
      const mocked = mockOf(node);
      if (mocked !== null) mocks.push(...mocked);
    }
    if (test) countsOf(test).mocks.push(...(mockOf(node) ?? []));
    else if (helper !== null && grammar.calls.test(node.kind)) {
      helperOf(helpers, helper).calls.push({ name: calledBy(node), conditions: [] });
    }
    const claims = grammar.claims(node);
    if (claims === null || (test === null && !inRustTests(node))) continue;
    const dead = grammar.dead(node, within) ?? neverRun(node, test?.body ?? within, grammar);
    const conditions = conditionsOf(node, within, grammar);
    const text = canonical(node.kind === 'function_item' ? null : node);
    const shown = (text === '' ? (claims[0]?.expected ?? '') : node.text).replace(/\s+/g, ' ');
    const asserted = claims.map((claim) => ({
      ...claim,
      text,
      shown,
      conditions,
      strength: dead === null ? claim.strength : STRENGTH.never,
    }));
    if (test) owned.set(test, [...(owned.get(test) ?? []), ...asserted]);
    else if (helper !== null) helperOf(helpers, helper).assertions.push(...asserted);
    else outside.push(...asserted);
  }
  const tests = found.map((test): TestCase => {
    const tally = countsOf(test);
    const wrappers = decoratorsOf(test.node).filter((name) => named.has(name));
    return {
      ...{ path, names: test.names, hidden: test.hidden === true, line: 0, assertions: owned.get(test) ?? [] },
      ...{
        calls: tally.calls,
        mocks: tally.mocks,
        wrappers,
        returns: tally.returns,
        rows: tally.rows,
        timeout: tally.timeout,
      },
      ...{ body: whole(test.body), shape: shapeOf(test.body) },
    };
  });
  return {
    path,
    tests,
    helpers,
    functions: new Set([...named].filter((name) => name !== null)),
    outside,
    markers,
    mocks,
    own: new Set(root.children.flatMap((node) => topNames(node, grammar))),
    tables: tablesIn(root, grammar),
    limit,
  };
}

function decoratorsOf(node: SyntaxNode): string[] {
  return node.children.filter(({ kind }) => kind === 'decorator').map((one) => canonical(one).replace(/^@|\(.*$/g, ''));
}

interface Place {
  test: FoundTest | null;
  /** The nearest named function that is not the test itself. */
  helper: string | null;
  within: SyntaxNode;
}

/** Whose words these are: the nearest test's, unless a function of a name stands in between outside of every test. */
function placeOf(node: SyntaxNode, owners: ReadonlyMap<SyntaxNode, FoundTest>, grammar: Grammar): Place {
  let helper: string | null = null;
  let within: SyntaxNode | null = null;
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    const test = owners.get(at);
    if (test) return { test, helper, within: within ?? test.body };
    if (grammar.functions.test(at.kind)) {
      within ??= grammar.functionName(at) === null ? null : at;
      helper ??= grammar.functionName(at);
    }
    if (at.parent === null) within ??= at;
  }
  return { test: null, helper, within: within ?? node };
}

function helperOf(helpers: Reading['helpers'], name: string) {
  const known = helpers.get(name) ?? { assertions: [], calls: [] };
  helpers.set(name, known);
  return known;
}

/** `#[cfg]` of a program is its own affair; of its tests it is not. */
function concernsTests(attribute: SyntaxNode): boolean {
  if (inTests(attribute)) return true;
  const siblings = attribute.parent?.children ?? [];
  const item = siblings
    .slice(siblings.indexOf(attribute) + 1)
    .find(({ kind }) => kind !== 'attribute_item' && !/comment/.test(kind));
  if (item === undefined) return true;
  const text = canonical(attribute);
  return (
    /\bignore\b/.test(text) ||
    /\btest\b/.test(text) ||
    /\bcfg\(test\)|#\[test\]/.test(item.kind === 'mod_item' ? item.text : '') ||
    /test/.test(item.child('identifier')?.text ?? '')
  );
}

function calledBy(call: SyntaxNode): string {
  return canonical(call.children[0]).split(/\.|::/).at(-1) ?? '';
}

function topNames(node: SyntaxNode, grammar: Grammar): string[] {
  const names = node.children.map((part) =>
    /^(lexical|variable)_declaration$/.test(node.kind)
      ? (part.child('arrow_function', 'function_expression') ?? part)
      : part,
  );
  return [node, ...names].flatMap((one) => (grammar.functions.test(one.kind) ? (grammar.functionName(one) ?? []) : []));
}
