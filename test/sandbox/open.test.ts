/** Failing closed: what is said when nothing can be isolated, and that nothing is run. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import { explainFailure, type SystemFacts } from '../../src/sandbox/bubblewrap/explain.ts';
import { bubblewrap, type Driver, limitsFrom, openSandbox, type SandboxRequest } from '../../src/sandbox/index.ts';
import { installHint } from '../../src/sandbox/install-hint.ts';
import { LAYERS, missingLayers } from '../../src/sandbox/layers.ts';
import { failed } from '../../src/sandbox/result.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/open');
const errorOf = async (promise: Promise<unknown>): Promise<AmbientError> => {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, AmbientError);
    return error as AmbientError;
  }
  throw new Error('nothing was thrown');
};
/** A PATH with these programs only. */
const pathWith = (programs: Record<string, string>): string => {
  const dir = temporaryDirectory();
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(dir, name), script);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
};

test('without bwrap nothing opens and nothing runs', async () => {
  const make = () => bubblewrap({ path: '/nowhere:/usr/sbin-none' });
  const error = await errorOf(openSandbox({ driver: 'bubblewrap' }, { make }));
  assert.is(error.code, 'no-sandbox');
  assert.is(error.kind, 'environment');
  assert.match(error.message, 'bwrap is not on PATH');
  assert.match(error.hint ?? '', 'bubblewrap');
  const dir = temporaryDirectory();
  const result = await make().run({ argv: ['/usr/bin/touch', `${dir}/x`], dir, limits: limitsFrom() });
  assert.match(result.setupError ?? '', 'not on PATH');
});

const BROKEN = {
  'that fails': '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n',
  'that isolates nothing':
    '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift\necho \'{ "child-pid": 1 }\' >&5; echo \'{ "exit-code": 0 }\' >&5\nexit 0\n',
};
for (const [what, script] of Object.entries(BROKEN))
  test(`a bwrap ${what} does not open`, async () => {
    const path = `${pathWith({ bwrap: script })}:/usr/bin:/bin`;
    const error = await errorOf(
      openSandbox({ driver: 'bubblewrap' }, { make: () => bubblewrap({ path, cgroups: false }) }),
    );
    assert.is(error.code, 'no-sandbox');
    assert.match(error.message, /namespace|incomplete/);
  });

const fake = (name: Driver['name'], ok: boolean): Driver => ({
  name,
  probe: async () => (ok ? { ok, digest: name } : { ok, reason: `${name} is out of order`, hint: `mend ${name}` }),
  run: async () => failed(`${name} ran`),
  reap: async () => {},
});
const CHOICES: Array<['auto' | Driver['name'], working: Array<Driver['name']>, chosen: Driver['name'] | null]> = [
  ['auto', ['bubblewrap', 'docker'], 'bubblewrap'],
  ['auto', ['docker'], 'docker'],
  ['auto', [], null],
  ['bubblewrap', ['docker'], null],
  ['docker', ['bubblewrap'], null],
  ['docker', ['docker'], 'docker'],
];
for (const [driver, working, chosen] of CHOICES)
  test(`${driver}, where ${working.join(' and ') || 'nothing'} works: ${chosen ?? 'nothing runs'}`, async () => {
    const open = openSandbox({ driver }, { make: (name) => fake(name, working.includes(name)) });
    if (chosen !== null) {
      assert.is((await open).name, chosen);
      return;
    }
    const error = await errorOf(open);
    assert.is(error.code, 'no-sandbox');
    for (const name of driver === 'auto' ? ['bubblewrap', 'docker'] : [driver]) {
      assert.match(error.message, `${name} is out of order`);
      assert.match(error.hint ?? '', `mend ${name}`);
    }
    if (driver !== 'auto') assert.not.match(error.message, driver === 'docker' ? 'bubblewrap' : 'docker');
  });

test('a network is handed on as long as its grant lasts, and is no part of the same result', async () => {
  const seen: unknown[] = [];
  const make = () => ({
    ...fake('docker', true),
    run: async (request: SandboxRequest) => failed(String(seen.push(request.network))),
  });
  const request = { argv: ['true'], dir: '/nowhere', limits: limitsFrom() };
  const grant = { id: 'x', network: 'host' as const, since: 0, until: Date.now() + 60_000 };
  const driver = await openSandbox({ driver: 'docker', grant }, { make });
  await driver.run(request);
  assert.equal(seen, ['host']);
  assert.not.equal(await driver.probe(), await make().probe());
  const over = await openSandbox({ driver: 'docker', grant: { ...grant, until: 1 } }, { make });
  assert.match((await over.run(request)).setupError ?? '', 'has ended');
  assert.equal(seen, ['host']);
});

