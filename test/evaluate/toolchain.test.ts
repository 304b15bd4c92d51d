/** Which programs a sandbox has, and what is said of those that it lacks. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openToolchain } from '../../src/evaluate/detect/toolchain.ts';
import { openSlots } from '../../src/evaluate/index.ts';
import { bubblewrap, type Driver, limitsFrom } from '../../src/sandbox/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('evaluate/toolchain');
const isolated = spawnSync('bwrap', ['--version']).status === 0 || process.env['CI'] === 'true';
const SYSTEM = '/usr/bin:/bin:/usr/sbin:/sbin';

function program(path: string, text = '#!/bin/sh\n'): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** With a driver in which nothing starts. */
function nothingStarts(path: string, name: Driver['name'] = 'bubblewrap') {
  const run = async () => ({ setupError: 'no such program', code: null }) as never;
  const slots = openSlots(join(temporaryDirectory(), 'slots'), 1);
  return openToolchain({ driver: async () => ({ name, run }), slots, limits: limitsFrom(), dependencies: [], path });
}

test('a program that this machine has and the sandbox has not: what to add', async () => {
  const home = temporaryDirectory();
  program(join(home, 'opt/go/bin/go'));
  program(join(home, 'odd/node'));
  program(join(home, '.asdf/shims/cargo'));
  program(join(home, '.volta/bin/volta-shim'));
  symlinkSync('volta-shim', join(home, '.volta/bin/yarn'));
  const path = ['opt/go/bin', 'odd', '.asdf/shims', '.volta/bin'].map((folder) => join(home, folder)).join(':');
  const { find, unseen } = nothingStarts(path);
  assert.is(await find('go'), null);
  const add = (name: string, folder: string) =>
    `${name} does not run in the sandbox: add ${folder} to sandbox.read_only_paths`;
  assert.is(await unseen?.('go'), add(join(home, 'opt/go/bin/go'), join(home, 'opt/go')));
  assert.is(await unseen?.('node'), add(join(home, 'odd/node'), join(home, 'odd')));
  for (const name of ['.asdf/shims/cargo', '.volta/bin/yarn'])
    assert.is(
      await unseen?.(name.split('/').at(-1) ?? ''),
      `the version that ${join(home, name)} would choose is not installed`,
    );
  assert.is(await unseen?.('nowhere'), null);
  assert.match(String(await nothingStarts(path, 'docker').unseen?.('go')), /image of the sandbox/);
});

(isolated ? test : test.skip)(
  'what is added to sandbox.read_only_paths is there when programs are looked for',
  async () => {
    const home = temporaryDirectory();
    // Not laid out as an installation: what it needs is not beside it.
    program(join(home, 'odd/run/go'), `#!/bin/sh\nexec '${join(home, 'odd/parts/go')}' "$@"\n`);
    program(join(home, 'odd/parts/go'), '#!/bin/sh\necho go version go1.99\n');
    const path = `${join(home, 'odd/run')}:${SYSTEM}`;
    const toolchain = (readOnlyPaths: string[]) =>
      openToolchain({
        driver: async () => bubblewrap({ path, home }),
        slots: openSlots(join(temporaryDirectory(), 'slots'), 1),
        ...{ limits: limitsFrom({ timeout_seconds: 60 }), dependencies: [], readOnlyPaths, path },
      });
    assert.is(await toolchain([]).find('go'), null);
    assert.is((await toolchain([join(home, 'odd')]).find('go'))?.stamp, 'go go version go1.99');
  },
);

test('what was found once is not asked again by who shares the answers; what was not found is', async () => {
  let asked = 0;
  const answers = new Map();
  const lookup = (code: number, readOnlyPaths: string[] = []) => {
    const run = async () => {
      asked += 1;
      return { setupError: null, code, stdout: '{"stamp": "3.11", "modules": {"pytest": "8.0"}}' } as never;
    };
    const slots = openSlots(join(temporaryDirectory(), 'slots'), 1);
    const rest = { limits: limitsFrom(), dependencies: [], path: SYSTEM, readOnlyPaths, answers };
    return openToolchain({ driver: async () => ({ name: 'bubblewrap', run }), slots, ...rest });
  };
  assert.is(await lookup(1).find('python'), null);
  assert.is(asked, 2);
  const found = await lookup(0).find('python');
  assert.equal(found?.modules, { pytest: '8.0' });
  assert.is(asked, 3);
  assert.is(await lookup(1).find('python'), found);
  assert.is(asked, 3);
  await lookup(0, ['/opt']).find('python');
  assert.is(asked, 4);
});

test.run();
