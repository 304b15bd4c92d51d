/** Writing into a working directory: all or nothing, whatever fails and wherever the process ends. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeDisk } from '../../src/patch/directory/disk.ts';
import {
  directoryTarget,
  inspectFiles,
  mentionedFiles,
  type PlacedFile,
  recoverWrites,
  type StoredFile,
  writeFiles,
} from '../../src/patch/index.ts';
import { fingerprintTree } from '../support/cli.ts';
import { temporaryDirectory } from '../support/repository.ts';
import { type Failure, failingDisk } from './failing-disk.ts';

const test = suite('patch/directory');

const file = (content: string, mode = '100644'): StoredFile => ({ mode, content: Buffer.from(content) });
const placed = (
  path: string,
  before: StoredFile | null,
  after: StoredFile | null,
  from: string | null = null,
): PlacedFile => ({
  ...{ path, from, before, after, added: 0, removed: 0, hunks: [] },
});

/** A directory with a few files, and a place for the journal beside it. */
function makePlace(files: Record<string, string> = {}) {
  const root = temporaryDirectory();
  const place = { top: join(root, 'work'), state: join(root, 'state') };
  for (const dir of [place.top, place.state]) mkdirSync(dir);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(place.top, path, '..'), { recursive: true });
    writeFileSync(join(place.top, path), content);
  }
  const look = () => JSON.stringify([fingerprintTree(place.top), readdirSync(place.state)]);
  const target = directoryTarget(place.top, { paths: async () => [] });
  return { root, place, look, target, remove: () => rmSync(root, { recursive: true, force: true }) };
}
type Place = ReturnType<typeof makePlace>;

const reasons = (refusals: ReturnType<typeof writeFiles>) => refusals.map(({ reason }) => reason).join('; ');

/** Everything at once: edit, mode, creation deep down, deletion of a whole folder, rename, file ↔ folder. */
const FILES = {
  'edit.txt': 'one\n',
  'run.sh': '#!/bin/sh\n',
  'gone/deep/only.txt': 'x\n',
  'moved.txt': 'moved\n',
  'becomes-folder': 'file\n',
  'becomes-file/inner.txt': 'inner\n',
  'stays.txt': 'stays\n',
};
const CHANGES: PlacedFile[] = [
  placed('edit.txt', file('one\n'), file('two\n')),
  placed('run.sh', file('#!/bin/sh\n'), file('#!/bin/sh\n', '100755')),
  placed('gone/deep/only.txt', file('x\n'), null),
  placed('new/deep/er/file.txt', null, file('new\n')),
  placed('place/moved.txt', file('moved\n'), file('moved and edited\n'), 'moved.txt'),
  placed('becomes-folder', file('file\n'), null),
  placed('becomes-folder/in.txt', null, file('in\n')),
  placed('becomes-file/inner.txt', file('inner\n'), null),
  placed('becomes-file', null, file('now a file\n')),
];
const EXPECTED = [
  'becomes-file',
  'becomes-folder',
  'becomes-folder/in.txt',
  'edit.txt',
  'new',
  'new/deep',
  'new/deep/er',
  'new/deep/er/file.txt',
  'place',
  'place/moved.txt',
  'run.sh',
  'stays.txt',
];

test('every kind of change arrives, folders come and go, and nothing of ours is left', async () => {
  const { place, target } = makePlace(FILES);
  assert.equal(writeFiles(CHANGES, place), []);
  assert.equal(Object.keys(fingerprintTree(place.top)), EXPECTED);
  assert.equal(readdirSync(place.state), []);
  assert.is((await target.read('place/moved.txt'))?.content.toString(), 'moved and edited\n');
  assert.is((await target.read('run.sh'))?.mode, '100755');
  assert.is((await target.read('edit.txt'))?.mode, '100644');
});

/** Runs the changes on a disk that fails at effect `at`; returns false when there were fewer effects. */
function interrupt(one: Place, changes: readonly PlacedFile[], at: number, failure: Failure): boolean {
  const before = one.look();
  const disk = failingDisk(nodeDisk, at, failure);
  let failed = false;
  try {
    writeFiles(changes, { ...one.place, disk });
  } catch {
    failed = true;
  }
  if (!failed) return false;
  if (failure === 'killed') {
    recoverWrites(one.place);
    // A draft of the journal that never began is swept later.
    for (const name of readdirSync(one.place.state)) if (name.endsWith('.tmp')) rmSync(join(one.place.state, name));
  }
  assert.is(one.look(), before, `effect ${at}, ${failure}`);
  return true;
}

