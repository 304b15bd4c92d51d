/**
 * Lets a test be found again that goes by another name. Rule: a name is translated only where the text of the change shows
 * that it is the same test, and only in what the candidate says.
 */
import { digest } from '../../base/index.ts';
import type { Check, Judgement, TestOutcome } from '../types.ts';
import type { Renamed } from './match-tests.ts';

/** Checks that call the tests of `candidateTree` by the names that they have on the base. */
export function alignedChecks(checks: readonly Check[], candidateTree: string, renamed: readonly Renamed[]): Check[] {
  if (renamed.length === 0) return [...checks];
  return checks.map((check) => (check.kind === 'tests' ? aligned(check, candidateTree, renamed) : check));
}

function aligned(check: Check, candidateTree: string, renamed: readonly Renamed[]): Check {
  const { narrow } = check;
  return {
    ...check,
    // What is kept of it must not be taken for what the check says of the tree by itself.
    digest: digest([
      check.digest,
      ...renamed.flatMap(({ from, to }) => [from.path, ...from.names, to.path, ...to.names]),
    ]),
    async judge(tree, options) {
      const said = await check.judge(tree, options);
      return tree === candidateTree ? translate(said, renamed) : said;
    },
    ...(narrow
      ? {
          async narrow(tests: readonly string[]) {
            const narrowed = await narrow.call(check, tests);
            return narrowed === null ? null : aligned(narrowed, candidateTree, renamed);
          },
        }
      : {}),
  };
}

/** Pure. */
export function translate(said: Judgement, renamed: readonly Renamed[]): Judgement {
  const tests: Record<string, TestOutcome> = {};
  for (const [id, outcome] of Object.entries(said.tests)) {
    const old = renamed.map((one) => oldName(id, one)).find((name) => name !== null && !(name in said.tests)) ?? id;
    tests[old in tests ? id : old] = outcome;
  }
  return { ...said, tests };
}

/** What `id` was called before `one`, or null where it is not about that test. */
function oldName(id: string, { from, to }: Renamed): string | null {
  const [was, is] = [from.names.map(bare), to.names.map(bare)];
  // Some runners list the groups around a test as tests too.
  for (let depth = 1; depth < is.length && is.length === was.length; depth++)
    if (id === is.slice(0, depth).join(' › ')) return was.slice(0, depth).join(' › ');
  if (!is.every((name) => hasWord(id, name))) return null;
  let name = id;
  for (let at = 1; at <= Math.max(was.length, is.length); at++) {
    const [before, after] = [was.at(-at), is.at(-at)];
    if (after !== undefined && before !== undefined && after !== before) name = replaceLast(name, after, before);
  }
  name = regrouped(name, was.slice(0, -1), is.slice(0, -1));
  for (const form of [(path: string) => path, modules]) name = name.replace(form(to.path), form(from.path));
  return name === id ? null : name;
}

/** A test that joined a class or a group, or left one: `module.Class::test` of pytest, `group › test` of others. */
function regrouped(id: string, was: readonly string[], is: readonly string[]): string {
  if (was.length === is.length) return id;
  const at = id.indexOf('::');
  if (at === -1) {
    const own = is
      .slice(0, Math.max(0, is.length - was.length))
      .map((group) => `${group} › `)
      .join('');
    const outer = was
      .slice(0, Math.max(0, was.length - is.length))
      .map((group) => `${group} › `)
      .join('');
    return id.startsWith(own) ? outer + id.slice(own.length) : id;
  }
  const [module, classes] = [id.slice(0, at), is.map((one) => `.${one}`).join('')];
  const bareModule = module.endsWith(classes) ? module.slice(0, module.length - classes.length) : module;
  return bareModule + was.map((one) => `.${one}`).join('') + id.slice(at);
}

/** `tests/test_a.py` as runners of Python name it. */
function modules(path: string): string {
  return path.replace(/\.\w+$/, '').replaceAll('/', '.');
}

function bare(name: string): string {
  return name.replace(/^"([\s\S]*)"$/, '$1');
}

function hasWord(id: string, word: string): boolean {
  // The title of a table of cases: what stands between its blanks.
  const parts = word.split(/\$\{[^}]*\}|%[a-zA-Z]/);
  if (parts.length > 1) return parts.every((part) => id.includes(part.replaceAll('`', '').trim()));
  return id.split(/[^\w$]+/).includes(word) || id.includes(word);
}

function replaceLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from);
  return at === -1 ? text : text.slice(0, at) + to + text.slice(at + from.length);
}
