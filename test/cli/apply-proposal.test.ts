/** `git ambient apply <id>`: an open proposal into the working tree, beside what a person is doing there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { proposalMessage } from '../../src/records/index.ts';
import { ambient, fingerprintTree } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('cli/apply-proposal');

const lines = Array.from({ length: 40 }, (_, at) => `value_${at} = ${at}`);
const BEFORE = `import os\n\n${lines.join('\n')}\n`;
const AFTER = BEFORE.replace('import os\n\n', '');

/** A proposal on HEAD that takes the import away, as the crew would make it. */
function propose(repo: TestRepository, content: string | Buffer = AFTER): string {
  const configuration = repo.git('rev-parse', 'HEAD^{tree}');
  const message = proposalMessage({
    ...{ specialist: 'StyleEnforcer', rule: 'python/unused-import', title: 'Remove the unused import' },
    ...{ rationale: 'The name is never used.', risk: 'low', fingerprints: ['0123456789abcdef'], supersedes: [] },
    configuration,
  });
  const blob = repo.exec(['git', 'hash-object', '-w', '--stdin'], { input: content }).trim();
  const env = { GIT_INDEX_FILE: join(repo.home, 'index') };
  repo.exec(['git', 'read-tree', 'HEAD'], { env });
  repo.exec(['git', 'update-index', '--cacheinfo', `100644,${blob},src/values.py`], { env });
  const tree = repo.exec(['git', 'write-tree'], { env }).trim();
  const commit = repo.exec(['git', 'commit-tree', tree, '-p', 'HEAD'], { input: message }).trim();
  repo.git('update-ref', `refs/ambient/proposals/${commit.slice(0, 12)}`, commit);
  return commit.slice(0, 12);
}

function makeProposal() {
  const repo = makeRepository({ files: { 'src/values.py': BEFORE, 'other.txt': 'other\n' } });
  return { repo, id: propose(repo) };
}
const source = (repo: TestRepository) => readFileSync(join(repo.dir, 'src/values.py'), 'utf8');
const state = (repo: TestRepository) =>
  JSON.stringify(
    fingerprintTree(repo.dir, (path) => !path.startsWith('.git/') || /^\.git\/(index|HEAD|refs)/.test(path)),
  );

test('its change arrives uncommitted; edits elsewhere, in the same file too, survive', () => {
  const { repo, id } = makeProposal();
  const edited = BEFORE.replace('value_30 = 30', 'value_30 = "mine"');
  repo.write('src/values.py', edited);
  repo.write('other.txt', 'mine\n');
  const index = readFileSync(join(repo.dir, '.git/index'));
  const check = ambient(repo, ['apply', id.slice(0, 6), '--check']);
  assert.is(check.code, 0, check.stderr);
  assert.match(check.stdout, 'Would apply: src/values.py');
  assert.is(source(repo), edited);
  const result = ambient(repo, ['apply', id.slice(0, 6)]);
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stdout, 'Applied: src/values.py (+0 -2)');
  assert.is(source(repo), edited.replace('import os\n\n', ''));
  assert.is(readFileSync(join(repo.dir, 'other.txt'), 'utf8'), 'mine\n');
  assert.equal(readFileSync(join(repo.dir, '.git/index')), index);
  assert.is(ambient(repo, ['apply', id]).stdout.trim(), 'Already there: nothing to do.');
});

test('an edit in its way: refused, nothing changed', () => {
  const { repo, id } = makeProposal();
  repo.write('src/values.py', BEFORE.replace(/^[\s\S]*value_8 = 8\n/, 'import os, sys\n# all of this is mine\n'));
  const before = state(repo);
  const result = ambient(repo, ['apply', id]);
  assert.is(result.code, 1, result.stdout);
  assert.match(result.stderr, /^refused: nothing was changed\n {2}src\/values\.py/);
  assert.is(state(repo), before);
});

test('a proposal whose base is long gone is placed where its lines are now', () => {
  const { repo, id } = makeProposal();
  repo.commit('moved on', { 'src/values.py': `"""A docstring came."""\n\n${BEFORE}` });
  assert.is(ambient(repo, ['apply', id]).code, 0);
  assert.is(source(repo), `"""A docstring came."""\n\n${AFTER}`);
});

test('bytes that are no UTF-8 survive the way', () => {
  const latin = Buffer.from('name = "caf\xe9"\n', 'latin1');
  const repo = makeRepository({ files: { 'other.txt': 'other\n' } });
  repo.write('src/values.py', Buffer.concat([latin, Buffer.from(BEFORE)]));
  repo.commit('latin');
  const id = propose(repo, Buffer.concat([latin, Buffer.from('also = "\xfc"\n', 'latin1'), Buffer.from(AFTER)]));
  const result = ambient(repo, ['apply', id]);
  assert.is(result.code, 0, result.stderr);
  const expected = Buffer.concat([latin, Buffer.from('also = "\xfc"\n', 'latin1'), Buffer.from(AFTER)]);
  assert.equal(readFileSync(join(repo.dir, 'src/values.py')), expected);
});

test('a rejected one is refused; an unknown one is the user’s mistake', () => {
  const { repo, id } = makeProposal();
  ambient(repo, ['init', '--no-hook']);
  assert.is(ambient(repo, ['reject', id, '--reason', 'no']).code, 0);
  const result = ambient(repo, ['apply', id]);
  assert.is(result.code, 1);
  assert.match(result.stderr, /rejected already/);
  assert.is(source(repo), BEFORE);
  assert.is(ambient(repo, ['apply', 'fedcba']).code, 2);
});

test.run();
