/**
 * Which sources no test reaches. Rule: only what certainly no test reaches: where a test starts programs, or loads what nobody
 * can follow, nothing is said.
 */
import { isTestData, isTestPath, languageOf, readImportGraph, testsNamedAfter } from '../code/index.ts';
import type { TreeEntry } from '../git/index.ts';
import { type Crew, once } from './open.ts';
import { orMissing } from './sources.ts';

/** Source files of a tree of which the imports are read for this alone. */
const LARGEST = 3000;

/** Those of `entries`, files of `tree`. @param all every file of `tree` */
export async function unreachedAmong(
  crew: Crew,
  tree: string,
  entries: readonly TreeEntry[],
  all: () => Promise<readonly TreeEntry[]>,
): Promise<string[]> {
  if (!crew.config.agents.enabled.includes('TestEnhancer')) return [];
  const asked = entries.map(({ path }) => path).filter((path) => languageOf(path) !== null && !isTestPath(path));
  if (asked.length === 0) return [];
  const sources: string[] = [];
  const entriesOfTree = (await all()).filter(({ mode }) => mode.startsWith('100'));
  for (const { path } of entriesOfTree) {
    if (languageOf(path) !== null) sources.push(path);
    if (sources.length > LARGEST) return [];
  }
  const tests = sources.filter((path) => isTestPath(path) && !isTestData(path));
  if (tests.length === 0) return [];
  const oids = new Map(entriesOfTree.map(({ path, oid }) => [path, oid]));
  const read = async (path: string) => {
    const oid = oids.get(path);
    const bytes = oid === undefined ? null : await crew.repository.objects.blob(oid).catch(orMissing);
    return bytes?.toString('utf8') ?? null;
  };
  const graph = await once(crew, `imports of ${tree}`, () =>
    readImportGraph({ entries: entriesOfTree, read }, crew.store.cache),
  );
  return asked.filter((path) => {
    const isPython = languageOf(path) === 'python';
    const own = tests.filter((test) => (languageOf(test) === 'python') === isPython);
    const reaching = graph.importersOf([path]);
    return (
      own.length > 0 &&
      testsNamedAfter(path, own).length === 0 &&
      !own.some((test) => reaching.has(test) || graph.open.has(test))
    );
  });
}
