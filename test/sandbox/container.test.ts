/** The pure parts of the Docker driver: the container, its calls, the engine that is looked for, the image. */
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { containerOptions, isReusable } from '../../src/sandbox/docker/container.ts';
import { findSocket } from '../../src/sandbox/docker/engine.ts';
import { type EngineFailure, explainEngine } from '../../src/sandbox/docker/explain.ts';
import { splitName, tarOf } from '../../src/sandbox/docker/image.ts';
import { allBut, seccompProfile } from '../../src/sandbox/docker/seccomp.ts';
import { userOf } from '../../src/sandbox/docker/slot-user.ts';
import { limitsFrom } from '../../src/sandbox/index.ts';
import { REFUSED } from '../../src/sandbox/syscalls.ts';

const test = suite('sandbox/container');

test('an engine is looked for on this machine only', () => {
  const find = (host: string | undefined, there: string[]) =>
    findSocket({ host, runtimeDir: '/run/user/7' }, (path) => there.includes(path));
  assert.equal(find('unix:///x/docker.sock', []), { path: '/x/docker.sock' });
  assert.equal(find(undefined, ['/run/user/7/docker.sock']), { path: '/run/user/7/docker.sock' });
  assert.equal(find('', ['/var/run/docker.sock']), { path: '/var/run/docker.sock' });
  for (const host of ['tcp://127.0.0.1:2375', 'ssh://me@there', 'npipe:////./pipe/docker', 'unix://relative'])
    assert.match(JSON.stringify(find(host, ['/var/run/docker.sock'])), 'only a socket of this machine');
  assert.match(JSON.stringify(find(undefined, [])), 'no Docker engine');
});

const FAILURES: Array<[EngineFailure, RegExp]> = [
  [{ kind: 'absent', reason: 'x' }, /apt-get install.*docker\.io.*sandbox build/],
  [{ kind: 'unreachable', reason: 'x', status: 'EACCES' }, /usermod -aG docker/],
  [{ kind: 'unreachable', reason: 'x', status: 'ECONNREFUSED' }, /systemctl start docker/],
  [{ kind: 'vfs', reason: 'x' }, /overlay2/],
  [{ kind: 'seccomp', reason: 'x' }, /seccomp/],
  [{ kind: 'no-image', reason: 'x', image: 'ambient-sandbox:latest' }, /^build it: `git ambient sandbox build`/],
  [{ kind: 'no-image', reason: 'x', image: 'mine' }, /sandbox\.image/],
  [{ kind: 'mapped', reason: 'x' }, /use bubblewrap/],
  [{ kind: 'incomplete', reason: 'x' }, /report this/],
];
for (const [failure, hint] of FAILURES)
  test(`explains an engine: ${failure.kind} ${failure.status ?? failure.image ?? ''}`, () =>
    assert.match(explainEngine(failure, 'ID=debian\n', true).hint, hint));

test('a container is made as it must be', () => {
  const limits = limitsFrom();
  const layout = {
    ...{
      image: 'i',
      dir: '/host/slot',
      git: 'file' as const,
      limits,
      network: 'none' as const,
      seccomp: '{}',
      owner: 'me',
    },
    mounts: [{ path: '/host/modules', at: '/host/slot/node_modules' }],
  };
  const options = containerOptions(layout);
  const host = options['HostConfig'] as Record<string, unknown>;
  assert.not.match(JSON.stringify(options), /docker\.sock|"0:0"|"Privileged":true/);
  assert.not.match(String(options['User']), /^0/);
  const wanted = { NetworkMode: 'none', ReadonlyRootfs: true, IpcMode: 'private', AutoRemove: true };
  for (const [key, value] of Object.entries(wanted)) assert.is(host[key], value, key);
  assert.equal(host['CapDrop'], ['ALL']);
  assert.is(host['Memory'], host['MemorySwap']);
  assert.equal(host['SecurityOpt'], ['no-new-privileges', 'seccomp={}']);
  const mounts = host['Mounts'] as Array<{ Target: string; ReadOnly: boolean }>;
  assert.equal(
    mounts.map(({ Target, ReadOnly }) => `${Target} ${ReadOnly}`),
    ['/slot false', '/slot/.git true', '/slot/node_modules true'],
  );
  assert.is(isReusable(layout), true);
  assert.is(isReusable({ ...layout, mounts: [{ path: '/x', at: '/tmp/x' }] }), false, 'what is emptied is ours alone');
});

test('the profile refuses what bubblewrap refuses, and a machine without a table has none', () => {
  assert.is(seccompProfile('riscv64'), null);
  for (const architecture of ['x64', 'arm64']) {
    const profile = JSON.parse(seccompProfile(architecture) ?? '') as {
      defaultAction: string;
      architectures: string[];
      syscalls: Array<{ names: string[]; action: string; args?: unknown }>;
    };
    assert.is(profile.defaultAction, 'SCMP_ACT_ERRNO');
    assert.is(profile.architectures.length, 1);
    const free = profile.syscalls
      .filter((rule) => rule.action === 'SCMP_ACT_ALLOW' && !rule.args)
      .flatMap((rule) => rule.names);
    for (const name of [...Object.keys(REFUSED), 'socket', 'ioctl', 'clone', 'unshare', 'openat', 'io_uring_setup'])
      assert.not(free.includes(name), name);
  }
});

test('all numbers but some, by masks', () => {
  const rules = allBut([0x5412, 0x541c]);
  const covered = (value: number) => rules.some(({ mask, value: rest }) => (value & mask) >>> 0 === rest);
  for (const value of [0x5412, 0x541c]) assert.is(covered(value), false);
  for (const value of [0, 1, 0x5411, 0x5413, 0x541b, 0x541d, 0x5401, 0x80005412, 0xffffffff])
    assert.is(covered(value), true);
});

test('a command runs as the owner of the slot, never as root', () => {
  assert.equal(userOf({ uid: 0, gid: 0 }), { uid: 65534, gid: 65534 });
  assert.equal(userOf({ uid: 1000, gid: 0 }), { uid: 1000, gid: 65534 });
  assert.equal(userOf({ uid: 1000, gid: 100 }), { uid: 1000, gid: 100 });
});

test('an image is named with its tag, and small files are packed as tar does', () => {
  assert.equal(splitName('ambient-sandbox:latest'), ['ambient-sandbox', 'latest']);
  assert.equal(splitName('host:5000/name'), ['host:5000/name', 'latest']);
  const input = tarOf({ Dockerfile: 'FROM x\n', 'packages.txt': 'git\n' });
  const { stdout } = spawnSync('tar', ['-tvf', '-'], { input });
  assert.match(stdout.toString(), /7 .* Dockerfile\n.*4 .* packages\.txt/);
});

test.run();
