/** What differs between a recorded evaluation and a new one, and how much of it can be explained. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { differences, newestOf } from '../../src/crew/recorded.ts';
import type { CheckComparison, Evaluation, EvaluationContent } from '../../src/records/index.ts';

const test = suite('crew/recorded');
const [OLD, NEW] = ['a'.repeat(16), 'b'.repeat(16)];
const check = (more: Partial<CheckComparison> = {}): CheckComparison => ({
  ...{ name: 'pytest', base: 'passed', candidate: 'passed', duration_ms: 5, flaky: false, digest: OLD, ...more },
});
const evaluation = (more: Partial<EvaluationContent> = {}): EvaluationContent => ({
  ...{ kind: 'evaluation', proposal: 'p', base: 'x', tree: 't', configuration: 'c', outcome: 'passed' },
  ...{ evidence: 'tests', reasons: [], checks: [check()], sandbox: OLD, ...more },
});
const changed = (
  before: EvaluationContent,
  now: EvaluationContent,
  facts: Record<string, Record<string, string>> = {},
) => differences(before, now, new Map(Object.entries(facts))).map((one) => `${one.what}: ${one.before} -> ${one.now}`);

test('the same is the same, however long it took', () => {
  assert.equal(
    changed(evaluation(), evaluation({ reasons: ['other words'], checks: [check({ duration_ms: 9 })] })),
    [],
  );
});

test('another answer, of the whole and of a check', () => {
  const now = evaluation({ outcome: 'failed', checks: [check({ candidate: 'failed', base: 'timeout' })] });
  assert.equal(changed(evaluation(), now), [
    ...['outcome: passed -> failed', 'pytest on the base: passed -> timeout', 'pytest: passed -> failed'],
  ]);
});

test('another digest is explained by the facts behind it, as far as they are known', () => {
  const now = evaluation({ checks: [check({ digest: NEW })] });
  const facts = { [OLD]: { toolchain: 'Python 3.11', limits: '1' }, [NEW]: { toolchain: 'Python 3.12', limits: '1' } };
  assert.equal(changed(evaluation(), now, facts), ['pytest: toolchain: Python 3.11 -> Python 3.12']);
  assert.equal(changed(evaluation(), now), [`pytest: digest: ${OLD} -> ${NEW}`]);
  assert.equal(changed(evaluation(), now, { [NEW]: facts[NEW] ?? {} }), [`pytest: digest: ${OLD} -> ${NEW}`]);
});

test('configuration, sandbox, checks that came and went; older lines say less', () => {
  const now = evaluation({ configuration: 'd', sandbox: NEW, checks: [check({ name: 'mypy' })] });
  assert.equal(changed(evaluation(), now), [
    ...['configuration: c -> d', `sandbox: ${OLD} -> ${NEW}`, 'pytest: was run -> -', 'mypy: - -> was run'],
  ]);
  const { sandbox: _, ...older } = evaluation();
  const { digest: __, ...bare } = check();
  assert.equal(changed({ ...older, checks: [bare] }, evaluation()), []);
});

test('compared is the newest of this clone, else of another', () => {
  const at = (day: number) => ({ ...evaluation(), v: 1, id: `${day}`, seq: day, at: `2026-01-0${day}` }) as Evaluation;
  const foreign = [2, 3, 1].map((day) => ({ by: `r${day}`, evaluation: at(day) }));
  assert.is(newestOf({ evaluations: [at(1), at(2)], foreign })?.evaluation.id, '2');
  assert.is(newestOf({ evaluations: [], foreign })?.by, 'r3');
  assert.is(newestOf({ evaluations: [], foreign: [] }), null);
});

test.run();
