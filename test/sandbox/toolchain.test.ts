/** Compilers outside of /usr: rustup behind its links, and a Go that is unpacked into a home. */
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findToolchain, installationOf } from '../../src/sandbox/bubblewrap/toolchain.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/toolchain');
const program = (path: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
};
const MACHINE = 'x86_64-unknown-linux-gnu';

/** @param at where rustup and cargo keep what is theirs, below the home. */
function withRustup(link: typeof symlinkSync | typeof linkSync, cargoHome = '.cargo', rustupHome = '.rustup') {
  const home = temporaryDirectory();
  const slot = temporaryDirectory();
  const toolchains = join(home, rustupHome, 'toolchains');
  for (const version of [`stable-${MACHINE}`, `1.75.0-${MACHINE}`, `1.7.0-${MACHINE}`])
    program(join(toolchains, version, 'bin/cargo'));
  writeFileSync(join(home, rustupHome, 'settings.toml'), `default_toolchain = "stable-${MACHINE}"\n`);
  program(join(home, cargoHome, 'bin/rustup'));
  link(join(home, cargoHome, 'bin/rustup'), join(home, cargoHome, 'bin/cargo'));
  const find = () => findToolchain('cargo', { path: join(home, cargoHome, 'bin'), home, folders: [slot] });
  return { home, slot, find, at: (version: string) => join(toolchains, version, 'bin/cargo') };
}

for (const [what, link] of [
  ['a link', symlinkSync],
  ['a hard link', linkSync],
] as const)
  test(`rustup behind ${what}: the default, or what the repository asks for`, () => {
    const { slot, find, at } = withRustup(link);
    assert.is(find()?.program, at(`stable-${MACHINE}`));
    assert.is(find()?.mounts[0], dirname(dirname(at(`stable-${MACHINE}`))));
    writeFileSync(join(slot, 'rust-toolchain.toml'), '[toolchain]\nchannel = "1.75.0"\n');
    assert.is(find()?.program, at(`1.75.0-${MACHINE}`));
    rmSync(join(slot, 'rust-toolchain.toml'));
    writeFileSync(join(slot, 'rust-toolchain'), '1.75.0\n');
    assert.is(find()?.program, at(`1.75.0-${MACHINE}`));
    for (const missing of ['1.99', '../../evil', '..', '-'])
      for (const text of [missing, `[toolchain]\nchannel = "${missing}"\n`]) {
        writeFileSync(join(slot, 'rust-toolchain'), text);
        assert.not.match(String(find()?.program), 'evil');
      }
    writeFileSync(join(slot, 'rust-toolchain'), '1.99\n');
    assert.is(find(), null, 'one that is not installed is not replaced by another');
  });

test('rustup beside a home of cargo that is elsewhere', () => {
  const { find, at } = withRustup(symlinkSync, 'lib/cargo', 'lib/rustup');
  assert.is(find()?.program, at(`stable-${MACHINE}`));
});

test('Go is mounted with the library beside it, wherever it was unpacked', () => {
  const home = temporaryDirectory();
  program(join(home, '.go/bin/go'));
  assert.equal(installationOf(join(home, '.go/bin/go'), home), [join(home, '.go/bin/go')]);
  mkdirSync(join(home, '.go/pkg/tool'), { recursive: true });
  mkdirSync(join(home, '.go/src/runtime'), { recursive: true });
  assert.equal(installationOf(join(home, '.go/bin/go'), home), [join(home, '.go')]);
});

test.run();
