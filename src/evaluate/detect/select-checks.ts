/**
 * Which checks a change needs, and in which order. Rule: pure; the packages that it touches come first, then those that are
 * built from them, then the top; what stands apart from the change is left out only while something judges the whole.
 */
import type { Check } from '../types.ts';

/** @param paths what the change touches, repository-relative. */
export function selectChecks(checks: readonly Check[], paths: Iterable<string>): Check[] {
  const changed = [...paths];
  const whole = checks.filter(({ scope }) => scope === undefined);
  const inside = (folder: string | undefined) => changed.some((path) => path.startsWith(`${folder}/`));
  const touched = checks.filter(({ scope }) => scope !== undefined && inside(scope[0]));
  const above = checks.filter(({ scope }) => scope !== undefined && !inside(scope[0]) && scope.some(inside));
  const folders = [...new Set(checks.flatMap(({ scope }) => scope?.[0] ?? []))];
  // A file outside of every package may decide what happens in any of them.
  const everywhere = changed.some((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
  const judged = whole.some(({ kind }) => kind === 'tests');
  const rest =
    everywhere && !judged ? checks.filter((one) => one.scope && !touched.includes(one) && !above.includes(one)) : [];
  return [...touched, ...above, ...whole, ...rest];
}
