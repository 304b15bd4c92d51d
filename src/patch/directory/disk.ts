/**
 * Every effect on a working directory goes through here. Rule: no link is followed, no file is written but a new one, and
 * nothing is decided.
 */
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';

/** What a file is to have beside its bytes. Without it: what the process gives to new files. */
export interface Permissions {
  /** Permission bits, 0 to 0o777. */
  mode: number;
  uid: number;
  gid: number;
}

export interface Disk {
  /** Null: nothing stands there, or one of its folders is none. */
  look(path: string): Stats | null;
  list(dir: string): string[];
  read(path: string): Buffer;
  readLink(path: string): string;
  /** Creates a file; it must not exist. */
  create(path: string, content: Uint8Array, as: Permissions | { executable: boolean }): void;
  /** A second name; it must not exist. */
  link(from: string, to: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  makeDirectory(path: string, mode?: number): void;
  removeDirectory(path: string): void;
}

export const nodeDisk: Disk = {
  look: (path) => {
    try {
      return lstatSync(path);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
      throw error;
    }
  },
  list: (dir) => readdirSync(dir),
  read: (path) => readFileSync(path),
  readLink: (path) => readlinkSync(path),
  create: (path, content, as) => {
    const file = openSync(path, 'wx', 'mode' in as ? 0o600 : as.executable ? 0o777 : 0o666);
    try {
      for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
      if ('mode' in as) setPermissions(file, as);
    } finally {
      closeSync(file);
    }
  },
  link: (from, to) => linkSync(from, to),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => unlinkSync(path),
  makeDirectory: (path, mode) => {
    mkdirSync(path);
    if (mode !== undefined) chmodSync(path, mode);
  },
  removeDirectory: (path) => rmdirSync(path),
};

/** The owner first: changing it takes bits away. Only root can give a file back to somebody else. */
function setPermissions(file: number, { mode, uid, gid }: Permissions): void {
  const now = fstatSync(file);
  if (now.uid !== uid || now.gid !== gid)
    try {
      fchownSync(file, uid, gid);
    } catch (error) {
      if (codeOf(error) !== 'EPERM') throw error;
    }
  fchmodSync(file, mode);
}

export function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null)?.code ?? '');
}
