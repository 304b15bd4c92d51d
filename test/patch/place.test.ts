/** Placing: every form of patch, bytes and names of every kind, and what is refused, with the reason. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { placePatch } from '../../src/patch/index.ts';
import { type Files, memoryTarget, outcome, place, unified } from './memory-target.ts';

const test = suite('patch/place');

const TEN = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n';
const FIVE = TEN.replace('five', 'FIVE');
const latin1 = (text: string) => Buffer.from(text).toString('latin1');

async function refused(files: Files, patch: string, reason: RegExp): Promise<void> {
  const result = await outcome(files, patch);
  assert.type(result, 'string', JSON.stringify(result));
  assert.match(result as string, reason);
}

const creation = (name: string, mode = '100644') =>
  `diff --git ${name} ${name}\nnew file mode ${mode}\n--- /dev/null\n+++ ${name}\n@@ -0,0 +1 @@\n+text\n`;

test('the forms of one change', async () => {
  const hunk = '@@ -3,5 +3,5 @@\n three\n four\n-five\n+FIVE\n six\n seven\n';
  const search = '<<<<<<< SEARCH\nfour\nfive\n=======\nfour\nFIVE\n>>>>>>> REPLACE\n';
  const forms = [
    `diff --git a/a.txt b/a.txt\nindex 1234567..89abcde 100644\n--- a/a.txt\n+++ b/a.txt\n${hunk}`,
    `--- a.txt\n+++ a.txt\n${hunk}`,
    `Here:\n\n\`\`\`diff\n--- a/a.txt\n+++ b/a.txt\n${hunk}\`\`\`\n\n- That is all.\n+1 from me\n`,
    `--- a/a.txt\n+++ b/a.txt\n${hunk.replace(/@@.*@@/, '@@ ... @@')}`,
    `--- a/a.txt\n+++ b/a.txt\n${hunk}`.replaceAll('\n', '\r\n'),
    `a.txt\n\`\`\`\n${search}\`\`\`\n`,
    `<file path="a.txt">\n${search.replace('SEARCH\n', 'SEARCH\n:start_line:4\n-------\n')}</file>\n`,
    '*** Begin Patch\n*** Update File: a.txt\n@@\n four\n-five\n+FIVE\n six\n*** End Patch\n',
  ];
  for (const patch of forms) assert.equal(await outcome({ 'a.txt': TEN }, patch), { 'a.txt': FIVE }, patch);
  for (const patch of forms)
    assert.equal(await outcome({ 'a.txt': FIVE }, patch), { 'a.txt': FIVE }, `again: ${patch}`);
});

test('bytes survive: no UTF-8, a BOM, lone CRs, form feeds, NUL, very long lines', async () => {
  const odd = [
    '\xef\xbb\xbfopening',
    '\xff\xfe not utf-8',
    'a\rb\rc',
    '\f',
    'nul \0 here',
    'x'.repeat(300_000),
    'last',
  ];
  const before = `${odd.join('\n')}\nold\n${odd.join('\n')}`;
  const after = before.replace('\nold\n', '\nnew \x80\n');
  assert.equal(await outcome({ 'a.bin': before }, unified('a.bin', before, after)), { 'a.bin': after });
});

test('the line endings and the last newline of the file hold', async () => {
  const windows = TEN.replaceAll('\n', '\r\n');
  const patch = unified('a.txt', TEN, FIVE);
  assert.equal(await outcome({ 'a.txt': windows }, patch), { 'a.txt': FIVE.replaceAll('\n', '\r\n') });
  assert.equal(await outcome({ 'a.txt': TEN.trimEnd() }, patch), { 'a.txt': FIVE.trimEnd() });
  await refused({ 'a.txt': 'one\ntwo' }, '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n', /newline/);
});

test('an executable stays one; modes change where the patch says so', async () => {
  const files: Files = { 'run.sh': { mode: '100755', content: TEN } };
  const edited = await place(files, unified('run.sh', TEN, FIVE));
  assert.ok(edited.ok && edited.files[0]?.after?.mode === '100755');
  const mode = await place(files, 'diff --git a/run.sh b/run.sh\nold mode 100755\nnew mode 100644\n');
  assert.ok(mode.ok && mode.files[0]?.after?.mode === '100644');
  assert.equal(mode.ok && mode.files[0]?.after?.content.toString(), TEN);
  const made = await place({}, creation('b/tool', '100755').replace('git b/tool', 'git a/tool'));
  assert.ok(made.ok && made.files[0]?.path === 'tool' && made.files[0]?.after?.mode === '100755');
});

test('names with blanks, quotes and other alphabets', async () => {
  const names = ['with blank.txt', 'quo"te.txt', 'tab\\there', 'ümlaut/日本.txt', 'b/b/b.txt', '-dash'];
  for (const name of names.filter((one) => !one.includes('\\'))) {
    const quoted = `"${[...latin1(name)].map((char) => (char > '~' ? `\\${char.charCodeAt(0).toString(8)}` : char.replace('"', '\\"'))).join('')}"`;
    const patch = unified('NAME', TEN, FIVE);
    for (const written of [
      patch.replaceAll(/[ab]\/NAME/g, (side) => quoted.replace('"', `"${side.slice(0, 2)}`)),
      patch.replaceAll('NAME', latin1(name)),
    ]) {
      if (name.includes('"') && !written.includes('\\"')) continue;
      assert.equal(await outcome({ [name]: TEN }, written), { [name]: FIVE }, written.slice(0, 80));
    }
  }
  await refused({}, creation('"b/tab\\tname"'), /control character/);
  await refused({}, creation('"b/new\\nline"'), /control character/);
  await refused({}, creation('b/dots.'), /ends in a dot/);
  await refused({}, creation('b/bad\xff'), /not valid text/);
});

test('names that some file systems take for one', async () => {
  await refused({ 'README.md': TEN }, creation('b/readme.md'), /differs from README.md only/);
  await refused({}, creation('b/x') + creation('b/X'), /differs from x only/);
  await refused({ 'a/b': TEN }, creation('b/a'), /folder of that name/);
  await refused({ a: TEN }, creation('b/a/b'), /is a file/);
  const renamed = 'diff --git a/readme b/README\nsimilarity index 100%\nrename from readme\nrename to README\n';
  assert.equal(await outcome({ readme: TEN }, renamed), { README: TEN });
});

test('creation, deletion and rename', async () => {
  assert.equal(await outcome({}, creation('b/n/x')), { 'n/x': 'text\n' });
  assert.equal(await outcome({ 'n/x': 'text\n' }, creation('b/n/x')), { 'n/x': 'text\n' }, 'it stands there');
  await refused({ 'n/x': 'other\n' }, creation('b/n/x'), /never writes over/);
  const deletion = 'diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-text\n';
  assert.equal(await outcome({ x: 'text\n', y: '' }, deletion), { y: '' });
  assert.equal(await outcome({ y: '' }, deletion), { y: '' }, 'it is gone');
  await refused({ x: 'text\nmore\n' }, deletion, /more lines than its deletion shows/);
  const rename = `diff --git a/x b/z\nrename from x\nrename to z\n--- a/x\n+++ b/z\n${unified('q', TEN, FIVE).split('\n').slice(3).join('\n')}`;
  assert.equal(await outcome({ x: TEN }, rename), { z: FIVE });
  assert.equal(await outcome({ z: FIVE }, rename), { z: FIVE }, 'it was renamed');
  await refused({ x: TEN, z: 'other\n' }, rename, /exists already/);
});

test('what reaches out is refused, behind a good section too', async () => {
  const good = unified('a.txt', TEN, FIVE);
  const hostile = [
    ...['b/../x', '/etc/x', 'b/.git/hooks/x', 'b/.GIT/x', 'b/.g\u200cit/x', 'b/git~1/x', 'b/C:/x', 'b/a\\..\\x'].map(
      (name) => creation(latin1(name)),
    ),
    ...[creation('b/link', '120000'), creation('b/sub', '160000'), creation('b/odd', '100666')],
    'diff --git a/a.txt b/b.txt\ncopy from a.txt\ncopy to b.txt\n',
    'diff --git a/x b/x\nnew file mode 100644\nGIT binary patch\nliteral 3\nKcmZQzU|?Vn00aO4\n\n',
    'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/../../x\n@@ -1 +1 @@\n-one\n+1\n',
    'diff --cc a.txt\nindex 1,2..3\n--- a/a.txt\n+++ b/a.txt\n@@@ -1,1 -1,1 +1,1 @@@\n',
    '../x\n<<<<<<< SEARCH\n=======\nx\n>>>>>>> REPLACE\n',
    '*** Begin Patch\n*** Add File: .git/x\n+x\n*** End Patch\n',
    '*** Begin Patch\n*** Update File: a.txt\n*** Move to: ../x\n@@\n-one\n+1\n*** End Patch\n',
  ];
  for (const patch of hostile) {
    for (const whole of [patch, good + patch]) {
      const placement = await place({ 'a.txt': TEN }, whole);
      assert.is(placement.ok, false, patch);
    }
  }
  const linked: Files = { 'a.txt': TEN, linked: { mode: '120000', content: '../outside' } };
  await refused(linked, creation('b/linked/x'), /is a file|not a folder/);
  await refused(
    linked,
    'diff --git a/linked b/linked\n--- a/linked\n+++ b/linked\n@@ -1 +1 @@\n-../outside\n+x\n',
    /not a regular file/,
  );
});

test('a refusal names the hunk, the closest place and what differs there', async () => {
  const patch = unified('a.txt', TEN, FIVE).replace('-five', '-fünf ist etwas ganz anderes');
  const placement = await place({ 'a.txt': TEN }, latin1(patch));
  assert.is(placement.ok, false);
  if (placement.ok) return;
  const [refusal] = placement.refusals;
  assert.is(refusal?.path, 'a.txt');
  assert.is(refusal?.hunk, 1);
  assert.equal(refusal?.closest, {
    line: 2,
    differing: [{ line: 5, expected: 'fünf ist etwas ganz anderes', found: 'five' }],
  });
});

test('two like places: the number decides, and without it nothing does', async () => {
  const block = 'start\nvalue = compute()\nstop\n';
  const files: Files = { 'a.txt': `${block}${TEN}${TEN}${block}` };
  const hunk = (head: string) => `--- a/a.txt\n+++ b/a.txt\n${head}\n start\n-value = compute()\n+value = 1\n stop\n`;
  assert.equal(await outcome(files, hunk('@@ -24,3 +24,3 @@')), {
    'a.txt': `${block}${TEN}${TEN}${block.replace('compute()', '1')}`,
  });
  await refused(files, hunk('@@ ... @@'), /2 places \(lines 1, 24\)/);
});

test('what is too large or too repetitive is refused, and a long file is none', async () => {
  const bomb = Buffer.alloc(50 * 1024 * 1024, '+x\n');
  assert.is((await placePatch(bomb, memoryTarget({}))).ok, false);
  const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n} of the file`);
  const next = lines.map((text, at) => (at % 400 === 200 ? `${text}, changed` : text));
  const [before, after] = [`${lines.join('\n')}\n`, `${next.join('\n')}\n`];
  assert.equal(await outcome({ 'a.txt': before }, unified('a.txt', before, after)), { 'a.txt': after });
  const same = 'same line of text\n'.repeat(20_000);
  const hunk = (lead: string, wrong: string) =>
    `--- a/a.txt\n+++ b/a.txt\n@@ ... @@\n${lead}${wrong}-same line of text\n+other\n${lead}`;
  await refused({ 'a.txt': same }, hunk(' same line of text\n', ''), /places/);
  await refused({ 'a.txt': same }, hunk(' same line of text\n'.repeat(300), ' not there\n'), /a\.txt#1/);
});

test.run();
