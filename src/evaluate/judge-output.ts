/** What the end of a command means. Rule: pure; only a run that came to its own end can pass or fail. */
import type { SandboxResult } from '../sandbox/index.ts';
import { readComplaints } from './report-complaints.ts';
import { readJavascript } from './report-javascript.ts';
import { readJunit } from './report-pytest.ts';
import { readUnittest } from './report-unittest.ts';
import type { Judgement, Report, RunnableCheck } from './types.ts';

type Reported = Pick<Judgement, 'tests' | 'counts'>;
export type Judged = Pick<Judgement, 'outcome' | 'tests' | 'counts' | 'detail'>;

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
  if (report === 'unittest') return readUnittest(result.stderr);
  if (report === 'javascript') return readJavascript(`${result.stdout}\n${result.stderr}`);
  return { tests: report === 'complaints' ? readComplaints(`${result.stdout}\n${result.stderr}`) : {} };
}

function whatIsMissing(check: Pick<RunnableCheck, 'argv'>, { code, stdout, stderr }: SandboxResult): string | null {
  if (code === 0) return null;
  const tool = check.argv[1] === '-m' ? check.argv[2] : undefined;
  const module = /: No module named '?([\w.]+)'?\s*$/.exec(stderr.trim())?.[1];
  if (tool !== undefined && module === tool && !/Traceback/.test(stderr)) return `${tool} is not installed`;
  const command = /(?:sh: \d+: |line \d+: |sh: )(\S+): (?:command )?not found\s*$/m.exec(`${stderr}\n${stdout}`)?.[1];
  return code === 127 || code === 126 ? `${command ?? check.argv[0]} is not installed` : null;
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
  if (report === 'complaints' && code !== 0 && Object.keys(reported.tests).length === 0 && !result.truncated)
    return as('error', 'it ended without a complaint that could be read');
  if (code === 0) return as('passed');
  return as('failed');
}

function firstError(text: string): string {
  return (text.split('\n').find((line) => /error/i.test(line)) ?? text.trim().split('\n')[0] ?? '')
    .trim()
    .slice(0, 200);
}
