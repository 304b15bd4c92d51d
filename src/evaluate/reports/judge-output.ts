/** What the end of a command means. Rule: pure; only a run that came to its own end can pass or fail. */
import type { SandboxResult } from '../../sandbox/index.ts';
import type { Judgement, Report, RunnableCheck } from '../types.ts';
import { readAny } from './report-any.ts';
import { readCargo } from './report-cargo.ts';
import { readComplaints, readEslint } from './report-complaints.ts';
import { readGo } from './report-go.ts';
import { readJavascript } from './report-javascript.ts';
import { readJunit } from './report-pytest.ts';
import { readUnittest } from './report-unittest.ts';

/** `shown` takes the place of stdout for people. */
type Reported = Pick<Judgement, 'tests' | 'counts'> & { shown?: string };
export type Judged = Pick<Judgement, 'outcome' | 'tests' | 'counts' | 'detail'> & { shown?: string };

/** @param xml pytest's report, or null when there is none. `detail` is only what the output does not say itself. */
export function judge(
  check: Pick<RunnableCheck, 'argv' | 'report'>,
  result: SandboxResult,
  xml: string | null,
): Judged {
  const without = (outcome: Judgement['outcome'], detail: string): Judged => ({ outcome, tests: {}, detail });
  if (result.setupError !== null) return without('absent', result.setupError);
  if (result.oom) return without('oom', 'ended by the memory limit');
  if (result.timedOut) return without('timeout', 'ended by the time limit');
  if (result.diskFull) return without('error', 'ended by the disk limit');
  if (result.fileTooLarge) return without('error', 'ended by the limit on the size of a file');
  if (result.pidsFull) return without('error', 'ended by the limit on processes');
  if (result.code === null) return without('error', `ended by ${result.signal ?? 'a signal'}`);
  const missing = whatIsMissing(check, result);
  if (missing !== null) return without('absent', missing);
  const reported = read(check.report, result, xml);
  const { outcome, detail } = byExitCode(check.report, result, reported);
  return { outcome, detail, ...reported };
}

function read(report: Report, result: SandboxResult, xml: string | null): Reported {
  if (report === 'pytest') return { tests: xml === null ? {} : readJunit(xml) };
  // Half an output names half the tests: the others would look as if they were gone.
  if (result.truncated) return { tests: {} };
  const { stdout, stderr, code } = result;
  const both = `${stdout}\n${stderr}`;
  switch (report) {
    case 'unittest':
      return readUnittest(stderr);
    case 'javascript':
      return readJavascript(both);
    case 'go':
      return readGo(stdout);
    case 'cargo':
      return readCargo(stdout, stderr);
    case 'any':
      return readAny(stdout, stderr);
    case 'eslint':
      return { tests: readEslint(stdout, code ?? 1) };
    case 'complaints':
    case 'clippy':
      return { tests: readComplaints(both) };
    case 'lines':
      // A script that ended well has nothing to complain about, whatever it printed.
      return { tests: code === 0 ? {} : { ...readComplaints(both), ...readEslint(stdout, code ?? 1) } };
    default:
      return { tests: {} };
  }
}

function whatIsMissing(check: Pick<RunnableCheck, 'argv'>, { code, stdout, stderr }: SandboxResult): string | null {
  if (code === 0) return null;
  const tool = check.argv[1] === '-m' ? check.argv[2] : undefined;
  const module = /: No module named '?([\w.]+)'?\s*$/.exec(stderr.trim())?.[1];
  if (tool !== undefined && module === tool && !/Traceback/.test(stderr)) return `${tool} is not installed`;
  const offline = whatWasNeverFetched(check.argv[0] ?? '', stdout, stderr);
  if (offline !== null) return offline;
  const command = /(?:sh: \d+: |line \d+: |sh: )(\S+): (?:command )?not found\s*$/m.exec(`${stderr}\n${stdout}`)?.[1];
  return code === 127 || code === 126 ? `${command ?? check.argv[0]} is not installed` : null;
}

/** There is no network to fetch it now: that says something about this machine and nothing about the tree. */
function whatWasNeverFetched(program: string, stdout: string, stderr: string): string | null {
  const [go, cargo] = [
    /^(go|make)$/.test(program) ? `${stdout}\n${stderr}` : '',
    /^(cargo|make)$/.test(program) ? stderr : '',
  ];
  if (/module lookup disabled by GOPROXY=off|missing go\.sum entry/.test(go))
    return 'modules of it are not on this machine: go mod download';
  if (/requires go >= \S+ \(running go/.test(go))
    return `the Go that is installed is too old for it: ${firstError(go)}`;
  if (/you're using offline mode|--offline was specified|in the offline mode/.test(cargo))
    return 'crates of it are not on this machine: cargo fetch';
  if (/no such (?:sub)?command: [`']clippy|'cargo-clippy' is not installed/.test(cargo))
    return 'clippy is not installed: rustup component add clippy';
  return null;
}

/** pytest: https://docs.pytest.org/en/stable/reference/exit-codes.html; ruff and mypy: 2 = could not run. */
function byExitCode(report: Report, result: SandboxResult, reported: Reported): Pick<Judged, 'outcome' | 'detail'> {
  const { code, stdout, stderr } = result;
  const as = (outcome: Judgement['outcome'], detail = '') => ({ outcome, detail });
  const none = as('absent', 'no test was found');
  if (report === 'pytest') {
    if (code === 5) return none;
    if (code === 4 && !/ImportError while loading conftest|SyntaxError/.test(stderr + stdout))
      return as('absent', `pytest could not start: ${firstError(stderr)}`);
    if (code === 3) return as('error', 'pytest broke');
  }
  if (report === 'unittest' && (code === 5 || (code === 0 && /^Ran 0 tests in /m.test(stderr)))) return none;
  if (report === 'go' && code === 0 && Object.keys(reported.tests).length === 0) return none;
  if (report === 'cargo' && code === 0 && total(reported) === 0) return none;
  if (report === 'eslint' && code === 2) return as('absent', `eslint could not start: ${firstError(stderr || stdout)}`);
  // Its complaints are warnings, with which cargo ends well.
  if (report === 'clippy' && code === 0 && Object.keys(reported.tests).length > 0) return as('failed');
  if (
    /^(complaints|clippy|eslint)$/.test(report) &&
    code !== 0 &&
    Object.keys(reported.tests).length === 0 &&
    !result.truncated
  )
    return as('error', 'it ended without a complaint that could be read');
  if (code === 0) return as('passed');
  return as('failed');
}

function total({ counts }: Reported): number | null {
  return counts === undefined ? null : counts.passed + counts.failed + counts.skipped;
}

function firstError(text: string): string {
  return (text.split('\n').find((line) => /error/i.test(line)) ?? text.trim().split('\n')[0] ?? '')
    .trim()
    .slice(0, 200);
}
