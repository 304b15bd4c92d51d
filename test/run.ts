/**
 * Our runner on uvu. uvu alone exits 0 on zero files and on a suite without `.run()`; here both are failures. Files run in
 * processes with a deadline, a few at once; short ones of one folder share a process, as loading the rooms costs more than
 * they do. Last line: `N passed, N failed`.
 * Usage: run.ts [substring of a path]…
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from './support/run-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const DEADLINE = Number(process.env['TEST_DEADLINE_MS'] ?? 600_000);
const filters = process.argv.slice(2);
const LONG =
  /\/(scenario|cases)\/|attacks|end-to-end|docs\.test|bad-machine|configuration|shapes|next|crew\/|git\/(killed|transaction)|managers/;
/** What these test is called in their own process; of others fewer go together, as each takes longer. */
const IN_PROCESS = /^test\/(base|code|config|evaluate|llm|loops|memory|patch|policy|records|specialists|swarm)\//;
const TOGETHER = { inProcess: 10, other: 4 };
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join(root, 'test', path))
  .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
  // The long ones first: one that begins last keeps a core idle at the end. An engine may still be on its way.
  .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));

function rank(file: string): number {
  return /docker/.test(file) ? 1 : LONG.test(file) ? 0 : 2;
}

let passed = 0;
let failed = 0;
let skipped = 0;
const failures: string[] = [];

/** The files of each process. */
function grouped(): string[][] {
  const groups: string[][] = [];
  for (const file of files) {
    const last = groups.at(-1);
    const shares =
      last !== undefined &&
      last.length < TOGETHER[IN_PROCESS.test(relative(root, file)) ? 'inProcess' : 'other'] &&
      dirname(last[0] ?? '') === dirname(file) &&
      ![...last, file].some((one) => LONG.test(one));
    if (shares) last.push(file);
    else groups.push([file]);
  }
  return groups;
}

/** Resolves to the files whose turn never came because the process ended before. */
function runFiles(group: readonly string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(join(root, 'test/support/run-file.ts'), [...group], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--import', 'tsx'],
      detached: true,
    });
    const left = [...group];
    let started = Date.now();
    let output = '';
    let late = false;
    const kill = () => {
      late = true;
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    };
    let timer = setTimeout(kill, DEADLINE);
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('message', (message) => {
      const report = message as Report;
      left.splice(left.indexOf(report.file), 1);
      clearTimeout(timer);
      timer = setTimeout(kill, DEADLINE);
      // What it printed may come after its report.
      setImmediate(() => {
        tell(report.file, report, complaintOf(report), output, started);
        started = Date.now();
        output = '';
      });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      setImmediate(() => {
        const [died, ...waiting] = left;
        const complaint = late
          ? `did not end within ${DEADLINE / 1000} s`
          : `ended with code ${code} before its tests did`;
        if (died !== undefined) tell(died, undefined, complaint, output, started);
        resolve(waiting);
      });
    });
  });
}

function complaintOf(report: Report): string {
  const bad = report.total - report.passed;
  if (report.suites === 0 || report.total + report.skipped === 0) return 'has no test: is `.run()` missing?';
  return bad > 0 || report.code !== 0 ? `${bad} failed (exit code ${report.code})` : '';
}

function tell(file: string, report: Report | undefined, complaint: string, output: string, started: number): void {
  const name = relative(root, file);
  passed += report?.passed ?? 0;
  skipped += report?.skipped ?? 0;
  const bad = report ? report.total - report.passed : 1;
  failed += complaint ? Math.max(bad, 1) : 0;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `${complaint ? 'FAIL' : ' ok '} ${name} (${report?.passed ?? 0} in ${seconds} s${report?.skipped ? `, ${report.skipped} skipped` : ''})\n`,
  );
  if (!complaint) return;
  failures.push(`${name}: ${complaint}`);
  process.stdout.write(`${output}\n`);
}

const queue = grouped();
// One more than cores: many of them wait for a process of theirs.
const width = availableParallelism() + 1;
await Promise.all(
  Array.from({ length: width }, async () => {
    for (let group = queue.shift(); group; group = queue.shift()) {
      const waiting = await runFiles(group);
      if (waiting.length > 0) queue.unshift(waiting);
    }
  }),
);
if (files.length === 0) {
  failed += 1;
  failures.push(`no test file matches ${filters.join(' ') || 'test/**/*.test.ts'}`);
}
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed === 0 ? 0 : 1;
