/** A repository without any check: analysis is all that speaks for a fix. Said everywhere, mergeable, never landed alone. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, waitForCrew } from '../support/cli.ts';
import { injection, unusedImport } from '../support/defects.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('scenario/no-checks');
interface Row {
  id: string;
  status: string;
  evidence: string;
  risk: string;
  evaluation: { outcome: string; reasons: string[]; checks: Array<{ name: string }> };
}
/** Everything may land by itself, as far as the file can say so. */
const EAGER =
  'commit_on_success: true\nrisk_policy:\n  auto_apply: [low, medium, high, critical]\n  require_approval: []\n';

test('evidence is analysis in list, show, doctor and merge; nothing lands by itself', () => {
  const repo = makeRepository({ files: { 'README.md': 'hi\n', '.ambient.yml': EAGER } });
  assert.is(ambient(repo, ['init']).code, 0);
  const doctor = ambientJson<Array<{ name: string; level: string; message: string }>>(repo, ['doctor']);
  assert.match(doctor.find(({ name }) => name === 'checks')?.message ?? '', /analysis alone/);
  const head = repo.commit('report', { 'report.py': unusedImport });
  waitForCrew(repo);
  const rows = ambientJson<Row[]>(repo, ['list']);
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.is(row.status, 'validated');
    assert.is(row.evidence, 'analysis');
    assert.is(row.evaluation.outcome, 'passed');
    assert.match(row.evaluation.reasons.join('\n'), /no test ran/);
  }
  assert.is(repo.git('rev-parse', 'HEAD'), head, 'nothing landed, although the configuration allows every risk');
  const id = rows[0]?.id ?? '';
  assert.match(ambient(repo, ['list']).stdout, /analysis/);
  assert.match(ambient(repo, ['show', id]).stdout, /evidence: analysis[\s\S]*no test ran/);
  assert.is(ambientJson<Row>(repo, ['show', id]).evidence, 'analysis');
  const merged = ambient(repo, ['merge', id]);
  assert.is(merged.code, 0, merged.stderr);
  assert.match(merged.stdout, /evidence: analysis: no test of this repository judged it/);
});

test('a witness shows that the flaw is gone, and still nothing lands by itself', () => {
  const repo = makeRepository({ files: { 'README.md': 'hi\n', '.ambient.yml': EAGER } });
  assert.is(ambient(repo, ['init']).code, 0);
  const head = repo.commit('search', { 'search.py': injection });
  waitForCrew(repo);
  assert.equal(
    ambientJson<Row[]>(repo, ['list']).map(({ evidence, status }) => [evidence, status]),
    [['witness', 'validated']],
  );
  assert.is(repo.git('rev-parse', 'HEAD'), head);
});

test('as json, merge names the evidence', () => {
  const repo = makeRepository({ files: { 'README.md': 'hi\n' } });
  assert.is(ambient(repo, ['init']).code, 0);
  repo.commit('report', { 'report.py': unusedImport });
  waitForCrew(repo);
  const [row] = ambientJson<Row[]>(repo, ['list']);
  const [merged] = ambientJson<Array<{ merged: boolean; evidence: string }>>(repo, ['merge', row?.id ?? '']);
  assert.is(merged?.merged, true);
  assert.is(merged?.evidence, 'analysis');
});

test.run();
