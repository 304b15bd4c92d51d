/** Every way in which a repository's hooks can be managed, with the real managers. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { husky, lefthook, type Manager, preCommit } from '../support/hook-managers.ts';
import { makeRepository, type TestRepository, temporaryDirectory, useRepository } from '../support/repository.ts';

export interface SetUp {
  name: 'plain' | 'own hooks' | 'husky' | 'lefthook' | 'pre-commit' | 'pre-commit, all stages' | 'in-tree';
  manager?: Manager;
  /** Files of the first commit. */
  files: Record<string, string>;
  /** What a person does in a fresh worktree. */
  prepare(place: TestRepository): void;
  /** What is left to do after `init --write`. */
  afterwards?(place: TestRepository): void;
  /** What is left to do after uninstall: a manager's own stub is the manager's to take back. */
  undo?(place: TestRepository): void;
}

const code = { 'README.md': 'hello\n', 'a.py': 'one\n' };

function use(manager: Manager, place: TestRepository, ...args: string[]): void {
  place.exec([...manager.argv, ...args], { env: { ...place.env, ...manager.env } });
}

function writeHook(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

export function setUps(): SetUp[] {
  const managers = { husky: husky(), lefthook: lefthook(), preCommit: preCommit() };
  const preCommitFiles = { ...code, '.pre-commit-config.yaml': 'repos: []\n' };
  const all: SetUp[] = [
    { name: 'plain', files: code, prepare: () => {} },
    {
      name: 'own hooks',
      files: code,
      prepare: (place) => {
        const hooks = join(place.git('rev-parse', '--path-format=absolute', '--git-common-dir'), 'hooks');
        writeHook(join(hooks, 'post-commit'), '#!/bin/sh\nset -e\necho own >> "$HOME/own"\nexit 0');
        writeHook(
          join(hooks, 'pre-push'),
          '#!/bin/bash\nwhile read -r line; do echo "$1 $line" >> "$HOME/own"; done\n',
        );
      },
    },
    {
      name: 'husky',
      manager: managers.husky,
      files: { ...code, '.husky/pre-commit': 'true\n', '.husky/post-commit': 'echo own >> "$HOME/own"' },
      prepare: (place) => use(managers.husky, place),
    },
    {
      name: 'lefthook',
      manager: managers.lefthook,
      files: {
        ...code,
        'lefthook.yml':
          'pre-commit:\n  commands:\n    own:\n      run: "true"\npre-push:\n  commands:\n    own:\n      run: cat >> "$HOME/own"\n      use_stdin: true\n',
      },
      prepare: (place) => use(managers.lefthook, place, 'install'),
      afterwards: (place) => use(managers.lefthook, place, 'install'),
      undo: (place) => {
        use(managers.lefthook, place, 'uninstall');
        use(managers.lefthook, place, 'install');
      },
    },
    {
      name: 'pre-commit',
      manager: managers.preCommit,
      files: preCommitFiles,
      prepare: (place) => use(managers.preCommit, place, 'install'),
    },
    {
      name: 'pre-commit, all stages',
      manager: managers.preCommit,
      files: preCommitFiles,
      prepare: (place) => use(managers.preCommit, place, 'install', '-t', 'post-commit', '-t', 'pre-push'),
    },
    {
      name: 'in-tree',
      files: { ...code, '.githooks/post-commit': '#!/bin/sh\necho own >> "$HOME/own"\n' },
      prepare: (place) => {
        chmodSync(join(place.dir, '.githooks/post-commit'), 0o755);
        place.git('config', 'core.hooksPath', '.githooks');
      },
    },
  ];
  return all;
}

export interface Prepared {
  repo: TestRepository;
  linked: TestRepository;
  remote: string;
}

/** A main and a linked worktree of a clone with a remote, hooks managed as `setUp` says. */
export function prepared(setUp: SetUp): Prepared {
  const repo = withEnv(makeRepository({ files: setUp.files }), setUp.manager);
  const remote = join(temporaryDirectory(), 'remote.git');
  repo.exec(['git', 'init', '-q', '--bare', remote]);
  repo.git('remote', 'add', 'origin', remote);
  repo.git('push', '-q', 'origin', 'main');
  setUp.prepare(repo);
  if (repo.git('status', '--porcelain') !== '') repo.commit('what the manager changed');
  repo.git('worktree', 'add', '-q', '../linked', '-b', 'side');
  const linked = withEnv(useRepository(join(repo.dir, '../linked'), repo.home), setUp.manager);
  setUp.prepare(linked);
  return { repo, linked, remote };
}

function withEnv(repo: TestRepository, manager: Manager | undefined): TestRepository {
  Object.assign(repo.env, manager?.env, { PRE_COMMIT_HOME: join(repo.home, 'pre-commit') });
  return repo;
}
