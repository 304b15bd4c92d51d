/**
 * Compares what one check said about base and candidate. Rule: pure. Blame needs proof on both sides: something that
 * held on every run of the base and on no run of the candidate.
 */
import type { Judgement } from './types.ts';

/** `broken` asks for re-runs before it is believed; `unknown` is inconclusive; `fine` contributes nothing against. */
export type Comparison =
  | { kind: 'fine'; note?: string; proves: number }
  | { kind: 'broken'; note: string; ids: string[] }
  | { kind: 'unknown'; note: string };

const RAN = new Set(['passed', 'failed']);

/** Compares one run of each. `proves` counts tests that pass on both, 0 when nothing is proved. */
export function compareRuns(base: Judgement, candidate: Judgement): Comparison {
  if (base.outcome === 'absent' && candidate.outcome === 'absent')
    return { kind: 'fine', note: `not run: ${lastLine(candidate.detail)}`, proves: 0 };
  if (!RAN.has(candidate.outcome)) return { kind: 'unknown', note: whyNot(candidate) };
  // A candidate that names no test any more has lost those that the base named.
  const lists = Object.values(base.tests).includes('passed') || (named(base) && named(candidate));
  if (lists) return compareNamed(base, candidate);
  if (candidate.outcome === 'passed') return comparePassed(base, candidate);
  if (base.outcome === 'passed') return { kind: 'broken', note: failsHere(candidate), ids: [] };
  const worse = worseBy(base, candidate);
  if (worse !== null) return { kind: 'broken', note: worse, ids: [] };
  if (base.outcome === 'failed') return { kind: 'fine', note: 'fails on the base too', proves: 0 };
  return { kind: 'unknown', note: `fails, and the base could not be judged: ${whyNot(base)}` };
}

function comparePassed(base: Judgement, candidate: Judgement): Comparison {
  if (base.outcome === 'failed') return { kind: 'fine', note: 'failed on the base, passes now', proves: 0 };
  if (base.outcome !== 'passed')
    return { kind: 'fine', note: `the base could not be judged: ${whyNot(base)}`, proves: 0 };
  const fewer = (base.counts?.passed ?? 0) - (candidate.counts?.passed ?? 0);
  if (base.counts !== undefined && fewer > 0) {
    const note =
      candidate.counts === undefined
        ? 'no longer says how many tests ran'
        : `${count(fewer, 'test')} that passed on the base ${fewer === 1 ? 'does' : 'do'} not run any more`;
    return { kind: 'broken', note, ids: [] };
  }
  // Nothing named and nothing counted: the exit code is all there is, and it is the repository's own measure.
  const proves = base.counts === undefined ? 1 : base.counts.passed;
  return { kind: 'fine', proves };
}

/** Both are red and only totals are known. */
function worseBy({ counts: base }: Judgement, { counts: candidate }: Judgement): string | null {
  if (base === undefined || candidate === undefined) return null;
  if (candidate.failed > base.failed) return `${candidate.failed} failures, ${base.failed} on the base`;
  return candidate.passed < base.passed
    ? `${count(base.passed - candidate.passed, 'test')} fewer pass than on the base`
    : null;
}

function compareNamed(base: Judgement, candidate: Judgement): Comparison {
  const ids = brokenIds(base, candidate);
  const gone = ids.filter((id) => base.tests[id] === 'passed' && candidate.tests[id] !== 'failed');
  const failing = ids.filter((id) => candidate.tests[id] === 'failed');
  const notes: string[] = [];
  if (failing.length > 0) notes.push(`newly failing: ${list(failing)}`);
  if (gone.length > 0 && !named(candidate) && candidate.outcome === 'failed')
    notes.push(`the tests do not run any more${candidate.detail === '' ? '' : `: ${lastLine(candidate.detail)}`}`);
  else if (gone.length > 0)
    notes.push(
      `${count(gone.length, 'test')} that passed on the base ${gone.length === 1 ? 'does' : 'do'} not run any more: ${list(gone)}`,
    );
  if (ids.length > 0) return { kind: 'broken', note: notes.join('; '), ids };
  if (base.outcome === 'passed' && candidate.outcome === 'failed')
    return { kind: 'broken', note: failsHere(candidate), ids: [] };
  const proves = Object.entries(base.tests).filter(
    ([id, is]) => is === 'passed' && candidate.tests[id] === 'passed',
  ).length;
  const red = Object.entries(candidate.tests).filter(([, is]) => is === 'failed').length;
  if (candidate.outcome === 'failed')
    return {
      kind: 'fine',
      note: red === 0 ? 'fails on the base too' : `${count(red, 'failure')} on the base too`,
      proves,
    };
  const note = base.outcome === 'failed' ? { note: 'failed on the base, passes now' } : {};
  return { kind: 'fine', ...note, proves };
}

/** What fails now and did not, and what passed and is gone or skipped. */
function brokenIds(base: Judgement, candidate: Judgement): string[] {
  const failing = Object.keys(candidate.tests).filter(
    (id) => candidate.tests[id] === 'failed' && base.tests[id] !== 'failed',
  );
  const gone = Object.keys(base.tests).filter(
    (id) =>
      base.tests[id] === 'passed' &&
      !['passed', 'failed'].includes(candidate.tests[id] ?? '') &&
      // A test that became a table of cases goes by the names of its rows.
      !(candidate.tests[id] === undefined && Object.keys(candidate.tests).some((row) => row.startsWith(`${id}[`))),
  );
  return [...failing, ...gone];
}

function failsHere({ detail, tests }: Judgement): string {
  const red = Object.keys(tests).filter((id) => tests[id] === 'failed');
  if (red.length > 0) return `passes on the base and fails here: ${list(red)}`;
  return `passes on the base and fails here${detail === '' ? '' : `: ${lastLine(detail)}`}`;
}

function named(judgement: Judgement): boolean {
  return Object.keys(judgement.tests).length > 0;
}

function whyNot({ outcome, detail }: Judgement): string {
  const words = { timeout: 'timed out', oom: 'ran out of memory', absent: 'could not be run', error: 'broke' };
  const word = words[outcome as keyof typeof words] ?? outcome;
  return detail === '' || outcome === 'timeout' || outcome === 'oom' ? word : `${word}: ${lastLine(detail)}`;
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 200);
}

function list(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).map((id) => (id.length > 120 ? `${id.slice(0, 119)}…` : id));
  return ids.length > 3 ? `${shown.join(', ')} and ${ids.length - 3} more` : shown.join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
