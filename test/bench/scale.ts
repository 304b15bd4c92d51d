/** Does the cost stay flat? Cycles in growing repositories, and a clone with ten thousand open proposals. */
import { ambient, ambientJson, cliPath, waitForCrew } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { addProposals } from './many-proposals.ts';
import { alternate, median, pairedDifference, type Row, ratioRow, time } from './measure.ts';

const ms = (value: number) => `${value.toFixed(1)} ms`;
const node = process.execPath;
const MANY = 10_000;

/** One changed file and nothing to fix, in 500, 5,000 and 50,000 files. */
export function benchSize(rows: Row[]): void {
  const medians = new Map<number, number>();
  for (const count of [500, 5_000, 50_000]) {
    const repo = bigRepository(count);
    ambient(repo, ['init', '--no-hook']);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      repo.commit(`round ${round}`, { 'src/m0/file0.py': `"""Module 0."""\n\nVALUE_0 = ${round + 1000}\n` });
      times.push(time([node, cliPath, 'run'], { cwd: repo.dir, env: repo.env }));
      if (ambientJson<unknown[]>(repo, ['list']).length !== 0) throw new Error('there was something to fix');
    }
    medians.set(count, median(times));
    repo.remove();
  }
  const [small = 0, large = 0] = [medians.get(5_000), medians.get(50_000)];
  rows.push(plainRow('one changed file of 500, nothing to fix', medians.get(500) ?? 0, 2500));
  rows.push(plainRow('one changed file of 5,000, nothing to fix', small, 2500));
  rows.push({
    what: 'one changed file of 50,000, nothing to fix',
    ours: ms(large),
    peer: `${ms(small)} (5,000 files)`,
    ratio: `${(large / small).toFixed(2)} x`,
    bound: '≤ 1.5 x',
    holds: large / small <= 1.5,
  });
}

/** `list` and the commit hook beside ten thousand open proposals. */
export function benchMany(rows: Row[]): void {
  const [few, many] = [bigRepository(20), bigRepository(20)];
  for (const repo of [few, many]) ambient(repo, ['init']);
  addProposals(many, MANY);
  const options = { cwd: many.dir, env: many.env };
  const plain = [
    'sh',
    '-c',
    'git for-each-ref --format="%(refname) %(objectname) %(contents)" refs/ambient/ && git log --no-walk --glob=refs/ambient/proposals/* --notes=ambient/evaluations/* --notes=ambient/archive/*',
  ];
  const [version = [], list = [], status = [], git = []] = alternate(
    10,
    () => time([node, cliPath, '--version'], options),
    () => time([node, cliPath, 'list'], options),
    () => time([node, cliPath, 'status'], options),
    () => time(plain, options),
  );
  const sum = version.map((value, at) => value + (git[at] ?? 0));
  rows.push(ratioRow('list, 10,000 proposals, first page', list, sum, '--version + for-each-ref and log', 1.5));
  rows.push(ratioRow('status, 10,000 proposals', status, sum, '--version + for-each-ref and log', 1.5));
  benchFlatHook(rows, few, many);
}

function benchFlatHook(rows: Row[], few: TestRepository, many: TestRepository): void {
  const commit = (repo: TestRepository) => () => {
    waitForCrew(repo, 600);
    return time(['git', 'commit', '--allow-empty', '-qm', 'x'], { cwd: repo.dir, env: repo.env });
  };
  const [without = [], beside = []] = alternate(15, commit(few), commit(many));
  const ratio = median(beside) / median(without);
  const added = pairedDifference(beside, without);
  rows.push({
    what: 'git commit beside 10,000 proposals (15 pairs)',
    ours: ms(median(beside)),
    peer: `${ms(median(without))} (no proposals)`,
    ratio: `${ratio.toFixed(2)} x, ${added.mean.toFixed(2)} ms`,
    bound: '0.8 to 1.2 x',
    holds: ratio >= 0.8 && ratio <= 1.2,
  });
  for (const repo of [few, many]) repo.remove();
}

function plainRow(what: string, ours: number, bound: number): Row {
  return { what, ours: ms(ours), peer: '-', ratio: '-', bound: `≤ ${bound} ms`, holds: ours <= bound };
}

/** Written by one `git fast-import`: 50,000 files one by one would take longer than what is measured. */
export function bigRepository(count: number): TestRepository {
  const repo = makeRepository({ files: { 'README.md': 'hello\n' } });
  const files = Array.from({ length: count }, (_, at) => {
    const text = `"""Module ${at}."""\n\nVALUE_${at} = ${at}\n`;
    return `M 100644 inline src/m${at % 200}/file${at}.py\ndata ${text.length}\n${text}\n`;
  });
  const who = 'committer Test Person <person@example.test> 1767225600 +0000';
  repo.exec(['git', 'fast-import', '--quiet', '--force'], {
    input: `commit refs/heads/main\n${who}\ndata 4\nmany\nfrom refs/heads/main^0\n${files.join('')}`,
  });
  repo.git('reset', '-q', '--hard', 'main');
  return repo;
}
