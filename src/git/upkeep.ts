/**
 * Keeping the repository quick to read after many writes of ours. Rule: only what git would do by itself after a command of
 * the user's, and only where the user has not switched that off; nothing younger than git's own grace period is pruned.
 */
import type { GitContext } from './context.ts';
import type { Repository } from './types.ts';

/** What `gc.auto` is where nobody says anything. */
const LOOSE_OBJECTS = '6700';

export function createUpkeep(git: GitContext, config: Pick<Repository['config'], 'get'>): Repository['upkeep'] {
  return {
    packRefs: async () => {
      // A ref that somebody else is writing keeps its lock: it is packed the next time.
      await git.run(['pack-refs', '--all'], { ok: [0, 1, 128] });
    },
    maintain: async () => {
      if (/^(false|no|off|0)$/i.test((await config.get('maintenance.auto')) ?? '')) return;
      const limit = (await config.get('gc.auto')) ?? LOOSE_OBJECTS;
      // In the foreground: it ends before the runner does, and nobody finds a stray process.
      const settings = [`gc.auto=${limit}`, 'gc.autoDetach=false', 'maintenance.autoDetach=false'];
      const args = [...settings.flatMap((setting) => ['-c', setting]), 'maintenance', 'run', '--auto', '--quiet'];
      await git.run(args, { ok: [0, 1, 128] });
    },
  };
}
