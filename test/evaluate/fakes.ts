/** Checks, findings and caches made up for verdict tables. */
import { canonicalJson } from '../../src/base/index.ts';
import type { Check, CheckKind, EvaluationInput, Judgement, TestOutcome } from '../../src/evaluate/index.ts';
import type { CheckOutcome, Finding } from '../../src/records/index.ts';

export const BASE = 'b'.repeat(40);
export const CANDIDATE = 'c'.repeat(40);

export function judgement(outcome: CheckOutcome, more: Partial<Judgement> = {}): Judgement {
  return { outcome, tests: {}, findings: [], detail: '', duration: 5, ...more };
}

/** 'a b !c -d': a and b passed, c failed, d was skipped; the outcome follows unless it is given. */
export function ran(list: string, outcome?: CheckOutcome): Judgement {
  const words = list.split(' ').filter((word) => word !== '');
  const tests: Record<string, TestOutcome> = Object.fromEntries(
    words.map((word) => [
      word.replace(/^[!-]/, ''),
      word[0] === '!' ? 'failed' : word[0] === '-' ? 'skipped' : 'passed',
    ]),
  );
  return judgement(outcome ?? (list.includes('!') ? 'failed' : 'passed'), { tests });
}

export interface FakeCheck extends Check {
  /** Trees in the order in which they were judged. */
  judged: string[];
}

/** Answers with the runs in turn and repeats the last one. */
export function fakeCheck(
  base: Judgement[],
  candidate: Judgement[],
  kind: CheckKind = 'tests',
  name = 'pytest',
): FakeCheck {
  const judged: string[] = [];
  const answers = { [BASE]: [...base], [CANDIDATE]: [...candidate] };
  return {
    ...{ name, kind, judged, digest: `digest of ${name}` },
    async judge(tree) {
      judged.push(tree);
      const list = answers[tree] ?? [];
      const answer = list.length > 1 ? list.shift() : list[0];
      if (answer === undefined) throw new Error(`no answer for ${tree}`);
      return answer;
    },
  };
}

export function finding(fingerprint: string, line = 1): Finding {
  return {
    ...{ rule: 'python/yaml-load', specialist: 'SecurityGuardian', severity: 'high', path: 'app.py' },
    ...{ line, end_line: line, message: 'unsafe load.', fixable: true, fingerprint },
  };
}

export function analysis(base: Judgement | Finding[], candidate: Judgement | Finding[]): FakeCheck {
  const as = (value: Judgement | Finding[]) => [
    Array.isArray(value) ? judgement('passed', { findings: value }) : value,
  ];
  return fakeCheck(as(base), as(candidate), 'analysis', 'analysis');
}

export function input(checks: Check[], more: Partial<EvaluationInput> = {}): EvaluationInput {
  const trees = { baseTree: BASE, candidateTree: CANDIDATE };
  return { base: 'base commit', candidate: 'candidate commit', ...trees, checks, claimed: [], changes: [], ...more };
}

export function memoryCache() {
  const values = new Map<string, string>();
  return {
    values,
    get: async (key: string): Promise<unknown> => JSON.parse(values.get(key) ?? 'null'),
    put: async (key: string, value: unknown) => void values.set(key, canonicalJson(value)),
  };
}
