/**
 * The bubblewrap driver: user, pid, network, mount, ipc and uts namespaces, a system call filter, no capability, bounded
 * memory, processes, disk, output and time. Rule: one set of flags everywhere; where it does not hold, nothing runs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { ownerIsDead } from '../ownership.ts';
import { failed } from '../result.ts';
import type { Driver } from '../types.ts';
import { reapCgroups } from './cgroup.ts';
import { findProgram } from './host.ts';
import { layoutFor } from './layout.ts';
import { probeBubblewrap } from './probe.ts';
import { MARK, runLayout } from './run.ts';

export interface BubblewrapOptions {
  /** Where bwrap, prlimit and the toolchains are looked for. */
  path?: string;
  home?: string;
  /** False: watch memory and processes from outside, as for a user who may not make control groups. */
  cgroups?: boolean;
}

/**
 * Returns the driver; looks for bwrap when it is used. Without a writable control group, `limits.cpus` is kept as a
 * bound on CPU time only.
 */
export function bubblewrap(options: BubblewrapOptions = {}): Driver {
  const path = options.path ?? process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  const home = options.home ?? homedir();
  const driver: Driver = {
    name: 'bubblewrap',
    probe: () => probeBubblewrap({ bwrap: findProgram('bwrap', path), prlimit: findPrlimit(path), run: driver.run }),
    async run(request) {
      const bwrap = findProgram('bwrap', path);
      const prlimit = findPrlimit(path);
      if (bwrap === null || prlimit === null) return failed(`${bwrap === null ? 'bwrap' : 'prlimit'} is not on PATH`);
      const layout = layoutFor(request, { path, home, prlimit });
      if ('setupError' in layout) return failed(layout.setupError);
      return runLayout(layout, { bwrap, cgroups: options.cgroups ?? true, signal: request.signal });
    },
    async reap() {
      reapProcesses();
      await reapCgroups();
    },
  };
  return driver;
}

/** It must be there inside too, so only the system's own will do. */
function findPrlimit(path: string): string | null {
  const system = path.split(':').filter((folder) => /^\/(usr\/)?s?bin$/.test(folder));
  return findProgram('prlimit', system.join(':'));
}

/** A killed owner takes its sandboxes along; this is for one that was killed while bwrap had not yet tied itself to it. */
function reapProcesses(): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (readFileSync(`/proc/${name}/comm`, 'utf8').trim() !== 'bwrap') continue;
      const mark = new RegExp(`(?:^|\0)${MARK}=([\\d-]+)`).exec(readFileSync(`/proc/${name}/environ`, 'latin1'))?.[1];
      if (mark !== undefined && ownerIsDead(mark)) process.kill(Number(name), 'SIGKILL');
    } catch {
      // ended meanwhile, or another user's
    }
  }
}