for (const failure of ['before', 'after', 'half', 'killed'] as const)
  test(`a failure at any step leaves everything as it was: ${failure}`, () => {
    let at = 0;
    for (;;) {
      const one = makePlace(FILES);
      const interrupted = interrupt(one, CHANGES, at, failure);
      one.remove();
      if (!interrupted) break;
      at += 1;
    }
    assert.ok(at > 20, `only ${at} effects`);
  });

test('killed, and killed again while it is put back: the next one finishes', () => {
  const total = countEffects();
  for (let first = 3; first < total; first += 4)
    for (let second = 0; second < total; second += 3) {
      const one = makePlace(FILES);
      const before = fingerprintTree(one.place.top);
      assert.throws(() => writeFiles(CHANGES, { ...one.place, disk: failingDisk(nodeDisk, first, 'killed') }));
      try {
        recoverWrites({ ...one.place, disk: failingDisk(nodeDisk, second, 'killed') });
      } catch {}
      recoverWrites(one.place);
      assert.equal(fingerprintTree(one.place.top), before, `${first}, ${second}`);
      one.remove();
    }
});

function countEffects(): number {
  const one = makePlace(FILES);
  const disk = failingDisk(nodeDisk, Number.MAX_SAFE_INTEGER, 'before');
  writeFiles(CHANGES, { ...one.place, disk });
  return disk.effects();
}

test('random changes with a failure at a random step: unchanged, or wholly written', () => {
  const name = fc.constantFrom('a', 'b', 'c.txt', 'd/e', 'd/f', 'g/h/i', 'g/h/j', 'k');
  const content = fc.string({ maxLength: 40 });
  const entry = fc.record({ before: fc.option(content), after: fc.option(content), executable: fc.boolean() });
  const failures = fc.constantFrom<Failure>('before', 'after', 'half', 'killed');
  fc.assert(
    fc.property(fc.dictionary(name, entry, { maxKeys: 6 }), fc.nat(40), failures, (entries, at, failure) => {
      const known = Object.entries(entries).filter(([, { before, after }]) => before !== null || after !== null);
      const one = makePlace(
        Object.fromEntries(known.flatMap(([path, { before }]) => (before === null ? [] : [[path, before]]))),
      );
      const changes = known.map(([path, { before, after, executable }]) =>
        placed(
          path,
          before === null ? null : file(before),
          after === null ? null : file(after, executable ? '100755' : '100644'),
        ),
      );
      if (!interrupt(one, changes, at, failure))
        for (const [path, { after }] of known)
          assert.is(nodeDisk.look(join(one.place.top, path)) === null, after === null, path);
      one.remove();
    }),
    { numRuns: 300 },
  );
});

test('one bad file of many: nothing is written, and each reason is told', () => {
  const one = makePlace(FILES);
  mkdirSync(join(one.root, 'outside'));
  symlinkSync(join(one.root, 'outside'), join(one.place.top, 'link'));
  symlinkSync('/etc/passwd', join(one.place.top, 'link.txt'));
  mkdirSync(join(one.place.top, 'nested/.git'), { recursive: true });
  const before = one.look();
  const bad: Array<[PlacedFile, RegExp]> = [
    [placed('link/evil', null, file('x')), /link is a symbolic link/],
    [placed('link.txt', null, file('x')), /not a regular file/],
    [placed('nested/x', null, file('x')), /another repository/],
    [placed('edit.txt/below', null, file('x')), /is a file/],
    [placed('gone', null, file('x')), /is a folder/],
    [placed('stays.txt', null, file('x')), /exists already/],
    [placed('STAYS.txt', null, file('x')), /by case alone/],
    [placed('GONE/deep/x', null, file('x')), /by case alone/],
    [placed('run.sh', file('other\n'), file('x')), /has changed/],
    [placed('nothing', file('other\n'), file('x')), /has gone/],
    [placed('../up', null, file('x')), /component \.\./],
    [placed('.git/hooks/x', null, file('x')), /never/],
  ];
  for (const [change, reason] of bad) {
    const changes = [placed('edit.txt', file('one\n'), file('two\n')), change];
    assert.match(reasons(inspectFiles(changes, one.place)), reason);
    assert.match(reasons(writeFiles(changes, one.place)), reason);
    assert.is(one.look(), before);
  }
  const both = [placed('New.txt', null, file('x')), placed('new.TXT', null, file('y'))];
  assert.match(reasons(writeFiles(both, one.place)), /by case alone/);
  assert.equal(readdirSync(join(one.root, 'outside')), []);
});

