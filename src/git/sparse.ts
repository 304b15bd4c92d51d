/** Files that a sparse checkout leaves out. Rule: looks, never touches: what is checked out is the user's choice. */
import type { GitContext } from './context.ts';

/** Those of `paths` that are tracked and not checked out. */
export async function leftOut(git: GitContext, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const listed = (await git.plain(['ls-files', '-t', '-z', '--cached'])).stdout.toString().split('\0');
  const absent = new Set(listed.filter((line) => line.startsWith('S ')).map((line) => line.slice(2)));
  return paths.filter((path) => absent.has(path));
}
