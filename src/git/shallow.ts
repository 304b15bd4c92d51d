/** Where a shallow clone ends. Rule: git's own list is read each time: a fetch moves the end at any moment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepositoryInfo } from './types.ts';

/** The commits whose parents are not here although they have some; empty in a whole clone. */
export function shallowEnds(info: RepositoryInfo): ReadonlySet<string> {
  try {
    return new Set(readFileSync(join(info.commonDir, 'shallow'), 'utf8').split('\n').filter(Boolean));
  } catch {
    return new Set();
  }
}
