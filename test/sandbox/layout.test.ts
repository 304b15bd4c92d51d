/** The pure parts of the bubblewrap driver: what is mounted, found and filtered. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterProgram } from '../../src/sandbox/bubblewrap/filter.ts';
import { readHardLimits } from '../../src/sandbox/bubblewrap/host.ts';
import { layoutFor } from '../../src/sandbox/bubblewrap/layout.ts';
import { findToolchain, installationOf } from '../../src/sandbox/bubblewrap/toolchain.ts';
import { controllerFolders } from '../../src/sandbox/cgroup-folders.ts';
import { useOf, watchDisk } from '../../src/sandbox/disk.ts';
import { limitsFrom } from '../../src/sandbox/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/layout');
const program = (path: string, text = '#!/bin/sh\n') => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
};

test('an installation is mounted alone, a home or its secrets never', () => {
  const home = '/home/u';
  assert.equal(installationOf('/usr/bin/python3', home), []);
  assert.equal(installationOf('/home/u/.pyenv/versions/3.11.7/bin/python3', home), ['/home/u/.pyenv/versions/3.11.7']);
  assert.equal(installationOf('/opt/go/bin/go', home), ['/opt/go']);
  assert.equal(installationOf('/home/u/.local/bin/ruff', home), ['/home/u/.local/bin/ruff']);
  assert.equal(installationOf('/home/u/bin/tool', home), ['/home/u/bin/tool']);
  assert.equal(installationOf('/home/u/tool', home), ['/home/u/tool']);
  assert.equal(installationOf('/home/bin/tool', home), ['/home/bin/tool']);
});

test('a shim leads to the version that its files name, never out of the versions', () => {
  const home = temporaryDirectory();
  const slot = temporaryDirectory();
  for (const version of ['3.10.2', '3.10.13', '3.12.1'])
    program(join(home, '.pyenv/versions', version, 'bin/pytest'), `#!${home}/.pyenv/versions/${version}/bin/python\n`);
  program(join(home, '.pyenv/shims/pytest'));
  program(join(home, 'evil/bin/pytest'));
  writeFileSync(join(home, '.pyenv/version'), '3.12.1\n');
  const find = () => findToolchain('pytest', { path: join(home, '.pyenv/shims'), home, folders: [slot] });
  const at = (version: string) => join(home, '.pyenv/versions', version, 'bin/pytest');
  assert.is(find()?.program, at('3.12.1'));
  assert.equal(find()?.mounts[0], join(home, '.pyenv/versions/3.12.1'));
  writeFileSync(join(slot, '.python-version'), '3.10\n');
  assert.is(find()?.program, at('3.10.13'));
  writeFileSync(join(slot, '.python-version'), '../../evil\n');
  assert.is(find()?.program, at('3.12.1'));
});

test('what the tree brings along takes the place of no program of the host', () => {
  const home = temporaryDirectory();
  const slot = temporaryDirectory();
  program(join(home, 'tools/one/bin/tool'));
  program(join(slot, 'node_modules/.bin/tool'));
  const path = `${join(slot, 'node_modules/.bin')}:${join(home, 'tools/one/bin')}:/usr/bin`;
  assert.is(findToolchain('tool', { path, home, folders: [slot] })?.program, join(home, 'tools/one/bin/tool'));
});

test('refuses a directory or a mount that would open more than the slot', () => {
  const home = temporaryDirectory();
  const dir = temporaryDirectory();
  const host = { path: '/usr/bin:/bin', home, prlimit: '/usr/bin/prlimit' };
  const outside = temporaryDirectory();
  symlinkSync(outside, join(dir, 'link'));
  symlinkSync(dir, join(outside, 'slot'));
  const setup = (more: object) => {
    const layout = layoutFor({ argv: ['true'], dir, limits: limitsFrom(), ...more }, host);
    return 'setupError' in layout ? layout.setupError : 'ok';
  };
  assert.is(setup({}), 'ok');
  assert.match(setup({ dir: home }), 'home');
  assert.match(setup({ dir: dirname(home) }), 'home');
  assert.match(setup({ dir: '/' }), 'home');
  assert.match(setup({ dir: `${dir}/../x` }), 'plain absolute');
  assert.match(setup({ dir: join(outside, 'slot') }), 'symlink');
  assert.match(setup({ cwd: outside }), 'not inside');
  assert.match(setup({ cwd: join(dir, 'link') }), 'leads out');
  assert.match(setup({ readOnly: [{ path: home }] }), 'home');
  assert.match(setup({ readOnly: [{ path: '/' }] }), 'home');
  assert.match(setup({ readOnly: [{ path: outside, at: join(dir, 'link/deep') }] }), 'symlink');
  assert.match(setup({ readOnly: [{ path: outside, at: join(dir, 'link') }] }), 'symlink');
  assert.match(setup({ argv: ['./gone'] }), 'no such program');
});

test('a machine without a table has no filter; a program is whole instructions that end in allow', () => {
  assert.is(filterProgram('riscv64', { uncounted: true }), null);
  for (const architecture of ['x64', 'arm64']) {
    const bytes = filterProgram(architecture, { uncounted: true });
    assert.ok(bytes && bytes.length % 8 === 0 && bytes.length / 8 < 4096);
    assert.is(bytes?.readUInt32LE(bytes.length - 4), 0x7fff0000);
    assert.ok((filterProgram(architecture, { uncounted: false })?.length ?? 0) > (bytes?.length ?? 0));
  }
});

test('a group goes below our own: version 1, version 2, a container, none', () => {
  const one = controllerFolders(
    '5:pids:/\n4:memory:/a/b\n0::/\n',
    '30 1 0:1 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n31 1 0:2 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n',
  );
  assert.equal(one, { version: 1, memory: '/sys/fs/cgroup/memory/a/b', pids: '/sys/fs/cgroup/pids', cpu: null });
  const mount2 = '30 1 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';
  const given = (folder: string) => (folder === '/sys/fs/cgroup/user.slice' ? ['memory', 'pids'] : []);
  const folder = '/sys/fs/cgroup/user.slice';
  assert.equal(controllerFolders('0::/user.slice/session.scope\n', mount2, given), {
    version: 2,
    memory: folder,
    pids: folder,
    cpu: null,
  });
  assert.is(
    controllerFolders('0::/\n', mount2, () => []),
    null,
  );
  const part = '30 1 0:1 /docker/x /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n';
  assert.is(controllerFolders('4:memory:/docker/x\n', part)?.memory, '/sys/fs/cgroup/memory');
  assert.is(controllerFolders('', ''), null);
});

test('a limit that is already lower stays', () => {
  const text =
    'Limit   Soft Limit   Hard Limit   Units\nMax open files            512                  800                 files\nMax file size             unlimited            unlimited            bytes\n';
  assert.equal(readHardLimits(text), { nofile: 800 });
});

test('only what was added to a tree counts', async () => {
  const dir = temporaryDirectory();
  for (let index = 0; index < 50; index += 1) writeFileSync(join(dir, `old-${index}`), 'x');
  const watch = await watchDisk(dir, { bytes: 1024 ** 3, entries: 20, largest: 1024 ** 3 });
  assert.is((await useOf(dir)).entries, 50);
  for (let index = 0; index < 21; index += 1) writeFileSync(join(dir, `new-${index}`), 'x');
  assert.is(await watch.exceeded({ last: true }), true);
});

test('what others write to the same file system is not the doing of a command that is gone', async () => {
  const [dir, elsewhere] = [temporaryDirectory(), temporaryDirectory()];
  const watch = await watchDisk(dir, { bytes: 1024, entries: 5, largest: 1024 ** 3 });
  for (let index = 0; index < 64; index += 1)
    writeFileSync(join(elsewhere, `${index}`), Buffer.alloc(1024 ** 2, index));
  assert.is(await watch.exceeded({ last: true, gone: true }), false);
});

test.run();
