/**
 * The tests that a change touches: by imports, names, recorded coverage, what changed together before. Rule: a reading of the base and of
 * history that decides what is run first and how often; what was judged by it alone is not judged.
 */
import { AmbientError } from '../../base/index.ts';
import { type ImportCache, readImportGraph, testsNamedAfter } from '../../code/index.ts';

import type { Repository } from '../../git/index.ts';
import type { Reach } from '../flakes/belief.ts';
import { isTestFile, languageOf } from '../test-files.ts';
import type { Change, Check } from '../types.ts';
import { changedTogether } from './changed-together.ts';
import { filesOfTest } from './files-of-test.ts';
import { recordedFor } from './recorded-coverage.ts';

export interface Affected {
  /** Test files that base and candidate both have, the nearest to the change first. */
  tests: readonly string[];
  /** Whether a test, by the id that its runner gives it, can run what is changed. */
  reach(check: Pick<Check, 'scope'>, id: string): Reach;
  /** Test files that it may be in; none when its id does not tell. */
  filesOf(check: Pick<Check, 'scope'>, id: string): string[];
}

export interface Touching {
  /** Commit whose history is looked at. */
  base: string;
  baseTree: string;
  changes: ReadonlyArray<Pick<Change, 'path' | 'before' | 'after'>>;
}

/** More than that is no selection any more. */
const MOST = { part: 0.25, few: 3, files: 40 };
/** A record of having run a file is best; being named after it is as good as importing it; having changed with it, a little less. */
const NEAR = { recorded: 0, named: 1, together: 2 };

/** Finds what `changes` touch, once, when it is first asked for. Reads git; keeps what each file imports in `cache`. */
export function affectedBy(...asked: Parameters<typeof findAffected>): () => Promise<Affected> {
  let found: Promise<Affected> | undefined;
  return () => {
    found ??= findAffected(...asked);
    return found;
  };
}

async function findAffected(
  repository: Pick<Repository, 'trees' | 'objects'>,
  { base, baseTree, changes }: Touching,
  cache?: ImportCache,
): Promise<Affected> {
  const entries = (await repository.trees.list(baseTree)).filter(({ mode }) => mode.startsWith('100'));
  const oids = new Map(entries.map(({ path, oid }) => [path, oid]));
  const read = async (path: string) => {
    const oid = oids.get(path);
    return oid === undefined ? null : ((await repository.objects.blob(oid).catch(orMissing))?.toString('utf8') ?? null);
  };
  const graph = await readImportGraph({ entries, read }, cache);
  const changed = changes.map(({ path }) => path);
  const distances = graph.importersOf(changed);
  const removed = new Set(changes.filter(({ after }) => after === null).map(({ path }) => path));
  const all = entries.map(({ path }) => path).filter((path) => isTestFile(path) && !removed.has(path));
  const runnable = all.filter((path) => isRun(path, () => graph.importersOf([path]).size === 1));
  const scores = new Map(runnable.flatMap((path) => (distances.has(path) ? [[path, distances.get(path) ?? 0]] : [])));
  const nearer = (path: string, score: number) => scores.set(path, Math.min(score, scores.get(path) ?? score));
  for (const test of await recordedFor(changed, runnable, read)) nearer(test, NEAR.recorded);
  for (const path of changed) for (const test of testsNamedAfter(path, runnable)) nearer(test, NEAR.named);
  for (const path of await changedTogether(repository, base, changed))
    if (runnable.includes(path)) nearer(path, NEAR.together);
  const ranked = [...scores].sort(([a, near], [b, far]) => near - far || (a < b ? -1 : 1)).map(([path]) => path);
  const most = Math.min(MOST.files, Math.max(MOST.few, Math.floor(runnable.length * MOST.part)));
  const seen = changes.every(({ path, before }) => graph.has(path) || (before === null && languageOf(path) !== null));
  const filesOf: Affected['filesOf'] = (check, id) => filesOfTest(id, all, check.scope?.[0] ?? '');
  return {
    tests: ranked.slice(0, most),
    filesOf,
    reach(check, id) {
      const files = filesOf(check, id);
      if (files.some((file) => distances.has(file))) return 'reached';
      return seen && files.length > 0 && !files.some((file) => graph.open.has(file)) ? 'unreached' : 'unknown';
    },
  };
}

/** The question of `reach` for one check. */
export function reachOf(check: Pick<Check, 'scope'>, affected: Affected): (id: string) => Reach {
  return (id) => affected.reach(check, id);
}

/** Support that lies among tests is none: a runner that is given it finds nothing in it. */
function isRun(path: string, stands: () => boolean): boolean {
  if (path.endsWith('.py')) return /(^|\/)(test_[^/]*|[^/]*_test|tests?)\.py$/.test(path);
  if (languageOf(path) !== 'javascript') return path.endsWith('_test.go');
  return /[._-](test|spec)\.[^/]+$|(^|\/)__tests__\/[^/]+$/.test(path) || (!path.endsWith('.d.ts') && stands());
}

/** A partial clone has names without content. */
function orMissing(error: unknown): null {
  if (error instanceof AmbientError && error.code === 'object-missing') return null;
  throw error;
}
