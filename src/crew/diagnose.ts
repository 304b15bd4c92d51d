/** Runs the specialists over what a scope covers. Rule: reads only; the ratchet is applied here and nowhere else. */
import type { TreeEntry } from '../git/index.ts';
import type { Scope } from '../loops/index.ts';
import { rank } from '../policy/index.ts';
import type { Finding, SpecialistName } from '../records/index.ts';
import { type Diagnosed, embedded, loadSpecialist, type Rule } from '../specialists/index.ts';
import { type DispatchResult, dispatch, openWorkers, ratchet, type Workers } from '../swarm/index.ts';
import { conventionsOf } from './conventions.ts';
import { heedOtherFiles } from './elsewhere.ts';
import { thisMachine } from './machine.ts';
import { isYielding } from './manners.ts';
import { type Crew, once } from './open.ts';
import { readSources, watchFilter } from './sources.ts';
import { keyOf, waitingFindings } from './waiting.ts';

export interface DiagnosisReport {
  found: Diagnosed[];
  skipped: DispatchResult['skipped'];
  missing: DispatchResult['missing'];
  /** Source files that were looked at. */
  files: number;
}

/** Diagnoses `commit` under `scope`. Findings come sorted by path, line and rule. */
export async function diagnose(crew: Crew, commit: string, scope: Scope): Promise<DiagnosisReport> {
  const { repository } = crew;
  const { tree } = await repository.objects.commit(commit);
  if (scope.kind === 'all') {
    const wanted = watchFilter(crew.config, scope.paths);
    const entries = (await repository.trees.list(tree)).filter((entry) => wanted(entry.path));
    return analyse(crew, tree, entries);
  }
  const from = scope.from === null ? null : (await repository.objects.commit(scope.from)).tree;
  const wanted = watchFilter(crew.config);
  const changes = (await repository.trees.diff(from, tree)).filter((change) => wanted(change.path));
  const changed = new Set(changes.map((change) => change.path));
  const waiting = new Set((await waitingFindings(crew)).map(keyOf));
  const late = await entriesAt(crew, tree, new Set([...waiting].map((key) => key.split('\0')[0] ?? '')));
  const entries = [...entriesOf(changes, 'newOid'), ...late.filter((entry) => !changed.has(entry.path))];
  const after = await analyse(crew, tree, entries, from === null ? 'capped' : 'all of each rule');
  if (after.found.length === 0 || from === null) return after;
  const before = await analyse(crew, from, entriesOf(changes, 'oldOid'), 'all of each rule');
  const lines = new Map(changes.map((change) => [change.path, change.lines] as const));
  const fresh = new Set(
    ratchet(
      after.found.filter((item) => changed.has(item.finding.path)),
      before.found.map(findingOf),
      lines,
    ),
  );
  return { ...after, found: after.found.filter((item) => fresh.has(item) || waiting.has(keyOf(item.finding))) };
}

/** Findings of `paths` in a tree: what the analysis check compares between base and candidate. */
export async function analysePaths(crew: Crew, tree: string, paths: ReadonlySet<string>): Promise<DiagnosisReport> {
  return analyse(crew, tree, await entriesAt(crew, tree, paths), 'all of each rule');
}

async function entriesAt(crew: Crew, tree: string, paths: ReadonlySet<string>): Promise<TreeEntry[]> {
  return crew.repository.trees.list(tree, paths);
}

/** Where two states are compared, a cap would take the next findings for new ones as soon as some are mended. */
type Extent = 'capped' | 'all of each rule';

async function analyse(
  crew: Crew,
  tree: string,
  entries: readonly TreeEntry[],
  extent: Extent = 'capped',
): Promise<DiagnosisReport> {
  const sources = await readSources(crew.repository, entries);
  const specialists = enabledSpecialists(crew);
  if (sources.files.length === 0 || specialists.length === 0)
    return { found: [], skipped: sources.skipped, missing: [], files: 0 };
  const conventions = await conventionsOf(crew, tree);
  const result = await dispatch(sources.files, {
    specialists,
    conventions,
    settings: (name) => (crew.config.agents[name] ?? {}) as Record<string, unknown>,
    signal: crew.signal,
    workers: await workersOf(crew),
    ...(isYielding(crew, thisMachine) ? { width: 1 } : {}),
    uncapped: extent !== 'capped',
    onProgress: (done, of) =>
      crew.log.progress(
        `reading ${sources.files.length} ${sources.files.length === 1 ? 'file' : 'files'}: ${Math.round((100 * done) / of)} %`,
      ),
  });
  const grave = result.found.filter(({ finding }) => rank(finding.severity) >= threshold(crew, finding.specialist));
  return {
    ...result,
    found: await heedOtherFiles(crew, tree, grave),
    skipped: [...sources.skipped, ...result.skipped],
    files: sources.files.length,
  };
}

/** Kept as long as the crew: a cycle looks at each candidate anew. */
function workersOf(crew: Crew): Promise<Workers> {
  return once(crew, 'workers', async () => openWorkers(isYielding(crew, thisMachine) ? { width: 1 } : {}));
}

/** Rank below which findings of a specialist are left out. */
function threshold(crew: Crew, name: SpecialistName): number {
  return name === 'SecurityGuardian' ? rank(crew.config.agents.SecurityGuardian.severity_threshold) : 0;
}

/** Names in the configuration that are built in; others are not active in this version. */
export function enabledSpecialists(crew: Crew): SpecialistName[] {
  return embedded.filter((name) => crew.config.agents.enabled.includes(name));
}

/** The documentation of every active rule, by id. */
export async function ruleIndex(crew: Crew): Promise<Map<string, Rule>> {
  const specialists = await Promise.all(enabledSpecialists(crew).map((name) => loadSpecialist(name)));
  return new Map(specialists.flatMap((specialist) => specialist.rules.map((rule) => [rule.id, rule] as const)));
}

function entriesOf(
  changes: ReadonlyArray<{ path: string; oldOid: string | null; newOid: string | null }>,
  side: 'oldOid' | 'newOid',
): TreeEntry[] {
  return changes.flatMap((change) => {
    const oid = change[side];
    return oid === null ? [] : [{ path: change.path, mode: '100644', oid }];
  });
}

function findingOf(item: Diagnosed): Finding {
  return item.finding;
}
