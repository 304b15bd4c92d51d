/**
 * What a specialist with a model is shown of a commit. Rule: everything is read from git objects; a file that was read for
 * another commit is not read again.
 */
import { isTestPath, languageOf, readImportGraph, testsNamedAfter } from '../code/index.ts';
import type { TreeEntry } from '../git/index.ts';
import type { Scope } from '../loops/index.ts';
import type { Proposal, SpecialistName } from '../records/index.ts';
import type { PackRequest } from '../swarm/index.ts';
import { conventionLines } from './conventions.ts';
import type { DiagnosisReport } from './diagnose.ts';
import type { Crew } from './open.ts';
import { listingOf, orMissing, watchFilter } from './sources.ts';

/** Files beyond the change that a pack names. */
const REACHED = 40;

export interface View {
  entries: TreeEntry[];
  /** Source files that the specialists are asked about. */
  changed: string[];
  diff: string;
  reached: PackRequest['reached'];
  conventions: string[];
}

/** @param diagnosis null: not known yet; only a look at everything needs it. */
export async function viewOf(crew: Crew, base: string, scope: Scope, diagnosis: DiagnosisReport | null): Promise<View> {
  const { objects, trees } = crew.repository;
  const { tree } = await objects.commit(base);
  const wanted = watchFilter(crew.config, scope.kind === 'all' ? scope.paths : []);
  const entries = (await listingOf(crew, tree)).filter(({ path, mode }) => mode.startsWith('100') && wanted(path));
  const named =
    scope.kind === 'all'
      ? (diagnosis?.found ?? []).map(({ finding }) => finding.path)
      : await changedIn(crew, tree, scope.from);
  const known = new Set(entries.map(({ path }) => path));
  const changed = [...new Set(named)].filter((path) => known.has(path) && languageOf(path) !== null).sort();
  const diff = scope.kind === 'changes' && scope.from !== null ? await trees.patch(scope.from, base) : '';
  if (changed.length === 0) return { entries, changed, diff, reached: [], conventions: [] };
  const [reached, conventions] = await Promise.all([reachedFrom(crew, entries, changed), conventionLines(crew, tree)]);
  return { entries, changed, diff, reached, conventions };
}

async function changedIn(crew: Crew, tree: string, from: string | null): Promise<string[]> {
  const { objects, trees } = crew.repository;
  const before = from === null ? null : (await objects.commit(from)).tree;
  return (await trees.diff(before, tree)).map(({ path }) => path);
}

/** Nearest first: the tests that are named after a file, then what imports it. */
export async function reachedFrom(
  crew: Crew,
  entries: readonly TreeEntry[],
  changed: readonly string[],
): Promise<View['reached']> {
  const read = readerOf(crew, entries);
  const graph = await readImportGraph({ entries, read }, crew.store.cache);
  const tests = entries.map(({ path }) => path).filter(isTestPath);
  const named = changed.flatMap((path) => testsNamedAfter(path, tests).map((test) => [test, `tests ${path}`] as const));
  const near = [...graph.importersOf(changed)]
    .filter(([, distance]) => distance > 0)
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .map(([path, distance]) => [path, distance === 1 ? 'imports a changed file' : 'reaches a changed file'] as const);
  const reached = new Map([...named, ...near].filter(([path]) => !changed.includes(path)).reverse());
  return [...reached]
    .reverse()
    .slice(0, REACHED)
    .map(([path, why]) => ({ path, why }));
}

export function requestOf(crew: Crew, specialist: SpecialistName, view: View, diagnosis: DiagnosisReport): PackRequest {
  const own = diagnosis.found.map(({ finding }) => finding).filter((finding) => finding.specialist === specialist);
  return {
    task: { specialist, goal: GOAL, findings: own.slice(0, 50) },
    entries: view.entries,
    read: readerOf(crew, view.entries),
    ...{ changed: view.changed, diff: view.diff, logs: '', reached: view.reached, conventions: view.conventions },
    budget: crew.config.model.context_tokens,
  };
}

/** What the writer of `draft` is shown when it failed: its files as they are, what they reach, and what was printed. */
export async function packOf(
  crew: Crew,
  draft: Proposal,
  logs: string,
): Promise<{ request: PackRequest; entries: TreeEntry[] }> {
  const { objects, trees } = crew.repository;
  const { tree } = await objects.commit(draft.base);
  const wanted = watchFilter(crew.config, []);
  const entries = (await listingOf(crew, tree)).filter(({ path, mode }) => mode.startsWith('100') && wanted(path));
  const paths = (await trees.changedPaths([draft.commit])).get(draft.commit) ?? [];
  const known = new Set(entries.map(({ path }) => path));
  const changed = paths.filter((path) => known.has(path));
  const request: PackRequest = {
    task: { specialist: draft.specialist, goal: GOAL, findings: [] },
    ...{ entries, changed, logs, diff: '', budget: crew.config.model.context_tokens },
    read: readerOf(crew, entries),
    reached: await reachedFrom(crew, entries, changed),
    conventions: await conventionLines(crew, tree),
  };
  return { request, entries };
}

const GOAL =
  'Look at the changed files below and at what they reach. Propose small, complete fixes for real problems of your domain in them.';

export function readerOf(crew: Crew, entries: readonly TreeEntry[]): (path: string) => Promise<string | null> {
  const oids = new Map(entries.map(({ path, oid }) => [path, oid]));
  return async (path) => {
    const oid = oids.get(path);
    const bytes = oid === undefined ? null : await crew.repository.objects.blob(oid).catch(orMissing);
    return bytes === null || bytes.includes(0) ? null : bytes.toString('utf8');
  };
}
