/**
 * A tree as a directory, with a `.git` and a place outside to reach for, and what became of them. Rule: what is read back
 * follows no link.
 */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tree } from './model.ts';

export interface Arena {
  /** The working directory; beside it lies `outside/`. */
  readonly dir: string;
  /** Makes `dir` hold exactly `tree`. */
  reset(tree: Tree): void;
  read(): Tree;
  /** What happened to `.git` and outside, or null. */
  intrusion(): string | null;
}

export function makeArena(root: string): Arena {
  const dir = join(root, 'work');
  const outside = join(root, 'outside');
  const build = () => {
    for (const place of [dir, outside]) rmSync(place, { recursive: true, force: true });
    for (const place of ['.git/hooks', '.git/objects', '.git/refs']) mkdirSync(join(dir, place), { recursive: true });
    writeFileSync(join(dir, '.git/HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(dir, '.git/config'), '[core]\n\trepositoryformatversion = 0\n\tbare = false\n');
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, 'canary'), 'canary\n');
  };
  build();
  const guarded = () => print(readTree(join(dir, '.git'))) + print(readTree(outside)) + readdirSync(root).join();
  const intact = guarded();
  return {
    dir,
    reset(tree) {
      if (this.intrusion() !== null) build();
      const now = readTree(dir, '.git');
      for (const path of now.keys()) if (!same(now.get(path), tree.get(path))) rmSync(join(dir, path), { force: true });
      prune(dir, true);
      for (const [path, file] of tree) if (!same(now.get(path), file)) writeEntry(join(dir, path), file);
    },
    read: () => readTree(dir, '.git'),
    intrusion() {
      const now = guarded();
      return now === intact ? null : now;
    },
  };
}

const same = (a: { mode: string; content: string } | undefined, b: typeof a) =>
  a !== undefined && b !== undefined && a.mode === b.mode && a.content === b.content;
const print = (tree: Tree) => JSON.stringify([...tree]);

function writeEntry(path: string, { mode, content }: { mode: string; content: string }): void {
  mkdirSync(dirname(path), { recursive: true });
  if (mode === '120000') symlinkSync(content, path);
  else {
    writeFileSync(path, content, 'latin1');
    chmodSync(path, mode === '100755' ? 0o755 : 0o644);
  }
}

/** Removes empty directories. */
function prune(dir: string, isTop: boolean): void {
  for (const entry of readdirSync(dir, { withFileTypes: true }))
    if (entry.isDirectory() && !(isTop && entry.name === '.git')) {
      prune(join(dir, entry.name), false);
      if (readdirSync(join(dir, entry.name)).length === 0) rmSync(join(dir, entry.name), { recursive: true });
    }
}

/** Everything below `dir` but `skip` at its top. */
export function readTree(dir: string, skip?: string): Tree {
  const tree: Tree = new Map();
  const visit = (at: string, prefix: string) => {
    for (const name of readdirSync(at).sort()) {
      if (prefix === '' && name === skip) continue;
      const path = join(at, name);
      const info = lstatSync(path);
      if (info.isDirectory()) visit(path, `${prefix}${name}/`);
      else if (info.isSymbolicLink()) tree.set(prefix + name, { mode: '120000', content: readlinkSync(path) });
      else if (info.isFile()) {
        const mode = info.mode & 0o100 ? '100755' : '100644';
        tree.set(prefix + name, { mode, content: readFileSync(path, 'latin1') });
      } else tree.set(prefix + name, { mode: '000000', content: '' });
    }
  };
  visit(dir, '');
  return tree;
}
