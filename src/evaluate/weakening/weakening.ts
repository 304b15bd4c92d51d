/**
 * Finds changes that make checks say less. Rule: text and simple syntax, per file: what a file tested, asserted or let
 * tools see before, it must still do afterwards; new tests and assertions are always welcome.
 */
import { editedConfiguration } from '../detect/check-configuration.ts';
import { type Masked, maskGo, maskJavascript, maskPython, maskRust } from '../reports/mask.ts';
import { isTestFile, type Language, languageOf, testsInside } from '../test-files.ts';
import type { Change } from '../types.ts';
import { ASSERTIONS, EMPTY_ASSERTIONS, EXITS, SUPPRESSIONS, SWITCHED_OFF, TESTS } from './weakening-patterns.ts';

/** Lists the reasons to refuse `changes`; empty when no check is weakened. */
export function weakening(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    if (change.before === change.after) return [];
    const edited = editedConfiguration(change.path, change.before, change.after);
    if (edited !== null) return [`edits ${edited}, which decides what checks do`];
    const language = languageOf(change.path);
    return language === null ? [] : inSource(change, language);
  });
}

function inSource({ path, before, after }: Change, language: Language): string[] {
  const [old, now] = [measure(path, before ?? '', language), measure(path, after ?? '', language)];
  const test = isTestFile(path);
  if (after === null) return before !== null && (test || old.tests > 0) ? [`deletes the tests in ${path}`] : [];
  const reasons: string[] = [];
  const more = (key: keyof Measured) => now[key] - old[key];
  const say = (count: number, what: string) => count > 0 && reasons.push(`${what} in ${path}`);
  say(
    more('suppressions'),
    `adds ${times(more('suppressions'), language === 'rust' ? 'attribute' : 'comment')} that hides problems from a tool`,
  );
  say(more('exits'), `adds ${times(more('exits'), 'exit')} with success`);
  say(more('off'), `switches tests off (${times(more('off'), 'marker')} more)`);
  say(-more('tests'), `removes ${times(-more('tests'), 'test')}`);
  say(-more('assertions'), `removes ${times(-more('assertions'), 'assertion')}`);
  return reasons;
}

interface Measured {
  tests: number;
  off: number;
  assertions: number;
  suppressions: number;
  exits: number;
}

const MASKS: Record<Language, (text: string) => Masked> = {
  python: maskPython,
  javascript: maskJavascript,
  go: maskGo,
  rust: maskRust,
};

function measure(path: string, text: string, language: Language): Measured {
  const { code, comments } = MASKS[language](text);
  const count = (pattern: RegExp, where: string) => where.match(pattern)?.length ?? 0;
  const start = isTestFile(path) ? 0 : testsInside(path, code);
  // What a program asserts of itself outside of its tests is its own affair.
  const tests = start === null ? '' : code.slice(start);
  return {
    tests: count(TESTS[language], tests),
    off: count(SWITCHED_OFF[language], tests),
    assertions: count(ASSERTIONS[language], tests) - count(EMPTY_ASSERTIONS[language], tests),
    suppressions: count(SUPPRESSIONS[language], language === 'rust' ? code : comments.join('\n')),
    exits: count(EXITS[language], code),
  };
}

function times(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
