/**
 * Sections → one job for each file. Rule: pure; whatever is wrong with any section is said here, before a file is read.
 */

import { fold } from './known-paths.ts';
import type { Section } from './model.ts';
import { type Action, type Known, resolveNames } from './names.ts';
import type { Refusal } from './place-types.ts';

export interface Job {
  action: Action;
  sections: Section[];
}

export function planJobs(sections: readonly Section[], known: Known): { jobs: Job[] } | { refusals: Refusal[] } {
  const refusals: Refusal[] = [];
  const jobs = new Map<string, Job>();
  for (const section of sections) {
    const named = section.newNames[0] ?? section.oldNames[0] ?? null;
    const refuse = (path: string | null, reason: string) => refusals.push({ path, hunk: null, reason, closest: null });
    const fault = section.fault ?? unsafeMode(section);
    if (fault !== null) {
      refuse(named, fault);
      continue;
    }
    const action = resolveNames(section, known);
    if ('reason' in action) {
      refuse(named, action.reason);
      continue;
    }
    const job = jobs.get(action.path);
    if (!job) jobs.set(action.path, { action, sections: [section] });
    else if (job.action.action === action.action && job.action.from === action.from) job.sections.push(section);
    else refuse(action.path, `the patch wants to ${job.action.action} and to ${action.action} it`);
  }
  refusals.push(...clashes([...jobs.values()], known));
  return refusals.length > 0 ? { refusals } : { jobs: [...jobs.values()] };
}

function unsafeMode({ oldMode, newMode }: Section): string | null {
  for (const mode of [oldMode, newMode])
    if (mode !== null && mode !== '100644' && mode !== '100755')
      return `its mode is ${mode}: only regular files (100644, 100755) are written`;
  return null;
}

/** New names against what stands there, against each other, and against what goes. */
function clashes(jobs: readonly Job[], known: Known): Refusal[] {
  const refusals: Refusal[] = [];
  const gone = new Set(
    jobs.flatMap(({ action }) =>
      action.action === 'rename' ? [action.from] : action.action === 'delete' ? [action.path] : [],
    ),
  );
  const touched = new Map(jobs.map(({ action }) => [action.path, action]));
  const news = jobs.filter(
    ({ action: { action, path } }) => (action === 'create' || action === 'rename') && !known.has(path),
  );
  const folded = new Map<string, string>();
  for (const { action } of news) {
    const { path } = action;
    const refuse = (reason: string) => refusals.push({ path, hunk: null, reason, closest: null });
    const [alike] = known.alike(path).filter((other) => !gone.has(other));
    if (alike !== undefined) refuse(`it differs from ${alike} only in what some file systems ignore`);
    const twin = folded.get(fold(path));
    if (twin !== undefined) refuse(`it differs from ${twin} only in what some file systems ignore`);
    folded.set(fold(path), path);
    if (known.hasFolder(path)) refuse('a folder of that name exists');
    for (const parent of parentsOf(path))
      if ((known.has(parent) && !gone.has(parent)) || (touched.has(parent) && !gone.has(parent)))
        refuse(`${parent} is a file or a link, not a folder`);
  }
  for (const { action } of jobs) {
    if (action.action !== 'rename') continue;
    const other = jobs.find(
      (job) => job.action.path === action.from || (job.action.from === action.from && job.action.path !== action.path),
    );
    if (other)
      refusals.push({
        path: action.from,
        hunk: null,
        reason: 'the patch renames it and changes it elsewhere too',
        closest: null,
      });
  }
  return refusals;
}

export function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join('/'));
}
