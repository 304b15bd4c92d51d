/**
 * Empties a directory of everything that is not expected in it. Rule: lstat only, so no link is followed; names are
 * bytes; a planted directory can be unreadable, read-only or nested deeper than a path can say.
 */
import { chmodSync, lstatSync, readdirSync, renameSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';

/** Path (Latin-1, relative) to the mode that git gives it. */
export type Expected = ReadonlyMap<string, string>;

/** Removes what is not in `expected`, and what is but was tampered with in kind, mode or link count. */
export function scrubDirectory(dir: string, expected: Expected): void {
  const root = lstatSync(dir, { throwIfNoEntry: false });
  if (root === undefined) return;
  if (!root.isDirectory()) {
    unlinkSync(dir);
    return;
  }
  const directories = new Set<string>();
  for (const path of expected.keys())
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      directories.add(path.slice(0, end));
  const trash = `${dir}.trash`;
  removeTree(Buffer.from(trash), trash);
  visit(Buffer.from(dir), '');

  function visit(at: Buffer, prefix: string): void {
    makeOrdinary(at);
    for (const name of readdirSync(at, { encoding: 'buffer' })) {
      const path = prefix + name.toString('latin1');
      const full = below(at, name);
      const stat = lstatSync(full);
      const mode = expected.get(path);
      if (stat.isDirectory()) directories.has(path) ? visit(full, `${path}/`) : removeTree(full, trash);
      else if (mode === undefined || !isUntouched(stat, mode)) unlinkSync(full);
    }
  }
}

/** A second name of the same file may lie outside, and set-uid bits are not git's doing. */
function isUntouched(stat: Stats, mode: string): boolean {
  if (mode === '120000') return stat.isSymbolicLink();
  const executable = (stat.mode & 0o100) !== 0;
  const plain = (stat.mode & 0o7000) === 0 && (stat.mode & 0o600) === 0o600;
  return stat.isFile() && stat.nlink === 1 && plain && executable === (mode === '100755');
}

/** Directories inside are first moved to `trash`, side by side: no path grows with the depth. */
function removeTree(root: Buffer, trash: string): void {
  const pending = [root];
  let moved = 0;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const stat = lstatSync(at, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (!stat.isDirectory()) {
      unlinkSync(at);
      continue;
    }
    makeOrdinary(at);
    for (const name of readdirSync(at, { encoding: 'buffer' })) {
      const full = below(at, name);
      if (!lstatSync(full).isDirectory()) unlinkSync(full);
      else {
        makeOrdinary(full);
        const aside = Buffer.from(`${trash}-${moved}`);
        moved += 1;
        removeStale(aside);
        renameSync(full, aside);
        pending.push(aside);
      }
    }
    rmdirSync(at);
  }
}

/** Left by a cleaning that was killed. */
function removeStale(path: Buffer): void {
  if (lstatSync(path, { throwIfNoEntry: false })) removeTree(path, `${path.toString()}-stale`);
}

/** Readable and writable to us, without set-gid or sticky bits. */
function makeOrdinary(dir: Buffer): void {
  const mode = lstatSync(dir).mode & 0o7777;
  if ((mode & 0o7700) !== 0o700) chmodSync(dir, (mode & 0o077) | 0o700);
}

function below(dir: Buffer, name: Buffer): Buffer {
  return Buffer.concat([dir, Buffer.from('/'), name]);
}
