/**
 * Tests for functions that a change touched and no test calls. Rule: the base says what they answer, in the sandbox; kept is
 * only what passes every time and notices what the other tests do not. Where anything is in doubt, nothing is proposed.
 */
import { isTestPath, readImportGraph } from '../code/index.ts';
import { proofs } from '../evaluate/index.ts';
import type { TreeEntry } from '../git/index.ts';
import type { Scope } from '../loops/index.ts';
import { type Finding, type Fix, fingerprint } from '../records/index.ts';
import {
  type Answers,
  type Chosen,
  type Manner,
  type Questions,
  type SourceFile,
  type Subject,
  writtenTests,
} from '../specialists/index.ts';
import { repositoryChecks } from './checks.ts';
import { enabledSpecialists } from './diagnose.ts';
import { editTreeIn } from './edit-tree.ts';
import { type Crew, once } from './open.ts';
import { programsOn, unlessAbsent } from './proofs.ts';
import type { Resting } from './resting.ts';
import { orMissing } from './sources.ts';
import { type Untested, untestedIn } from './untested.ts';

export interface TestReport {
  fixes: Fix[];
  /** Tests that were written and are worth nothing. */
  refused: Array<{ rule: string; path: string; reason: string }>;
}

export interface TestRequest {
  base: string;
  scope: Scope;
  resting: Resting;
  /** Fingerprints of what must not come again. */
  closed: ReadonlySet<string>;
  /** How many proposals there is room for. */
  room: number;
}

/** Files of one cycle for which tests are written. */
const MOST = 3;
/** Milliseconds after which no further file is begun. */
const BUDGET = 120_000;

/** Writes tests for what `scope` covers. Runs nothing outside of the sandbox; without one there are none. */
export async function writeTests(crew: Crew, { base, scope, resting, closed, room }: TestRequest): Promise<TestReport> {
  const report: TestReport = { fixes: [], refused: [] };
  if (!enabledSpecialists(crew).includes(SPECIALIST) || resting(SPECIALIST) !== null || room < 1) return report;
  const { tree } = await crew.repository.objects.commit(base);
  const started = performance.now();
  let view: View | null = null;
  const isWanted = (file: SourceFile, subject: Subject) => !closed.has(printOf(file, subject));
  for await (const one of untestedIn(crew, tree, scope, isWanted)) {
    view ??= await viewOf(crew, tree);
    const own = view;
    const written = await unlessAbsent(() => writeFor(crew, tree, own, one));
    if (written !== null && 'reason' in written)
      report.refused.push({ rule: ruleOf(one.file), path: one.file.path, reason: written.reason });
    else if (written !== null) report.fixes.push(written.fix);
    if (report.fixes.length + report.refused.length >= MOST || performance.now() - started > BUDGET) break;
  }
  return report;
}

const SPECIALIST = 'TestEnhancer';

function printOf(file: SourceFile, { text }: Subject): string {
  return fingerprint({ specialist: SPECIALIST, rule: ruleOf(file), path: file.path, before: text, after: '' });
}

interface View {
  entries: readonly TreeEntry[];
  paths: readonly string[];
  read(path: string): Promise<string | null>;
}

async function viewOf(crew: Crew, tree: string): Promise<View> {
  const entries = (await crew.repository.trees.list(tree)).filter(({ mode }) => mode.startsWith('100'));
  const oids = new Map(entries.map(({ path, oid }) => [path, oid]));
  return {
    entries,
    paths: entries.map(({ path }) => path),
    async read(path) {
      const oid = oids.get(path);
      const bytes = oid === undefined ? null : await crew.repository.objects.blob(oid).catch(orMissing);
      return bytes === null || bytes.includes(0) ? null : bytes.toString('utf8');
    },
  };
}

