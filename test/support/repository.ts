/**
 * A real git repository in a temporary directory, with an empty environment: no user or system configuration, UTC,
 * C locale, a clock that ticks one minute per commit, background gc off.
 */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export interface TestRepository {
  readonly dir: string;
  readonly home: string;
  readonly env: Record<string, string>;
  /** Runs git and returns its trimmed output; throws with both streams when it fails. */
  git(...args: string[]): string;
  /** Runs any program in the repository with the test's environment. */
  exec(argv: string[], options?: ExecFileSyncOptions): string;
  write(path: string, content: string | Uint8Array): void;
  /** Writes `files`, stages everything and commits; returns the new oid. */
  commit(message: string, files?: Record<string, string | null>): string;
  /** The same with its home in a place of its own, and the clock where it stands: prepare once, use in several cases. */
  copy(): TestRepository;
  remove(): void;
}

const roots = new Set<string>();
process.on('exit', () => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** Makes a temporary directory that goes when the test process ends. */
export function temporaryDirectory(prefix = 'ambient-test-'): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  roots.add(root);
  return root;
}

/**
 * From here on temporary directories of this process lie in memory, where that can be written and run from: for files that
 * make hundreds of repositories and have the process to themselves. What a kill leaves is the same there.
 */
export function keepInMemory(): void {
  try {
    const root = mkdtempSync('/dev/shm/ambient-test-');
    roots.add(root);
    writeFileSync(join(root, 'probe'), '#!/bin/sh\n', { mode: 0o755 });
    execFileSync(join(root, 'probe'));
    process.env['TMPDIR'] = root;
  } catch {
    // A disk does as well, and costs more.
  }
}

export function testEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    TMPDIR: process.env['TMPDIR'] ?? tmpdir(),
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    NO_COLOR: '1',
  };
}

/** As `git config` writes it, which would be a process for each key. */
const CONFIGURATION = `[user]
\tname = Test Person
\temail = person@example.test
[commit]
\tgpgsign = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
`;

/** Creates a repository on branch `main` with an identity and, unless `empty`, one commit. */
export function makeRepository(
  options: { empty?: boolean; files?: Record<string, string>; init?: string[] } = {},
): TestRepository {
  const root = temporaryDirectory();
  const home = join(root, 'home');
  const dir = join(root, 'repo');
  mkdirSync(home);
  mkdirSync(dir);
  const repository = useRepository(dir, home);
  repository.git('init', '-q', '-b', 'main', ...(options.init ?? []));
  appendFileSync(join(dir, '.git/config'), CONFIGURATION);
  if (!options.empty) repository.commit('first', options.files ?? { 'README.md': 'hello\n' });
  return repository;
}

/** Wraps an existing directory (a linked worktree, a clone) as a test repository. */
export function useRepository(dir: string, home: string, began = 0): TestRepository {
  const env = testEnvironment(home);
  let tick = began;
  const exec = (argv: string[], extra: ExecFileSyncOptions = {}): string => {
    const time = `${1_767_225_600 + 60 * tick} +0000`;
    const [file = '', ...args] = argv;
    return execFileSync(file, args, {
      cwd: dir,
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
      ...extra,
      env: { ...env, GIT_AUTHOR_DATE: time, GIT_COMMITTER_DATE: time, ...(extra.env as Record<string, string>) },
    }).toString();
  };
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  };
  return {
    dir,
    home,
    env,
    exec,
    write,
    git: (...args) => exec(['git', ...args]).trimEnd(),
    commit(message, files = {}) {
      tick += 1;
      for (const [path, content] of Object.entries(files))
        content === null ? rmSync(join(dir, path)) : write(path, content);
      exec(['git', 'add', '-A']);
      exec(['git', 'commit', '-q', '--allow-empty', '-m', message]);
      return looseTip(dir) ?? exec(['git', 'rev-parse', 'HEAD']).trim();
    },
    copy() {
      const root = temporaryDirectory();
      execFileSync('cp', ['-a', `${dirname(dir)}/.`, root]);
      const copied = useRepository(join(root, basename(dir)), join(root, basename(home)), tick);
      // The index has the inodes of the other's files.
      copied.git('status');
      return copied;
    },
    remove: () => rmSync(dirname(dir), { recursive: true, force: true }),
  };
}

/** Returns what HEAD leads to when plain files say so, as they do after a commit: hundreds of processes less. */
function looseTip(dir: string): string | null {
  try {
    const [, ref] = /^ref: (.+)\n$/.exec(readFileSync(join(dir, '.git/HEAD'), 'utf8')) ?? [];
    const [, oid] = /^([0-9a-f]{40,64})\n$/.exec(readFileSync(join(dir, '.git', ref ?? 'HEAD'), 'utf8')) ?? [];
    return oid ?? null;
  } catch {
    return null;
  }
}
