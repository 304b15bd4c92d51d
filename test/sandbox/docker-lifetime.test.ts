/** What becomes of a container when the process that owns it is killed, and of one that an earlier process has left. */
import { type ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { containerOptions, LABEL } from '../../src/sandbox/docker/container.ts';
import { connect, findSocket } from '../../src/sandbox/docker/engine.ts';
import { seccompProfile } from '../../src/sandbox/docker/seccomp.ts';
import { docker, limitsFrom } from '../../src/sandbox/index.ts';
import { ownerMark } from '../../src/sandbox/ownership.ts';
import { engineForTests } from '../support/engine.ts';
import { temporaryDirectory } from '../support/repository.ts';

const { image, available } = await engineForTests();
const test = suite('sandbox/docker-lifetime');
const check = available === true ? test : test.skip;
if (available !== true) test(`was not run: ${available}`, () => assert.ok(available.length > 0, 'and says why'));
const owner = fileURLToPath(new URL('owner.ts', import.meta.url));
const until = async (what: string, holds: () => Promise<boolean> | boolean) => {
  for (const end = Date.now() + 60_000; !(await holds()); await sleep(50))
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
};
async function open() {
  const found = findSocket({ host: process.env['DOCKER_HOST'], runtimeDir: process.env['XDG_RUNTIME_DIR'] });
  if ('reason' in found) throw new Error(found.reason);
  return connect(found.path);
}
const containersOf = async (pid: string) => {
  const found = await (await open()).listContainers({ all: true, filters: { label: [LABEL] } });
  return found.filter(({ Labels }) => Labels[LABEL]?.includes(`-${pid}-`)).map(({ Id }) => Id);
};
/** Control groups and mounts of a container. */
const tracesOf = (id: string) => [
  ...['memory', 'pids', ''].filter((folder) => existsSync(`/sys/fs/cgroup/${folder}/docker/${id}`)),
  ...readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(id)),
];

check('kill -9 of the owner ends the container and all in it, without our help', async () => {
  const slot = temporaryDirectory();
  const argv = ['sh', '-c', 'setsid sh -c "while :; do echo x >> beat; sleep 0.05; done" & sleep 600'];
  const child: ChildProcess = nodeSpawn(process.execPath, ['--import', 'tsx', owner, 'docker', slot, ...argv], {
    stdio: 'ignore',
  });
  const beat = join(slot, 'beat');
  await until('it beats', () => existsSync(beat) && statSync(beat).size > 4);
  const ids = await containersOf(String(child.pid));
  assert.is(ids.length, 1);
  child.kill('SIGKILL');
  await until('the container is gone', async () => (await containersOf(String(child.pid))).length === 0);
  const size = statSync(beat).size;
  await docker({ image }).reap();
  await until('no control group and no mount is left', () => ids.every((id) => tracesOf(id).length === 0));
  assert.is(statSync(beat).size, size, 'nothing beats any more');
});

check('the next start removes what a killed process has left, and leaves what is alive alone', async () => {
  const engine = await open();
  const [namespace = ''] = ownerMark().split('-');
  const seccomp = seccompProfile(process.arch) ?? '';
  const make = async (mark: string) => {
    const layout = { image, dir: temporaryDirectory(), git: 'none' as const, mounts: [], limits: limitsFrom() };
    const options = containerOptions({ ...layout, network: 'none', seccomp, owner: mark });
    const container = await engine.createContainer({ ...options, Entrypoint: ['sleep', '600'], OpenStdin: false });
    await container.start();
    return container;
  };
  const [dead, alive] = [await make(`${namespace}-4194303-1`), await make(ownerMark())];
  await docker({ image }).reap();
  const left = await engine.listContainers({ all: true, filters: { label: [LABEL] } });
  const ids = left.map(({ Id }) => Id);
  assert.is(ids.includes(dead.id), false);
  assert.is(ids.includes(alive.id), true);
  await alive.remove({ force: true, v: true });
});

check('a container is used again, and keeps nothing of the command before', async () => {
  const driver = docker({ image });
  const dir = temporaryDirectory();
  const run = (script: string) => driver.run({ argv: ['sh', '-c', script], dir, limits: limitsFrom() });
  const first = await run(
    'touch /tmp/left /dev/shm/left; (setsid sleep 600 &) ; cat /proc/sys/kernel/random/boot_id; hostname; stat -c %Z /proc/1',
  );
  const again = await run('ls -A /tmp /dev/shm; ls -d /proc/[0-9]* | wc -l; stat -c %Z /proc/1');
  assert.is(first.code, 0, first.stderr);
  assert.is(again.stdout.trim().split('\n').at(-1), first.stdout.trim().split('\n').at(-1), 'the same container');
  assert.not.match(again.stdout, 'left');
  const stubborn = await run('mkdir -p /tmp/deep/er; touch /tmp/deep/er/x; chmod 0 /tmp/deep/er /tmp/deep');
  assert.is(stubborn.code, 0);
  assert.not.match((await run('ls -A /tmp')).stdout, 'deep');
  const shared = await run('python3 -c "import ctypes; ctypes.CDLL(None).shmget(7, 4096, 0o1600)"');
  assert.is(shared.code, 0);
  assert.is((await run('tail -n +2 /proc/sysvipc/shm | wc -l')).stdout, '0\n');
});

check('a command that kills its wrapper leaves nothing running', async () => {
  const driver = docker({ image });
  const dir = temporaryDirectory();
  const script =
    'setsid sh -c "while :; do echo x >> beat; sleep 0.05; done" >/dev/null 2>&1 & sleep 0.3; kill -9 $PPID; sleep 5';
  await driver.run({ argv: ['sh', '-c', script], dir, limits: limitsFrom({ timeout_seconds: 20 }) });
  const size = statSync(join(dir, 'beat')).size;
  await sleep(300);
  assert.is(statSync(join(dir, 'beat')).size, size);
  assert.is((await driver.run({ argv: ['true'], dir, limits: limitsFrom() })).code, 0);
});

check('a slot that was made anew is another one', async () => {
  const driver = docker({ image });
  const dir = join(temporaryDirectory(), 'slot');
  const { mkdirSync, renameSync, writeFileSync } = await import('node:fs');
  mkdirSync(dir);
  assert.is((await driver.run({ argv: ['touch', 'old'], dir, limits: limitsFrom() })).code, 0);
  renameSync(dir, `${dir}-old`);
  mkdirSync(dir);
  writeFileSync(join(dir, 'new'), '');
  assert.is((await driver.run({ argv: ['ls'], dir, limits: limitsFrom() })).stdout, 'new\n');
  assert.equal(readdirSync(`${dir}-old`), ['old']);
});

test.run();