/** Null: nothing can be said of it. */
async function writeFor(
  crew: Crew,
  tree: string,
  view: View,
  { file, names }: Untested,
): Promise<{ fix: Fix } | { reason: string } | null> {
  const manner = await writtenTests.mannerOf(file.path, view);
  const questions = manner && (await writtenTests.questionsOf(file, manner, (name) => names.has(name), view.read));
  const check = questions && (await checkFor(crew, tree, file));
  if (!manner || !questions || !check) return null;
  const language = file.language === 'python' ? 'python' : 'javascript';
  crew.log.progress(`asking ${questions.subjects.map(({ name }) => name).join(', ')}`);
  const program = await questions.program();
  if (program === null) return null;
  const runs = await proofs.askFunctions({ language, program }, tree, await programsOn(crew, tree));
  if (runs === null) return null;
  const { coverage_threshold: threshold } = crew.config.agents.TestEnhancer;
  const chosen = writtenTests.choose(questions, runs as Answers[], manner, threshold);
  const text = writtenTests.textOf(chosen, manner);
  if (text === null) return null;
  crew.log.progress(`trying new tests of ${file.path}`);
  const worth = await proofs.worthOf({
    ...{ check, baseTree: tree, test: { path: manner.path, text }, source: file },
    functions: chosen.map(({ subject }) => subject),
    others: await testsReaching(crew, tree, view, file.path),
    editTree: editTreeIn(crew.repository),
    signal: crew.signal,
  });
  if ('reason' in worth) return { reason: worth.reason };
  const kept = chosen.filter(({ subject }) => worth.kept.includes(subject.name));
  const final = kept.length === chosen.length ? text : writtenTests.textOf(kept, manner);
  return final === null ? null : { fix: await fixOf(crew, tree, { file, questions, kept, manner, text: final }) };
}

async function checkFor(crew: Crew, tree: string, { language, path }: SourceFile) {
  const { checks } = await repositoryChecks(crew, tree);
  const family = language === 'python' ? 'python' : 'javascript';
  return checks.find(
    (check) =>
      check.kind === 'tests' &&
      check.language === family &&
      (check.scope === undefined || check.scope.some((folder) => path.startsWith(`${folder}/`))),
  );
}

/** Tests that may run a line of `path`; all of them where nobody can see. */
async function testsReaching(crew: Crew, tree: string, view: View, path: string): Promise<string[]> {
  const graph = await once(crew, `imports of ${tree}`, () => readImportGraph(view, crew.store.cache));
  const reaching = graph.importersOf([path]);
  return view.paths.filter((one) => isTestPath(one) && (reaching.has(one) || graph.open.has(one)));
}

const ruleOf = ({ language }: SourceFile) =>
  language === 'python' ? 'python/untested-function' : 'javascript/untested-function';

interface Written {
  file: SourceFile;
  questions: Questions;
  kept: readonly Chosen[];
  manner: Manner;
  text: string;
}

async function fixOf(crew: Crew, tree: string, { file, kept, manner, text }: Written): Promise<Fix> {
  const rule = ruleOf(file);
  const specialist = SPECIALIST;
  const findings = kept.map(({ subject }): Finding => {
    const { name, line, endLine } = subject;
    const at = { path: file.path, line, end_line: endLine };
    return {
      rule,
      specialist,
      severity: 'low',
      ...at,
      message: `No test calls ${name}.`,
      fixable: true,
      fingerprint: printOf(file, subject),
    };
  });
  const names = kept.map(({ subject }) => subject.name);
  const many = names.length === 1 ? `${names[0]}` : `${names.length} functions`;
  const title = [`Test ${many} of ${file.path}`, `Test ${many}`].find((one) => one.length <= 72) ?? 'Test a function';
  const existing = manner.existing === null ? null : await crew.repository.objects.blobAt(tree, manner.path);
  const whole = { path: manner.path, text };
  return {
    ...{ specialist, rule, title, severity: 'low', findings },
    rationale: `No test calls ${names.join(', ')}. These write down what ${names.length === 1 ? 'it answers' : 'they answer'} today at the edges of the input, as it was seen in the sandbox: every run agrees, and the tests notice a broken version that no other test notices. They say what the code does, not what it should do: where a value is a surprise, it is the code that wants a look.`,
    edits:
      existing === null
        ? []
        : [{ path: manner.path, blob: existing.oid, ...changed(existing.content.toString('utf8'), text) }],
    ...(existing === null ? { creates: [whole] } : {}),
  };
}

/** The smallest stretch that differs, in bytes. */
function changed(before: string, after: string): { start: number; end: number; text: string } {
  const [a, b] = [before.split(/(?<=\n)/), after.split(/(?<=\n)/)];
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const start = Buffer.byteLength(a.slice(0, head).join(''));
  const end = start + Buffer.byteLength(a.slice(head, a.length - tail).join(''));
  return { start, end, text: b.slice(head, b.length - tail).join('') };
}
