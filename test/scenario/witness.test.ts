/** From a flaw to a landed fix with its failing input as a test: shown first, run on both sides, kept. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('scenario/witness');

interface Row {
  id: string;
  rule: string;
  evidence: string;
  evaluation: { witness: { before: string; after: string } | null };
}

const FILES = {
  'inventory/__init__.py': '',
  'inventory/search.py':
    'import sqlite3\n\n\ndef amount(cursor: sqlite3.Cursor, name):\n    cursor.execute("SELECT amount FROM items WHERE name = \'%s\'" % name)\n    return cursor.fetchone()[0]\n',
  'tests/__init__.py': '',
  'tests/test_search.py':
    'import sqlite3\nimport unittest\n\nfrom inventory.search import amount\n\n\nclass SearchTest(unittest.TestCase):\n    def test_amount(self):\n        c = sqlite3.connect(":memory:").cursor()\n        c.execute("CREATE TABLE items (name, amount)")\n        c.execute("INSERT INTO items VALUES (\'nut\', 3)")\n        self.assertEqual(amount(c, "nut"), 3)\n',
};

test('a failing input is shown first, is the evidence, and lands as a test', () => {
  const repo = makeRepository({ files: FILES });
  try {
    ambient(repo, ['init', '--no-hook']);
    ambient(repo, ['run', '--all']);
    const row = ambientJson<Row[]>(repo, ['list']).find(({ rule }) => rule === 'python/sql-injection');
    assert.is(row?.evidence, 'witness');
    assert.is(row?.evaluation.witness?.before, 'exploited');
    assert.is(row?.evaluation.witness?.after, 'refused');
    const id = row?.id ?? '';
    const shown = ambient(repo, ['show', id]).stdout.split('\n');
    assert.match(shown[3] ?? '', /^Witness: amount: name = /);
    assert.match(shown[4] ?? '', /before: exploited · after: refused/);
    const merged = ambient(repo, ['merge', id, '--with-witness']).stdout;
    assert.match(merged, /stays as tests\/test_witness_amount\.py/);
    assert.match(repo.git('show', '--stat', 'HEAD'), /tests\/test_witness_amount\.py/);
    assert.is(repo.git('status', '--porcelain').trim(), '');
  } finally {
    repo.remove();
  }
});

test.run();
