/**
 * Our runner on uvu. uvu alone exits 0 on zero files and on a suite without `.run()`; here both are failures. Each file
 * runs in its own process with a deadline, a few at once. Last line: `N passed, N failed`.
 * Usage: run.ts [substring of a path]…
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const DEADLINE = Number(process.env['TEST_DEADLINE_MS'] ?? 600_000);
const filters = process.argv.slice(2);
const LONG =
  /\/(scenario|cases)\/|attacks|end-to-end|docs\.test|bad-machine|configuration|shapes|crew\/(landing|clones)/;
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join(root, 'test', path))
  .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
  // The long ones first: one that begins last keeps a core idle at the end.
  .sort((a, b) => Number(LONG.test(b)) - Number(LONG.test(a)) || (a < b ? -1 : 1));

interface Report {
  suites: number;
  total: number;
  passed: number;
  skipped: number;
}
let passed = 0;
let failed = 0;
let skipped = 0;
const failures: string[] = [];

function runFile(file: string): Promise<void> {
  return new Promise((resolve) => {
    const name = relative(root, file);
    const started = Date.now();
    const child: ChildProcess = fork(join(root, 'test/support/run-file.ts'), [file], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--import', 'tsx'],
      detached: true,
    });
    let output = '';
    let report: Report | undefined;
    let late = false;
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('message', (message) => (report = message as Report));
    const timer = setTimeout(() => {
      late = true;
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    }, DEADLINE);
    child.on('close', (code) => {
      clearTimeout(timer);
      const bad = report ? report.total - report.passed - report.skipped : 1;
      passed += report?.passed ?? 0;
      skipped += report?.skipped ?? 0;
      let complaint = '';
      if (late) complaint = `did not end within ${DEADLINE / 1000} s`;
      else if (!report) complaint = `ended with code ${code} before its tests did`;
      else if (report.suites === 0 || report.total + report.skipped === 0)
        complaint = 'has no test: is `.run()` missing?';
      else if (bad > 0 || code !== 0) complaint = `${bad} failed (exit code ${code})`;
      failed += complaint ? Math.max(bad, 1) : 0;
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      process.stdout.write(
        `${complaint ? 'FAIL' : ' ok '} ${name} (${report?.passed ?? 0} in ${seconds} s${report?.skipped ? `, ${report.skipped} skipped` : ''})\n`,
      );
      if (complaint) {
        failures.push(`${name}: ${complaint}`);
        process.stdout.write(`${output}\n`);
      }
      resolve();
    });
  });
}

const queue = [...files];
// One more than cores: many of them wait for a process of theirs.
const width = availableParallelism() + 1;
await Promise.all(
  Array.from({ length: width }, async () => {
    for (let file = queue.shift(); file; file = queue.shift()) await runFile(file);
  }),
);
if (files.length === 0) {
  failed += 1;
  failures.push(`no test file matches ${filters.join(' ') || 'test/**/*.test.ts'}`);
}
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed === 0 ? 0 : 1;
