/** "You fixed this here; it is also there": from a person's commit to a proposal, its merge, and what comes of it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('scenario/taught');

interface Row {
  id: string;
  rule: string;
  title: string;
  files: string[];
}

const module = (name: string, line: string) =>
  `"""Keeps ${name}."""\n\nimport inspect\nimport shutil\n\n\ndef ${name}(source, target):\n    """Keep ${name}."""\n    ${line}\n    return target\n`;
const OLD = 'shutil.copy(source, target)';
const NEW = 'shutil.copy2(source, target)';

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  test('a fix is offered elsewhere; merged it is remembered, rejected it stays away', () => {
    const files = ['letters', 'photos', 'films', 'notes'].map(
      (name) => [`keep/${name}.py`, module(name, OLD)] as const,
    );
    const repo = makeRepository({ files: { 'keep/__init__.py': '', ...Object.fromEntries(files) } });
    try {
      const taughtRows = () => ambientJson<Row[]>(repo, ['list']).filter(({ rule }) => rule === 'python/taught');
      ambient(repo, ['init', '--no-hook']);
      const by = repo.commit('Fix lost timestamps of letters', { 'keep/letters.py': module('letters', NEW) });
      ambient(repo, ['run']);
      const [row, ...more] = taughtRows();
      assert.ok(row, ambient(repo, ['list']).stdout);
      assert.equal(more, [], 'one proposal for all places');
      assert.equal(row.files, ['keep/films.py', 'keep/notes.py', 'keep/photos.py']);
      const shown = ambient(repo, ['show', row.id]).stdout.replaceAll(/\s+/g, ' ');
      assert.match(
        shown,
        `You fixed this in ${by.slice(0, 12)} (Fix lost timestamps of letters); it is also there: keep/films.py:9`,
      );
      assert.is(repo.git('log', '-1', '--format=%(trailers:key=Ambient-Taught-By,valueonly)', row.id).trim(), by);
      assert.is(ambient(repo, ['merge', row.id]).code, 0);
      assert.match(repo.git('show', 'HEAD:keep/films.py'), 'shutil.copy2(source, target)');
      assert.match(repo.git('log', '-1', '--format=%B'), `Ambient-Taught-By: ${by}`);

      repo.commit('Keep songs', { 'keep/songs.py': module('songs', OLD) });
      ambient(repo, ['run']);
      const again = taughtRows().find(({ files: [first] }) => first === 'keep/songs.py');
      assert.ok(again, ambient(repo, ['list']).stdout);
      assert.is(ambient(repo, ['reject', again.id, '--reason', 'songs have no date']).code, 0);
      repo.commit('Keep plays', { 'keep/plays.py': module('plays', OLD) });
      ambient(repo, ['run']);
      assert.equal(taughtRows(), [], 'what was rejected is not taught any more');

      const agents = ambientJson<{ rules: Array<Record<string, unknown>> }>(repo, ['status', '--agents']);
      const record = agents.rules.find(({ rule }) => rule === 'python/taught');
      assert.is(
        Object.keys(record ?? {}).join(' '),
        'specialist rule proposed merged rejected reverted rewritten score interval proposed_less',
      );
      assert.equal([record?.['proposed'], record?.['merged'], record?.['rejected']], [2, 1, 1]);
    } finally {
      repo.remove();
    }
  });

test.run();
