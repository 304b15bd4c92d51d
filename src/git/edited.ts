/**
 * Which files hold other bytes than HEAD. Rule: by content alone: `git status` believes size and times, which an editor
 * or a copy can keep. A file is as HEAD has it if git would store it as that, or would write it as that.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { GitContext } from './context.ts';
import type { RawChange } from './diff.ts';
import { writeFilesTo } from './landing-index.ts';
import type { Stage } from './stage.ts';
import { absolutePath, lookAt } from './working-files.ts';

/** Paths in Latin-1. `stage` has room for a second look. */
export async function findEdited(
  git: GitContext,
  stage: Stage,
  top: string,
  changes: readonly RawChange[],
): Promise<string[]> {
  const files = changes.filter(({ oldMode }) => oldMode.startsWith('100'));
  const links = changes.filter(({ oldMode }) => oldMode === '120000');
  const [stored, targets] = await Promise.all([
    storedOids(git, top, files),
    Promise.all(links.map(async ({ oldOid }) => (await git.reader.read(oldOid))?.content)),
  ]);
  const doubtful = files.filter(({ path, oldOid }) => stored.get(path) !== oldOid).map(({ path }) => path);
  const missing = doubtful.filter((path) => !lookAt(top, path)?.isFile());
  const head = join(stage.files, 'head');
  const present = doubtful.filter((path) => !missing.includes(path));
  await writeFilesTo(git, head, present);
  const differ = present.filter((path) => !contentAt(top, path).equals(contentAt(head, path)));
  const relinked = links.filter(({ path }, at) => {
    const isLink = lookAt(top, path)?.isSymbolicLink();
    return !isLink || !targets[at]?.equals(readlinkSync(absolutePath(top, path), 'buffer'));
  });
  return [...missing, ...differ, ...relinked.map(({ path }) => path)];
}

const contentAt = (top: string, path: string) => readFileSync(absolutePath(top, path));

/** What `git add` would make of the files, through the user's clean filters. */
async function storedOids(git: GitContext, top: string, files: readonly RawChange[]): Promise<Map<string, string>> {
  const regular = files.map(({ path }) => path).filter((path) => lookAt(top, path)?.isFile());
  if (regular.length === 0) return new Map();
  const input = Buffer.from(regular.map((path) => `${quote(path)}\n`).join(''), 'latin1');
  const result = await git.asUser(['hash-object', '--stdin-paths'], { input });
  const oids = result.stdout.toString().split('\n');
  return new Map(regular.map((path, at) => [path, oids[at] ?? '']));
}

const quote = (path: string) => `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
