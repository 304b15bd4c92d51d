/**
 * Compares what was tested with what is tested now. Pure. Rule: a test may move, change its name and be rewritten, as long
 * as a runner still finds it and it insists on no less; what is new is always welcome, unless it is switched off.
 */
import { isTestFile, languageOf } from '../test-files.ts';
import { compareAssertions } from './compare-assertions.ts';
import { effective } from './effective.ts';
import { matchTests, type Renamed } from './match-tests.ts';
import type { Assertion, Marker, Reading, TestCase } from './reading.ts';

export interface Compared {
  reasons: string[];
  /** Tests that are found under another name or in another file. */
  renamed: Renamed[];
  /** Expectations that are not what they were: nobody can tell from the text alone whether they should be. */
  other: string[];
}

/** @param before readings of the base. @param after readings of the candidate, of the same files. */
export function compareTests(before: readonly Reading[], after: readonly Reading[]): Compared {
  const [old, now] = [before.flatMap(({ tests }) => tests), after.flatMap(({ tests }) => tests)];
  const { pairs, gone } = matchTests(old, now);
  const compared: Compared = { reasons: [], renamed: [], other: [] };
  compared.reasons.push(...removed(gone, before, after));
  const [helpersBefore, helpersAfter] = [helpersOf(before), helpersOf(after)];
  for (const { from, to } of pairs) {
    // Of one that did not run nothing is known by its old name.
    if (!from.hidden && (from.path !== to.path || from.names.join('\0') !== to.names.join('\0')))
      compared.renamed.push({ from, to });
    const where = `${to.names.map(bare).join(' › ')} in ${to.path}`;
    const [one, other] = [effective(from, helpersBefore), effective(to, helpersAfter)];
    const { reasons, other: changed } = compareAssertions(one, other, to.rows - from.rows);
    compared.reasons.push(...reasons.map((reason) => `${reason} of ${where}`));
    compared.other.push(...changed.map((change) => `${change} in ${where}`));
    if (to.rows < from.rows) compared.reasons.push(`removes ${times(from.rows - to.rows, 'case')} of ${where}`);
    if (to.returns > from.returns && other.length > 0) compared.reasons.push(`lets ${where} end early`);
    const replaced = fresh(from.mocks, to.mocks).find((name) => isTested(name, from, one));
    if (replaced !== undefined) compared.reasons.push(`replaces ${replaced}, which it is there to test, in ${where}`);
    const wrapper = fresh(from.wrappers, to.wrappers)[0];
    if (wrapper !== undefined) compared.reasons.push(`puts ${wrapper} around ${where}`);
    if (isLonger(from, to)) compared.reasons.push(`allows more time to ${where}`);
    if (from.assertions.length === 0 && one.length === 0 && from.calls.length > 0 && to.calls.length === 0)
      compared.reasons.push(`empties ${where}`);
  }
  compared.reasons.push(
    ...markersAdded(before, after),
    ...hooks(before, after),
    ...wholeFiles(before, after),
    ...helpersChanged(before, after),
  );
  return compared;
}

/** What is said once for all tests of a file that was there before. */
function wholeFiles(before: readonly Reading[], after: readonly Reading[]): string[] {
  const reasons: string[] = [];
  for (const old of before) {
    const now = after.find(({ path }) => path === old.path);
    if (now === undefined || old.tests.length === 0) continue;
    const longer = now.limit !== null && now.limit > (old.limit ?? 5000);
    if (longer) reasons.push(`allows more time to the tests in ${now.path}`);
    const subjects = old.tests.flatMap(({ assertions }) => assertions.map(({ subject }) => subject));
    const replaced = fresh(old.mocks, now.mocks).find(
      (name) => /^\w+$/.test(name) && subjects.some((subject) => new RegExp(`(^|[^\\w])${name}\\(`).test(subject)),
    );
    const hidden = [...now.own].find(
      (name) =>
        !before.some(({ functions }) => functions.has(name)) &&
        subjects.some((subject) => new RegExp(`(^|[^\\w.])${name}\\(`).test(subject)),
    );
    const instead = replaced ?? hidden;
    if (instead !== undefined) reasons.push(`replaces ${instead}, which is there to be tested, in ${now.path}`);
    for (const [name, items] of old.tables) {
      const fewer = items - (now.tables.get(name) ?? items);
      if (fewer > 0) reasons.push(`removes ${times(fewer, 'case')} of ${name} in ${now.path}`);
    }
  }
  return reasons;
}

/** Is it `name` whose answers are insisted on: at once, by way of a variable, or in a helper? */
function isTested(name: string, { body, assertions }: TestCase, all: readonly Assertion[]): boolean {
  const called = `(^|[^\\w])${name}\\(`;
  if (all.some(({ subject }) => new RegExp(called).test(subject))) return true;
  if (assertions.length === 0) return new RegExp(`\\((?:[^()]*,)?${name}\\(`).test(body);
  return assertions.some(({ subject }) => {
    const [variable] = /^\w+/.exec(subject) ?? [];
    return variable !== undefined && new RegExp(`(^|[^\\w.])${variable}=(await )?([\\w.]+\\.)?${name}\\(`).test(body);
  });
}

