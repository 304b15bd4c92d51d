/**
 * Waiting for the end of the quiet hours, after a commit that came in them. Rule: what waits is a shell that sleeps, named
 * in `waking`, so that later commits start no second one; it looks again now and then, because a machine that was
 * suspended did not count the time.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { isRunning, packageRoot } from '../base/index.ts';
import type { Crew } from './open.ts';

const LONGEST = 30 * 60_000;

/** Says in `waking` who it is, as hooks/post-commit does: pid, and start time where the system tells it. */
const SLEEP = `trap "" HUP
waking=$0 seconds=$1 node=$2 cli=$3 stat=
[ -r "/proc/$$/stat" ] && read -r stat < "/proc/$$/stat"
set -- \${stat##*") "}
printf '%s\\n%s\\n' "$$" "\${20}" >| "$waking"
sleep "$seconds"
exec "$node" "$cli" run --background`;

/** Sees to it that a runner starts in `milliseconds`, or a little later. */
export async function startLater(crew: Crew, milliseconds: number): Promise<void> {
  const waiting = await crew.store.wake.announced();
  if (waiting !== null && waiting.pid !== process.pid && isRunning(waiting)) return;
  const seconds = Math.ceil(Math.min(milliseconds, LONGEST) / 1000) + 1;
  const cli = join(packageRoot().root, 'bin/run.js');
  const waking = join(crew.store.dir, 'waking');
  const child = spawn('sh', ['-c', SLEEP, waking, String(seconds), process.execPath, cli], {
    cwd: crew.repository.info.workTree ?? crew.repository.info.gitDir,
    detached: true,
    stdio: 'ignore',
  });
  child.on('error', () => {});
  child.unref();
}
