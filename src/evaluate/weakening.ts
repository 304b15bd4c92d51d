/**
 * Finds changes that make checks say less. Rule: text and simple syntax, per file: what a file tested, asserted or let
 * tools see before, it must still do afterwards; new tests and assertions are always welcome.
 */
import { editedConfiguration } from './check-configuration.ts';
import { maskJavascript, maskPython } from './mask.ts';
import { isTestFile, type Language, languageOf } from './test-files.ts';
import type { Change } from './types.ts';
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
  const test = isTestFile(path);
  if (after === null) return test && before !== null ? [`deletes the tests in ${path}`] : [];
  const [old, now] = [measure(before ?? '', language), measure(after, language)];
  const reasons: string[] = [];
  const more = (key: keyof Measured) => now[key] - old[key];
  const say = (count: number, what: string) => count > 0 && reasons.push(`${what} in ${path}`);
  say(more('suppressions'), `adds ${times(more('suppressions'), 'comment')} that hides problems from a tool`);
  say(more('exits'), `adds ${times(more('exits'), 'exit')} with success`);
  if (!test) return reasons;
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

function measure(text: string, language: Language): Measured {
  const { code, comments } = language === 'python' ? maskPython(text) : maskJavascript(text);
  const count = (pattern: RegExp, where = code) => where.match(pattern)?.length ?? 0;
  return {
    tests: count(TESTS[language]),
    off: count(SWITCHED_OFF[language]),
    assertions: count(ASSERTIONS[language]) - count(EMPTY_ASSERTIONS[language]),
    suppressions: count(SUPPRESSIONS[language], comments.join('\n')),
    exits: count(EXITS[language]),
  };
}

function times(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
