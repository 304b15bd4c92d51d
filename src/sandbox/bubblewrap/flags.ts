/**
 * What a sandbox consists of, as arguments of bwrap. Rule: pure; everything is absent unless it is named here, and
 * nothing of the host but the slot is writable.
 */
import { HOME, inside, type Mount, placeOf, relocated } from '../places.ts';
import type { Limits } from '../types.ts';

/** What stands on this host, looked up once per run. */
export interface HostFacts {
  uid: number;
  /** `/bin` and the like: the target of the symlink, or null for a directory of its own. */
  roots: ReadonlyArray<{ path: string; target: string | null }>;
  /** Entries of /proc that could change or reveal the host. */
  procDirectories: readonly string[];
  procFiles: readonly string[];
  /** Hard limits of this process by prlimit's names; what is unlimited is absent. None can be raised inside. */
  hardLimits: Readonly<Record<string, number>>;
}

export interface SandboxLayout {
  argv: readonly string[];
  dir: string;
  cwd: string;
  /** What `dir/.git` is: a file is shown read-only, a directory is covered by an empty one, a symlink is left alone. */
  git: 'file' | 'directory' | 'none';
  mounts: readonly Mount[];
  env: Readonly<Record<string, string>>;
  limits: Limits;
  /** `host` was granted; there is no bridge here. */
  network: 'none' | 'host';
  prlimit: string;
}

export const FD = { seccomp: 3, block: 4, status: 5 } as const;
const MIB = 1024 ** 2;

/** No /etc/ssl as a whole: its private keys are readable where we run as root. */
const ETC = [
  ...['alternatives', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'passwd', 'group', 'nsswitch.conf', 'localtime'],
  ...['ssl/certs', 'ssl/openssl.cnf', 'ca-certificates', 'pki/tls/certs', 'hosts'],
];

/** Returns the arguments of bwrap, from the first flag to the last word of the command. */
export function bwrapArguments(layout: SandboxLayout, host: HostFacts): string[] {
  const { dir, limits } = layout;
  const at = placeOf(dir);
  const shown = (text: string) => relocated(text, dir, at);
  return [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(layout.network === 'none' ? ['--unshare-net'] : []),
    ...['--disable-userns', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--hostname', 'sandbox'],
    // Shown as an ordinary user; for the kernel it stays the caller, or the slot would not be writable.
    ...(host.uid === 0 ? ['--uid', '65534', '--gid', '65534'] : []),
    '--clearenv',
    ...Object.entries(layout.env).flatMap(([name, value]) => ['--setenv', name, shown(value)]),
    ...['--ro-bind', '/usr', '/usr'],
    ...host.roots.flatMap(({ path, target }) =>
      target === null ? ['--ro-bind', path, path] : ['--symlink', target, path],
    ),
    ...ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...['--proc', '/proc'],
    ...host.procDirectories.flatMap((name) => ['--ro-bind', `/proc/${name}`, `/proc/${name}`]),
    ...host.procFiles.flatMap((name) => ['--ro-bind', '/dev/null', `/proc/${name}`]),
    ...['--dev', '/dev', '--size', String(16 * MIB), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--size', String(Math.max(64 * MIB, Math.floor(limits.memory / 8))), '--tmpfs', '/tmp', '--dir', HOME],
    ...layout.mounts.filter(({ at }) => !inside(at, dir)).flatMap(({ path, at }) => ['--ro-bind', path, at]),
    ...['--bind', dir, at],
    ...layout.mounts
      .filter((mount) => inside(mount.at, dir))
      .flatMap((mount) => ['--ro-bind', mount.path, shown(mount.at)]),
    ...gitFlags(layout, at),
    ...['--remount-ro', '/', '--chdir', shown(layout.cwd)],
    ...['--seccomp', String(FD.seccomp), '--block-fd', String(FD.block), '--json-status-fd', String(FD.status), '--'],
    ...[layout.prlimit, ...rlimits(limits, host.hardLimits), '--', ...layout.argv.map(shown)],
  ];
}

function gitFlags({ dir, git }: SandboxLayout, at: string): string[] {
  const path = `${at}/.git`;
  if (git === 'file') return ['--ro-bind', `${dir}/.git`, path];
  return git === 'directory' ? ['--size', '4096', '--tmpfs', path, '--remount-ro', path] : [];
}

/** Address space is left alone: WebAssembly reserves more than it uses. The sum over all processes is kept elsewhere. */
function rlimits(limits: Limits, hard: HostFacts['hardLimits']): string[] {
  const wanted = {
    // A little more than is watched for: what fills it up is seen, not only refused.
    nproc: limits.pids + 8,
    fsize: limits.fileBytes,
    core: 0,
    nofile: 1024,
    data: limits.memory + 1024 * MIB,
    cpu: Math.ceil((limits.timeout / 1000) * Math.max(1, limits.cpus)) + 1,
  };
  return Object.entries(wanted).map(([name, value]) => `--${name}=${Math.min(value, hard[name] ?? value)}`);
}
