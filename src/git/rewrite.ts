/** What rewriting needs, put together: who wrote a line, who else has the commit, the fold, the user's notes. */
import type { GitContext } from './context.ts';
import { foldChange } from './fold.ts';
import { findHolders, findOrigins } from './origins.ts';
import type { Repository } from './types.ts';

export function createRewrite(git: GitContext): Repository['rewrite'] {
  return {
    origins: (at, tree) => findOrigins(git, at, tree),
    holders: (commit) => findHolders(git, commit),
    fold: (fold) => foldChange(git, fold),
    carryNotes: async (rewritten) => {
      const input = rewritten.map(([before, after]) => `${before} ${after}\n`).join('');
      await git.asUser(['notes', 'copy', '--stdin', '--for-rewrite=rebase'], { input });
    },
  };
}
