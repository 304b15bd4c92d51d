/** How large one proposal may be. Rule: exactly at the limit is within it. */
import type { Config } from '../config/index.ts';

type Limits = Pick<Config['risk_policy'], 'file_change_limit' | 'loc_change_limit'>;

/** Returns why the change is too large, or null. Lines are added plus removed. */
export function checkLimits(
  files: ReadonlyArray<{ path: string; added: number; removed: number }>,
  { file_change_limit: most, loc_change_limit: lines }: Limits,
): string | null {
  const paths = new Set(files.map((file) => file.path)).size;
  if (paths > most) return `it touches ${paths} files; risk_policy.file_change_limit is ${most}`;
  const changed = files.reduce((sum, file) => sum + file.added + file.removed, 0);
  if (changed > lines) return `it changes ${changed} lines; risk_policy.loc_change_limit is ${lines}`;
  return null;
}
