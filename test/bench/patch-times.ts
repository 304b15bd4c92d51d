/** What placing costs: usual patches, large files, the worst that can be sent, and a call of the command line. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../patch/corpus/cases.ts';
import { placeInMemory } from '../patch/corpus/engines.ts';
import { linesOf, type Tree } from '../patch/corpus/model.ts';
import { cliPath } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { alternate, median, time } from './measure.ts';

interface Row {
  what: string;
  value: string;
  bound: string;
  holds: boolean;
}
type Rows = Row[];

const ms = (value: number) => `${value.toFixed(1)} ms`;
const below = (what: string, value: number, bound: number): Row => ({
  ...{ what, value: ms(value), bound: `≤ ${bound} ms`, holds: value <= bound },
});

export async function measurePatches(cases: readonly Case[]): Promise<{ table: string; broken: string[] }> {
  const rows: Rows = [
    ...(await usual(cases)),
    ...(await extremes()),
    ...(await hostileText()),
    ...(await bomb()),
    ...commandLine(),
  ];
  const cells = rows.map(({ what, value, bound, holds }) => [what, value, bound, holds ? 'holds' : 'BROKEN']);
  const table = [['what', 'measured', 'bound', ''], ['---', '---:', '---:', '---'], ...cells];
  return {
    table: table.map((row) => `| ${row.join(' | ')} |`).join('\n'),
    broken: rows.filter(({ holds }) => !holds).map(({ what, value, bound }) => `${what}: ${value}, ${bound}`),
  };
}

/** Warm, in the process; files of up to 2,000 lines. */
async function usual(cases: readonly Case[]): Promise<Rows> {
  const small = cases.filter(({ before }) =>
    [...before.values()].every(({ content }) => linesOf(content).length <= 2000),
  );
  const times: number[] = [];
  for (const round of [0, 1])
    for (const item of small) {
      const { time: elapsed } = await placeInMemory(item.before, item.patch);
      if (round === 1) times.push(elapsed);
    }
  const sorted = times.sort((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  const what = `placing one of ${small.length} patches, files up to 2,000 lines`;
  return [below(`${what}, median`, median(sorted), 5), below(`${what}, p95`, p95, 50)];
}

const file = (lines: readonly string[]): Tree =>
  new Map([['file.txt', { mode: '100644', content: `${lines.join('\n')}\n` }]]);
const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => `line ${at} of a long file, value ${at * 7}`);
const patchOf = (hunks: readonly string[][]) =>
  Buffer.from(`--- a/file.txt\n+++ b/file.txt\n${hunks.map((lines) => `${lines.join('\n')}\n`).join('')}`);

async function timed(before: Tree, patch: Buffer): Promise<{ elapsed: number; applied: boolean }> {
  const times: number[] = [];
  let applied = false;
  for (let round = 0; round < 5; round += 1) {
    const result = await placeInMemory(before, patch);
    times.push(result.time);
    applied = result.applied;
  }
  return { elapsed: median(times), applied };
}

async function extremes(): Promise<Rows> {
  const lines = numbered(20_000);
  const hunkAt = (at: number, offset = 0, typo = '') => [
    `@@ -${at + 1 + offset},7 +${at + 1 + offset},8 @@`,
    ...[0, 1, 2].map((by) => ` ${lines[at + by]}${by === 1 ? typo : ''}`),
    `-${lines[at + 3]}`,
    `+${lines[at + 3]} changed`,
    '+one more line',
    ...[4, 5, 6].map((by) => ` ${lines[at + by]}`),
  ];
  const fifty = Array.from({ length: 50 }, (_, at) => at * 390 + 7);
  const right = await timed(file(lines), patchOf(fifty.map((at) => hunkAt(at))));
  const damaged = await timed(file(lines), patchOf(fifty.map((at) => hunkAt(at, 37, ' tpyo'))));
  if (!right.applied || !damaged.applied) throw new Error('fifty hunks of a long file were refused');
  const equal = await timed(
    file(Array(20_000).fill('x')),
    patchOf([['@@ -9000,3 +9000,3 @@', ' x', '-x', '+y', ' x']]),
  );
  const unnumbered = await timed(file(Array(20_000).fill('x')), patchOf([['@@ @@', ' x', ' x', '-x', '+y', ' x']]));
  const copies = Array.from({ length: 10_000 }, (_, at) => ['{', '  value: 1,', '},', `// ${at % 3}`]).flat();
  const candidates = await timed(file(copies), patchOf([['@@ ... @@', ' {', '-  value: 1,', '+  value: 2,', ' },']]));
  const noisy = await timed(
    file(copies),
    patchOf([['@@ ... @@', ' {', '-  valeu: 1,', '+  value: 2,', ' },', ' // 7', ' {', '   value: 1,', ' }']]),
  );
  const long = ' x\n'.repeat(300).trimEnd().split('\n');
  const almost = await timed(
    file(Array(20_000).fill('x')),
    patchOf([['@@ ... @@', ...long, ' not there', '-x', '+y', ...long]]),
  );
  return [
    below('20,000 lines, 50 hunks', right.elapsed, 250),
    below('20,000 lines, 50 hunks, each with wrong numbers and a typo', damaged.elapsed, 2000),
    below('20,000 equal lines, a number', equal.elapsed, 2000),
    below('20,000 equal lines, no number', unnumbered.elapsed, 2000),
    below('10,000 candidates', candidates.elapsed, 2000),
    below('10,000 candidates, none exact', noisy.elapsed, 2000),
    below('20,000 equal lines, a block of 600 with one that is not there', almost.elapsed, 2000),
  ];
}

/** What could make a parser go back and forth: as many lines and as many bytes as are looked at. */
async function hostileText(): Promise<Rows> {
  const [bytes, lines] = [8 * 1024 * 1024 - 1024, 99_990];
  const fill = (text: string, lead = '') => {
    const times = Math.floor(Math.min((bytes - lead.length) / text.length, lines / Math.max(1, linesOf(text).length)));
    return Buffer.from(lead + text.repeat(times));
  };
  const wide = (text: string, lead = '') => Buffer.from(lead + text.repeat(Math.floor(bytes / text.length)));
  const hunk = '--- a/file.txt\n+++ b/file.txt\n@@ -1,999999 +1,999999 @@\n';
  const texts: Array<[string, Buffer]> = [
    ['100,000 lines: names of files', fill('--- a\n+++ a\n')],
    ['100,000 lines: names of files in a hunk', fill('--- a\n+++ a\n', hunk)],
    ['100,000 lines: half a pair of names in a hunk', fill('--- a\n', hunk)],
    ['100,000 lines: diff --git', fill('diff --git a/x b/x\n')],
    ['100,000 lines: SEARCH without an end', fill('<<<<<<< SEARCH\n')],
    ['100,000 lines: SEARCH blocks', fill('a.txt\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n')],
    ['100,000 lines: set-in fences', fill('  ```diff\n  --- a/x\n')],
    ['100,000 lines: hunk headers', fill('@@ -1 +1 @@\n')],
    ['100,000 lines: quoted mail', fill('> --- a\n> +++ a\n')],
    ['100,000 lines: Begin Patch', fill('*** Begin Patch\n*** Update File: x\n')],
    ['8 MB: one added line', wide('x', `${hunk}-`)],
    ['8 MB: blanks in a diff --git line', wide('a ', 'diff --git ')],
    ['8 MB: many long diff --git lines', wide(`diff --git ${'a '.repeat(4000)}\n`)],
    ['8 MB: a quoted name without an end', wide('\\\\', '--- "')],
    ['8 MB: a hunk header', wide(' -1,', '@@')],
  ];
  const rows: Rows = [];
  for (const [what, patch] of texts) {
    const started = performance.now();
    await placeInMemory(file(['x']), patch);
    rows.push(below(what, performance.now() - started, 2000));
  }
  return rows;
}

/** 50 MB on the standard input of the command line. */
async function bomb(): Promise<Rows> {
  const repo = makeRepository({ files: { 'file.txt': 'x\n' } });
  const input = Buffer.concat([
    Buffer.from('--- a/file.txt\n+++ b/file.txt\n@@ -1 +1,25000000 @@\n x\n'),
    Buffer.alloc(50 * 1024 * 1024, '+x\n'),
  ]);
  const started = performance.now();
  const { code, peak } = await runWithInput(repo, input);
  const elapsed = performance.now() - started;
  repo.remove();
  if (code !== 1) throw new Error(`a patch of 50 MB ended with ${code}`);
  const row: Row = { what: '50 MB, memory', value: `${peak.toFixed(0)} MB`, bound: '< 300 MB', holds: peak < 300 };
  return [below('50 MB, refused by the command line', elapsed, 1000), ...(peak > 0 ? [row] : [])];
}

function runWithInput(repo: TestRepository, input: Buffer): Promise<{ code: number | null; peak: number }> {
  const child = spawn(process.execPath, [cliPath, 'apply', '-'], {
    ...{ cwd: repo.dir, env: repo.env, stdio: ['pipe', 'ignore', 'ignore'] as const },
  });
  let peak = 0;
  const look = () => {
    try {
      const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      peak = Math.max(peak, Number(found?.[1] ?? 0) / 1024);
    } catch {
      // It has ended, or this is no Linux.
    }
  };
  const watch = setInterval(look, 2);
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      clearInterval(watch);
      resolve({ code, peak });
    }),
  );
}

