/** The version that an index line names: its change is carried over to the file as it stands now, or not at all. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { placePatch } from '../../src/patch/index.ts';
import { mergeTexts } from '../../src/patch/merge.ts';
import { memoryTarget, unified } from './memory-target.ts';

const test = suite('patch/carry');

const nameOf = (content: string) =>
  createHash('sha1').update(`blob ${content.length}\0${content}`, 'latin1').digest('hex').slice(0, 7);
const withIndex = (patch: string, old: string, now: string) =>
  patch.replace('\n--- ', `\nindex ${old}..${now} 100644\n--- `);

/** The file after the patch, its tiers, and which blobs were asked for; the reasons where it was refused. */
async function carry(current: string, patch: string, blobs: readonly string[]) {
  const asked: string[] = [];
  const known = new Map(blobs.map((content) => [nameOf(content), Buffer.from(content, 'latin1')]));
  const blob = async (name: string) => {
    asked.push(name);
    return known.get(name) ?? null;
  };
  const placement = await placePatch(Buffer.from(patch, 'latin1'), { ...memoryTarget({ 'a.txt': current }), blob });
  const [file] = placement.ok ? placement.files : [];
  return {
    asked,
    tiers: file?.hunks.map(({ tier }) => tier) ?? [],
    content: placement.ok ? (file?.after?.content.toString('latin1') ?? current) : null,
    reasons: placement.ok ? '' : placement.refusals.map(({ reason }) => reason).join('; '),
  };
}

const block = (name: string) => `def ${name}(self):\n    value = self.compute()\n    return value\n\n`;
const BASE = `import os\n\n${block('first')}${block('second')}${block('third')}print("done")\n`;
/** Changes the second of three like blocks; its context is too little to tell which. */
const CHANGED = BASE.replace('second(self):\n    value = self.compute()', 'second(self):\n    value = self.compute(2)');
const CLEAN = withIndex(unified('a.txt', BASE, CHANGED), nameOf(BASE), nameOf(CHANGED));
const VAGUE = `diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -8,2 +8,2 @@\n-    value = self.compute()\n+    value = self.compute(2)\n     return value\n`;

test('a base that moved: the blob says where, and the rest of the file keeps its own changes', async () => {
  const patch = withIndex(VAGUE, nameOf(BASE), nameOf(CHANGED));
  const current = BASE.replace('import os\n', `import os\n${'import other\n'.repeat(11)}`).replace('"done"', '"all"');
  const expected = current.replace(
    'second(self):\n    value = self.compute()',
    'second(self):\n    value = self.compute(2)',
  );
  const without = await carry(current, patch, []);
  assert.is(without.content, null);
  const carried = await carry(current, patch, [BASE]);
  assert.is(carried.content, expected, carried.reasons);
  assert.equal(carried.tiers, ['three-way']);
});

test('nobody asks for a blob where nothing had to be forgiven, or the file is the base or the result', async () => {
  assert.equal((await carry(BASE, CLEAN, [BASE])).asked, []);
  assert.equal((await carry(CHANGED, CLEAN, [BASE])).asked, []);
  assert.equal((await carry(`#!/usr/bin/python\n${BASE}`, CLEAN, [BASE])).asked, []);
});

test('a blob that the hunks do not stand in to the line is not believed', async () => {
  const other = `${'# much\n'.repeat(40)}${BASE}`;
  const patch = withIndex(VAGUE, nameOf(other), 'abcdef1');
  const result = await carry(`${'import os\n'.repeat(12)}${BASE}`, patch, [other]);
  assert.equal(result.asked, [nameOf(other)]);
  assert.is(result.content, null, 'it is refused as if there were no blob');
});

test('where the file changed in the same lines the merge says nothing, and the hunk is refused', async () => {
  const current = BASE.replaceAll('value = self.compute()', 'value = self.compute(base=10)');
  const result = await carry(current, CLEAN, [BASE]);
  assert.is(result.content, null);
  assert.match(result.reasons, /changed since/);
  assert.is((await carry(current, CLEAN, [])).tiers[0], 'aligned', 'without the blob it passes for a typo');
});

test('what the file has already is not made again', async () => {
  const current = `${CHANGED}print("more")\n`;
  const result = await carry(current, CLEAN, [BASE]);
  assert.is(result.content, current);
});

test('a hunk in doubt is settled by the result that the index line names', async () => {
  const twice = `${block('first')}${block('first')}end\n`;
  const at = twice.lastIndexOf('value = ');
  const changed = `${twice.slice(0, at)}result = ${twice.slice(at + 8)}`;
  const patch = `--- a/a.txt\n+++ b/a.txt\n@@ -5,3 +5,3 @@\n def first(self):\n-    value = self.compute()\n+    result = self.compute()\n     return value\n`;
  assert.match((await carry(twice, patch.replace('-5,3 +5,3', '-3,3 +3,3'), [])).reasons, /2 places/);
  const named = patch.replace(
    '--- a',
    `diff --git a/a.txt b/a.txt\nindex ${nameOf(twice)}..${nameOf(changed)} 100644\n--- a`,
  );
  assert.is((await carry(twice, named.replace('-5,3 +5,3', '-4,3 +4,3'), [])).content, changed);
});

const line = fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n', 'e\n', 'f\n', '\n');
const edits = fc.array(
  fc.tuple(fc.nat(30), fc.nat(2), fc.array(fc.constantFrom('x\n', 'y\n', 'a\n'), { maxLength: 2 })),
  {
    maxLength: 3,
  },
);
const edited = (lines: readonly string[], list: ReadonlyArray<[number, number, string[]]>) => {
  const next = [...lines];
  for (const [at, count, insert] of list) next.splice(Math.min(at, next.length), count, ...insert);
  return next.join('');
};

test('a merge takes both changes: with an unchanged side it is the other one, and order does not matter', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), edits, edits, (lines, mine, theirs) => {
      const base = lines.join('');
      const [a, b] = [edited(lines, mine), edited(lines, theirs)];
      assert.is(mergeTexts(base, base, b)?.content, b);
      assert.is(mergeTexts(base, a, base)?.content, a);
      const [one, two] = [mergeTexts(base, a, b), mergeTexts(base, b, a)];
      assert.is(one === null, two === null);
      if (one && two) assert.is(one.content, two.content);
    }),
    { numRuns: 1000 },
  );
});

test('changes that touch are a conflict, and so is what might stand beside its like', () => {
  assert.is(mergeTexts('a\nb\nc\n', 'a\nB\nc\n', 'a\nx\nc\n'), null);
  assert.is(mergeTexts('a\nb\nc\n', 'a\nB\nc\n', 'a\nb\nC\n'), null);
  assert.is(mergeTexts('a\nb\nb\nc\n', 'a\nb\nc\n', 'a\nx\nb\nb\nc\n'), null);
  assert.is(mergeTexts('a\nb\nc\nd\ne\n', 'A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n')?.content, 'A\nb\nc\nd\nE\n');
  assert.is(mergeTexts('a', 'a\nb', 'a\n'), null);
  // One side did the same and more beside it.
  const [base, less, more] = ['\nd\na\na\nc\n', 'a\na\nc\n', 'a\nc\nx\n'];
  assert.equal([mergeTexts(base, less, more)?.content, mergeTexts(base, more, less)?.content], [more, more]);
});

test.run();
