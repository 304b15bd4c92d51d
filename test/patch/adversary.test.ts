/** What people, models and the way between them do to a patch that no corpus has: put right where it is plain, else refused. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Files, outcome, unified } from './memory-target.ts';

const test = suite('patch/adversary');

const STORE = `import os


def load(path):
    """Load it."""
    with open(path) as file:
        return file.read()


def save(path, text):
    with open(path, "w") as file:
        file.write(text)


class Store:
    def get(self, name):
        path = os.path.join(self.root, name)
        return load(path)

    def put(self, name, text):
        path = os.path.join(self.root, name)
        save(path, text)
`;
const GET = `@@ -16,3 +16,3 @@
     def get(self, name):
-        path = os.path.join(self.root, name)
+        path = os.path.join(self.root, str(name))
         return load(path)
`;
const HEAD = '--- a/s.py\n+++ b/s.py\n';
const CHANGED = STORE.replace('name)\n        return', 'str(name))\n        return');
const bytes = (text: string) => Buffer.from(text).toString('latin1');
const each = (text: string, change: (line: string) => string) => text.trimEnd().split('\n').map(change).join('\n');

async function gives(patch: string, expected: string, before = STORE): Promise<void> {
  assert.equal(await outcome({ 's.py': before }, patch), { 's.py': expected }, patch);
}

async function refused(files: Files | string, patch: string, reason: RegExp): Promise<void> {
  const result = await outcome(typeof files === 'string' ? { 's.py': files } : files, patch);
  assert.type(result, 'string', JSON.stringify(result));
  assert.match(result as string, reason);
}

test('margins, colours and quotes around the whole', async () => {
  const patch = `${HEAD}${GET}`;
  const start = '\x1b[';
  const wrapped = [
    each(patch, (line) => `    ${line}`),
    each(patch, (line) => `> ${line}`.trimEnd()),
    `1. Change it:\n\n   \`\`\`diff\n${each(patch, (line) => `   ${line}`)}\n   \`\`\`\n\n2. Done.\n`,
    each(patch, (line) => (/^[-+@]/.test(line) ? `${start}31m${line}${start}m` : line)),
    `* first\n@@ see below @@\n\n${patch}\n--- \n- done\n`,
    `I will do this:\n\n- the path\n+ the name\n--- not a header\n\n${patch}`,
  ];
  for (const one of wrapped) await gives(one, CHANGED);
});

test('a list item after a plain block is not left out', async () => {
  const second = unified('t.txt', 'one\ntwo\nthree\n', 'one\n2\nthree\n');
  const patch = `\`\`\`diff\n${HEAD}${GET}\`\`\`\n\n- And:\n\n  \`\`\`diff\n${each(second, (line) => `  ${line}`)}\n  \`\`\`\n`;
  assert.equal(await outcome({ 's.py': STORE, 't.txt': 'one\ntwo\nthree\n' }, patch), {
    's.py': CHANGED,
    't.txt': 'one\n2\nthree\n',
  });
});

test('fences within fences', async () => {
  const before = '# T\n\n```py\nx = 1\n```\n\nend\n';
  const nested = '@@ -3,2 +3,6 @@\n ```py\n x = 1\n+```\n+\n+```py\n+y = 2\n ```\n';
  const after = '# T\n\n```py\nx = 1\n```\n\n```py\ny = 2\n```\n\nend\n';
  await gives(`\`\`\`diff\n${HEAD}${nested}\`\`\`\n`, after, before);
  await gives(`\`\`\`\`diff\n${HEAD}${nested}\`\`\`\`\n`, after, before);
});

test('escapes of HTML, curly quotes, hard blanks, composed letters and line numbers are undone where the file shows it', async () => {
  const before = STORE.replace('return load(path)', 'return load(path) if path > "a" else None');
  const after = before.replace('path > "a"', 'path > "a" and path < "b"');
  const patch = unified('s.py', before, after);
  const escaped = patch.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  await gives(escaped, after, before);
  const quotes = (text: string) => bytes(text.replace(/"(\w)"/g, '\u201c$1\u201d'));
  await gives(quotes(patch), after, before);
  await gives(
    bytes(each(patch, (line) => (line.startsWith(' ') ? line.replace(/ {4}/g, '\u00a0'.repeat(4)) : line))),
    after,
    before,
  );
  const composed = bytes('caf\u00e9\none\ntwo\n');
  const apart = bytes(`${HEAD}@@ -1,3 +1,3 @@\n cafe\u0301\n-one\n+1 cafe\u0301\n two\n`);
  await gives(apart, bytes('caf\u00e9\n1 caf\u00e9\ntwo\n'), composed);
  let number = 15;
  const numbered = each(GET, (line) => {
    if (line.startsWith('@@')) return line;
    if (!line.startsWith('+')) number += 1;
    return `${line.charAt(0)}${number}: ${line.slice(1)}`;
  });
  await gives(`${HEAD}${numbered}\n`, CHANGED);
});

test('what the file has itself is nobody’s damage', async () => {
  const before = 'a &lt; b\none\nx < y\ntwo\n';
  await gives(
    unified('s.py', before, before.replace('one', 'one &lt; two')),
    before.replace('one', 'one &lt; two'),
    before,
  );
  const doubtful = `${HEAD}@@ -2,3 +2,3 @@\n-one\n+1 &lt; 2\n x &lt; y\n two\n`;
  await refused(before, doubtful, /HTML entities/);
});

test('gaps: what stands around them is found; written into the file they are not', async () => {
  const body = STORE.replace('name)\n        save', 'str(name))\n        save');
  const hunk =
    ' class Store:\n     # ... existing code ...\n     def put(self, name, text):\n-        path = os.path.join(self.root, name)\n+        path = os.path.join(self.root, str(name))\n         save(path, text)\n';
  await gives(`${HEAD}@@ -15,5 +15,5 @@\n${hunk}`, body);
  const search =
    's.py\n<<<<<<< SEARCH\ndef load(path):\n    ...\n        return file.read()\n=======\ndef load(path):\n    ...\n        return file.read().strip()\n>>>>>>> REPLACE\n';
  await gives(search, STORE.replace('file.read()', 'file.read().strip()'));
  const placeholder = `${HEAD}@@ -10,2 +10,3 @@\n def save(path, text):\n+    # ... rest of the code ...\n     with open(path, "w") as file:\n`;
  await refused(STORE, placeholder, /stands for code that was left out/);
});

test('a patch that breaks off is refused, wherever it does', async () => {
  const patch = `${HEAD}${GET}`;
  const ends = [
    patch.slice(0, patch.indexOf('str(name')),
    patch.slice(0, patch.indexOf('+        path')),
    patch.slice(0, patch.indexOf('+        path') - 1),
  ];
  for (const end of ends) await refused(STORE, end, /breaks off/);
  const created = '--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,9 @@\n+one\n+tw';
  await refused({}, created, /breaks off/);
  await refused(STORE, '*** Begin Patch\n*** Update File: s.py\n@@\n-import os\n+import sy', /breaks off/);
  await refused(STORE, 's.py\n<<<<<<< SEARCH\nimport os\n=======\nimport sys\n', /has no end/);
});

test('several forms, the same change twice, and blocks that go on from each other', async () => {
  const block = (old: string, now: string) => `s.py\n<<<<<<< SEARCH\n${old}\n=======\n${now}\n>>>>>>> REPLACE\n`;
  const same = block('        return load(path)', '        return load(path)').replace(
    /=======\n.*/,
    '=======\n        return load(path)',
  );
  assert.ok(same.includes('SEARCH'));
  const again = block(
    '        path = os.path.join(self.root, name)\n        return load(path)',
    '        path = os.path.join(self.root, str(name))\n        return load(path)',
  );
  await gives(`${HEAD}${GET}\nOr, as a block:\n\n${again}`, CHANGED);
  await gives(
    `${block('        return load(path)', '        return load_it(path)')}\n${block('        return load_it(path)', '        return load_it(path, 2)')}`,
    STORE.replace('return load(path)', 'return load_it(path, 2)'),
  );
  const series = unified('s.py', STORE, CHANGED) + unified('s.py', CHANGED, CHANGED.replace('str(name)', 'repr(name)'));
  await gives(series, CHANGED.replace('str(name)', 'repr(name)'));
});

