/** Exact edits: what is produced, byte for byte, and every reason to refuse. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countLines, planEdits, type TargetFile } from '../../src/patch/index.ts';
import type { Edit } from '../../src/records/index.ts';

const test = suite('patch/plan');

const file = (content: string | Buffer, mode = '100644', oid = 'a1'): TargetFile => ({
  oid,
  mode,
  content: Buffer.from(content),
});
const edit = (start: number, end: number, text: string, path = 'a.py', blob = 'a1'): Edit => ({
  path,
  blob,
  start,
  end,
  text,
});
const plan = (edits: Edit[], files: Record<string, TargetFile>) =>
  planEdits(edits, async (path) => files[path] ?? null);
async function refused(edits: Edit[], target: TargetFile, says: RegExp): Promise<void> {
  const result = await plan(edits, { 'a.py': target });
  assert.not.ok(result.ok, 'it was accepted');
  if (!result.ok) assert.match(result.reason, says);
}

test('edits are byte ranges on the original, in any order, identical ones once', async () => {
  const result = await plan([edit(6, 7, 'ß'), edit(0, 2, 'x'), edit(6, 7, 'ß'), edit(3, 3, '++')], {
    'a.py': file('é\nb\nc=ü\n'),
  });
  assert.ok(result.ok);
  if (!result.ok) return;
  assert.is(result.files[0]?.content.toString(), 'x\n++b\nc=ü\n'.replace('c=', 'cß'));
  assert.equal([result.files[0]?.added, result.files[0]?.removed], [3, 3]);
});

test('several files, sorted by path, each keeping its mode', async () => {
  const result = await plan([edit(0, 1, 'y', 'b.sh', 'b1'), edit(0, 1, 'x')], {
    'a.py': file('a\n'),
    'b.sh': file('b\n', '100755', 'b1'),
  });
  assert.ok(result.ok);
  if (result.ok)
    assert.equal(
      result.files.map(({ path, mode }) => [path, mode]),
      [
        ['a.py', '100644'],
        ['b.sh', '100755'],
      ],
    );
});

test('touching ranges are fine: an insertion before and after a replacement', async () => {
  const result = await plan([edit(1, 2, 'X'), edit(1, 1, '<'), edit(2, 2, '>')], { 'a.py': file('abc') });
  assert.is(result.ok && result.files[0]?.content.toString(), 'a<X>c');
});

test('everything that does not fit is refused with its reason', async () => {
  const target = file('abc\n');
  await refused([edit(0, 2, 'x'), edit(1, 3, 'y')], target, /overlap/);
  await refused([edit(0, 3, 'x'), edit(1, 1, 'y')], target, /overlap/);
  await refused([edit(1, 1, 'x'), edit(1, 1, 'y')], target, /overlap/);
  await refused([edit(0, 1, 'x'), edit(0, 1, 'y')], target, /overlap/);
  await refused([edit(0, 1, 'x', 'a.py', 'b2')], target, /not the version/);
  await refused([edit(0, 5, 'x')], target, /does not lie within/);
  await refused([edit(-1, 1, 'x')], target, /does not lie within/);
  await refused([edit(2, 1, 'x')], target, /does not lie within/);
  await refused([edit(0.5, 1, 'x')], target, /does not lie within/);
  await refused([edit(0, 1, 'a')], target, /change nothing/);
  await refused([edit(0, 1, '\0')], target, /binary/);
  await refused([edit(0, 1, '\uD800')], target, /not valid text/);
  await refused([edit(0, 1, 'x')], file('a\0b'), /binary/);
  await refused([edit(0, 1, 'x')], file('target', '120000'), /not a regular file/);
  await refused([edit(0, 1, 'x')], file('', '160000'), /not a regular file/);
  await refused([edit(0, 1, 'x')], file(Buffer.alloc(4 * 1024 * 1024 + 1, 97)), /larger than 4 MiB/);
  await refused([edit(0, 0, 'x'.repeat(4 * 1024 * 1024))], target, /would be larger/);
  await refused([edit(1, 2, 'x')], file('é'), /cut a character/);
  await refused([], target, /no edits/);
  await refused([edit(0, 1, 'x', 'missing.py')], target, /does not exist/);
  await refused([edit(0, 1, 'x', '.git/config')], target, /never/);
});

test('one bad edit refuses all of them, and is named', async () => {
  const bad = edit(0, 9, 'x', 'b.py', 'b1');
  const result = await plan([edit(0, 1, 'x'), bad], { 'a.py': file('a\n'), 'b.py': file('b\n', '100644', 'b1') });
  assert.equal(result.ok ? null : result.edit, bad);
});

test('a file that never was UTF-8 can be edited', async () => {
  const latin = Buffer.from([0x61, 0xe9, 0x0a]);
  const result = await plan([edit(0, 1, 'b')], { 'a.py': file(latin) });
  assert.equal(result.ok && [...(result.files[0]?.content ?? [])], [0x62, 0xe9, 0x0a]);
});

test('lines are counted as a person would', () => {
  assert.equal(countLines('', ''), { added: 0, removed: 0 });
  assert.equal(countLines('', 'a\nb'), { added: 2, removed: 0 });
  assert.equal(countLines('a\nb\n', 'a\nb'), { added: 1, removed: 1 });
  assert.equal(countLines('a\nb\nc\n', 'a\nx\nc\n'), { added: 1, removed: 1 });
  assert.equal(countLines('a\nb\na\n', 'b\na\nb\n'), { added: 1, removed: 1 });
});

test('the count is the smallest one: equal to a plain dynamic programme', () => {
  const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n'), { maxLength: 14 });
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      const common = longestCommon(a, b);
      assert.equal(countLines(a.join(''), b.join('')), { added: b.length - common, removed: a.length - common });
    }),
    { numRuns: 500 },
  );
});

test('beyond the cap the count is an upper bound', () => {
  const many = (word: string) => Array.from({ length: 6000 }, (_, index) => `${word}${index}\n`).join('');
  assert.equal(countLines(many('a'), many('b')), { added: 6000, removed: 6000 });
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (const [index, other] of b.entries())
      next.push(line === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return row[b.length] ?? 0;
}

test.run();
