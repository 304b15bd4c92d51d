/** Runs the specialists over what a scope covers. Rule: reads only; the ratchet is applied here and nowhere else. */
import type { FileChange, TreeEntry } from '../git/index.ts';
import type { Scope } from '../loops/index.ts';
import { rank } from '../policy/index.ts';
import type { Finding, SpecialistName } from '../records/index.ts';
import { custom, type Diagnosed, embedded, loadSpecialist, type Rule } from '../specialists/index.ts';
import { type DispatchResult, dispatch, openWorkers, ratchet, type Workers } from '../swarm/index.ts';
import { conventionsOf } from './conventions.ts';
import { heedEachOther } from './each-other.ts';
import { heedOtherFiles, type Step } from './elsewhere.ts';
import { askOwn, CUSTOM, ownRules, ownSpecialists } from './extend/own.ts';
import { thisMachine } from './machine.ts';
import { isYielding } from './manners.ts';
import { type Crew, once } from './open.ts';
import type { Resting } from './resting.ts';
import { listingOf, readSources, watchFilter } from './sources.ts';
import { findByLessons } from './taught.ts';
import { unreachedAmong } from './unreached.ts';
import { keyOf, waitingFindings } from './waiting.ts';

export interface DiagnosisReport {
  found: Diagnosed[];
  skipped: DispatchResult['skipped'];
  missing: DispatchResult['missing'];
  /** What could not be asked for a reason of this machine. */
  notes: string[];
  /** Source files that were looked at. */
  files: number;
}

/** For people: what was not looked at, and why. */
export function missingLine({ specialist, paths, reason }: DiagnosisReport['missing'][number]): string {
  if (paths.length === 0) return `${specialist}: ${reason}`;
  return `${specialist} on ${paths.length} ${paths.length === 1 ? 'file' : 'files'}: ${reason}`;
}

/** Diagnoses `commit` under `scope`, without those that rest. Findings come sorted by path, line and rule. */
export async function diagnose(
  crew: Crew,
  commit: string,
  scope: Scope,
  resting: Resting = () => null,
): Promise<DiagnosisReport> {
  const names = [...enabledSpecialists(crew), ...ownSpecialists(crew).map(({ name }) => name)];
  const rest = names.flatMap((specialist) => {
    const reason = resting(specialist);
    return reason === null ? [] : [{ specialist, paths: [], reason }];
  });
  const report = await diagnoseBy(crew, commit, scope, new Set(rest.map(({ specialist }) => specialist)));
  const { refused } = await ownRules(crew, () => workersOf(crew));
  return { ...report, skipped: [...report.skipped, ...refused], missing: [...report.missing, ...rest] };
}

