/** What isolation costs a command: the same program bare, in bubblewrap, and in a warm container, one after the other. */
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { bubblewrap, type Driver, docker, limitsFrom } from '../../src/sandbox/index.ts';
import { temporaryDirectory } from '../support/repository.ts';
import { median, pairedDifference, type Row } from './measure.ts';

const ROUNDS = 40;
const ARGV = ['/bin/true'];

/** Adds a row for each driver that works here; Docker is left out, and said, where there is no engine. */
export async function benchSandbox(rows: Row[]): Promise<void> {
  const image = process.env['AMBIENT_TEST_IMAGE'] ?? 'ambient-sandbox:latest';
  await benchDriver(rows, bubblewrap(), 40);
  await benchDriver(rows, docker({ image }), 100);
}

async function benchDriver(rows: Row[], driver: Driver, most: number): Promise<void> {
  const what = `one command in ${driver.name}${driver.name === 'docker' ? ', warm' : ''} (${ROUNDS} pairs)`;
  const probe = await driver.probe();
  if (!probe.ok) {
    const why = `not measured: ${probe.reason}`;
    rows.push({
      what,
      ours: why,
      peer: '-',
      ratio: '-',
      bound: `≤ +${most} ms`,
      holds: driver.name === 'docker' ? null : false,
    });
    return;
  }
  const dir = temporaryDirectory();
  const inside = async () => {
    const started = performance.now();
    const result = await driver.run({ argv: ARGV, dir, limits: limitsFrom() });
    if (result.code !== 0) throw new Error(`the bench in ${driver.name}: ${JSON.stringify(result)}`);
    return performance.now() - started;
  };
  const bare = () => {
    const started = performance.now();
    const { status } = spawnSync(ARGV[0] ?? '', [], { cwd: dir, env: { HOME: homedir() } });
    if (status !== 0) throw new Error('the bench: a bare command failed');
    return performance.now() - started;
  };
  const [ours, peer]: [number[], number[]] = [[], []];
  await inside();
  bare();
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % 2 === 0) {
      ours.push(await inside());
      peer.push(bare());
    } else {
      peer.push(bare());
      ours.push(await inside());
    }
  }
  const added = pairedDifference(ours, peer);
  rows.push({
    what,
    ours: `${median(ours).toFixed(1)} ms`,
    peer: `${median(peer).toFixed(1)} ms (bare spawn)`,
    ratio: `+${added.mean.toFixed(1)} ms (95 %: ${added.low.toFixed(1)} to ${added.high.toFixed(1)})`,
    bound: `≤ +${most} ms`,
    holds: added.high <= most,
  });
}
