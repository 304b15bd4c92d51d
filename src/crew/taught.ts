/**
 * "You fixed this here; it is also there": what the commits of a cycle teach, as fixes of the other places. Rule: one fix for
 * each lesson, with all its places; a lesson that fits in very many of them was none.
 */
import ignore from 'ignore';
import { isTestPath } from '../code/index.ts';
import type { CommitInfo } from '../git/index.ts';
import type { Scope } from '../loops/index.ts';
import { vetPath } from '../patch/index.ts';
import type { Fix } from '../records/index.ts';
import { type Diagnosed, type Lesson, type SourceFile, taughtFindings } from '../specialists/index.ts';
import { conventionsOf } from './conventions.ts';
import { type Known, lessonsBetween, rememberedLessons } from './lessons.ts';
import type { Crew } from './open.ts';
import { readSources, watchFilter } from './sources.ts';

/** Places of one lesson. */
const MOST_PLACES = 20;
/** Files that hold the words of a lesson: more are not read for it. */
const MOST_FILES = 400;

const ENDINGS: Record<Lesson['language'], string[]> = {
  python: ['*.py'],
  javascript: ['*.js', '*.mjs', '*.cjs', '*.jsx'],
  typescript: ['*.ts', '*.mts', '*.cts', '*.tsx'],
};

export interface TaughtReport {
  fixes: Fix[];
  /** Lessons that came to nothing, where a person would ask. */
  suppressed: Array<{ rule: string; path: string; reason: string }>;
}

/** Fixes for what was found by lessons: those of the commits of `scope`, and `found`, by lessons that were merged before. */
export async function fixesByLessons(
  crew: Crew,
  asked: { base: string; scope: Scope; found: readonly Diagnosed[]; closed: ReadonlySet<string> },
): Promise<TaughtReport> {
  const { base, scope, closed } = asked;
  const report: TaughtReport = { fixes: [], suppressed: [] };
  if (!isWanted(crew)) return report;
  const places = new Map<string, { known: Known; found: Diagnosed[] }>();
  for (const known of await rememberedLessons(crew)) {
    const found = asked.found.filter(({ taught }) => taught?.print === known.lesson.print);
    if (found.length > 0) places.set(known.lesson.print, { known, found });
  }
  const fresh = scope.kind === 'changes' && scope.from !== null ? await lessonsBetween(crew, scope.from, base) : [];
  for (const known of fresh) {
    const found = await placesOf(crew, base, known);
    if (found.length > 0) places.set(known.lesson.print, { known, found });
  }
  for (const { known, found } of places.values()) {
    const { lesson, commit } = known;
    const suppress = (reason: string) =>
      report.suppressed.push({ rule: found[0]?.finding.rule ?? '', path: found[0]?.finding.path ?? '', reason });
    if (closed.has(lesson.print)) suppress(`taught by ${commit.oid.slice(0, 12)}: decided or open already`);
    else if (found.length > MOST_PLACES) suppress(`${found.length} places are more than one fix can teach`);
    else report.fixes.push(fixOf(lesson, commit, found));
  }
  return report;
}

/** Findings by the lessons that were merged before: whoever introduces the old form anew hears of it. */
export async function findByLessons(crew: Crew, files: readonly SourceFile[]): Promise<Diagnosed[]> {
  if (!isWanted(crew)) return [];
  const found: Diagnosed[] = [];
  for (const { lesson, commit } of await rememberedLessons(crew))
    found.push(...(await taughtFindings(lesson, commit.oid, files)));
  return found;
}

const isWanted = (crew: Crew) => crew.config.agents.enabled.includes('RefactorArchitect');

async function placesOf(crew: Crew, base: string, { lesson, commit }: Known): Promise<Diagnosed[]> {
  const { repository } = crew;
  const { tree } = await repository.objects.commit(base);
  const word = lesson.words.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))[0] ?? '';
  const wanted = watchFilter(crew.config);
  const generated = ignore().add([...((await conventionsOf(crew, tree)).generated ?? [])]);
  const paths = (await repository.trees.grep(tree, word, ENDINGS[lesson.language])).filter(
    (path) => wanted(path) && vetPath(path) === null && !generated.ignores(path) && isTestPath(path) === lesson.tests,
  );
  if (paths.length === 0 || paths.length > MOST_FILES) return [];
  const { files } = await readSources(repository, await repository.trees.list(tree, new Set(paths)));
  return taughtFindings(lesson, commit.oid, files);
}

const SUBJECT = 72;
/** Places that a person reads one by one. */
const NAMED = 8;

function fixOf(lesson: Lesson, { oid, message }: CommitInfo, found: readonly Diagnosed[]): Fix {
  const [first] = found as [Diagnosed, ...Diagnosed[]];
  const { specialist, rule, severity } = first.finding;
  const by = oid.slice(0, 12);
  const subject = message.split('\n')[0]?.trim() ?? '';
  const places = found.map(({ finding: { path, line } }) => `${path}:${line}`);
  const more = places.length > NAMED ? ` and ${places.length - NAMED} more` : '';
  const title = `Use ${lesson.new} instead of ${lesson.old}, as ${by} does`;
  return {
    ...{ specialist, rule, severity },
    title:
      title.length <= SUBJECT
        ? title
        : `Do as ${by} did, in ${places.length} more ${places.length === 1 ? 'place' : 'places'}`,
    rationale: `You fixed this in ${by} (${subject}); it is also there: ${places.slice(0, NAMED).join(', ')}${more}. The same replacement is made in ${places.length === 1 ? 'that place' : 'those places'}, with the parts that stand there; names that it needs are bound there as they are where it was fixed.`,
    findings: found.map(({ finding }) => finding),
    edits: found.flatMap(({ edits }) => edits),
    taught: { by: oid, print: lesson.print },
  };
}
