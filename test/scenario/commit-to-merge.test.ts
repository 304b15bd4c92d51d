import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox, waitForCrew } from '../support/cli.ts';
import { injection, sound, unusedImport } from '../support/defects.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('scenario/commit-to-merge');
interface Row {
  id: string;
  rule: string;
  title: string;
  evidence: string;
  status: string;
  files: string[];
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test('a commit wakes the crew; a verified fix appears; merge lands it as an ordinary commit', () => {
    const repo = makeRepository({ files: sound });
    assert.is(ambient(repo, ['init']).code, 0);
    repo.commit('search and report', { 'shop/search.py': injection, 'shop/report.py': unusedImport });
    waitForCrew(repo);
    const rows = ambientJson<Row[]>(repo, ['list']);
    assert.ok(
      rows.some((row) => row.files.includes('shop/search.py')),
      JSON.stringify(rows),
    );
    assert.ok(
      rows.some((row) => row.files.includes('shop/report.py')),
      JSON.stringify(rows),
    );
    for (const row of rows) {
      assert.is(row.status, 'validated');
      assert.is(row.evidence, row.files.includes('shop/search.py') ? 'witness' : 'tests');
    }
    const row = rows.find((item) => item.files.includes('shop/search.py'));
    assert.ok(row);
    const shown = ambient(repo, ['show', row.id.slice(0, 6)]);
    assert.match(shown.stdout, /CWE-89/);
    assert.match(shown.stdout, new RegExp(`git ambient merge ${row.id}`));
    assert.match(shown.stdout, /unittest +passed +passed/);

    // Other people's work in the tree stays as it is.
    repo.write('shop/stock.py', `${sound['shop/stock.py']}\n# being edited\n`);
    repo.write('staged.txt', 'staged\n');
    repo.git('add', 'staged.txt');
    repo.write('untracked.txt', 'untracked\n');
    const merged = ambient(repo, ['merge', row.id]);
    assert.is(merged.code, 0, merged.stderr);
    assert.is(repo.git('log', '-1', '--format=%an <%ae>'), 'Test Person <person@example.test>');
    assert.match(repo.git('log', '-1', '--format=%B'), new RegExp(`Ambient-Proposal: ${row.id}`));
    assert.is(repo.git('log', '-1', '--format=%s'), row.title);
    assert.is(repo.git('diff', '--name-only', 'HEAD~1', 'HEAD'), 'shop/search.py');
    assert.is(repo.git('status', '--porcelain'), ' M shop/stock.py\nA  staged.txt\n?? untracked.txt');
    assert.match(readFileSync(join(repo.dir, 'shop/search.py'), 'utf8'), /name = \?/);
    repo.exec(['python3', '-m', 'unittest', '-q']);
    waitForCrew(repo);

    const again = ambient(repo, ['merge', row.id]);
    assert.is(again.code, 1);
    assert.match(again.stderr, 'merged already');
    const left = ambientJson<Row[]>(repo, ['list']);
    assert.equal(
      left.map((item) => item.id),
      rows.filter((item) => item.id !== row.id).map((item) => item.id),
    );
  });

  test('a defect of before the commit stays a finding; --all works through the backlog; rejected stays away', () => {
    const repo = makeRepository({ files: { ...sound, 'shop/search.py': injection } });
    ambient(repo, ['init']);
    repo.commit('unrelated', { 'shop/more.py': 'MORE = 1\n' });
    waitForCrew(repo);
    assert.equal(ambientJson(repo, ['list']), []);
    ambient(repo, ['run', '--all']);
    const [row] = ambientJson<Row[]>(repo, ['list']);
    assert.ok(row);
    assert.is(ambient(repo, ['reject', row.id]).code, 2, 'a reason is needed');
    assert.is(ambient(repo, ['reject', row.id, '--reason', 'we rewrite this anyway']).code, 0);
    assert.equal(ambientJson(repo, ['list']), []);
    repo.commit('another', { 'shop/other.py': 'OTHER = 2\n' });
    ambient(repo, ['run', '--all']);
    assert.equal(ambientJson(repo, ['list']), []);
    const rejected = ambient(repo, ['merge', row.id]);
    assert.is(rejected.code, 1);
    assert.match(rejected.stderr, 'rejected');
    // The code changes: the finding is another one now.
    repo.commit('change', { 'shop/search.py': injection.replaceAll('items', 'products') });
    waitForCrew(repo);
    ambient(repo, ['run', '--all']);
    assert.is(ambientJson<Row[]>(repo, ['list']).length, 1);
  });

  test('a fix that breaks a test is not proposed, and the report says why', () => {
    const files = {
      ...sound,
      'shop/report.py': unusedImport,
      'tests/test_report.py':
        'import unittest\n\nimport shop.report\n\n\nclass ReportTest(unittest.TestCase):\n    def test_os_is_offered(self):\n        self.assertTrue(hasattr(shop.report, "o" + "s"))\n',
    };
    const repo = makeRepository({ files });
    ambient(repo, ['init']);
    const reports = ambientJson<Array<{ proposals: string[]; suppressed: Array<{ reason: string }> }>>(repo, [
      'run',
      '--all',
    ]);
    assert.equal(reports[0]?.proposals, []);
    assert.match(reports[0]?.suppressed[0]?.reason ?? '', /failed/);
    assert.equal(
      readdirSync(join(repo.dir, '.git/ambient/slots')).filter((name) =>
        existsSync(join(repo.dir, '.git/ambient/slots', name, '.git')),
      ),
      [],
    );
    assert.is(repo.git('for-each-ref', 'refs/ambient/drafts'), '');
  });

  test('a red base is never blamed on the candidate', () => {
    const red = (sound['tests/test_stock.py'] ?? '').replace('double(2), 4', 'double(2), 5');
    const repo = makeRepository({ files: { ...sound, 'tests/test_stock.py': red, 'shop/search.py': injection } });
    ambient(repo, ['init']);
    ambient(repo, ['run', '--all']);
    const [row] = ambientJson<Row[]>(repo, ['list']);
    assert.ok(row);
    assert.is(row.evidence, 'witness');
  });

  test('a revert of a merged fix is noticed', () => {
    const repo = makeRepository({ files: { ...sound, 'shop/search.py': injection } });
    ambient(repo, ['init']);
    ambient(repo, ['run', '--all']);
    const [row] = ambientJson<Row[]>(repo, ['list']);
    assert.ok(row);
    assert.is(ambient(repo, ['merge', row.id]).code, 0);
    repo.git('revert', '--no-edit', 'HEAD');
    waitForCrew(repo);
    ambient(repo, ['run']);
    const all = ambientJson<Row[]>(repo, ['list', '--all']);
    assert.is(all.find((item) => item.id === row.id)?.status, 'reverted');
  });
}

test.run();
