/**
 * A patch and a target → what every file becomes, in memory. Rule: one section that cannot be placed with certainty, or
 * should not be, refuses the whole; nothing is written here.
 */
import { placeHunks } from './core.ts';
import { countLines } from './lines.ts';
import type { Section } from './model.ts';
import { type Action, type Known, resolveNames } from './names.ts';
import { parsePatch } from './parse/patch.ts';
import type { PatchTarget, PlacedFile, Placement, Refusal, StoredFile } from './place-types.ts';

/** Larger patches are refused before anything looks at them. Bytes. */
const LARGEST_PATCH = 8 * 1024 * 1024;
/** Larger files are data. Bytes. */
const LARGEST_FILE = 16 * 1024 * 1024;

/**
 * Places `patch`, in any form that people and models write: unified diffs of git or plain, SEARCH/REPLACE blocks, Codex
 * patches, with prose and fences around. Line endings, indentation and markers that were damaged on the way are put right
 * where the file leaves no doubt. A refusal is a result; only `target` can throw.
 */
export async function placePatch(patch: Buffer, target: PatchTarget): Promise<Placement> {
  if (patch.length > LARGEST_PATCH)
    return refuse(null, null, `the patch is larger than ${LARGEST_PATCH / 1024 / 1024} MiB`);
  const sections = parsePatch(patch.toString('latin1'));
  if (sections.length === 0) return refuse(null, null, 'there is no patch in it');
  const known = knownPaths(await target.paths());
  const jobs = new Map<string, { action: Action; sections: Section[] }>();
  const refusals: Refusal[] = [];
  for (const section of sections) {
    const path = section.newNames[0] ?? section.oldNames[0] ?? null;
    const reason = section.fault ?? unsafeMode(section);
    if (reason !== null) {
      refusals.push({ path, hunk: null, reason, closest: null });
      continue;
    }
    const action = resolveNames(section, known);
    if ('reason' in action) {
      refusals.push({ path, hunk: null, reason: action.reason, closest: null });
      continue;
    }
    const job = jobs.get(action.path);
    if (job) job.sections.push(section);
    else jobs.set(action.path, { action, sections: [section] });
  }
  const files: PlacedFile[] = [];
  for (const job of jobs.values()) {
    const placed = await placeFile(job.action, job.sections, target);
    if (Array.isArray(placed)) refusals.push(...placed);
    else if (placed !== null) files.push(placed);
  }
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, files };
}

function refuse(path: string | null, hunk: number | null, reason: string): Placement {
  return { ok: false, refusals: [{ path, hunk, reason, closest: null }] };
}

function unsafeMode({ oldMode, newMode }: Section): string | null {
  for (const mode of [oldMode, newMode])
    if (mode !== null && mode !== '100644' && mode !== '100755')
      return `its mode is ${mode}: only regular files (100644, 100755) are written`;
  return null;
}

function knownPaths(paths: readonly string[]): Known {
  const all = new Set(paths);
  return {
    has: (path) => all.has(path),
    endingIn: (name) => paths.filter((path) => path.endsWith(`/${name}`)),
  };
}

async function placeFile(
  action: Action,
  sections: readonly Section[],
  target: PatchTarget,
): Promise<PlacedFile | null | Refusal[]> {
  const { path } = action;
  const from = action.action === 'rename' ? action.from : null;
  const before = await target.read(from ?? path);
  const no = (reason: string): Refusal[] => [{ path, hunk: null, reason, closest: null }];
  const hunks = sections.flatMap((section) => section.hunks);
  if (action.action === 'delete' && before === null) return null;
  if (before === null && action.action !== 'create') return no(`${from ?? path} does not exist`);
  if (before && before.mode !== '100644' && before.mode !== '100755')
    return no(`${path} is not a regular file (mode ${before.mode})`);
  if (before && before.content.length > LARGEST_FILE) return no(`${path} is too large`);
  const result = placeHunks(hunks, before?.content.toString('latin1') ?? '');
  if (!result.ok) return result.refusals.map((refusal) => ({ path, ...refusal }));
  const mode = sections.at(-1)?.newMode ?? before?.mode ?? '100644';
  const content = Buffer.from(result.content, 'latin1');
  const after: StoredFile | null = action.action === 'delete' ? null : { mode, content };
  const counts = countLines(before?.content ?? '', after?.content ?? '');
  return { path, from, before, after, ...counts, hunks: result.hunks };
}