test('a driver that was opened has been probed once; each opening probes anew, and what failed is never kept', async () => {
  let probes = 0;
  let works = false;
  const make = (): Driver => ({
    ...fake('bubblewrap', true),
    probe: async () => {
      probes += 1;
      return works ? { ok: true, digest: `probe ${probes}` } : { ok: false, reason: 'out of order', hint: 'mend it' };
    },
  });
  const open = () => openSandbox({ driver: 'bubblewrap' }, { make });
  assert.is((await errorOf(open())).code, 'no-sandbox');
  works = true;
  const driver = await open();
  assert.equal(await driver.probe(), { ok: true, digest: 'probe 2' });
  assert.equal(await driver.probe(), { ok: true, digest: 'probe 2' });
  assert.equal(await (await open()).probe(), { ok: true, digest: 'probe 3' });
  works = false;
  assert.is((await errorOf(open())).code, 'no-sandbox');
});

test('every layer that is not seen at work is named', () => {
  const good =
    'CapEff=0000000000000000\nNoNewPrivs=1\nSeccomp=2\ninterfaces=lo,\nsys=closed\nusr=closed\nslot=writable\nuserns=closed\n';
  assert.equal(missingLayers(good, LAYERS), []);
  assert.equal(missingLayers(good.replace('Seccomp=2', 'Seccomp=0'), LAYERS), ['Seccomp is 0, not 2']);
  assert.is(missingLayers(good.replace('lo,', 'lo,eth0,').replace('userns=closed', 'userns=open'), LAYERS).length, 2);
  assert.is(missingLayers('', LAYERS).length, 8);
});

const SYSTEMS: Array<[osRelease: string, command: string]> = [
  ['ID=debian\n', 'apt-get install -y --no-install-recommends bubblewrap'],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'apt-get install'],
  ['ID=fedora\n', 'dnf install -y bubblewrap'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf install'],
  ['ID=arch\n', 'pacman -S --noconfirm bubblewrap'],
  ['ID=alpine\n', 'apk add bubblewrap'],
  ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'zypper install -y bubblewrap'],
  ['ID=unheard\n', 'install bubblewrap with the package manager'],
];
for (const [osRelease, command] of SYSTEMS)
  test(`the hint fits ${osRelease.split('\n')[0]}`, () => {
    assert.match(installHint(['bubblewrap'], osRelease, true), command);
    assert.not.match(installHint(['bubblewrap'], osRelease, true), 'sudo');
  });
test('who is not root is told to use sudo; Alpine names packages otherwise', () => {
  assert.match(installHint(['bubblewrap'], 'ID=debian\n', false), '`sudo apt-get');
  assert.match(installHint(['util-linux'], 'ID=alpine\n', true), 'util-linux-misc');
});

const FACTS: SystemFacts = { root: false, apparmor: '', clone: '', most: '15000', container: false };
const EXPLAINED: Array<[message: string, facts: Partial<SystemFacts>, hint: RegExp]> = [
  [
    'bwrap: setting up uid map: Permission denied',
    { apparmor: '1' },
    /apparmor_parser.*apparmor_restrict_unprivileged_userns=0/s,
  ],
  ['bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted', { apparmor: '1' }, /apparmor/],
  ['bwrap: No permissions to create new namespace', { clone: '0' }, /unprivileged_userns_clone=1/],
  ['bwrap: Creating new namespace failed: No space left on device', { most: '0' }, /max_user_namespaces/],
  ['bwrap: No permissions to create new namespace', { container: true }, /security-opt seccomp=unconfined/],
  ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", {}, /systempaths=unconfined/],
  ['bwrap: Unknown option --disable-userns', {}, /0\.8/],
];
for (const [message, facts, hint] of EXPLAINED)
  test(`explains ${message} ${JSON.stringify(facts)}`, () => {
    const explained = explainFailure(failed(message), { ...FACTS, ...facts });
    assert.is(explained.reason, message);
    assert.match(explained.hint, hint);
  });

test.run();
