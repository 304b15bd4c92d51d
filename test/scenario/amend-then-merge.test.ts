/** The commonest case of all: the base of a proposal is amended, rebased or built upon before the fix is merged. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox, waitForCrew } from '../support/cli.ts';
import { injection, sound } from '../support/defects.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('scenario/amend-then-merge');
const SECRET = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';

let prepared: { repo: TestRepository; id: string } | undefined;
/** A repository whose last commit has a planted secret and a fixable defect, with a proposal open. */
function withProposal(): { repo: TestRepository; id: string } {
  prepared ??= prepare();
  return { ...prepared, repo: prepared.repo.copy() };
}

function prepare(): { repo: TestRepository; id: string } {
  const repo = makeRepository({ files: sound });
  ambient(repo, ['init']);
  repo.commit('search', { 'shop/search.py': injection, 'shop/settings.py': `TOKEN = "${SECRET}"\n` });
  waitForCrew(repo);
  const rows = ambientJson<Array<{ id: string; files: string[] }>>(repo, ['list']);
  const row = rows.find((item) => item.files.includes('shop/search.py'));
  assert.ok(row, JSON.stringify(rows));
  return { repo, id: row.id };
}

function removeSecret(repo: TestRepository): void {
  repo.write('shop/settings.py', 'import os\n\nTOKEN = os.environ["TOKEN"]\n');
  repo.git('commit', '-qa', '--amend', '--no-edit');
}

function mergesWithoutSecret(repo: TestRepository, id: string): void {
  const merged = ambient(repo, ['merge', id]);
  assert.is(merged.code, 0, merged.stdout + merged.stderr);
  assert.match(repo.git('show', 'HEAD:shop/search.py'), /name = \?/);
  assert.not.match(repo.git('show', 'HEAD:shop/settings.py'), SECRET);
  assert.is(repo.git('log', '--format=%H', `-S${SECRET}`, 'HEAD'), '', 'no commit of the branch has the secret');
  assert.is(repo.git('status', '--porcelain'), '');
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test('after an amend that removed a secret', () => {
    const { repo, id } = withProposal();
    removeSecret(repo);
    mergesWithoutSecret(repo, id);
  });

  test('after an amend and an unrelated commit on top', () => {
    const { repo, id } = withProposal();
    removeSecret(repo);
    repo.commit('unrelated', { 'shop/more.py': 'MORE = 1\n' });
    mergesWithoutSecret(repo, id);
    assert.is(repo.git('log', '--format=%s', '-2').split('\n')[1], 'unrelated');
  });

  test('after a rebase onto another branch', () => {
    const { repo, id } = withProposal();
    removeSecret(repo);
    repo.git('checkout', '-q', '-b', 'upstream', 'HEAD~1');
    repo.commit('upstream work', { 'shop/upstream.py': 'UP = 1\n' });
    repo.git('checkout', '-q', 'main');
    repo.git('rebase', '-q', 'upstream');
    mergesWithoutSecret(repo, id);
    assert.is(repo.git('show', 'HEAD:shop/upstream.py'), 'UP = 1');
  });

  test('code that changed under the fix: refused, nothing moves', () => {
    const { repo, id } = withProposal();
    repo.commit('rewrite', { 'shop/search.py': injection.replaceAll('name', 'title').replace('%s', '%s!') });
    const before = repo.git('rev-parse', 'HEAD');
    const merged = ambient(repo, ['merge', id]);
    assert.is(merged.code, 1, merged.stdout);
    assert.match(merged.stderr, 'changed since');
    assert.is(repo.git('rev-parse', 'HEAD'), before);
    assert.is(repo.git('status', '--porcelain'), '');
  });

  test('uncommitted work in the same file: refused with its name', () => {
    const { repo, id } = withProposal();
    repo.write('shop/search.py', `${injection}# mine\n`);
    const merged = ambient(repo, ['merge', id]);
    assert.is(merged.code, 2);
    assert.match(merged.stderr, 'shop/search.py');
    assert.is(repo.git('status', '--porcelain'), ' M shop/search.py');
  });

  test('a pre-commit hook that says no: nothing moves', () => {
    const { repo, id } = withProposal();
    repo.write('.git/hooks/pre-commit', '#!/bin/sh\necho no thanks >&2\nexit 1\n');
    repo.exec(['chmod', '+x', '.git/hooks/pre-commit']);
    const before = [repo.git('rev-parse', 'HEAD'), repo.git('ls-files', '-s')];
    const merged = ambient(repo, ['merge', id]);
    assert.is(merged.code, 2);
    assert.match(merged.stderr, 'no thanks');
    assert.equal([repo.git('rev-parse', 'HEAD'), repo.git('ls-files', '-s')], before);
    assert.is(repo.git('status', '--porcelain'), '');
  });
}

test.run();
