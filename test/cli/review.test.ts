/** Lists, decisions and the look back, as commands; the shapes of their --json are frozen. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, makeInitialised } from '../support/cli.ts';
import { sound } from '../support/defects.ts';
import { publishProposals, type Written } from '../support/proposals.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('cli/review');
const keys = (value: unknown) => Object.keys(value as object).join(' ');
interface Row {
  id: string;
  status: string;
}

async function withProposals(
  count: number,
  change: Partial<Written> = {},
): Promise<{ repo: TestRepository; ids: string[] }> {
  const repo = makeInitialised(sound);
  const risks = ['low', 'medium', 'high'] as const;
  const made = await publishProposals(
    repo,
    Array.from({ length: count }, (_, n) => ({
      ...{ rule: 'python/x', title: `Mend number ${n}`, risk: risks[n % 3] ?? 'low' },
      files: { [`shop/file${n % 2}.py`]: `N = ${n}\n` },
      ...change,
    })),
  );
  return { repo, ids: made.map(({ id }) => id) };
}

test('list: pages, groups, and everything for programs', async () => {
  const { repo } = await withProposals(53);
  const first = ambient(repo, ['list']).stdout;
  assert.match(first, /^StyleEnforcer \(50\)\n/);
  assert.match(first, 'Page 1 of 2, 53 proposals; --page 2 is next');
  assert.is(first.match(/Mend number/g)?.length, 50);
  const second = ambient(repo, ['list', '--page', '2']).stdout;
  assert.is(second.match(/Mend number/g)?.length, 3);
  assert.match(second, 'Page 2 of 2');
  assert.match(second, /^[0-9a-f]{12} {2}low /, 'few rows, no group');
  const titles = new Set(`${first}${second}`.match(/Mend number \d+/g));
  assert.is(titles.size, 53);
  assert.is(ambientJson<Row[]>(repo, ['list']).length, 53);
  assert.is(ambientJson<Row[]>(repo, ['list', '--limit', '7']).length, 7);
  assert.is(ambientJson<Row[]>(repo, ['list', '--page', '2']).length, 3);
  assert.is(ambient(repo, ['list', '--limit', '0', '--group', 'none']).stdout.match(/Mend/g)?.length, 53);
  const byFile = ambient(repo, ['list', '--limit', '4', '--group', 'file']).stdout;
  assert.match(byFile, /^shop\/file[01]\.py \(\d\)\n {2}[0-9a-f]{12} {2}high/);
  const beyond = ambient(repo, ['list', '--page', '3']);
  assert.is(beyond.code, 2);
  assert.match(beyond.stderr, 'there is no page 3');
  for (const wrong of [
    ['--page', '0'],
    ['--limit', '-1'],
    ['--group', 'colour'],
  ])
    assert.is(ambient(repo, ['list', ...wrong]).code, 2, wrong.join(' '));
  const { error } = JSON.parse(ambient(repo, ['list', '--page', '0', '--json']).stdout) as { error: { kind: string } };
  assert.is(error.kind, 'user');
});

test('approve: recorded, takes a rejection back, and cannot undo a landing', async () => {
  const { repo, ids } = await withProposals(1);
  const [id = ''] = ids;
  const status = () => ambientJson<Row>(repo, ['show', id]).status;
  assert.is(keys(ambientJson(repo, ['approve', id])), 'id title reopened landed');
  assert.is(status(), 'validated');
  ambient(repo, ['reject', id, '-r', 'not now']);
  assert.equal(ambientJson(repo, ['list']), []);
  const refused = ambient(repo, ['merge', id]);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, `git ambient approve ${id}`);
  assert.match(ambient(repo, ['show', id]).stdout, `git ambient approve ${id}`);
  const again = ambient(repo, ['approve', id, '--reason', 'on second thoughts']);
  assert.match(again.stdout, 'which is open again');
  assert.is(status(), 'validated');
  ambient(repo, ['reject', id, '-r', 'not now']);
  assert.is(status(), 'rejected', 'the same words again');
  ambient(repo, ['approve', id]);
  assert.is(ambient(repo, ['merge', id]).code, 0);
  const late = ambient(repo, ['approve', id]);
  assert.is(late.code, 2);
  assert.match(late.stderr, 'merged');
  assert.is(ambient(repo, ['approve', 'ffffffffffff']).code, 2);
});

test('approve lets a verified proposal land where the configuration says so, and only then', async () => {
  const repo = makeRepository({ files: { ...sound, '.ambient.yml': 'commit_on_success: true\n' } });
  ambient(repo, ['init', '--no-hook']);
  const [high] = await publishProposals(repo, [
    { title: 'Mend', rule: 'python/x', risk: 'high', files: { 'a.py': 'A = 1\n' } },
  ]);
  repo.write('untracked.txt', 'mine\n');
  assert.is(
    ambientJson<{ landed: string | null }>(repo, ['approve', high?.id ?? '']).landed,
    null,
    'the tree is not clean',
  );
  repo.exec(['rm', 'untracked.txt']);
  const approved = ambient(repo, ['approve', high?.id ?? '']);
  assert.match(approved.stdout, `It landed as ${repo.git('rev-parse', 'HEAD').slice(0, 12)}`);
  assert.is(ambientJson<Row>(repo, ['show', high?.id ?? '']).status, 'merged');
});

test('brief: what was decided and what waits; a time that is none is refused', async () => {
  const { repo, ids } = await withProposals(4);
  ambient(repo, ['merge', ids[0] ?? '']);
  ambient(repo, ['reject', ids[1] ?? '', '-r', 'generated']);
  const text = ambient(repo, ['brief']).stdout;
  assert.match(text, /Merged: 1\n {2}[0-9a-f]{12} {2}low {2,}Mend number 0/);
  assert.match(text, 'Mend number 1 (generated)');
  // Number 2 adds the file that number 0 has added: it is closed by itself.
  assert.match(text, 'Waits for you: 1');
  assert.ok(text.split('\n').length <= 24, 'one screen');
  const report = ambientJson<{ waiting: unknown[]; merged: unknown[] }>(repo, ['brief', '--since', '1h']);
  const shape = 'since commits cycles findings new merged rejected approved reverted expired waiting could_not_run';
  assert.is(keys(report), shape);
  assert.is(keys(report.merged[0]), 'id title risk status reason commit');
  assert.is(ambient(repo, ['brief', '--since', 'whenever']).code, 2);
});

test('diff --tool: the user’s own tool, with both sides, and its exit code', async () => {
  const { repo, ids } = await withProposals(1);
  repo.git('config', 'diff.tool', 'mine');
  repo.git('config', 'difftool.mine.cmd', 'cat "$REMOTE"; exit 0');
  const shown = ambient(repo, ['diff', ids[0] ?? '', '--tool']);
  assert.is(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, 'N = 0\n');
  assert.is(ambient(repo, ['diff', ids[0] ?? '', '--tool', '--json']).code, 2);
});

test.run();
