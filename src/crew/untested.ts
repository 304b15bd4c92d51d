/**
 * Functions that a change touched and no test file names, one file after the other. Rule: no more is read than is asked for,
 * for every file that is looked at has to be parsed.
 */
import { isTestPath } from '../code/index.ts';
import type { TreeEntry } from '../git/index.ts';
import type { Scope } from '../loops/index.ts';
import { type SourceFile, type Subject, writtenTests } from '../specialists/index.ts';
import type { Crew } from './open.ts';
import { readSources, watchFilter } from './sources.ts';

export interface Untested {
  file: SourceFile;
  names: ReadonlySet<string>;
}

/** Files that are parsed for one cycle, functions that are looked for in the tests, and functions of one file. */
const PARSED = 150;
const LOOKED_FOR = 100;
const MOST_FUNCTIONS = 5;
const AT_ONCE = 20;

/** @param isWanted is it worth a test, or was one turned down before? */
export async function* untestedIn(
  crew: Crew,
  tree: string,
  scope: Scope,
  isWanted: (file: SourceFile, subject: Subject) => boolean,
): AsyncGenerator<Untested> {
  const changes = await changesOf(crew, tree, scope);
  const entries = await entriesOf(crew, tree, scope, changes);
  let [parsed, looked] = [0, 0];
  for (let at = 0; at < entries.length && parsed < PARSED; at += AT_ONCE) {
    const { files } = await readSources(crew.repository, entries.slice(at, at + AT_ONCE));
    // They come by their names.
    for (const file of files.filter(({ test }) => !test).sort(byPriority(crew))) {
      crew.signal.throwIfAborted();
      if (!MAY.test(file.text)) continue;
      parsed += 1;
      const ranges = changes?.get(file.path);
      const isTouched = ({ line, endLine }: Subject) =>
        ranges === undefined || ranges.some(([start, end]) => line <= end && start <= endLine);
      const questions = await writtenTests.questionsOf(file, { quote: '"' }, () => true);
      const subjects = (questions?.subjects ?? []).filter((one) => isTouched(one) && isWanted(file, one));
      const names = new Set<string>();
      for (const { name } of subjects) {
        looked += 1;
        if (looked > LOOKED_FOR || names.size >= MOST_FUNCTIONS) break;
        if (!(await isNamedByTests(crew, tree, file, name))) names.add(name);
      }
      if (names.size > 0) yield { file, names };
    }
  }
}

/** A cheap look: a function at the top that gives something back. */
const MAY = /^(def |export |module\.exports|exports\.)/m;

type Changes = ReadonlyMap<string, ReadonlyArray<readonly [number, number]>>;

/** Null: everything counts as touched. */
async function changesOf({ repository }: Crew, tree: string, scope: Scope): Promise<Changes | null> {
  if (scope.kind === 'all' || scope.from === null) return null;
  const from = (await repository.objects.commit(scope.from)).tree;
  return new Map((await repository.trees.diff(from, tree)).map(({ path, lines }) => [path, lines]));
}

/** Those of `prioritize_paths` first. */
async function entriesOf(crew: Crew, tree: string, scope: Scope, changes: Changes | null): Promise<TreeEntry[]> {
  const wanted = watchFilter(crew.config, scope.kind === 'all' ? scope.paths : []);
  const all = await crew.repository.trees.list(tree, changes === null ? undefined : new Set(changes.keys()));
  const sources = all.filter(({ path, mode }) => mode.startsWith('100') && wanted(path) && !isTestPath(path));
  return sources.sort(byPriority(crew));
}

function byPriority({ config }: Crew): (a: { path: string }, b: { path: string }) => number {
  const { prioritize_paths: first } = config.agents.TestEnhancer;
  const rank = ({ path }: { path: string }) => (first.some((one) => path.startsWith(one.replace(/^\.\//, ''))) ? 0 : 1);
  return (a, b) => rank(a) - rank(b);
}

const SCRIPTS = ['*.js', '*.ts', '*.mjs', '*.cjs', '*.mts', '*.cts', '*.jsx', '*.tsx'];

async function isNamedByTests(
  { repository }: Crew,
  tree: string,
  { language }: SourceFile,
  name: string,
): Promise<boolean> {
  const paths = await repository.trees.grep(tree, name, language === 'python' ? ['*.py'] : SCRIPTS);
  return paths.some(isTestPath);
}
