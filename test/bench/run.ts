/**
 * `npm run bench`: what git-ambient costs, each figure beside its peer in the same run. Prints a table and exits with 1
 * when a bound is broken. Needs a built dist/.
 */
import { join } from 'node:path';
import { ambient, ambientJson, cliPath, waitForCrew } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { benchCorpora } from './corpora.ts';
import { benchSlots, benchTen } from './evaluate.ts';
import { alternate, median, pairedDifference, type Row, ratioRow, table, time } from './measure.ts';
import { benchPack } from './pack.ts';
import { benchPerformance } from './performance.ts';
import { benchPush } from './push.ts';
import { benchSandbox } from './sandbox.ts';
import { benchMany, benchSize } from './scale.ts';
import { benchTab } from './tab.ts';

const rows: Row[] = [];
const ms = (value: number) => `${value.toFixed(1)} ms`;
const node = process.execPath;

/** A repository whose post-commit hook is ours, and one whose hook is an empty sh script. */
function hookPair(): [TestRepository, TestRepository] {
  const ours = makeRepository({ files: { 'a.txt': 'a\n' } });
  ambient(ours, ['init']);
  const empty = makeRepository({ files: { 'a.txt': 'a\n' } });
  empty.write('.git/hooks/post-commit', '#!/bin/sh\n');
  empty.exec(['chmod', '+x', '.git/hooks/post-commit']);
  return [ours, empty];
}

function commit(repo: TestRepository): number {
  return time(['git', 'commit', '--allow-empty', '-qm', 'x'], { cwd: repo.dir, env: repo.env });
}

function benchHook(): void {
  const [ours, empty] = hookPair();
  const [a = [], b = []] = alternate(
    40,
    () => {
      const elapsed = commit(ours);
      waitForCrew(ours);
      return elapsed;
    },
    () => commit(empty),
  );
  const added = pairedDifference(a, b);
  rows.push({
    what: 'git commit, one at a time (40 pairs)',
    ours: ms(median(a)),
    peer: `${ms(median(b))} (empty sh hook)`,
    ratio: `+${added.mean.toFixed(2)} ms (95 %: ${added.low.toFixed(2)} to ${added.high.toFixed(2)})`,
    bound: '≤ +3 ms',
    holds: added.high <= 3,
  });
  const series = (repo: TestRepository) => {
    let sum = 0;
    for (let at = 0; at < 20; at++) sum += commit(repo);
    return sum / 20;
  };
  const [c = [], d = []] = alternate(
    6,
    () => {
      const each = series(ours);
      waitForCrew(ours);
      return each;
    },
    () => series(empty),
  );
  const inARow = pairedDifference(c, d);
  rows.push({
    what: 'git commit, 20 in a row (6 pairs of series, per commit)',
    ours: ms(median(c)),
    peer: `${ms(median(d))} (empty sh hook)`,
    ratio: `+${inARow.mean.toFixed(2)} ms (95 %: ${inARow.low.toFixed(2)} to ${inARow.high.toFixed(2)})`,
    bound: '≤ +3 ms',
    holds: inARow.high <= 3,
  });
  for (const repo of [ours, empty]) repo.remove();
}

function benchStart(): void {
  const repo = makeRepository({ files: manyFiles(100, (at) => `import os\n\nVALUE_${at} = ${at}\n`) });
  repo.write('.ambient.yml', 'risk_policy:\n  max_open_proposals: 1000\n  file_change_limit: 1\n');
  repo.commit('configuration');
  ambient(repo, ['init']);
  ambient(repo, ['run', '--all']);
  const proposals = ambientJson<unknown[]>(repo, ['list']).length;
  if (proposals !== 100) throw new Error(`the bench needs 100 proposals and got ${proposals}`);
  repo.git('pack-refs', '--all');
  const options = { cwd: repo.dir, env: repo.env };
  const bare = join(repo.home, 'empty.js');
  repo.exec(['sh', '-c', `: > "${bare}"`]);
  const plain = [
    'sh',
    '-c',
    'git for-each-ref --format="%(refname) %(objectname) %(contents)" refs/ambient/ && git log --no-walk --glob=refs/ambient/proposals/* --notes=ambient/evaluations/* --notes=ambient/archive/* --name-only',
  ];
  const [empty = [], version = [], status = [], list = [], git = []] = alternate(
    20,
    () => time([node, bare], options),
    () => time([node, cliPath, '--version'], options),
    () => time([node, cliPath, 'status'], options),
    () => time([node, cliPath, 'list'], options),
    () => time(plain, options),
  );
  const add = (...args: Parameters<typeof ratioRow>) => rows.push(ratioRow(...args));
  add('--version', version, empty, 'node, empty file', 2.5);
  const sum = version.map((value, at) => value + (git[at] ?? 0));
  add('status, 100 proposals', status, sum, '--version + for-each-ref and log', 1.5);
  add('list, 100 proposals', list, sum, '--version + for-each-ref and log', 1.5);
  repo.remove();
}

function manyFiles(count: number, text: (at: number) => string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`src/m${at % 20}/file${at}.py`, text(at)]));
}

function benchCycle(): void {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const repo = makeRepository({
      files: manyFiles(500, (at) => `"""Module ${at}."""\n\n\ndef value_${at}():\n    return ${at}\n`),
    });
    ambient(repo, ['init', '--no-hook']);
    repo.commit('defect', { 'src/m0/file0.py': 'import os\n\n\ndef value_0():\n    return 0\n' });
    times.push(time([node, cliPath, 'run'], { cwd: repo.dir, env: repo.env }));
    if (ambientJson<unknown[]>(repo, ['list']).length !== 1) throw new Error('the cycle proposed nothing');
    repo.remove();
  }
  rows.push({
    what: 'event to proposal, one changed file of 500, no checks',
    ours: ms(median(times)),
    peer: '-',
    ratio: '-',
    bound: '≤ 3000 ms',
    holds: median(times) <= 3000,
  });
}

const benches: Record<string, () => void | Promise<void>> = {
  hook: benchHook,
  start: benchStart,
  cycle: benchCycle,
  performance: () => benchPerformance(rows),
  corpora: () => benchCorpora(rows),
  pack: () => benchPack(rows),
  push: () => benchPush(rows),
  tab: () => benchTab(rows),
  size: () => benchSize(rows),
  many: () => benchMany(rows),
  sandbox: () => benchSandbox(rows),
  slots: () => benchSlots(rows),
  ten: () => benchTen(rows),
};
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) if (wanted.length === 0 || wanted.includes(name)) await bench();
process.stdout.write(`${table(rows)}\n`);
process.exitCode = rows.every((row) => row.holds !== false) ? 0 : 1;
