/**
 * The attack suite of one driver and one user. Rule: an attack counts as stopped only when the same program got through
 * without the sandbox, and when it really ran inside; the host is the same before and after.
 */
import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from '../../../src/base/index.ts';
import type { Driver, Limits } from '../../../src/sandbox/index.ts';
import { type Attack, BROKEN, programOf, pythonOf } from './attack.ts';
import { type Owner, type PreparedGround, prepareGround } from './ground.ts';
import { changed, hostState } from './host-state.ts';
import { attacks } from './index.ts';

const MIB = 1024 ** 2;
const LIMITS: Limits = {
  ...{ timeout: 30_000, memory: 128 * MIB, cpus: 1, pids: 60, output: MIB },
  ...{ diskBytes: 512 * MIB, diskEntries: 3000, fileBytes: 256 * MIB },
};

export interface AttackSuite {
  name: string;
  /** Null: whoever runs the test. */
  owner: Owner | null;
  make(env: Record<string, string>): Promise<Driver & { close?(): void }>;
  /** True, or why it cannot run here. */
  available: true | string;
}

/** Registers and runs a case for each attack. */
export function attackSuite({ name, owner, make, available }: AttackSuite): void {
  const test = suite(`sandbox/${name}`);
  if (available !== true) {
    console.log(`NOT RUN: ${attacks.length} attacks on ${name}: ${available}`);
    test(`was not run: ${available}`, () => assert.ok(available.length > 0, 'and says why'));
    test.run();
    return;
  }
  const root = process.getuid?.() === 0;
  let ground: PreparedGround;
  let driver: Awaited<ReturnType<typeof make>>;
  let before: ReturnType<typeof hostState>;
  const doubtful: string[] = [];

  test.before(async () => {
    ground = await prepareGround(owner);
    process.env['HOST_SECRET'] = ground.secret;
    driver = await make({ HOST_SECRET: ground.secret });
    before = hostState(ground);
  });
  test.after(() => {
    driver?.close?.();
    ground?.close();
    if (doubtful.length > 0) console.log(`no control on this kernel: ${doubtful.join(', ')}`);
  });

  test('the probe passes', async () => {
    const probe = await driver.probe();
    assert.ok(probe.ok, JSON.stringify(probe));
  });

  for (const attack of attacks)
    test(`stops ${attack.name}`, async () => {
      const said = await control(attack);
      const expected = attack.control === 'everyone' || (attack.control === 'root' && root);
      if (expected) assert.match(said, 'REACHED', `control: ${said}`);
      else if (!said.includes('REACHED')) doubtful.push(attack.name);
      assert.not.match(said, BROKEN, `control: ${said}`);
      const { home, repository, ...rest } = ground;
      const program = programOf(attack, { home, repository, ...rest }, false);
      const result = await driver.run({ argv: pythonOf(program), dir: ground.slot, limits: LIMITS });
      const seen = JSON.stringify(result);
      assert.is(result.setupError, null, seen);
      assert.match(result.stdout, 'RAN', seen);
      assert.not.match(result.stdout, 'REACHED', seen);
      assert.not.match(result.stderr, BROKEN, seen);
    });

  test('the host is as it was', () => {
    assert.equal(changed(before, hostState(ground)), []);
  });

  test('a change of the host would have been seen', () => {
    const now = hostState(ground);
    execFileSync('touch', [`${ground.repository}/.git/hooks/planted`]);
    assert.ok(changed(now, hostState(ground)).some((path) => path.endsWith('hooks/planted')));
  });

  test.run();

  /** As the user whose commands are judged; what needs root as root, so that it is seen to work at all. */
  async function control(attack: Attack): Promise<string> {
    const program = programOf(attack, ground, true);
    const user = owner !== null && attack.control === 'everyone' ? owner : null;
    const argv = pythonOf(program);
    const change = ['setpriv', `--reuid=${user?.uid}`, `--regid=${user?.gid}`, '--clear-groups', '--'];
    const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', HOST_SECRET: ground.secret };
    const result = await spawn(user === null ? argv : [...change, ...argv], { env, cwd: ground.slot, timeout: 30_000 });
    return `${result.stdout}${result.stderr}`;
  }
}
