/** What becomes of a sandbox when the process that owns it is killed, and what that process's open files become inside. */
import { type ChildProcess, spawn as nodeSpawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bubblewrap } from '../../src/sandbox/index.ts';
import { ownerIsDead, ownerMark } from '../../src/sandbox/ownership.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/lifetime');
const check = spawnSync('bwrap', ['--version']).status === 0 || process.env['CI'] === 'true' ? test : test.skip;
const owner = fileURLToPath(new URL('owner.ts', import.meta.url));
const start = (slot: string, argv: string[], fds: number[] = []): ChildProcess =>
  nodeSpawn(process.execPath, ['--import', 'tsx', owner, 'bubblewrap', slot, ...argv], {
    stdio: ['ignore', 'pipe', 'inherit', ...fds],
  });

check('kill -9 of the owner ends what runs inside, and reaping leaves nothing', async () => {
  const slot = temporaryDirectory();
  const beat = join(slot, 'beat');
  const child = start(slot, ['sh', '-c', 'setsid sh -c "while :; do echo x >> beat; sleep 0.05; done" & sleep 60']);
  for (let round = 0; round < 200 && !(existsSync(beat) && statSync(beat).size > 4); round += 1) await sleep(50);
  assert.ok(statSync(beat).size > 4, 'control: it beats');
  child.kill('SIGKILL');
  await sleep(300);
  const size = statSync(beat).size;
  await sleep(300);
  assert.is(statSync(beat).size, size);
  await bubblewrap().reap();
  assert.equal(leftovers(child.pid ?? 0), []);
});

for (const delay of [350, 420, 500])
  check(`kill -9 ${delay} ms after the start leaves nothing either`, async () => {
    const child = start(temporaryDirectory(), ['sleep', '600']);
    await sleep(delay);
    child.kill('SIGKILL');
    await sleep(300);
    await bubblewrap().reap();
    assert.equal(leftovers(child.pid ?? 0), []);
  });

check('an open file that the owner was handed is not open inside', async () => {
  const slot = temporaryDirectory();
  const path = join(temporaryDirectory(), 'secret');
  writeFileSync(path, 'secret text');
  // Up to descriptor 40: node closes the low ones that it finds at its start.
  const fds = Array.from({ length: 38 }, () => openSync(path, 'r'));
  const script = 'for fd in $(seq 3 45); do cat /proc/self/fd/$fd 2>/dev/null; done';
  const bare = spawnSync('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe', ...fds], timeout: 10_000 });
  assert.match(bare.stdout.toString(), 'secret text', 'control');
  const child = start(slot, ['sh', '-c', script], fds);
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  assert.match(output, '"setupError":null');
  assert.not.match(output, 'secret text');
});

test('an owner is dead only when its process is gone or another', () => {
  const mark = ownerMark();
  assert.is(ownerIsDead(mark), false);
  const [namespace, pid] = mark.split('-');
  assert.is(ownerIsDead(`${namespace}-${pid}-1`), true, 'the pid was given to a later process');
  assert.is(ownerIsDead(`${namespace}-4194303-1`), true);
  assert.is(ownerIsDead(`1-${pid}-1`), false, 'another pid namespace is not ours to judge');
  assert.is(ownerIsDead('nonsense'), false);
});

/** Processes and control groups that still carry the mark of `pid`. */
function leftovers(pid: number): string[] {
  const processes = readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        readFileSync(`/proc/${name}/environ`, 'latin1').includes(`AMBIENT_SANDBOX=`) &&
        readFileSync(`/proc/${name}/environ`, 'latin1').includes(`-${pid}-`)
      );
    } catch {
      return false;
    }
  });
  const groups = spawnSync('find', ['/sys/fs/cgroup', '-name', `ambient-*-${pid}-*`]).stdout.toString();
  return [...processes, ...groups.split('\n').filter(Boolean)];
}

test.run();
