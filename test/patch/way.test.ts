/** What the way here did to the lines of all files, or to all lines of one. Rule: undone where old lines prove it. */
import assert from 'node:assert/strict';
import { suite } from 'uvu';
import { outcome } from './memory-target.ts';

const test = suite('patch/way');

const proof = '--- a/one\n+++ b/one\n@@ -1,3 +1,3 @@\n if (a &lt; b)\n-  go();\n+  run();\n done();\n';
const one = { before: 'if (a < b)\n  go();\ndone();\n', after: 'if (a < b)\n  run();\ndone();\n' };
const other = '--- a/two\n+++ b/two\n@@ -1,2 +1,3 @@\n first();\n+const x = a &gt; b;\n second();\n';

test('what old lines of one file prove is undone in the others, and in new ones', async () => {
  const created = '--- /dev/null\n+++ b/three\n@@ -0,0 +1 @@\n+x &amp;&amp; y;\n';
  assert.deepEqual(await outcome({ one: one.before, two: 'first();\nsecond();\n' }, proof + other + created), {
    one: one.after,
    two: 'first();\nconst x = a > b;\nsecond();\n',
    three: 'x && y;\n',
  });
});

test('a file that has the like itself is a refusal; without proof nothing is undone', async () => {
  const two = 'first();\nsecond();\nconst html = "&lt;";\n';
  assert.match((await outcome({ one: one.before, two }, proof + other)) as string, /two#2: .* not certain/);
  assert.deepEqual(await outcome({ two: 'first();\nsecond();\n' }, other), {
    two: 'first();\nconst x = a &gt; b;\nsecond();\n',
  });
});

const shifted = (context: string, added: string) =>
  `--- a/file\n+++ b/file\n@@ -1,4 +1,7 @@\n  def one():\n      return 1\n ${context}\n+ def more():\n+     return 2\n+${added}\n  def two():\n`;
const file = 'def one():\n    return 1\n\ndef two():\n';

test('a blank more in front of every line: in front of empty lines too, where the old ones show it', async () => {
  const expected = 'def one():\n    return 1\n\ndef more():\n    return 2\n\ndef two():\n';
  assert.deepEqual(await outcome({ file }, shifted(' ', ' ')), { file: expected });
  assert.deepEqual(await outcome({ file }, shifted('', '')), { file: expected });
});

test('a blank more in front of every line, and no empty line to show what it was before: a refusal', async () => {
  const patch = shifted('', ' ').replace('+1,7 @@', '+1,6 @@').replace(' \n+ def', '+ def');
  assert.match((await outcome({ file: file.replace('\n\n', '\n') }, patch)) as string, /blank lines/);
});

test.run();
