/** Repositories of every kind that git knows, each with one defect to mend and one test. Rule: real git, no network. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sound, unusedImport } from './defects.ts';
import { makeRepository, type TestRepository, useRepository } from './repository.ts';

export const DEFECT = 'shop/report.py';
const files = { ...sound, [DEFECT]: unusedImport, 'docs/notes.md': 'notes\n' };

export interface Kind {
  name: string;
  /** Where a person stands; null when this git cannot make such a repository. */
  make(): TestRepository | null;
  /** What the crew says instead of proposing. */
  run?: { code: number; says: RegExp };
  /** What it says instead of landing. */
  merge?: { code: number; says: RegExp };
}

export function makeOrdinary(): TestRepository {
  const repo = makeRepository({ files });
  repo.commit('more', { 'docs/notes.md': 'more notes\n' });
  return repo;
}

/** A clone of an ordinary repository by the real transport. */
export function cloneOf(origin: TestRepository, ...options: string[]): TestRepository {
  for (const key of ['uploadpack.allowFilter', 'uploadpack.allowAnySHA1InWant']) origin.git('config', key, 'true');
  const dir = join(origin.home, '../clone');
  origin.git('clone', '-q', ...options, `file://${origin.dir}`, dir);
  return identified(useRepository(dir, origin.home));
}

function identified(repo: TestRepository): TestRepository {
  repo.git('config', 'user.name', 'Test Person');
  repo.git('config', 'user.email', 'person@example.test');
  return repo;
}

const within = (repo: TestRepository, path: string) => useRepository(join(repo.dir, path), repo.home);

function inSubdirectory(): TestRepository {
  return within(makeOrdinary(), 'docs');
}

function linkedWorktree(): TestRepository {
  const repo = makeOrdinary();
  repo.git('worktree', 'add', '-q', '../linked', '-b', 'side');
  return within(repo, '../linked');
}

function bare(): TestRepository {
  const repo = makeOrdinary();
  repo.git('clone', '-q', '--bare', '.', '../bare.git');
  return identified(within(repo, '../bare.git'));
}

function worktreeOfBare(): TestRepository {
  const repo = bare();
  repo.git('worktree', 'add', '-q', '../work', 'main');
  return within(repo, '../work');
}

function sparse(): TestRepository {
  const repo = makeOrdinary();
  repo.git('sparse-checkout', 'set', '--cone', 'shop', 'tests');
  return repo;
}

function sha256(): TestRepository {
  const repo = makeRepository({ empty: true, init: ['--object-format=sha256'] });
  repo.commit('first', files);
  repo.commit('more', { 'docs/notes.md': 'more notes\n' });
  return repo;
}

function reftable(): TestRepository | null {
  const probe = makeOrdinary();
  const { status } = spawnSync('git', ['init', '-q', '--ref-format=reftable', '../probe'], {
    cwd: probe.dir,
    env: probe.env,
  });
  if (status !== 0) return null;
  const repo = makeRepository({ empty: true, init: ['--ref-format=reftable'] });
  repo.commit('first', files);
  repo.commit('more', { 'docs/notes.md': 'more notes\n' });
  return repo;
}

export function withSubmodule(): TestRepository {
  const repo = makeOrdinary();
  const library = makeOrdinary();
  repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', `file://${library.dir}`, 'library');
  repo.commit('a submodule');
  within(repo, 'library').write('docs/notes.md', 'edited inside\n');
  return repo;
}