async function diagnoseBy(
  crew: Crew,
  commit: string,
  scope: Scope,
  without: ReadonlySet<SpecialistName>,
): Promise<DiagnosisReport> {
  const { repository } = crew;
  const { tree } = await repository.objects.commit(commit);
  if (scope.kind === 'all') {
    const wanted = watchFilter(crew.config, scope.paths);
    const listing = await listingOf(crew, tree);
    const entries = listing.filter((entry) => wanted(entry.path));
    return analyse(crew, tree, entries, { without, gaps: async () => listing, mend: true });
  }
  const from = scope.from === null ? null : (await repository.objects.commit(scope.from)).tree;
  const wanted = watchFilter(crew.config);
  const all = await repository.trees.diff(from, tree);
  const changes = all.filter((change) => wanted(change.path));
  const changed = new Set(changes.map((change) => change.path));
  const waiting = new Set((await waitingFindings(crew)).map(keyOf));
  const late = await entriesAt(crew, tree, new Set([...waiting].map((key) => key.split('\0')[0] ?? '')));
  const entries = [...entriesOf(changes, 'newOid'), ...late.filter((entry) => !changed.has(entry.path))];
  const uncapped = from !== null;
  const listing = () => listingOf(crew, tree);
  const after = await analyse(crew, tree, entries, { without, uncapped, gaps: listing, mend: true });
  if (after.found.length === 0 || from === null) return after;
  const gaps = async () => undone(await listing(), all);
  const before = await analyse(crew, from, entriesOf(changes, 'oldOid'), {
    without,
    uncapped,
    gaps,
    step: { tree, all },
  });
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

/**
 * Findings of `paths` in a tree: what the analysis check compares between base and candidate. Of the programs of the
 * repository only those among `by` are asked: one that is broken stands in the way of its own proposals alone.
 */
export async function analysePaths(
  crew: Crew,
  tree: string,
  paths: ReadonlySet<string>,
  by: readonly SpecialistName[],
): Promise<DiagnosisReport> {
  const unasked = ownSpecialists(crew).flatMap(({ name }) => (by.includes(name) ? [] : [name]));
  return analyse(crew, tree, await entriesAt(crew, tree, paths), {
    without: new Set(unasked),
    uncapped: true,
    judging: true,
  });
}

async function entriesAt(crew: Crew, tree: string, paths: ReadonlySet<string>): Promise<TreeEntry[]> {
  return crew.repository.trees.list(tree, paths);
}

interface Extent {
  without: ReadonlySet<SpecialistName>;
  /** Where two states are compared, a cap would take the next findings for new ones as soon as some are mended. */
  uncapped?: boolean;
  /** See `DiagnoseOptions`. */
  judging?: boolean;
  /** Ask tools for their fixes too, not only whether something is wrong. */
  mend?: boolean;
  /** Every file of the tree: look for what no test reaches too, a lack of the whole that stands in the way of no single change. */
  gaps?: () => Promise<readonly TreeEntry[]>;
  /** What was done to this tree since, and what came of it: what holds of the other files there need not be asked again. */
  step?: Step;
}

async function analyse(
  crew: Crew,
  tree: string,
  entries: readonly TreeEntry[],
  { without, uncapped = false, judging = false, gaps, mend = false, step }: Extent,
): Promise<DiagnosisReport> {
  const sources = await readSources(crew.repository, entries);
  const { rules } = await ownRules(crew, () => workersOf(crew));
  const isIn = (name: SpecialistName) => !without.has(name);
  const programs = ownSpecialists(crew).filter(({ name }) => isIn(name));
  const own = await askOwn(crew, programs, { tree, entries, mend });
  const specialists = [...enabledSpecialists(crew), ...(rules.length > 0 ? [CUSTOM] : [])].filter(isIn);
  if (sources.files.length === 0 || specialists.length === 0)
    return { found: own.found, skipped: sources.skipped, missing: own.missing, notes: own.notes, files: own.files };
  const unreached = gaps && isIn('TestEnhancer') ? await unreachedAmong(crew, tree, entries, gaps) : [];
  const conventions = { ...(await conventionsOf(crew, tree)), unreached };
  const result = await dispatch(sources.files, {
    specialists,
    conventions,
    settings: (name) =>
      name === CUSTOM ? custom.settings({ rules }) : ((crew.config.agents[name] ?? {}) as Record<string, unknown>),
    signal: crew.signal,
    workers: await workersOf(crew),
    ...(isYielding(crew, thisMachine) ? { width: 1 } : {}),
    uncapped,
    judging,
    onProgress: (done, of) =>
      crew.log.progress(
        `reading ${sources.files.length} ${sources.files.length === 1 ? 'file' : 'files'}: ${Math.round((100 * done) / of)} %`,
      ),
  });
  const grave = result.found.filter(({ finding }) => rank(finding.severity) >= threshold(crew, finding.specialist));
  return {
    ...result,
    found: [
      ...(await heedOtherFiles(crew, tree, heedEachOther(grave, sources.files), step)),
      ...own.found,
      ...(await findByLessons(crew, sources.files)),
    ],
    skipped: [...sources.skipped, ...result.skipped],
    missing: [...result.missing, ...own.missing],
    notes: own.notes,
    files: Math.max(sources.files.length, own.files),
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
  const own = await ownRules(crew, () => workersOf(crew));
  const rules = [...specialists.flatMap((specialist) => specialist.rules), ...own.documentation];
  return new Map(rules.map((rule) => [rule.id, rule] as const));
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

/** The files as they were before `changes`, in no order. */
function undone(entries: readonly TreeEntry[], changes: readonly FileChange[]): TreeEntry[] {
  const changed = new Set(changes.map(({ path }) => path));
  return [...entries.filter(({ path }) => !changed.has(path)), ...entriesOf(changes, 'oldOid')];
}

function findingOf(item: Diagnosed): Finding {
  return item.finding;
}
