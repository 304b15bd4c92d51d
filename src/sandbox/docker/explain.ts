/** Turns an engine that cannot be used into a reason and a next step. Rule: pure; the next step never weakens a container. */
import { installHint, readOsRelease } from '../install-hint.ts';

export interface EngineFailure {
  kind: 'absent' | 'unreachable' | 'windows' | 'vfs' | 'seccomp' | 'no-image' | 'mapped' | 'incomplete' | 'failed';
  reason: string;
  /** HTTP status, or the code of the failed connection. */
  status?: number | string | undefined;
  image?: string;
}

/** @param osRelease text of /etc/os-release, for the package manager of this system. */
export function explainEngine(
  failure: EngineFailure,
  osRelease: string = readOsRelease(),
  root: boolean = process.getuid?.() === 0,
): { ok: false; reason: string; hint: string } {
  return { ok: false, reason: reasonOf(failure), hint: hintFor(failure, osRelease, root) };
}

function reasonOf({ kind, reason, status, image }: EngineFailure): string {
  if (kind === 'no-image') return `there is no image ${image}`;
  if (kind === 'unreachable' && status === 'EACCES') return 'this user may not talk to the Docker engine';
  if (kind === 'unreachable' && (status === 'ENOENT' || status === 'ECONNREFUSED'))
    return 'no Docker engine answers on this machine';
  return reason.split('\n').slice(0, 3).join(' ');
}

function hintFor({ kind, status, image }: EngineFailure, osRelease: string, root: boolean): string {
  const report = 'report this with the output of `git ambient doctor --json`: the sandbox would not hold here';
  switch (kind) {
    case 'absent':
      return `${installHint(['docker.io'], osRelease, root)}, then build the image: \`git ambient sandbox build\``;
    case 'unreachable':
      if (status === 'EACCES')
        return 'let this user talk to it: `sudo usermod -aG docker "$USER"`, then log in again (whoever may do so is root on this machine); or use bubblewrap';
      return 'start the engine: `sudo systemctl start docker`, then try again';
    case 'windows':
      return 'switch the engine to Linux containers';
    case 'vfs':
      return 'use the storage driver overlay2 (vfs copies the whole image for each container): set `"storage-driver": "overlay2"` in /etc/docker/daemon.json';
    case 'seccomp':
      return 'use an engine and a kernel with seccomp: it keeps commands from what namespaces do not cover';
    case 'no-image':
      return image === 'ambient-sandbox:latest'
        ? 'build it: `git ambient sandbox build`'
        : 'pull or build it, or remove sandbox.image from .ambient.yml and run `git ambient sandbox build`';
    case 'mapped':
      return 'use bubblewrap: this engine maps users (rootless, or userns-remap), so that no command inside can write to what this user owns';
    case 'incomplete':
      return report;
    case 'failed':
      return 'look into the log of the engine; where the image has no /bin/sh, build another: `git ambient sandbox build`';
  }
}