/** git-lfs need not be installed: what counts is that the tree holds pointers and the working tree the content. */
export function withLargeFiles(): TestRepository {
  const repo = makeOrdinary();
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 5\n`;
  repo.commit('large files', { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'model.bin': pointer });
  repo.git('config', 'filter.lfs.clean', `printf '${pointer.replaceAll('\n', '\\n')}'`);
  repo.git('config', 'filter.lfs.smudge', 'echo content');
  repo.git('config', 'filter.lfs.required', 'true');
  repo.write('model.bin', 'large\n');
  repo.git('add', '-A');
  return repo;
}

function separateGitDirectory(): TestRepository {
  const repo = makeOrdinary();
  repo.git('init', '-q', '--separate-git-dir', '../elsewhere.git');
  return repo;
}

function sharedObjects(): TestRepository {
  const repo = makeOrdinary();
  repo.git('clone', '-q', '--shared', '.', '../clone');
  return identified(within(repo, '../clone'));
}

/** A directory whose name no careless quoting survives. */
function oddName(): TestRepository {
  const repo = makeOrdinary();
  const name = '-it\'s a "quoted" $HOME 🙂';
  repo.git('clone', '-q', '.', join(repo.dir, '..', name));
  return identified(useRepository(join(repo.dir, '..', name), repo.home));
}

function throughLink(): TestRepository {
  const repo = makeOrdinary();
  symlinkSync(repo.dir, join(repo.home, 'link'));
  return useRepository(join(repo.home, 'link'), repo.home);
}

function detached(): TestRepository {
  const repo = makeOrdinary();
  repo.git('checkout', '-q', '--detach');
  return repo;
}

function otherIndexFormats(): TestRepository {
  const repo = makeOrdinary();
  for (const key of ['core.splitIndex', 'core.untrackedCache', 'feature.manyFiles']) repo.git('config', key, 'true');
  repo.git('update-index', '--index-version=4');
  repo.git('status');
  return repo;
}

/** Two branches that cannot be joined, and `git` stopped in the middle of doing so. */
function stopped(...command: string[]): () => TestRepository {
  return () => {
    const repo = makeOrdinary();
    repo.git('checkout', '-q', '-b', 'side');
    repo.commit('side', { 'docs/notes.md': 'from the side\n' });
    repo.git('checkout', '-q', 'main');
    repo.commit('main', { 'docs/notes.md': 'from main\n' });
    const result = spawnSync('git', command, { cwd: repo.dir, env: repo.env, encoding: 'utf8' });
    if (result.status === 0) throw new Error(`git ${command.join(' ')} did not stop`);
    return repo;
  };
}

function midMailbox(): TestRepository {
  const repo = makeOrdinary();
  repo.commit('main', { 'docs/notes.md': 'from main\n' });
  const patch = repo.git('format-patch', '-1', '--stdout');
  repo.commit('again', { 'docs/notes.md': 'other\n' });
  spawnSync('git', ['am'], { cwd: repo.dir, env: repo.env, input: patch });
  return repo;
}

function midBisect(): TestRepository {
  const repo = makeOrdinary();
  for (const name of ['a', 'b', 'c', 'd']) repo.commit(name, { [`${name}.txt`]: name });
  repo.git('bisect', 'start', 'HEAD', 'HEAD~5');
  return repo;
}

function unborn(): TestRepository {
  const repo = makeRepository({ empty: true });
  mkdirSync(join(repo.dir, 'shop'));
  repo.write(DEFECT, unusedImport);
  return repo;
}

const underWay = (operation: string) => ({
  code: 2,
  says: new RegExp(`a ${operation} is under way.*\\n.*finish or abort`),
});

/** Where things lie. */
export const layouts: readonly Kind[] = [
  { name: 'a subdirectory', make: inSubdirectory },
  { name: 'a linked worktree', make: linkedWorktree },
  { name: 'a bare repository', make: bare, merge: { code: 2, says: /bare.*\n.*linked worktree/ } },
  { name: 'a worktree of a bare repository', make: worktreeOfBare },
  { name: 'a git directory elsewhere', make: separateGitDirectory },
  { name: 'objects of another repository', make: sharedObjects },
  { name: 'a directory with an odd name', make: oddName },
  { name: 'a link to the repository', make: throughLink },
  { name: 'other index formats', make: otherIndexFormats },
];

/** What is there of the content, and how it is kept. */
export const contents: readonly Kind[] = [
  { name: 'a shallow clone', make: () => cloneOf(makeOrdinary(), '--depth=1') },
  { name: 'a partial clone', make: () => cloneOf(makeOrdinary(), '--filter=blob:none') },
  { name: 'a sparse checkout', make: sparse },
  { name: 'sha256', make: sha256 },
  { name: 'refs in a reftable', make: reftable },
  { name: 'submodules', make: withSubmodule },
  { name: 'inside a submodule', make: () => identified(within(withSubmodule(), 'library')) },
  { name: 'git-lfs', make: withLargeFiles },
];

/** What git is in the middle of. */
export const states: readonly Kind[] = [
  { name: 'a detached HEAD', make: detached },
  { name: 'no commit yet', make: unborn, run: { code: 2, says: /no commit yet\n.*commit something first/ } },
  { name: 'in the middle of a merge', make: stopped('merge', '-q', 'side'), merge: underWay('merge') },
  { name: 'in the middle of a rebase', make: stopped('rebase', '-q', 'side'), merge: underWay('rebase') },
  { name: 'in the middle of a cherry-pick', make: stopped('cherry-pick', 'side'), merge: underWay('cherry-pick') },
  { name: 'in the middle of a revert', make: stopped('revert', 'HEAD~1'), merge: underWay('revert') },
  { name: 'in the middle of git am', make: midMailbox, merge: underWay('rebase') },
  { name: 'in the middle of a bisect', make: midBisect, merge: underWay('bisect') },
];
