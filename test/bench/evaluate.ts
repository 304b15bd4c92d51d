/**
 * What verifying costs: slots that move by one file in repositories of three sizes, and ten proposals on a repository
 * whose suite takes ten seconds. Rule: the sandbox counts how often the suite is started.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openSlots } from '../../src/evaluate/index.ts';
import { openRepository } from '../../src/git/index.ts';
import { ambient, ambientJson, cliPath } from '../support/cli.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';
import { median, type Row, time } from './measure.ts';

const SIZES: ReadonlyArray<readonly [files: number, bound: number]> = [
  [500, 300],
  [5000, 500],
  [50_000, 1500],
];
const ROUNDS = 10;

/** From the end of one run to the moment where the next may start: scrub and checkout of another tree. */
export async function benchSlots(rows: Row[]): Promise<void> {
  for (const [files, bound] of SIZES) {
    const repo = makeRepository({ files: manyFiles(files) });
    repo.commit('one file', { 'd1/s1/file1.txt': 'changed\n' });
    const [before, after] = ['HEAD^', 'HEAD'].map((rev) => repo.git('rev-parse', `${rev}^{tree}`));
    const repository = await openRepository(repo.dir, { env: repo.env });
    const times: number[] = [];
    let fresh = 0;
    await openSlots(join(temporaryDirectory(), 'slots'), 1).use(async (dir) => {
      const began = performance.now();
      await repository.slots.checkout(dir, before ?? '');
      fresh = performance.now() - began;
      for (let round = 0; round < ROUNDS; round++) {
        // What a check does: it leaves something, and touches what it should not.
        writeFileSync(join(dir, 'd2', 'left behind'), 'x');
        writeFileSync(join(dir, 'd3/s3/file3.txt'), 'y');
        const started = performance.now();
        await repository.slots.scrub(dir);
        await repository.slots.checkout(dir, (round % 2 === 0 ? after : before) ?? '');
        times.push(performance.now() - started);
        if (existsSync(join(dir, 'd2/left behind')) || readFileSync(join(dir, 'd3/s3/file3.txt'), 'utf8') === 'y')
          throw new Error('the slot is not clean');
      }
    });
    await repository.close();
    repo.remove();
    rows.push({
      what: `slot for a one-file change, ${files} files (${ROUNDS} rounds)`,
      ours: `${median(times).toFixed(1)} ms`,
      peer: `${fresh.toFixed(1)} ms (made anew)`,
      ratio: `${(median(times) / fresh).toFixed(2)} x`,
      bound: `≤ ${bound} ms`,
      holds: median(times) <= bound,
    });
  }
}

function manyFiles(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`d${at % 100}/s${at % 100}/file${at}.txt`, `file ${at}\n`]),
  );
}

const PROPOSALS = 10;
const SECONDS = 10;

/** A test that needs a core for ten seconds, not a wall clock. */
const SUITE = `import time
import unittest


class Suite(unittest.TestCase):
    def test_slow(self):
        end = time.process_time() + ${SECONDS}
        while time.process_time() < end:
            pass


if __name__ == "__main__":
    unittest.main()
`;

export function benchTen(rows: Row[]): void {
  const files = Object.fromEntries(
    Array.from({ length: PROPOSALS }, (_, at) => [`pkg/m${at}.py`, `import os\n\nVALUE_${at} = ${at}\n`]),
  );
  const repo = makeRepository({ files: { ...files, 'tests/test_suite.py': SUITE } });
  repo.write('.ambient.yml', 'risk_policy:\n  file_change_limit: 1\n');
  repo.commit('configuration');
  ambient(repo, ['init', '--no-hook']);
  const { path, runs } = countingSandbox(repo);
  const env = { ...repo.env, PATH: `${path}:${repo.env['PATH']}` };
  const total = time([process.execPath, cliPath, 'run', '--all'], { cwd: repo.dir, env });
  const count = ambientJson<unknown[]>(repo, ['list']).length;
  if (count !== PROPOSALS) throw new Error(`the bench needs ${PROPOSALS} proposals and got ${count}`);
  const trees = runs();
  const cores = Math.min(availableParallelism(), PROPOSALS);
  // The base, each proposal, and all of them together.
  const pure = ((PROPOSALS + 2) * SECONDS * 1000) / cores;
  rows.push({
    what: `${PROPOSALS} proposals, a suite of ${SECONDS} s, ${cores} cores`,
    ours: `${(total / 1000).toFixed(1)} s`,
    peer: `${(pure / 1000).toFixed(1)} s (checks alone)`,
    ratio: `${(total / pure).toFixed(2)} x, ${trees} runs`,
    bound: `≤ 1.25 x, ${PROPOSALS + 2} runs`,
    holds: total / pure <= 1.25 && trees === PROPOSALS + 2,
  });
  repo.remove();
}

/** A bwrap that notes each start of the suite before it becomes the real one. */
function countingSandbox(repo: TestRepository): { path: string; runs(): number } {
  const [path, log] = [join(repo.home, 'bin'), join(repo.home, 'runs')];
  const real = repo.exec(['sh', '-c', 'command -v bwrap']).trim();
  mkdirSync(path);
  const script = `#!/bin/sh\ncase "$*" in *unittest*) echo run >> '${log}';; esac\nexec '${real}' "$@"\n`;
  writeFileSync(join(path, 'bwrap'), script, { mode: 0o755 });
  writeFileSync(log, '');
  return { path, runs: () => readFileSync(log, 'utf8').split('\n').length - 1 };
}