function fresh(old: readonly string[], now: readonly string[]): string[] {
  return now.filter((name) => /^\w+$/.test(name) && !old.includes(name));
}

function isLonger(from: TestCase, to: TestCase): boolean {
  if (to.timeout === null) return false;
  return from.timeout === null ? languageOf(to.path) === 'javascript' && to.timeout > 5000 : to.timeout > from.timeout;
}

function removed(gone: readonly TestCase[], before: readonly Reading[], after: readonly Reading[]): string[] {
  const reasons: string[] = [];
  for (const { path, tests } of before) {
    const lost = gone.filter((test) => test.path === path);
    if (lost.length === 0) continue;
    const whole = !after.some((reading) => reading.path === path) && lost.length === tests.length;
    const names = lost
      .slice(0, 3)
      .map(({ names }) => bare(names.at(-1) ?? ''))
      .join(', ');
    reasons.push(whole ? `deletes the tests in ${path}` : `removes ${times(lost.length, 'test')} in ${path}: ${names}`);
  }
  return reasons;
}

/** Marks are counted over the whole change: one that moves with its test is not new. */
function markersAdded(before: readonly Reading[], after: readonly Reading[]): string[] {
  const left = new Map<string, number>();
  for (const { text } of before.flatMap(({ markers }) => markers)) left.set(text, (left.get(text) ?? 0) + 1);
  const reasons: string[] = [];
  for (const { path, markers } of after) {
    const known = before.some((one) => one.path === path);
    const added: Marker[] = markers.filter(({ text }) => {
      // A new file may ask what the machine has; its tests were not there before.
      if (!known && text.startsWith('if ')) return false;
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count <= 0;
    });
    if (added.length === 0) continue;
    // Skipped under a condition is less than skipped always.
    const spare = [...left].filter(([text, count]) => count > 0 && /^(skip|ignore)$/.test(text)).length;
    const narrowed = added
      .filter(({ text }) => /^(skipif|skipIf|skipUnless|cfg_attr)\(/.test(text))
      .slice(0, spare).length;
    if (added.length > narrowed)
      reasons.push(
        `switches tests off (${times(added.length - narrowed, 'marker')} more: ${short(added[0]?.text ?? '')}) in ${path}`,
      );
  }
  return reasons;
}

/** What set-ups and tear-downs insist on, unless tests insist on it now. */
function hooks(before: readonly Reading[], after: readonly Reading[]): string[] {
  const count = (readings: readonly Reading[]) =>
    readings.reduce(
      (sum, { outside, helpers, tests }) =>
        sum +
        live(outside) +
        [...helpers.values()].reduce((all, { assertions }) => all + live(assertions), 0) +
        tests.reduce((all, { assertions }) => all + live(assertions), 0),
      0,
    );
  const hookless = (reading: Reading) =>
    live(reading.outside) +
    [...reading.helpers]
      .filter(([name]) => HOOKS.test(name))
      .reduce((sum, [, { assertions }]) => sum + live(assertions), 0);
  const loss = before.reduce((sum, one) => sum + hookless(one), 0) - after.reduce((sum, one) => sum + hookless(one), 0);
  const fewer = count(before) - count(after);
  const path = before.find((one) => hookless(one) > 0)?.path ?? '';
  return loss > 0 && fewer > 0 ? [`removes ${times(Math.min(loss, fewer), 'assertion')} in ${path}`] : [];
}

/** A helper asserts for tests that nobody changed. What it leaves to tests that were changed is no loss. */
function helpersChanged(before: readonly Reading[], after: readonly Reading[]): string[] {
  const fewer = assertionsIn(before) > assertionsIn(after);
  return before.flatMap((old) => {
    const now = after.find(({ path }) => path === old.path);
    return [...old.helpers].flatMap(([name, helper]) => {
      const other = now?.helpers.get(name);
      if (other === undefined && !now?.functions.has(name)) return [];
      const { reasons } = compareAssertions(helper.assertions, other?.assertions ?? []);
      return reasons
        .filter((reason) => fewer || !/^removes \d+ assertions?$/.test(reason))
        .map((reason) => `${reason} of ${name}() in ${old.path}`);
    });
  });
}

function assertionsIn(readings: readonly Reading[]): number {
  return readings.reduce(
    (sum, { outside, helpers, tests }) =>
      sum + live(outside) + [...helpers.values(), ...tests].reduce((all, { assertions }) => all + live(assertions), 0),
    0,
  );
}

const HOOKS = /^(setUp|tearDown|setup|teardown|before|after)/;
const live = (assertions: ReadonlyArray<{ strength: number }>) =>
  assertions.filter(({ strength }) => strength > 0).length;

/** Helpers of all changed files by name: a test may call those of its neighbours. */
function helpersOf(readings: readonly Reading[]): Reading['helpers'] {
  const all: Reading['helpers'] = new Map();
  for (const { path, helpers } of readings)
    for (const [name, helper] of helpers) if (isTestFile(path) || languageOf(path) === 'rust') all.set(name, helper);
  return all;
}

export function times(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function bare(name: string): string {
  return short(name.replace(/^"(.*)"$/, '$1'));
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
