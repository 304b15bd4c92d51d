/**
 * A patch and a target → what every file becomes, in memory. Rule: one section that cannot be placed with certainty, or
 * should not be, refuses the whole; nothing is written here.
 */
import { baseOf, carryOver } from './carry.ts';
import { endingOfOthers } from './endings.ts';
import { type Job, parentsOf, planJobs } from './jobs.ts';
import { knownPaths } from './known-paths.ts';
import { parsePatch } from './parse/patch.ts';
import { type PlacedOrNot, placeFile } from './place-file.ts';
import type { PatchTarget, PlacedFile, Placement, Refusal, StoredFile } from './place-types.ts';
import { undoForAll } from './way.ts';

/** Larger patches are refused before anything looks at them. Bytes. */
const LARGEST_PATCH = 8 * 1024 * 1024;
/** Nobody looks through more of them, and each has its cost. */
const MOST = { lines: 100_000, hunks: 10_000, files: 2_000 };

/**
 * Places `patch`, in any form that people and models write: unified diffs of git or plain, SEARCH/REPLACE blocks, Codex
 * patches, with prose and fences around. Line endings, indentation and markers that were damaged on the way are put right
 * where the file leaves no doubt. A refusal is a result; only `target` can throw.
 */
export async function placePatch(patch: Buffer, target: PatchTarget): Promise<Placement> {
  if (patch.length > LARGEST_PATCH) return refuse(`the patch is larger than ${LARGEST_PATCH / 1024 / 1024} MiB`);
  if (countLineEnds(patch, MOST.lines) >= MOST.lines) return refuse(`the patch has more than ${MOST.lines} lines`);
  const sections = parsePatch(patch.toString('latin1'));
  if (sections.length === 0) return refuse('there is no patch in it');
  const hunks = sections.reduce((sum, section) => sum + section.hunks.length, 0);
  if (hunks > MOST.hunks || sections.length > MOST.files)
    return refuse(`the patch has more than ${MOST.hunks} hunks or ${MOST.files} files`);
  const planned = planJobs(sections, knownPaths(await target.paths()));
  if ('refusals' in planned) return { ok: false, refusals: planned.refusals };
  const files: PlacedFile[] = [];
  const refusals: Refusal[] = [];
  const gone = new Set(
    planned.jobs.flatMap(({ action }) => action.from ?? (action.action === 'delete' ? action.path : [])),
  );
  const befores = new Map<Job, StoredFile | null>();
  for (const job of planned.jobs) befores.set(job, await target.read(job.action.from ?? job.action.path));
  const ending = endingOfOthers(befores);
  const undone = undoForAll(befores);
  for (const job of planned.jobs) {
    const blocked = await standsInTheWay(job, target, gone);
    const read = undone.get(job)!;
    const doubt = Array.isArray(read) ? read : null;
    const placed = blocked ?? doubt ?? (await placeOne(read as Job, befores.get(job) ?? null, ending, target));
    if (Array.isArray(placed)) refusals.push(...placed);
    else if (placed !== null) files.push(placed);
  }
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, files };
}

/** Whatever had to be forgiven is checked against the version that the patch was made for, where that is at hand. */
async function placeOne(
  job: Job,
  before: StoredFile | null,
  ending: boolean | null,
  target: PatchTarget,
): Promise<PlacedOrNot> {
  const placed = placeFile(job, before, { ending, carried: null });
  const isCertain = placed !== null && !Array.isArray(placed) && placed.hunks.every(({ tier }) => tier === 'exact');
  const name = isCertain ? null : baseOf(job, before);
  const base = name === null ? null : await target.blob?.(name);
  const carried = base && before ? carryOver(job, before, base) : null;
  if (carried === null) return placed;
  if ('content' in carried) return placeFile(job, before, { ending, carried });
  // An alignment takes a changed line for a slip of the patch.
  const isGuess = placed !== null && !Array.isArray(placed) && placed.hunks.some(({ tier }) => tier === 'aligned');
  const reason = 'the lines that it deletes have been changed since the version that it was made for';
  if (isGuess && carried.lost !== null) return [{ path: job.action.path, hunk: carried.lost, reason, closest: null }];
  return placed;
}

function countLineEnds(patch: Buffer, most: number): number {
  let count = 0;
  for (let at = patch.indexOf(10); at >= 0 && count < most; at = patch.indexOf(10, at + 1)) count += 1;
  return count;
}

function refuse(reason: string): Placement {
  return { ok: false, refusals: [{ path: null, hunk: null, reason, closest: null }] };
}

/** A link or a file where a folder should be: nothing is ever read or written through it. */
async function standsInTheWay(job: Job, target: PatchTarget, gone: ReadonlySet<string>): Promise<Refusal[] | null> {
  const { path, from, action } = job.action;
  for (const parent of new Set([...parentsOf(path), ...parentsOf(from ?? path)])) {
    const entry = gone.has(parent) ? null : await target.read(parent);
    if (entry !== null)
      return [{ path, hunk: null, reason: `${parent} is not a folder (mode ${entry.mode})`, closest: null }];
  }
  if (action === 'rename' && (await target.read(path)) !== null)
    return [{ path, hunk: null, reason: 'it exists already: a patch never writes over a file', closest: null }];
  return null;
}
