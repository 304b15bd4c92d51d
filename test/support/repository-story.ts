/**
 * One story for every kind of repository: init, run, list, show, merge, uninstall. Rule: what is the user's stays byte for
 * byte, outside of a merge; there only the commit and the file that it mends move.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, fingerprintTree } from './cli.ts';
import type { TestRepository } from './repository.ts';
import { DEFECT, type Kind } from './repository-kinds.ts';

interface Row {
  id: string;
  files: string[];
}
type Snapshot = Record<string, string>;

/** Everything that is the user's, by absolute path: worktree, HEAD, index, refs, configuration, hooks. */
function snapshot(repo: TestRepository): Snapshot {
  const dirs = [repo.git('rev-parse', '--path-format=absolute', '--git-dir')];
  dirs.push(repo.git('rev-parse', '--path-format=absolute', '--git-common-dir'));
  if (repo.git('rev-parse', '--is-bare-repository') === 'false') dirs.push(repo.git('rev-parse', '--show-toplevel'));
  const found: Snapshot = {};
  for (const dir of new Set(dirs))
    for (const [path, state] of Object.entries(fingerprintTree(dir, isTheirs))) found[join(dir, path)] = state;
  return found;
}

/** Not ours, and not where git keeps objects and the refs that are ours. */
function isTheirs(path: string): boolean {
  return !/(^|\/)(objects|ambient|notes|reftable|logs)(\/|$)/.test(path);
}

const changed = (before: Snapshot, after: Snapshot): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]).sort();

/** What `init` may write. */
const installed = (path: string) => /\/(config|hooks|hooks\/post-commit|hooks\/pre-push)$/.test(path);
/** What a commit of the user's writes. */
const committed = (path: string) =>
  /\/(index|sharedindex\.\w+|COMMIT_EDITMSG|HEAD|refs\/heads(\/.*)?)$/.test(path) || path.endsWith(DEFECT);

export function follow(kind: Kind, repo: TestRepository): void {
  const before = snapshot(repo);
  const heads = () => repo.git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads', 'refs/tags');
  const branches = heads();

  const init = ambient(repo, ['init']);
  assert.is(init.code, 0, init.stdout + init.stderr);
  const run = ambient(repo, ['run', '--all']);
  assert.is(run.code, kind.run?.code ?? 0, run.stdout + run.stderr);
  if (kind.run) assert.match(run.stderr, kind.run.says);
  const rows = ambientJson<Row[]>(repo, ['list']);
  const row = rows.find(({ files }) => files.includes(DEFECT));
  if (!kind.run) {
    assert.ok(row, `nothing is proposed:\n${run.stdout}${run.stderr}`);
    const shown = ambient(repo, ['show', row.id]);
    assert.is(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /^-import os$/m);
    assert.match(shown.stdout, /unittest +passed +passed/);
  }
  assert.equal(
    changed(before, snapshot(repo)).filter((path) => !installed(path)),
    [],
    'init, run, list, show',
  );
  assert.is(heads(), branches);

  const refused = kind.merge ?? kind.run;
  const merge = ambient(repo, ['merge', row?.id ?? 'abcdef']);
  if (refused) {
    assert.is(merge.code, refused.code, merge.stdout + merge.stderr);
    if (kind.merge) assert.match(merge.stderr, kind.merge.says);
    assert.equal(
      changed(before, snapshot(repo)).filter((path) => !installed(path)),
      [],
      'a refused merge',
    );
  } else {
    assert.is(merge.code, 0, merge.stdout + merge.stderr);
    const moved = changed(before, snapshot(repo)).filter((path) => !installed(path));
    assert.equal(
      moved.filter((path) => !committed(path)),
      [],
      'merge',
    );
    assert.is(repo.git('diff-tree', '-r', '--name-only', '--no-commit-id', 'HEAD'), DEFECT);
    assert.is(repo.git('log', '-1', '--format=%an'), 'Test Person');
    const top = repo.git('rev-parse', '--show-toplevel');
    assert.not.match(readFileSync(join(top, DEFECT), 'utf8'), /import os/);
    assert.is(repo.git('status', '--porcelain', '--', `:/${DEFECT}`), '');
  }

  const uninstall = ambient(repo, ['uninstall', '--purge']);
  assert.is(uninstall.code, 0, uninstall.stderr);
  const left = changed(before, snapshot(repo));
  assert.equal(refused ? left : left.filter((path) => !committed(path)), [], 'uninstall');
  assert.is(repo.git('for-each-ref', 'refs/ambient', 'refs/notes'), '');
}
