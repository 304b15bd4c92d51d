/** Fixes that are right alone and not together: the better one is offered, the other waits and says for which. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('crew/together');
const unused = (name: string) => `import os\n\n${name.toUpperCase()} = 1\n`;
const NAMES = ['aa', 'bb', 'cc', 'dd'];

/** Passes while at least one of `aa` and `cc` still has its import. */
const SUITE = `import pathlib
import unittest


class Suite(unittest.TestCase):
    def test_both_are_too_much(self):
        left = [name for name in ("aa", "cc") if "import" in pathlib.Path("pkg", name + ".py").read_text()]
        self.assertTrue(left)
`;

function repository(): TestRepository {
  const files = Object.fromEntries(NAMES.map((name) => [`pkg/${name}.py`, unused(name)]));
  const repo = makeRepository({ files: { ...files, 'tests/test_suite.py': SUITE } });
  repo.commit('configuration', { '.ambient.yml': 'risk_policy:\n  file_change_limit: 1\n' });
  ambient(repo, ['init', '--no-hook']);
  return repo;
}

interface Row {
  id: string;
  files: string[];
}
interface Report {
  proposals: string[];
  suppressed: Array<{ path: string; reason: string }>;
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test('three of four are offered, the fourth waits for those that it does not pass with', () => {
    const repo = repository();
    const [report] = ambientJson<Report[]>(repo, ['run', '--all']);
    const rows = ambientJson<Row[]>(repo, ['list']);
    const paths = rows.flatMap(({ files }) => files).sort();
    assert.is(paths.length, 3, JSON.stringify(report));
    assert.ok(paths.includes('pkg/bb.py') && paths.includes('pkg/dd.py'));
    assert.is(report?.suppressed.length, 1);
    const offered = rows.find(({ files }) => /aa|cc/.test(files.join()))?.id ?? '';
    assert.match(report?.suppressed[0]?.reason ?? '', new RegExp(`^waiting for .*${offered}.*does not pass together`));
    // Once the other is decided, its turn comes.
    for (const { id } of rows) assert.is(ambient(repo, ['merge', id]).code, 0);
    ambient(repo, ['run', '--all']);
    assert.equal(ambientJson<Row[]>(repo, ['list']), [], 'together with what has landed it fails');
  });

  test('killed while sets are tried: the same sets in the end', () => {
    const repo = repository();
    // started, diagnosed, placed, four evaluated, the whole tried, a part of it tried
    const killed = ambient(repo, ['run', '--all'], { AMBIENT_CRASH_AFTER: '9' });
    assert.is(killed.signal, 'SIGKILL', killed.stdout + killed.stderr);
    const [report] = ambientJson<Report[]>(repo, ['run']);
    assert.is(ambientJson<Row[]>(repo, ['list']).length, 3);
    assert.match(report?.suppressed[0]?.reason ?? '', /^waiting for /);
  });
}

test.run();
