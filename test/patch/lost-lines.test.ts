/** Patches that lost lines on the way. Rule: what broke off is refused; what was left out is asked back, never guessed. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import { outcome } from './memory-target.ts';

const test = suite('patch/lost lines');

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `line number ${from + at};\n`).join('');
const before = numbered(1, 40);
const whole = [
  '--- a/file',
  '+++ b/file',
  '@@ -3,4 +3,5 @@',
  ' line number 3;',
  ' line number 4;',
  '+one more;',
  ' line number 5;',
  ' line number 6;',
  '@@ -20,4 +21,3 @@',
  ' line number 20;',
  ' line number 21;',
  '-line number 22;',
  ' line number 23;',
].join('\n');
const CUTS = {
  'behind a hunk header': '@@ -20,4 +21,3 @@',
  'in a hunk header': '@@ -20,4 +2',
  'at the start of a hunk header': '\n@',
  'in the context above a change': ' line number 20',
  'behind the context above a change': ' line number 21;\n',
  'in a deleted line': '-line num',
  'in the context below a change': ' line number 2',
} as const;

for (const [name, end] of Object.entries(CUTS))
  test(`cut off ${name}: refused`, async () => {
    const from = end === '\n@' ? whole.lastIndexOf('\n@@') : whole.lastIndexOf(end);
    const patch = whole.slice(0, from + end.length);
    assert.match((await outcome({ file: before }, patch)) as string, /breaks off|not in the file/);
  });

for (const end of ['diff --git a/oth', 'diff --git a/file b/o', 'diff -'])
  test(`cut off in the header of a file (${end}): refused`, async () => {
    const first = whole.slice(0, whole.lastIndexOf('\n@@') + 1);
    assert.match((await outcome({ file: before }, first + end)) as string, /breaks off/);
  });

test('only the last newline is missing: applied', async () => {
  const expected = before.replace('line number 5;', 'one more;\nline number 5;').replace('line number 22;\n', '');
  assert.deepEqual(await outcome({ file: before }, whole), { file: expected });
});

test('context was left out in the middle of a change: on which side of it the new lines belong is asked', async () => {
  const patch = (context: readonly string[]) =>
    `--- a/file\n+++ b/file\n@@ -8,9 +8,9 @@\n line number 8;\n line number 9;\n line number 10;\n-line number 11;\n${context[0]}+instead;\n${context[1]} line number 14;\n line number 15;\n`;
  const [left, stands] = [' line number 12;\n', ' line number 13;\n'];
  const expected = before.replace('line number 11;\nline number 12;', 'line number 12;\ninstead;');
  assert.deepEqual(await outcome({ file: before }, patch([left, stands])), { file: expected });
  assert.match((await outcome({ file: before }, patch(['', stands]))) as string, /left out/);
});

test('what is not certain is tried where the index line names the file and the result', async () => {
  const blob = (text: string) => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex').slice(0, 10);
  const after = before.replace('line number 22;', 'another;');
  const patch = (now: string) =>
    `diff --git a/file b/file\nindex ${blob(before)}..${blob(now)} 100644\n--- a/file\n+++ b/file\n@@ @@\nline number 20;\nsomething else;\nline number 21;\n-line number 22;\n+another;\n`;
  assert.deepEqual(await outcome({ file: before }, patch(after)), { file: after });
  assert.match((await outcome({ file: before }, patch(`${after}more\n`))) as string, /no marker/);
});

test.run();
