/**
 * Makes a directory hold exactly one tree, and again after something ran in there. Rule: nothing found in it is believed
 * but what the kernel proves to be untouched since the checkout; whatever else goes, links are never followed, and no
 * filter of the user's runs. There is no `.git` in it; the index lies beside it, out of a check's reach.
 */
import { chmodSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { admissible, linksAmong } from './admissible.ts';
import type { GitContext } from './context.ts';
import { treeOf } from './objects.ts';
import { gitFailed } from './run.ts';
import { emptyDirectory, removeAny, scrubDirectory } from './scrub.ts';
import { isSame, lookAt, type Manifest, markOf, remark, settle, tellsTouched } from './slot-manifest.ts';
import type { Oid, Repository, RunGit } from './types.ts';

/** Line endings and modes come out the same on every machine; sparse checkouts are the user's, not the slot's. */
const SETTINGS = [
  ...['core.autocrlf=false', 'core.eol=lf', 'core.symlinks=true', 'core.fileMode=true', 'core.ignoreStat=false'],
  ...['core.trustctime=true', 'core.checkStat=default', 'core.sparseCheckout=false', 'core.splitIndex=false'],
  ...['core.untrackedCache=false', 'submodule.recurse=false', 'advice.updateSparsePath=false'],
].flatMap((setting) => ['-c', setting]);

interface Slot {
  git: GitContext;
  dir: string;
  index: string;
  run: RunGit;
}

export function createSlots(git: GitContext): Repository['slots'] {
  const manifests = new Map<string, Manifest>();
  return {
    checkout: async (dir, commitOrTree) => {
      const known = manifests.get(dir);
      // Only a checkout that came to its end is believed.
      manifests.delete(dir);
      const manifest = await checkout(slotAt(git, dir), await treeOf(git, commitOrTree), known);
      if (await tellsTouched(dir)) manifests.set(dir, manifest);
    },
    scrub: async (dir) => {
      const manifest = manifests.get(dir);
      manifests.delete(dir);
      if (manifest !== undefined && isSlotOf(manifest, dir)) {
        await scrub(slotAt(git, dir), manifest);
        manifests.set(dir, manifest);
      } else if (lookAt(dir)?.isDirectory()) emptyDirectory(dir);
      else removeAny(dir);
    },
  };
}

function slotAt(git: GitContext, dir: string): Slot {
  const index = `${dir}.index`;
  const run: RunGit = (args, options = {}) =>
    git.onTree([...SETTINGS, `--git-dir=${git.info.gitDir}`, `--work-tree=${dir}`, ...args], {
      cwd: dir,
      ...options,
      env: { GIT_INDEX_FILE: index, ...options.env },
    });
  return { git, dir, index, run };
}

async function checkout(slot: Slot, asked: Oid, known: Manifest | undefined): Promise<Manifest> {
  const { dir, index } = slot;
  rmSync(`${index}.lock`, { force: true });
  if (known === undefined || !isSlotOf(known, dir)) return build(slot, asked, 'anew');
  if (!known.clean) await scrub(slot, known);
  return (await move(slot, asked, known)) ?? build(slot, asked, 'in place');
}

/** The very directory, and nobody else has checked out into it since. */
function isSlotOf({ top, index }: Manifest, dir: string): boolean {
  const [found, beside] = [lookAt(dir), lookAt(`${dir}.index`)];
  const same = found?.isDirectory() === true && found.ino === top.ino && found.dev === top.dev;
  return same && beside !== undefined && isSame(beside, index);
}

async function scrub({ dir }: Slot, manifest: Manifest): Promise<void> {
  chmodSync(dir, 0o700);
  const missing = await scrubDirectory(dir, manifest);
  for (const path of missing) manifest.missing.add(path);
  manifest.clean = true;
}

/** From the tree that stands there to `asked`, by the difference; null where that cannot be told, or fails. */
async function move(slot: Slot, asked: Oid, known: Manifest): Promise<Manifest | null> {
  const { git, dir, index, run } = slot;
  // Where a link or a submodule is among what differs, the whole tree is judged.
  const plain = known.tree === known.asked ? await differences(git, known.asked, asked) : null;
  const asItIs = plain?.every(({ modes }) => !linksAmong(modes)) === true;
  const tree = asItIs ? asked : known.asked === asked ? known.tree : (await admissible(git, asked)).tree;
  const changed = (asItIs ? plain : await differences(git, known.tree, tree)).map(({ path }) => path);
  // What attributes say holds for files that did not change as well.
  if (changed.some((path) => /(^|\/)\.gitattributes$/.test(path))) return null;
  if ((await run(['read-tree', '--reset', '-u', tree], { ok: [0, 1, 128] })).code !== 0) return null;
  remark(dir, known, [...known.missing, ...changed]);
  await settle(known, index);
  return { ...known, tree, asked, missing: new Set(), clean: false };
}

async function differences(git: GitContext, from: Oid, to: Oid): Promise<Array<{ path: string; modes: string[] }>> {
  if (from === to) return [];
  const result = await git.run(['diff-tree', '-r', '-z', '--no-renames', '--raw', from, to]);
  const parts = result.stdout.toString('latin1').split('\0');
  const found: Array<{ path: string; modes: string[] }> = [];
  for (let at = 0; at + 1 < parts.length; at += 2)
    found.push({ path: parts[at + 1] ?? '', modes: (parts[at] ?? '').slice(1).split(' ').slice(0, 2) });
  return found;
}

/** Starts from nothing. `in place` keeps the directory itself: it may be mounted. */
async function build({ git, dir, index, run }: Slot, asked: Oid, how: 'anew' | 'in place'): Promise<Manifest> {
  const { tree, entries } = await admissible(git, asked);
  const old = `${dir}.trash-old`;
  removeAny(old);
  // Should somebody still be in the old one, what he writes does not come here.
  if (how === 'anew' && lookAt(dir)) renameSync(dir, old);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  removeAny(old);
  emptyDirectory(dir);
  rmSync(index, { force: true });
  const args = ['read-tree', '--reset', '-u', tree];
  const result = await run(args);
  if (!existsSync(index)) throw gitFailed(args, result);
  const top = markOf(lstatSync(dir, { bigint: true }));
  const manifest: Manifest = {
    ...{ tree, asked, top, index: top, files: new Map(), folders: new Map(), missing: new Set(), clean: false },
  };
  remark(
    dir,
    manifest,
    entries.map(({ path }) => path),
  );
  await settle(manifest, index);
  return manifest;
}
