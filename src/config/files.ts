/**
 * The configuration as files: `.ambient.yml` (without one: a `config.yaml` of the convergence loop) and everything in
 * `.ambient/`, regular files only, of the main checkout.
 * Rule: what is not a plain file of sensible size is no part of the configuration; it is named, so that `init` can refuse.
 */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Repository } from '../git/index.ts';
import { CONVERGENCE_FILE, isConvergenceFile, LARGEST_CONVERGENCE_FILE } from './convergence-file.ts';

export interface ConfigurationFiles {
  files: Array<{ path: string; content: Buffer }>;
  /** Paths that cannot be part of a configuration, and why. */
  refused: Array<{ path: string; reason: string }>;
}

const FILE = '.ambient.yml';
const FOLDER = '.ambient';
const LARGEST = 1024 * 1024;
const MOST = 2000;
/** Older versions of the log format stood in the folder; a log is not configuration. */
const LOG = /^\.ambient\/telemetry[^/]*\.jsonl$/;

/** Reads the configuration's files: two directory look-ups when there are none. */
export async function configurationFiles(repository: Repository): Promise<ConfigurationFiles> {
  const found: ConfigurationFiles = { files: [], refused: [] };
  const top = await mainCheckout(repository);
  if (top === null) return readCommitted(repository, found);
  await Promise.all([readOne(top, FILE, found), readFolder(top, FOLDER, found)]);
  if (![...found.files, ...found.refused].some(({ path }) => path === FILE)) await readOlder(top, found);
  found.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return found;
}

/** Top of the main worktree (linked worktrees share its configuration), or null in a bare repository. */
async function mainCheckout(repository: Repository): Promise<string | null> {
  const { gitDir, commonDir, workTree } = repository.info;
  if (gitDir === commonDir) return workTree;
  if ((await repository.config.get('core.bare')) === 'true') return null;
  const configured = await repository.config.get('core.worktree');
  if (configured !== null) return resolve(commonDir, configured);
  return basename(commonDir) === '.git' ? dirname(commonDir) : workTree;
}

async function readFolder(top: string, folder: string, found: ConfigurationFiles): Promise<void> {
  const info = await lstat(join(top, folder)).catch(absent);
  if (info === null) return;
  if (!info.isDirectory()) return refuse(found, folder, 'it is not a folder');
  for (const entry of await readdir(join(top, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (found.files.length + found.refused.length >= MOST)
      return refuse(found, folder, `it holds more than ${MOST} files`);
    if (entry.name.toLowerCase() === '.git') refuse(found, path, 'a configuration may not contain a repository');
    else if (entry.isDirectory()) await readFolder(top, path, found);
    else if (!LOG.test(path)) await readOne(top, path, found);
  }
}

async function readOne(top: string, path: string, found: ConfigurationFiles): Promise<void> {
  const info = await lstat(join(top, path)).catch(absent);
  if (info === null) return;
  if (!info.isFile()) refuse(found, path, 'it is not a regular file');
  else if (info.size > LARGEST) refuse(found, path, `it is larger than ${LARGEST / 1024} KiB`);
  else found.files.push({ path, content: await readFile(join(top, path)) });
}

/** Whatever else bears that name belongs to somebody else's program: no word about it. */
async function readOlder(top: string, found: ConfigurationFiles): Promise<void> {
  const path = join(top, CONVERGENCE_FILE);
  const info = await lstat(path).catch(absent);
  if (info === null || !info.isFile() || info.size > LARGEST_CONVERGENCE_FILE) return;
  const content = await readFile(path).catch(() => null);
  if (content !== null && isConvergenceFile(content.toString('utf8')))
    found.files.push({ path: CONVERGENCE_FILE, content });
}

async function readCommitted(repository: Repository, found: ConfigurationFiles): Promise<ConfigurationFiles> {
  const head = await repository.objects.resolve('HEAD^{tree}');
  if (head === null) return found;
  const file = await repository.objects.blobAt(head, FILE);
  const folder = await repository.objects.resolve(`${head}:${FOLDER}`);
  if (file !== null && file.content.length <= LARGEST) found.files.push({ path: FILE, content: file.content });
  const older = file === null ? await repository.objects.blobAt(head, CONVERGENCE_FILE) : null;
  const fits = older !== null && older.content.length <= LARGEST_CONVERGENCE_FILE;
  if (fits && isConvergenceFile(older.content.toString('utf8')))
    found.files.push({ path: CONVERGENCE_FILE, content: older.content });
  if (folder === null || (await repository.objects.type(folder)) !== 'tree') return found;
  for (const entry of (await repository.trees.list(folder)).slice(0, MOST)) {
    const path = `${FOLDER}/${entry.path}`;
    if (!entry.mode.startsWith('100')) refuse(found, path, 'it is not a regular file');
    else if (!LOG.test(path)) found.files.push({ path, content: await repository.objects.blob(entry.oid) });
  }
  return found;
}

function refuse(found: ConfigurationFiles, path: string, reason: string): void {
  found.refused.push({ path, reason });
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