/** A whole call, beside `--version`, which is the least that a call can cost. */
function commandLine(): Rows {
  const repo = makeRepository({
    files: Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`src/file${at}.txt`, `${numbered(200).join('\n')}\n`]),
    ),
  });
  const patch = `--- a/src/file7.txt\n+++ b/src/file7.txt\n@@ -3,3 +3,3 @@\n ${numbered(200)[2]}\n-${numbered(200)[3]}\n+changed\n ${numbered(200)[4]}\n`;
  const path = join(repo.home, 'change.patch');
  writeFileSync(path, patch);
  const options = { cwd: repo.dir, env: repo.env };
  const shell = (command: string) => ['sh', '-c', `exec "${process.execPath}" "${cliPath}" ${command} < "${path}"`];
  const [version = [], check = [], applied = []] = alternate(
    20,
    () => time(shell('--version'), options),
    () => time(shell('apply - --check'), options),
    () => {
      const elapsed = time(shell('apply -'), options);
      repo.git('checkout', '-q', '--', 'src/file7.txt');
      return elapsed;
    },
  );
  repo.remove();
  const ratio = (what: string, times: number[]): Row => {
    const value = median(times) / median(version);
    const text = `${ms(median(times))}, ${value.toFixed(2)} x --version (${ms(median(version))})`;
    return { what, value: text, bound: '≤ 1.3 x', holds: value <= 1.3 };
  };
  return [ratio('git ambient apply -', applied), ratio('git ambient apply - --check', check)];
}
