/**
 * What the specialists propose with a model. Rule: a model is asked only when the trusted configuration says how; whatever
 * goes wrong with one specialist costs only that one, and is said.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError, packageRoot } from '../base/index.ts';
import { isTestPath, languageOf, readImportGraph, testsNamedAfter } from '../code/index.ts';
import type { TreeEntry } from '../git/index.ts';
import { type Model, openModel } from '../llm/index.ts';
import type { Scope } from '../loops/index.ts';
import type { Fix, SpecialistName } from '../records/index.ts';
import { parseCommand } from '../sandbox/index.ts';
import { buildPack, type PackRequest, type PackSection, proposeWithModel } from '../swarm/index.ts';
import { conventionLines } from './conventions.ts';
import { type DiagnosisReport, diagnose } from './diagnose.ts';
import { diffPlacer } from './model-diff.ts';
import { type Crew, commitOf, once } from './open.ts';
import { orMissing, watchFilter } from './sources.ts';

export interface ModelReport {
  fixes: Fix[];
  /** Fixes that were proposed and could not be placed. */
  refused: Array<{ specialist: SpecialistName; title: string; reason: string }>;
  /** Specialists that gave no answer, and why. */
  missing: string[];
}

/** Also those that have no rules of their own yet: a model needs none. */
const ASKED: readonly SpecialistName[] = [
  ...(['SecurityGuardian', 'RefactorArchitect', 'StyleEnforcer'] as const),
  ...(['PerformanceOptimizer', 'TestEnhancer'] as const),
];
/** Files beyond the change that a pack names. */
const REACHED = 40;
const REPAIR_ROUNDS = 2;

/** The configured model, opened once; null: none. @throws AmbientError `model-not-configured` (config). */
export function modelOf(crew: Crew): Promise<Model | null> {
  const options = { config: crew.config.model, cache: crew.store.cache, env: process.env, parseCommand };
  return once(crew, 'model', () => openModel(options));
}

/** One word, asked once. @throws what `Model.ask` throws */
export async function tryModel(crew: Crew): Promise<void> {
  const config = { ...crew.config.model, max_retries: 0 };
  const model = await openModel({ config, cache: crew.store.cache, env: process.env, parseCommand });
  await model?.ask({ messages: [{ role: 'user', text: 'Answer with the word ok.' }], maxTokens: 16 });
}

/** Asks every enabled specialist about what `scope` covers. */
export async function proposeByModel(
  crew: Crew,
  base: string,
  scope: Scope,
  diagnosis: DiagnosisReport,
): Promise<ModelReport> {
  const report: ModelReport = { fixes: [], refused: [], missing: [] };
  const model = await modelOf(crew);
  if (model === null) return report;
  const view = await viewOf(crew, base, scope, diagnosis);
  if (view.changed.length === 0) return report;
  const place = diffPlacer(crew, view.entries);
  const specialists = ASKED.filter((name) => crew.config.agents.enabled.includes(name));
  const asked = specialists.map(async (specialist) => {
    const pack = await buildPack(requestOf(crew, specialist, view, diagnosis));
    const prompt = await promptOf(crew, specialist);
    const { signal } = crew;
    crew.log.progress(`${specialist} asks ${crew.config.model.model_id}`);
    return proposeWithModel({ model, specialist, prompt, pack, place, repairRounds: REPAIR_ROUNDS, signal });
  });
  for (const [at, one] of (await Promise.allSettled(asked)).entries()) {
    const specialist = specialists[at] as SpecialistName;
    if (one.status === 'rejected') report.missing.push(whyMissing(specialist, one.reason));
    else {
      report.fixes.push(...one.value.fixes);
      report.refused.push(...one.value.refused.map((item) => ({ specialist, ...item })));
    }
  }
  return report;
}

/** What `specialist` would be shown of `revision` against its parent, and how it is asked. @throws AmbientError `unknown-specialist`. */
export async function contextOf(crew: Crew, specialist: string, revision: string): Promise<ContextReport> {
  const name = ASKED.find((known) => known.toLowerCase() === specialist.toLowerCase());
  if (name === undefined)
    throw new AmbientError('unknown-specialist', `${JSON.stringify(specialist)} is no specialist`, {
      kind: 'user',
      hint: `one of ${ASKED.join(', ')}`,
    });
  const { oid, parents } = await crew.repository.objects.commit(await commitOf(crew, revision));
  const scope: Scope = { kind: 'changes', from: parents[0] ?? null };
  const diagnosis = await diagnose(crew, oid, scope);
  const view = await viewOf(crew, oid, scope, diagnosis);
  const { text, tokens, sections } = await buildPack(requestOf(crew, name, view, diagnosis));
  return { specialist: name, commit: oid, tokens, sections, prompt: await promptOf(crew, name), text };
}

export interface ContextReport {
  specialist: SpecialistName;
  commit: string;
  tokens: number;
  sections: PackSection[];
  /** The system prompt. */
  prompt: string;
  text: string;
}

function whyMissing(specialist: SpecialistName, reason: unknown): string {
  if (!(reason instanceof AmbientError) || reason.code === 'aborted' || reason.kind === 'bug') throw reason;
  return `${specialist} with the model: ${reason.message}`;
}

interface View {
  entries: TreeEntry[];
  /** Source files that the specialists are asked about. */
  changed: string[];
  diff: string;
  reached: PackRequest['reached'];
  conventions: string[];
}

async function viewOf(crew: Crew, base: string, scope: Scope, diagnosis: DiagnosisReport): Promise<View> {
  const { objects, trees } = crew.repository;
  const { tree } = await objects.commit(base);
  const wanted = watchFilter(crew.config, scope.kind === 'all' ? scope.paths : []);
  const entries = (await trees.list(tree)).filter(({ path, mode }) => mode.startsWith('100') && wanted(path));
  const named =
    scope.kind === 'all' ? diagnosis.found.map(({ finding }) => finding.path) : await changedIn(crew, tree, scope.from);
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
async function reachedFrom(
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

function requestOf(crew: Crew, specialist: SpecialistName, view: View, diagnosis: DiagnosisReport): PackRequest {
  const own = diagnosis.found.map(({ finding }) => finding).filter((finding) => finding.specialist === specialist);
  return {
    task: { specialist, goal: GOAL, findings: own.slice(0, 50) },
    entries: view.entries,
    read: readerOf(crew, view.entries),
    ...{ changed: view.changed, diff: view.diff, logs: '', reached: view.reached, conventions: view.conventions },
    budget: crew.config.model.context_tokens,
  };
}

const GOAL =
  'Look at the changed files below and at what they reach. Propose small, complete fixes for real problems of your domain in them.';

function readerOf(crew: Crew, entries: readonly TreeEntry[]): (path: string) => Promise<string | null> {
  const oids = new Map(entries.map(({ path, oid }) => [path, oid]));
  return async (path) => {
    const oid = oids.get(path);
    const bytes = oid === undefined ? null : await crew.repository.objects.blob(oid).catch(orMissing);
    return bytes === null || bytes.includes(0) ? null : bytes.toString('utf8');
  };
}

/** The repository's own prompt, when its trusted configuration has one. */
async function promptOf(crew: Crew, specialist: SpecialistName): Promise<string> {
  const own = await crew.repository.objects
    .blobAt(crew.configuration, `.ambient/prompts/${specialist}.md`)
    .catch(() => null);
  if (own !== null) return own.content.toString('utf8');
  return readFile(join(packageRoot().root, 'templates/prompts', `${specialist}.md`), 'utf8');
}
