/**
 * What specialists cost when one file of 50,000 changes: the context pack for a model, with the start of the process and
 * the diagnosis that goes before it, and the five specialists themselves.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ambient, cliPath } from '../support/cli.ts';
import { median, type Row, time } from './measure.ts';
import { bigRepository } from './scale.ts';

const ROUNDS = 5;
/** Writes what the process took at most, in KiB, to the file that is named in its environment. */
const MEMORY = `process.on('exit', () => process.argv.includes('debug') && require('node:fs').writeFileSync(process.env.AMBIENT_BENCH_MEMORY, String(process.resourceUsage().maxRSS)))`;

export function benchPack(rows: Row[]): void {
  const repo = bigRepository(50_000);
  ambient(repo, ['init', '--no-hook']);
  repo.write('.git/memory.cjs', MEMORY);
  const memory = join(repo.dir, '.git/memory');
  const env = {
    ...repo.env,
    NODE_OPTIONS: `--require=${join(repo.dir, '.git/memory.cjs')}`,
    AMBIENT_BENCH_MEMORY: memory,
  };
  const [packs, five, sizes]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= ROUNDS; round++) {
    repo.commit(`round ${round}`, { 'src/m0/file0.py': `"""Module 0."""\n\nimport os\n\nVALUE_0 = ${round}\n` });
    const pack = time([process.execPath, cliPath, 'debug', 'context', 'SecurityGuardian'], { cwd: repo.dir, env });
    const look = time([process.execPath, cliPath, 'findings'], { cwd: repo.dir, env: repo.env });
    // The first one reads what the others find in the cache.
    if (round === 0) continue;
    packs.push(pack);
    five.push(look);
    sizes.push(Number(readFileSync(memory, 'utf8')) / 1024);
  }
  const add = (what: string, value: number, unit: string, bound: number) =>
    rows.push({
      ...{ what, ours: `${value.toFixed(0)} ${unit}`, peer: '-', ratio: '-' },
      ...{ bound: `≤ ${bound} ${unit}`, holds: value <= bound },
    });
  add('context pack, one changed file of 50,000, warm', median(packs), 'ms', 1000);
  add('context pack, one changed file of 50,000, memory', median(sizes), 'MB', 200);
  add('five specialists, one changed file of 50,000, no checks', median(five), 'ms', 3000);
  repo.remove();
}
