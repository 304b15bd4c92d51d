/** The post-commit hook and the pid of a runner that is gone: a pid that is used again must not keep a runner from starting. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownMark } from '../../src/base/index.ts';
import { withBlock } from '../../src/triggers/block.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('triggers/alive');
const hooks = fileURLToPath(new URL('../../hooks', import.meta.url));

/** A repository whose hook starts a program that only says that it was started. */
function prepare(): { repo: TestRepository; room: string; started: () => boolean } {
  const repo = makeRepository();
  const room = join(repo.dir, '.git/ambient');
  mkdirSync(room);
  const node = join(repo.home, 'node');
  writeFileSync(node, `#!/bin/sh\necho started > "${repo.home}/started"\n`, { mode: 0o755 });
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  const places = { node, cli: node, hooks };
  const text = withBlock('#!/bin/sh\nset -eu\n', { event: 'post-commit', places });
  writeFileSync(join(repo.dir, '.git/hooks/post-commit'), `${text}echo after >> "${repo.home}/after"\n`, {
    mode: 0o755,
  });
  return {
    repo,
    room,
    started: () => {
      for (let tries = 0; tries < 30 && !existsSync(join(repo.home, 'started')); tries += 1)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      return existsSync(join(repo.home, 'started'));
    },
  };
}

const { pid, start } = ownMark();
const linux = existsSync('/proc/self/stat');

const alive: Array<[name: string, file: string, text: string, starts: boolean]> = [
  ['a living runner', 'lock', `${pid}\n${start}\nnonce\n`, false],
  ['a living runner of a system that tells no times', 'lock', `${pid}\n\nnonce\n`, false],
  ['a runner that is about to start', 'waking', `${pid}\n${start}\n`, false],
  ['the pid alone', 'waking', `${pid}`, false],
  ['a pid that another process has by now', 'lock', `${pid}\n1\nnonce\n`, linux],
  ['a pid that another process has, before the runner started', 'waking', `${pid}\n1\n`, linux],
  ['a pid that nobody has', 'lock', '4194303\n5\nnonce\n', true],
  ['an empty file', 'lock', '', true],
  ['nonsense', 'lock', 'not a pid\n', true],
];

for (const [name, file, text, starts] of alive)
  test(`${name}: ${starts ? 'a runner is started' : 'none is started'}`, () => {
    const { repo, room, started } = prepare();
    writeFileSync(join(room, file), text);
    repo.commit('work', { 'a.txt': 'a\n' });
    assert.ok(existsSync(join(room, 'wake')));
    assert.is(readFileSync(join(repo.home, 'after'), 'utf8'), 'after\n', 'the rest of the hook runs');
    if (starts) assert.ok(started());
    else assert.is(readFileSync(join(room, file), 'utf8'), text, 'nothing was announced');
  });

test('what is announced is the process that is started, by its start time too', () => {
  const { repo, room, started } = prepare();
  repo.commit('work', { 'a.txt': 'a\n' });
  const [announced = '', since = ''] = readFileSync(join(room, 'waking'), 'utf8').split('\n');
  assert.ok(Number(announced) > 1);
  if (linux) assert.ok(Number(since) >= Number(start), `${since} is a time after ours`);
  assert.ok(started());
  // The second commit finds nobody: the announced one is gone.
  rmSync(join(repo.home, 'started'));
  repo.commit('more', { 'a.txt': 'b\n' });
  assert.ok(started());
});

test('a runner that nobody has waited for after its end is gone', () => {
  if (!linux) return;
  const { repo, room, started } = prepare();
  // The shell becomes a program that never waits for its child.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise<void>((resolve) =>
    parent.stdout.once('data', (said: Buffer) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800);
      const zombie = said.toString().trim();
      assert.match(readFileSync(`/proc/${zombie}/stat`, 'latin1'), /\) Z /);
      writeFileSync(join(room, 'lock'), `${zombie}\n\nnonce\n`);
      repo.commit('work', { 'a.txt': 'a\n' });
      assert.ok(started());
      parent.kill();
      resolve();
    }),
  );
});

test.run();
