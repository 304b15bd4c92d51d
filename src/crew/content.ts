/**
 * What of a tree is not in this clone: files of git-lfs (checks see pointers, for no filter of the user's runs where they
 * run) and files of a partial clone. Rule: it is said where it matters, and nothing is fetched.
 */
import type { EvaluationContent } from '../records/index.ts';
import type { Probe } from './doctor.ts';
import { type Crew, once } from './open.ts';

/** Patterns that some `.gitattributes` of `tree` gives to git-lfs, with their folder. */
export function largeFilePatterns(crew: Crew, tree: string): Promise<string[]> {
  return once(crew, `git-lfs ${tree}`, () => readPatterns(crew, tree));
}

async function readPatterns(crew: Crew, tree: string): Promise<string[]> {
  const { repository } = crew;
  const entries = (await repository.trees.list(tree)).filter(
    ({ path, mode }) => mode.startsWith('100') && /(^|\/)\.gitattributes$/.test(path),
  );
  const found: string[] = [];
  for (const { path } of entries) {
    const text = (await repository.objects.blobAt(tree, path))?.content.toString('utf8') ?? '';
    for (const [, pattern] of text.matchAll(/^[ \t]*("[^"\n]*"|[^#\s]\S*)[ \t](?:.*[ \t])?filter=lfs(?=\s|$)/gm))
      found.push(`${path.slice(0, -'.gitattributes'.length)}${pattern}`);
  }
  return found;
}

/** Lines of `doctor`; none where everything is here. */
export async function contentProbes(crew: Crew): Promise<Probe[]> {
  const tree = await crew.repository.objects.resolve('HEAD^{tree}');
  if (tree === null) return [];
  const absent = await crew.repository.trees.absent(tree);
  if (absent > 0)
    return [
      {
        name: 'content',
        level: 'warn',
        message: `${absent} of the files of HEAD ${absent === 1 ? 'is' : 'are'} not in this partial clone: checks cannot be run`,
        hint: 'git-ambient never fetches: `git sparse-checkout disable` gets all files',
      },
    ];
  const patterns = await largeFilePatterns(crew, tree);
  return patterns.length === 0 ? [] : [{ name: 'git-lfs', level: 'warn', message: notice(patterns), hint: null }];
}

/** With the reasons that checks may have failed or not been found for, where content is missing. */
export async function withContentReason(
  crew: Crew,
  baseTree: string,
  evaluation: EvaluationContent,
): Promise<EvaluationContent> {
  const reasons = [...evaluation.reasons];
  const absent = await once(crew, `absent ${baseTree}`, () => crew.repository.trees.absent(baseTree));
  if (absent > 0)
    reasons.push(`${absent} files are not in this partial clone: what needs them was not found or not run`);
  const sound = ({ base, candidate }: { base: string; candidate: string }) =>
    base === 'passed' && candidate === 'passed';
  if (!evaluation.checks.every(sound)) {
    const patterns = await largeFilePatterns(crew, baseTree);
    if (patterns.length > 0) reasons.push(notice(patterns));
  }
  return { ...evaluation, reasons };
}

function notice(patterns: readonly string[]): string {
  const [first, ...more] = patterns;
  const named = `${first?.slice(0, 60)}${more.length > 0 ? ` and ${more.length} more` : ''}`;
  return `files of git-lfs (${named}) are pointers where checks run: those that read them fail there`;
}
