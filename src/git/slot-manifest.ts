/**
 * What a slot looked like when its tree had been checked out, as the kernel tells it. Rule: no process without privileges
 * can set a change time back, so what still has its mark was not touched since; a mark is only worth something when the
 * clock of the file system has moved on after it was taken.
 */
import { type BigIntStats, chmodSync, lstatSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Oid } from './types.ts';

export interface Mark {
  dev: bigint;
  ino: bigint;
  ctime: bigint;
  size: bigint;
  mode: bigint;
  nlink: bigint;
  /** The walk that met it last. */
  met: number;
}

export interface Manifest {
  /** What stands there: the tree that was asked for, without what no slot may hold. */
  tree: Oid;
  /** The tree that was asked for. */
  asked: Oid;
  top: Mark;
  /** By path: Latin-1, so that every byte of a name is kept. */
  files: Map<string, Mark>;
  folders: Map<string, Mark>;
  /** Files of the tree that a scrub has taken away and no checkout has brought back yet. */
  missing: Set<string>;
  /** The index, which every checkout replaces: another one means that somebody else was here. */
  index: Mark;
  /** Whether a check can have been here since the last scrub. */
  clean: boolean;
}

/** A path below `dir` for the file system: bytes where characters would not come out the same. */
export function placeIn(dir: string, path: string): string | Buffer {
  if (/^[\x00-\x7f]*$/.test(path)) return `${dir}/${path}`;
  return Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(path, 'latin1')]);
}

export function markOf(stat: BigIntStats): Mark {
  const { dev, ino, ctimeNs: ctime, size, mode, nlink } = stat;
  return { dev, ino, ctime, size, mode, nlink, met: 0 };
}

/** Nothing, also where a file stands in the place of a folder above. */
export function lookAt(path: string | Buffer): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Is it the very file that was checked out, under one name only? */
export function isUntouched(stat: BigIntStats, mark: Mark): boolean {
  return isSame(stat, mark) && stat.size === mark.size && stat.nlink === 1n;
}

/** Is it the same entry with the same mode, not changed since? */
export function isSame(stat: BigIntStats, mark: Mark): boolean {
  return stat.ctimeNs === mark.ctime && stat.ino === mark.ino && stat.dev === mark.dev && stat.mode === mark.mode;
}

/** Takes the marks of `paths` and of the folders that they stand in anew; what is not there has none. */
export function remark(dir: string, manifest: Manifest, paths: Iterable<string>): void {
  const folders = new Set<string>();
  for (const path of paths) {
    const found = lookAt(placeIn(dir, path));
    setMark(manifest.files, path, found?.isDirectory() ? undefined : found);
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  for (const folder of folders) {
    const stat = lookAt(placeIn(dir, folder));
    setMark(manifest.folders, folder, stat?.isDirectory() ? stat : undefined);
  }
}

function setMark(marks: Map<string, Mark>, path: string, stat: BigIntStats | undefined): void {
  if (stat === undefined) marks.delete(path);
  else marks.set(path, markOf(stat));
}

/** Milliseconds that a clock may take to move on. Kernels count in steps of 1 to 10; some file systems in seconds. */
const PATIENCE = 60;

/**
 * Waits until whatever changes from now on gets a later time than any of `manifest`. What cannot be told apart by then is
 * taken for touched the next time.
 */
export async function settle(manifest: Manifest, index: string): Promise<void> {
  const marks = [...manifest.files.values(), ...manifest.folders.values()];
  let latest = 0n;
  for (const { ctime } of marks) if (ctime > latest) latest = ctime;
  const deadline = performance.now() + PATIENCE;
  let now = tick(index);
  for (; now.ctimeNs <= latest && performance.now() < deadline; now = tick(index)) await sleep(1);
  for (const mark of marks) if (mark.ctime >= now.ctimeNs) mark.ctime = -1n;
  manifest.index = markOf(now);
}

function tick(index: string): BigIntStats {
  chmodSync(index, 0o600);
  return lstatSync(index, { bigint: true });
}

/**
 * File systems that give every change of a file a new change time, writes through a mapping among them: ext, XFS, btrfs,
 * ZFS, f2fs, bcachefs, APFS. Memory file systems do so in new kernels only, overlays as their upper layer does, networks
 * as their server.
 */
const TELLING = new Set([0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0xf2f52010, 0xca451a4e, 0x1a]);

/** Whether marks can be believed on the file system of `dir`. */
export async function tellsTouched(dir: string): Promise<boolean> {
  return TELLING.has((await statfs(dir)).type >>> 0);
}
