/**
 * Proves that this machine isolates: runs a command that looks around inside. Rule: every layer must be seen at work;
 * one that is missing is a failed probe with the next step, never a smaller set of flags.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest, spawn } from '../../base/index.ts';
import { installHint, readOsRelease } from '../install-hint.ts';
import { LAYERS, LOOK, missingLayers } from '../layers.ts';
import { PROBE_LIMITS } from '../limits.ts';
import type { Driver, SandboxRequest, SandboxResult } from '../types.ts';
import { explainFailure } from './explain.ts';
import { filterProgram } from './filter.ts';
import { textOf } from './host.ts';

export interface ProbeHost {
  bwrap: string | null;
  prlimit: string | null;
  run(request: SandboxRequest): Promise<SandboxResult>;
}

type Probe = Awaited<ReturnType<Driver['probe']>>;

export async function probeBubblewrap(host: ProbeHost): Promise<Probe> {
  const root = process.getuid?.() === 0;
  const install = (...packages: string[]) => installHint(packages, readOsRelease(), root);
  if (process.platform !== 'linux')
    return {
      ok: false,
      reason: `bubblewrap needs Linux, this is ${process.platform}`,
      hint: 'run git-ambient on Linux or in a Linux VM',
    };
  const filter = filterProgram(process.arch, { uncounted: true });
  if (filter === null)
    return {
      ok: false,
      reason: `there is no system call filter for ${process.arch}`,
      hint: 'use a machine with x86_64 or arm64',
    };
  if (host.bwrap === null) return { ok: false, reason: 'bwrap is not on PATH', hint: install('bubblewrap') };
  if (host.prlimit === null) return { ok: false, reason: 'prlimit is not on PATH', hint: install('util-linux') };
  const dir = mkdtempSync(join(tmpdir(), 'ambient-probe-'));
  try {
    const look = () => host.run({ argv: ['/bin/sh', '-c', LOOK], dir, limits: PROBE_LIMITS });
    const first = await look();
    // Ended by somebody, not refused: a machine that is short of everything may do so once.
    const result = first.setupError === null && first.code === null ? await look() : first;
    if (result.setupError !== null || result.code !== 0) return explainFailure(result, factsOf(root));
    const open = missingLayers(result.stdout, LAYERS);
    const hint = 'report this with the output of `git ambient doctor --json`: the sandbox would not hold here';
    if (open.length > 0) return { ok: false, reason: `isolation is incomplete: ${open.join(', ')}`, hint };
    const version = await spawn([host.bwrap, '--version'], { env: {}, timeout: 10_000 });
    return { ok: true, digest: digest(['bubblewrap', version.stdout, filter, process.arch, LOOK]) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function factsOf(root: boolean) {
  return {
    root,
    apparmor: textOf('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'),
    clone: textOf('/proc/sys/kernel/unprivileged_userns_clone'),
    most: textOf('/proc/sys/user/max_user_namespaces'),
    container:
      textOf('/run/.containerenv') !== '' || /docker|containerd|kubepods|libpod/.test(textOf('/proc/1/cgroup')),
  };
}
