import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AmbientError } from '../../src/base/index.ts';
import { createCache } from '../../src/store/cache.ts';
import { createJournal } from '../../src/store/journal.ts';
import { createSpool } from '../../src/store/spool.ts';
import { createState } from '../../src/store/state.ts';
import { createWake } from '../../src/store/wake.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('store/files');
const place = (name: string) => join(temporaryDirectory(), 'ambient', name);
const modeOf = (path: string) => fs.statSync(path).mode & 0o777;

test('wake: a touch between the look and the clearing is seen by the next look at the work', async () => {
  const path = place('wake');
  const wake = createWake(path);
  assert.is(await wake.pending(), false);
  await wake.clear();
  await wake.touch();
  assert.is(await wake.pending(), true);
  await wake.clear();
  // From here on the work is read; the hook's own way of touching.
  execFileSync('sh', ['-c', ': > "$1"', 'sh', path]);
  assert.is(await wake.pending(), true);
  await wake.touch();
  await wake.clear();
  assert.is(await wake.pending(), false);
  assert.equal(fs.readdirSync(join(path, '..')), []);
  assert.is(modeOf(join(path, '..')), 0o700);
});

test('journal: entries come back in order and go when the cycle is over', async () => {
  const dir = place('journal');
  const journal = createJournal(dir);
  assert.equal(await journal.read('ab12'), []);
  await journal.append('ab12', { step: 1, text: 'line\nbreak' });
  await journal.append('ab12', { step: 2 });
  await journal.append('landing', { step: 1 });
  assert.equal(await journal.read('ab12'), [{ step: 1, text: 'line\nbreak' }, { step: 2 }]);
  assert.equal(await createJournal(dir).unfinished(), ['ab12']);
  assert.is(modeOf(join(dir, 'ab12.jsonl')), 0o600);
  await journal.remove('ab12');
  await journal.remove('ab12');
  assert.equal(await journal.unfinished(), []);
  assert.equal(await journal.read('ab12'), []);
});

test('journal: a torn end is as if never written, whatever byte it was torn at', async () => {
  const dir = place('journal');
  const path = join(dir, 'c1.jsonl');
  await createJournal(dir).append('c1', { step: 1 });
  await createJournal(dir).append('c1', { step: 2, text: 'é' });
  const whole = fs.readFileSync(path);
  const first = whole.indexOf(10) + 1;
  for (let length = first; length < whole.length; length++) {
    fs.writeFileSync(path, whole.subarray(0, length));
    const journal = createJournal(dir);
    assert.equal(await journal.read('c1'), [{ step: 1 }]);
    await journal.append('c1', { step: 'again' });
    assert.equal(await journal.read('c1'), [{ step: 1 }, { step: 'again' }]);
  }
  fs.writeFileSync(path, Buffer.concat([whole.subarray(0, first), Buffer.alloc(64), Buffer.from('\n7\n{"step":9}\n')]));
  assert.equal(await createJournal(dir).read('c1'), [{ step: 1 }]);
});

test('journal: a name cannot leave the directory', async () => {
  const journal = createJournal(place('journal'));
  for (const name of ['../x', '', 'a/b', '.', 'a'.repeat(65)])
    try {
      await journal.append(name, {});
      assert.unreachable();
    } catch (error) {
      assert.is((error as AmbientError).code, 'bad-cycle');
    }
});

test('spool: events come back in order, whole, once', async () => {
  const dir = place('spool');
  let time = 1_767_225_600_000;
  const spool = createSpool(dir, () => time);
  assert.equal(await spool.list(), []);
  const first = await spool.put({ kind: 'webhook', data: { text: 'a\u2028"' } });
  time += 1;
  const second = await spool.put({ kind: 'notify', data: {} });
  assert.equal(await spool.list(), [
    { name: first, kind: 'webhook', data: { text: 'a\u2028"' } },
    { name: second, kind: 'notify', data: {} },
  ]);
  assert.is(modeOf(join(dir, first)), 0o600);
  await spool.remove(first);
  await spool.remove(first);
  assert.equal(
    (await spool.list()).map(({ name }) => name),
    [second],
  );
  assert.is(fs.readdirSync(dir).length, 1);
});

test('spool: what is no event of ours is set aside, and the others arrive', async () => {
  const dir = place('spool');
  const spool = createSpool(dir, () => 1_767_225_600_000);
  const good = await spool.put({ kind: 'notify', data: {} });
  const name = (digit: string) => join(dir, `001767225600000-${digit.repeat(12)}.json`);
  const outside = join(dir, '..', 'outside');
  fs.writeFileSync(outside, '{"kind":"notify","data":{}}');
  fs.writeFileSync(name('1'), '{"kind":');
  fs.writeFileSync(name('2'), '{"kind":7,"data":{}}');
  fs.writeFileSync(name('3'), '{"kind":"x","data":[]}');
  fs.writeFileSync(name('4'), `{"kind":"x","data":{"text":"${'x'.repeat(1024 * 1024)}"}}`);
  fs.writeFileSync(name('5'), 'null');
  fs.writeFileSync(join(dir, 'odd name.json'), '{"kind":"x","data":{}}');
  fs.symlinkSync(outside, name('6'));
  fs.mkdirSync(name('7'));
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', name('8')]);
  fs.writeFileSync(join(dir, 'half.json.abc.tmp'), '{"kind":"x"');
  assert.equal(
    (await spool.list()).map((event) => event.name),
    [good],
  );
  assert.is(await spool.setAside(), 9);
  assert.equal(
    (await spool.list()).map((event) => event.name),
    [good],
  );
  assert.ok(fs.existsSync(outside));
});

