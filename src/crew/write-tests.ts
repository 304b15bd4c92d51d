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
  writtenTests,
} from '../specialists/index.ts';
import { repositoryChecks } from './checks.ts';
import { enabledSpecialists } from './diagnose.ts';
import { editTreeIn } from './edit-tree.ts';
import { type Crew, once } from './open.ts';
import { programsOn, unlessAbsent } from './proofs.ts';
import type { Resting } from './resting.ts';
import { orMissing, readSources, watchFilter } from './sources.ts';

export interface TestReport {
  fixes: Fix[];
  /** Tests that were written and are worth nothing. */
  refused: Array<{ rule: string; path: string; reason: string }>;
}

/** Files of one cycle for which tests are written, and functions of one file. */
const MOST = 3;
const MOST_FUNCTIONS = 5;
/** Functions of one cycle whose callers among the tests are looked for. */
const LOOKED_FOR = 200;

/** Writes tests for what `scope` covers. Runs nothing outside of the sandbox; without one there are none. */
export async function writeTests(
  crew: Crew,
  base: string,
  scope: Scope,
  resting: Resting = () => null,
): Promise<TestReport> {
  const report: TestReport = { fixes: [], refused: [] };
  if (!enabledSpecialists(crew).includes('TestEnhancer') || resting('TestEnhancer') !== null) return report;
  const { tree } = await crew.repository.objects.commit(base);
  const touched = await touchedIn(crew, tree, scope);
  const untested = await withoutTests(crew, tree, touched);
  if (untested.length === 0) return report;
  const view = await viewOf(crew, tree);
  for (const one of untested) {
    if (report.fixes.length + report.refused.length >= MOST) break;
    crew.signal.throwIfAborted();
    const written = await unlessAbsent(() => writeFor(crew, tree, view, one));
    if (written === null) continue;
    if ('reason' in written)
      report.refused.push({ rule: ruleOf(one.file), path: one.file.path, reason: written.reason });
    else report.fixes.push(written.fix);
  }
  return report;
}

interface Touched {
  file: SourceFile;
  names: Set<string>;
}

/** Functions that can be asked and lie on changed lines, by file; those of `prioritize_paths` first. */
async function touchedIn(crew: Crew, tree: string, scope: Scope): Promise<Touched[]> {
  const { repository } = crew;
  const wanted = watchFilter(crew.config, scope.kind === 'all' ? scope.paths : []);
  const from = scope.kind === 'all' || scope.from === null ? null : (await repository.objects.commit(scope.from)).tree;
  const changes =
    scope.kind === 'all' || from === null
      ? null
      : new Map((await repository.trees.diff(from, tree)).map((one) => [one.path, one.lines]));
  const entries = (await repository.trees.list(tree, changes === null ? undefined : new Set(changes.keys()))).filter(
    ({ path, mode }) => mode.startsWith('100') && wanted(path) && !isTestPath(path),
  );
  const { files } = await readSources(repository, entries);
  const found: Touched[] = [];
  for (const file of files.filter(({ test }) => !test)) {
    const questions = await writtenTests.questionsOf(file, { quote: '"' }, () => true);
    const ranges = changes?.get(file.path);
    const names = (questions?.subjects ?? [])
      .filter(
        ({ line, endLine }) => ranges === undefined || ranges.some(([start, end]) => line <= end && start <= endLine),
      )
      .map(({ name }) => name);
    if (names.length > 0) found.push({ file, names: new Set(names) });
  }
  const first = crew.config.agents.TestEnhancer.prioritize_paths;
  const rank = ({ file }: Touched) => (first.some((path) => file.path.startsWith(path.replace(/^\.\//, ''))) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}

/** Those that no test file names. */
async function withoutTests(crew: Crew, tree: string, touched: readonly Touched[]): Promise<Touched[]> {
  const left: Touched[] = [];
  let looked = 0;
  for (const { file, names } of touched) {
    const own = new Set<string>();
    for (const name of names) {
      looked += 1;
      if (looked > LOOKED_FOR || own.size >= MOST_FUNCTIONS) break;
      const kinds =
        file.language === 'python' ? ['*.py'] : ['*.js', '*.ts', '*.mjs', '*.cjs', '*.mts', '*.cts', '*.jsx', '*.tsx'];
      const paths = await crew.repository.trees.grep(tree, name, kinds);
      if (!paths.some(isTestPath)) own.add(name);
    }
    if (own.size > 0) left.push({ file, names: own });
  }
  return left;
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
  { file, names }: Touched,
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
  const specialist = 'TestEnhancer' as const;
  const findings = kept.map(({ subject: { name, line, endLine, text: before } }): Finding => {
    const print = fingerprint({ specialist, rule, path: file.path, before, after: '' });
    const at = { path: file.path, line, end_line: endLine };
    return {
      rule,
      specialist,
      severity: 'low',
      ...at,
      message: `No test calls ${name}.`,
      fixable: true,
      fingerprint: print,
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
