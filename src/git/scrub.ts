/**
 * Empties a directory of everything that was not checked out into it, and of everything that was and was touched since.
 * Rule: lstat only, so no link is followed; names are bytes; a planted directory can be unreadable, read-only or nested
 * deeper than a path can say.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { isSame, isUntouched, lookAt, type Manifest, type Mark, markOf, placeIn } from './slot-manifest.ts';

/** Entries between two breaks: somebody else's time and memory is watched by this process. */
const PORTION = 2000;

/**
 * Removes what does not belong below `dir`, which must be the directory of the manifest's top; afterwards the manifest
 * names what is left.
 * @returns the paths of the tree that are missing now.
 */
export async function scrubDirectory(dir: string, manifest: Manifest): Promise<string[]> {
  const { files, folders } = manifest;
  const trash = `${dir}.trash`;
  removeStale(Buffer.from(trash));
  const round = nextRound(manifest);
  let walked = 0;
  await visit('');
  const missing: string[] = [];
  for (const [path, { met }] of files) if (met !== round) missing.push(path);
  for (const path of missing) files.delete(path);
  for (const [path, { met }] of folders) if (met !== round) folders.delete(path);
  return missing;

  /** Returns whether anything was taken out of it. */
  async function visit(folder: string): Promise<boolean> {
    const prefix = folder === '' ? '' : `${folder}/`;
    let changed = false;
    for (const name of readdirSync(placeOf(folder), 'latin1')) {
      walked += 1;
      if (walked % PORTION === 0) await breathe();
      const path = prefix + name;
      const at = placeIn(dir, path);
      const stat = lookAt(at);
      if (stat === undefined) continue;
      const file = files.get(path);
      const inner = folders.get(path);
      if (stat.isDirectory() && inner !== undefined) changed = (await enter(path, inner)) || changed;
      else if (file !== undefined && isUntouched(stat, file)) file.met = round;
      else {
        changed = true;
        if (stat.isDirectory()) removeTree(Buffer.from(at), trash);
        else unlinkSync(at);
      }
    }
    return changed;
  }

  /** A folder that was touched in any way is made anew: attributes and lists of rights stick to it unseen. */
  async function enter(path: string, mark: Mark): Promise<boolean> {
    const at = placeIn(dir, path);
    const before = lstatSync(at, { bigint: true });
    makeOrdinary(at);
    const changed = await visit(path);
    mark.met = round;
    const touched = !isSame(before, mark);
    if (touched) renew(path, Number(mark.mode & 0o777n));
    if (touched || changed) Object.assign(mark, markOf(lstatSync(at, { bigint: true })), { met: round });
    return touched;
  }

  function renew(path: string, mode: number): void {
    const at = placeIn(dir, path);
    const fresh = `${dir}.trash-fresh`;
    removeStale(Buffer.from(fresh));
    mkdirSync(fresh);
    const names = readdirSync(at, 'latin1');
    for (const name of names) renameSync(placeIn(dir, `${path}/${name}`), placeIn(fresh, name));
    rmdirSync(at);
    renameSync(fresh, at);
    chmodSync(at, mode | 0o700);
    for (const name of names) {
      const child = `${path}/${name}`;
      const mark = files.get(child) ?? folders.get(child);
      if (mark) Object.assign(mark, markOf(lstatSync(placeIn(dir, child), { bigint: true })), { met: round });
    }
  }

  function placeOf(folder: string): string | Buffer {
    return folder === '' ? dir : placeIn(dir, folder);
  }
}

/** A number that no mark has yet. */
function nextRound({ top }: Manifest): number {
  top.met += 1;
  return top.met;
}

/** Removes everything below `dir`, which stays: something may be mounted on it. */
export function emptyDirectory(dir: string): void {
  const trash = `${dir}.trash`;
  removeStale(Buffer.from(trash));
  makeOrdinary(dir);
  for (const name of readdirSync(dir, 'latin1')) removeTree(Buffer.from(placeIn(dir, name)), trash);
}

/** Removes `path`, whatever it is and whatever rights it has; does nothing where nothing is. */
export function removeAny(path: string): void {
  removeTree(Buffer.from(path), `${path}.trash`);
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
function makeOrdinary(dir: string | Buffer): void {
  const mode = lstatSync(dir).mode & 0o7777;
  if ((mode & 0o7700) !== 0o700) chmodSync(dir, (mode & 0o077) | 0o700);
}

function below(dir: Buffer, name: Buffer): Buffer {
  return Buffer.concat([dir, Buffer.from('/'), name]);
}