test('a rename that changes only the case is one, not a clash', () => {
  const { place } = makePlace({ 'readme.md': 'x\n' });
  assert.equal(writeFiles([placed('README.md', file('x\n'), file('x\n'), 'readme.md')], place), []);
  assert.equal(readdirSync(place.top), ['README.md']);
});

test('what leads outside is never read', async () => {
  const one = makePlace({ a: 'x' });
  writeFileSync(join(one.root, 'secret'), 'secret');
  symlinkSync(one.root, join(one.place.top, 'up'));
  symlinkSync('../secret', join(one.place.top, 'file'));
  for (const path of ['up/secret', 'file']) {
    const found = await one.target.read(path);
    assert.is(found?.mode, '120000');
    assert.not.match(String(found?.content), /^secret$/);
  }
  assert.is(await one.target.read('a/below'), null);
  assert.is((await one.target.read('up'))?.mode, '120000');
});

test('permissions stay the file’s own; only execute bits follow the patch', () => {
  const { place } = makePlace({ private: 'x\n', tool: 'x\n' });
  chmodSync(join(place.top, 'private'), 0o600);
  chmodSync(join(place.top, 'tool'), 0o755);
  const mode = (path: string) => (lstatSync(join(place.top, path)).mode & 0o777).toString(8);
  writeFiles([placed('private', file('x\n'), file('y\n'))], place);
  assert.is(mode('private'), '600');
  writeFiles([placed('private', file('y\n'), file('y\n', '100755'))], place);
  assert.is(mode('private'), '700');
  writeFiles([placed('tool', file('x\n', '100755'), file('y\n', '100755'))], place);
  assert.is(mode('tool'), '755');
});

test('what somebody saves in the very moment stays theirs, and the rest is put back', () => {
  const one = makePlace(FILES);
  const disk = { ...nodeDisk };
  let saved = false;
  disk.create = (path, ...rest) => {
    nodeDisk.create(path, ...rest);
    if (!saved && path.includes('.ambient-')) writeFileSync(join(one.place.top, 'moved.txt'), 'saved by a person\n');
    saved ||= path.includes('.ambient-');
  };
  const before = fingerprintTree(one.place.top, (path) => path !== 'moved.txt');
  assert.throws(() => writeFiles(CHANGES, { ...one.place, disk }), /moved\.txt has changed/);
  assert.equal(
    fingerprintTree(one.place.top, (path) => path !== 'moved.txt'),
    before,
  );
  assert.is(nodeDisk.read(join(one.place.top, 'moved.txt')).toString(), 'saved by a person\n');
  assert.equal(readdirSync(one.place.state), []);
});

test('after a kill, a file that was edited since is left alone, with the journal', () => {
  const one = makePlace(FILES);
  const total = countEffects();
  assert.throws(() => writeFiles(CHANGES, { ...one.place, disk: failingDisk(nodeDisk, total - 1, 'killed') }));
  writeFileSync(join(one.place.top, 'edit.txt'), 'a person went on\n');
  const before = one.look();
  assert.throws(() => recoverWrites(one.place), /edited since: edit\.txt/);
  assert.is(one.look(), before);
});

test('a living process at work is not undone', () => {
  const one = makePlace(FILES);
  assert.throws(() => writeFiles(CHANGES, { ...one.place, disk: failingDisk(nodeDisk, 12, 'killed') }));
  const [name = ''] = readdirSync(one.place.state).filter((found) => found === 'ambient-apply');
  const path = join(one.place.state, name);
  const text = nodeDisk.read(path).toString('latin1');
  const parent = process.ppid;
  const start = nodeDisk.read(`/proc/${parent}/stat`).toString('latin1').split(') ')[1]?.split(' ')[19];
  writeFileSync(path, text.replace(/"owner":\{[^}]*\}/, `"owner":{"pid":${parent},"start":"${start}"}`), 'latin1');
  assert.throws(() => recoverWrites(one.place), /another patch is being written/);
  assert.throws(() => writeFiles([placed('z', null, file('z'))], one.place), /another patch is being written/);
  assert.is(lstatSync(path).mode & 0o077, 0, 'the journal holds the user’s files');
});

test('every file that a patch names is found, however many it names and however long its text is', () => {
  const { top } = makePlace({ 'last.txt': '' }).place;
  const headers = Array.from({ length: 400 }, (_, at) => `--- a/f${at}\n+++ b/f${at}\n+word${at}\n+other${at}\n`);
  const patch = Buffer.from(`${headers.join('')}--- a/last.txt\n+++ b/last.txt\n`);
  assert.equal(mentionedFiles(top, patch), ['last.txt']);
});

test.run();