test('two hunks that read alike are not two for one place', async () => {
  const twice = `${STORE}${STORE}`;
  const off = `${HEAD}${GET.replace('-16,3 +16,3', '-25,3 +25,3')}${GET.replace('-16,3 +16,3', '-29,3 +29,3')}`;
  await refused(twice, off, /several places for the two/);
  await refused(twice, `${HEAD}${GET.replaceAll('16,3', '1,3')}${GET.replaceAll('16,3', '1,3')}`, /places/);
});

test('a deleted comment of SQL above an added line looks like the names of a file', async () => {
  await gives(
    `${HEAD}@@ -1,3 +1,3 @@\n--- a\n+++ a\n -- b\n select 1\n`,
    '++ a\n-- b\nselect 1\n',
    '-- a\n-- b\nselect 1\n',
  );
});

test('a byte order mark stays, whatever the patch knows of it', async () => {
  const marked = '\xef\xbb\xbfone\ntwo\nthree\n';
  await gives(`${HEAD}@@ -1,3 +1,3 @@\n-one\n+1\n two\n three\n`, '\xef\xbb\xbf1\ntwo\nthree\n', marked);
  await gives(`${HEAD}@@ -1,3 +1,3 @@\n-\xef\xbb\xbfone\n+one\n two\n three\n`, 'one\ntwo\nthree\n', marked);
});