test('spool: an event that is too large, or a name that is none, is refused', async () => {
  const spool = createSpool(place('spool'), () => 0);
  const codes: string[] = [];
  const note = (error: unknown) => codes.push((error as AmbientError).code);
  await spool.put({ kind: 'x', data: { text: 'x'.repeat(2_000_000) } }).catch(note);
  await spool.remove('../../HEAD').catch(note);
  assert.equal(codes, ['event-too-large', 'bad-event']);
});

test('state: what was changed is there, bounded', async () => {
  const path = place('state.json');
  const state = createState(path);
  assert.equal(await state.read(), { cursor: null, analysed: [], waiting: [], woken: [] });
  assert.not.ok(fs.existsSync(join(path, '..')));
  await state.update((next) => {
    next.cursor = 'here';
    next.analysed.push(...Array.from({ length: 600 }, (_, index) => `${index}`));
    next.woken.push(...Array.from({ length: 30 }, () => ({ commit: 'c', by: 'hook' as const })));
  });
  const read = await createState(path).read();
  assert.is(read.cursor, 'here');
  assert.is(read.analysed.length, 500);
  assert.is(read.analysed.at(-1), '599');
  assert.is(read.woken.length, 20);
  assert.is(modeOf(path), 0o600);
  assert.equal(fs.readdirSync(join(path, '..')), ['state.json']);
});

test('state: a broken file starts afresh and says so', async () => {
  const path = place('state.json');
  await createState(path).update(() => {});
  const broken = ['', '{', 'null', '[]', '7', '{"analysed":"x"}', '{"cursor":5}', '{"woken":[{"commit":1}]}', '\0\0\0'];
  for (const text of broken) {
    fs.writeFileSync(path, text);
    const { warnings, ...rest } = await createState(path).read();
    assert.equal(rest, { cursor: null, analysed: [], waiting: [], woken: [] }, text);
    assert.match(warnings?.[0] ?? '', 'started afresh');
    await createState(path).update((next) => {
      next.cursor = 'new';
    });
    assert.is((await createState(path).read()).warnings?.length, 1);
    assert.is((await createState(path).read()).cursor, 'new');
  }
});

test('cache: values by key; what is damaged, or of another key, is not there', async () => {
  const dir = place('cache');
  // Without the room of an initialised clone nothing is kept.
  await createCache(dir).put('a', 1);
  assert.not(fs.existsSync(dirname(dir)));
  fs.mkdirSync(dirname(dir), { recursive: true });
  const cache = createCache(dir);
  assert.is(await cache.get('a'), undefined);
  await cache.put('a', { outcome: 'passed' });
  await cache.put('b', null);
  assert.equal(await createCache(dir).get('a'), { outcome: 'passed' });
  assert.is(await cache.get('b'), null);
  const files = fs
    .readdirSync(dir, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.json'));
  assert.is(files.length, 2);
  for (const file of files) fs.writeFileSync(join(dir, file), '{"key":"other","value":1}');
  assert.is(await cache.get('a'), undefined);
  for (const file of files) fs.writeFileSync(join(dir, file), '{');
  assert.is(await cache.get('a'), undefined);
});

test('cache: it does not grow without end', async () => {
  const dir = place('cache');
  fs.mkdirSync(dirname(dir), { recursive: true });
  const cache = createCache(dir);
  await cache.put('kept', 1);
  const [shard = ''] = fs.readdirSync(dir);
  for (let index = 0; index < 100; index++) fs.writeFileSync(join(dir, shard, `${index}.json`), '');
  for (const name of fs.readdirSync(join(dir, shard))) fs.utimesSync(join(dir, shard, name), 1, 1);
  await cache.put('kept', 2);
  assert.ok(fs.readdirSync(join(dir, shard)).length < 101);
  assert.is(await cache.get('kept'), 2);
});

test('a file in the place of the directory: reading finds nothing, writing is an error with the next step', async () => {
  const root = temporaryDirectory();
  const dir = join(root, 'ambient');
  fs.writeFileSync(dir, '');
  const spool = createSpool(join(dir, 'spool'), () => 0);
  const journal = createJournal(join(dir, 'journal'));
  const state = createState(join(dir, 'state.json'));
  const wake = createWake(join(dir, 'wake'));
  const cache = createCache(join(dir, 'cache'));
  assert.equal(await spool.list(), []);
  assert.equal(await journal.read('ab'), []);
  assert.equal(await journal.unfinished(), []);
  assert.is((await state.read()).cursor, null);
  assert.is(await wake.pending(), false);
  assert.is(await cache.get('key'), undefined);
  const writes = [
    () => spool.put({ kind: 'x', data: {} }),
    () => journal.append('ab', {}),
    () => state.update(() => {}),
    () => wake.touch(),
  ];
  for (const write of writes)
    try {
      await write();
      assert.unreachable();
    } catch (error) {
      const { code, kind, hint } = error as AmbientError;
      assert.is(`${code} ${kind}`, 'state-not-writable environment');
      assert.ok(hint);
    }
  await cache.put('key', 1);
  assert.is(fs.readFileSync(dir, 'utf8'), '');
});

test.run();
