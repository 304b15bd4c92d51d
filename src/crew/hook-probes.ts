/**
 * What `doctor` says about hooks: are they there, and do they fire. Rule: pure; the second answer comes from what the
 * runner wrote down about the last commits, never from looking at the files again.
 */
import type { Config } from '../config/index.ts';
import type { LocalState } from '../store/index.ts';
import type { Probe } from './doctor.ts';
import type { HookState } from './status.ts';

/** Handed in by the command: triggers/ knows hooks, the crew does not. */
export interface HookSight {
  event: 'post-commit' | 'pre-push';
  state: HookState;
  /** Installed, and everything that it needs is there. */
  works: boolean;
  message: string;
  hint: string | null;
}

/** Commits in a row without the hook that are no accident. */
const ROW = 3;

export function hookProbes(
  sights: readonly HookSight[],
  woken: LocalState['woken'],
  prePush: Config['pre_push'],
): Probe[] {
  return [
    ...sights.map((sight) => (sight.event === 'pre-push' ? pushProbe(sight, prePush) : commitProbe(sight))),
    wakeProbe(
      sights.some((sight) => sight.event === 'post-commit' && sight.works),
      woken,
    ),
  ];
}

function commitProbe({ works, message, hint }: HookSight): Probe {
  return { name: 'hook', level: works ? 'ok' : 'warn', message, hint };
}

function pushProbe({ state, works, message, hint }: HookSight, wanted: Config['pre_push']): Probe {
  if (wanted === 'off' && state !== 'installed')
    return { name: 'pre-push', level: 'ok', message: 'off (pre_push)', hint: null };
  return { name: 'pre-push', level: works ? 'ok' : 'warn', message: `${message} (pre_push: ${wanted})`, hint };
}

function wakeProbe(installed: boolean, woken: LocalState['woken']): Probe {
  const probe = (level: Probe['level'], message: string, hint: string | null = null): Probe => {
    return { name: 'wake-ups', level, message, hint };
  };
  if (woken.length === 0) return probe('ok', 'no commit seen yet');
  const byHook = woken.filter((item) => item.by === 'hook').length;
  const commits = woken.length === 1 ? 'the last commit' : `the last ${woken.length} commits`;
  const message = `of ${commits} ${byHook} woke the crew by the hook, ${woken.length - byHook} were found later by the cursor`;
  const row = woken.slice(-ROW);
  if (!installed || row.length < ROW || row.some((item) => item.by === 'hook')) return probe('ok', message);
  return probe(
    'warn',
    `${message}; none of the last ${ROW}, although the hook is there`,
    'commit in a terminal, then `git ambient status`: if that wakes the crew, the other program skips hooks, or runs with AMBIENT=off or another git; nothing is lost, `git ambient watch` or a scheduled `git ambient run` finds these commits',
  );
}
