/**
 * Per-test results out of pytest's JUnit file. Rule: the file was written by code that is being judged, so it is data of
 * unknown shape: nothing is resolved, included or executed; what does not look like a test case is left out.
 */
import type { TestOutcome } from '../types.ts';

const CASE = /<testcase((?:\s+[\w:.-]+="[^"]*")*)\s*(\/>|>)/g;

/** Reads a JUnit document; the id of a test is `<module and class>::<name>`. */
export function readJunit(xml: string): Record<string, TestOutcome> {
  const tests: Record<string, TestOutcome> = Object.create(null);
  for (const match of xml.matchAll(CASE)) {
    const attributes = attributesOf(match[1] ?? '');
    const place = attributes['classname'] ?? '';
    const id = place === '' ? (attributes['name'] ?? '') : `${place}::${attributes['name'] ?? ''}`;
    const start = match.index + match[0].length;
    const end = match[2] === '/>' ? start : xml.indexOf('</testcase>', start);
    // A report that ends in the middle of a case says nothing about that case.
    if (end === -1) continue;
    const outcome = outcomeOf(xml.slice(start, end));
    // A test that passes and then fails in its teardown has two entries.
    tests[id] = tests[id] === 'failed' ? 'failed' : outcome;
  }
  return { ...tests };
}

function outcomeOf(body: string): TestOutcome {
  if (/<(failure|error)[\s>/]/.test(body)) return 'failed';
  return /<skipped[\s>/]/.test(body) ? 'skipped' : 'passed';
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/([\w:.-]+)="([^"]*)"/g)) found[name] = decode(value);
  return found;
}

function decode(value: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return value.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return named[name] ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