test('a file of both line endings: the lines that go say how the new ones end', async () => {
  const mixed = 'one\r\ntwo\nthree\r\nfour\nfive\r\n';
  const hunk = `${HEAD}@@ -1,5 +1,5 @@\n one\n two\n-three\n+THREE\n four\n five\n`;
  await gives(hunk, mixed.replace('three', 'THREE'), mixed);
  await refused(mixed, `${HEAD}@@ -1,5 +1,6 @@\n one\n two\n+more\n three\n four\n five\n`, /mixed/);
});

test('what was deleted is gone only where its surroundings have closed up', async () => {
  const values = Array.from({ length: 12 }, (_, at) => `value_${at} = ${at}\n`).join('');
  const patch = `${HEAD}@@ -1,5 +1,3 @@\n-import os\n-\n value_0 = 0\n value_1 = 1\n value_2 = 2\n`;
  await gives(patch, values, values);
  await refused(`import os, sys\n# mine\n${values}`, patch, /not in the file/);
  await refused(`# mine\n${values}`, patch, /not in the file/);
  const inner = `${HEAD}@@ -4,6 +4,5 @@\n value_3 = 3\n value_4 = 4\n-value_x = 9\n value_5 = 5\n value_6 = 6\n`;
  await gives(inner, values, values);
});

test('a change of blanks alone is not made where only its like stands', async () => {
  const body = (indent: string) => `def f():\n    if a:\n${indent}seen = True\n    return seen\n`;
  const patch = unified('s.py', body('            '), body('        '));
  await gives(patch, body('        '), body('            '));
  await gives(patch, body('        '), body('        '));
  await gives(patch.replace('-            seen', '-            sean'), body('        '), body('            '));
});

test('a new file does not lead over links, folders and names that some file systems take for one', async () => {
  const made = (path: string) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`;
  await refused({ 'Straße.txt': 'x\n' }, bytes(made('STRASSE.txt')), /differs from/);
  await refused({ 'é.txt': 'x\n' }, bytes(made('e\u0301.txt')), /differs from/);
  await refused({ 'a/b.txt': 'x\n' }, made('a/b.txt/c'), /is a file/);
  const swap = 'diff --git a/a b/b\nrename from a\nrename to b\ndiff --git a/b b/a\nrename from b\nrename to a\n';
  await refused({ a: '1\n', b: '2\n' }, swap, /exists already/);
  const replaced = `diff --git a/a b/a\ndeleted file mode 100644\n--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n${made('a/b')}`;
  assert.equal(await outcome({ a: 'one\n' }, replaced), { 'a/b': 'x\n' });
});

test.run();
