/**
 * What a container consists of. Rule: pure; nothing of the host but the slot is writable, no capability, no network unless
 * one was granted, never the user of root, and never the engine's own socket.
 */
import { inside, type Mount, relocated } from '../places.ts';
import type { Limits, Network } from '../types.ts';

/** Where the slot stands inside: not at its own path, which may lie in what is emptied between two runs. */
export const SLOT = '/slot';
export const LABEL = 'ambient.sandbox';
/** Of the first process, which must not be the command's: who has the same user could take it over. */
const KEEPER = '65533:65533';
/** Processes of ours beside the command: the keeper, the wrapper and those by which the engine starts it. */
const OWN_PROCESSES = 8;
const MIB = 1024 ** 2;

export interface ContainerLayout {
  image: string;
  dir: string;
  /** What `dir/.git` is: a file is shown read-only, a directory is covered by an empty one. */
  git: 'file' | 'directory' | 'none';
  /** Read-only, at places inside. */
  mounts: readonly Mount[];
  limits: Limits;
  network: Network;
  seccomp: string;
  /** Value of the label by which `reap` knows what we started. */
  owner: string;
}

/**
 * Keeps the container alive as long as we hold its standard input: the engine closes that when we are gone, however we end,
 * `cat` ends, and with the first process of the namespace all the others. The shell that waits for it buries whoever loses
 * its parent meanwhile.
 */
const KEEP = 'exec 3<&0; cat <&3 >/dev/null & wait $!';
/** The shell and `cat`. */
export const KEEPERS = 2;

/** Returns the body of the request that creates the container. */
export function containerOptions(layout: ContainerLayout): Record<string, unknown> {
  const { limits, dir } = layout;
  const bind = (Source: string, Target: string, ReadOnly: boolean) => ({
    ...{ Type: 'bind', Source, Target, ReadOnly },
    BindOptions: { Propagation: 'rprivate', NonRecursive: true },
  });
  const shown = layout.mounts.map(({ path, at }) => ({ path, at: relocated(at, dir, SLOT) }));
  const git = layout.git === 'file' ? [bind(`${dir}/.git`, `${SLOT}/.git`, true)] : [];
  return {
    Image: layout.image,
    Entrypoint: ['/bin/sh', '-c', KEEP],
    Cmd: [],
    User: KEEPER,
    Hostname: 'sandbox',
    WorkingDir: '/',
    Env: [],
    Labels: { [LABEL]: layout.owner },
    Healthcheck: { Test: ['NONE'] },
    Tty: false,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: layout.network,
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges', `seccomp=${layout.seccomp}`],
      Memory: limits.memory,
      MemorySwap: limits.memory,
      NanoCpus: Math.max(10_000_000, Math.round(limits.cpus * 1e9)),
      PidsLimit: limits.pids + OWN_PROCESSES,
      OomScoreAdj: 500,
      IpcMode: 'private',
      CgroupnsMode: 'private',
      ShmSize: 16 * MIB,
      Tmpfs: {
        '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${Math.max(64 * MIB, Math.floor(limits.memory / 8))},nr_inodes=${limits.diskEntries}`,
        ...(layout.git === 'directory' ? { [`${SLOT}/.git`]: 'ro,noexec,nosuid,nodev,size=4096' } : {}),
      },
      Ulimits: [
        { Name: 'nofile', Soft: 1024, Hard: 1024 },
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'fsize', Soft: limits.fileBytes, Hard: limits.fileBytes },
        { Name: 'data', Soft: limits.memory + 1024 * MIB, Hard: limits.memory + 1024 * MIB },
      ],
      Mounts: [bind(dir, SLOT, false), ...git, ...shown.map(({ path, at }) => bind(path, at, true))],
      MaskedPaths: MASKED,
      ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
    },
  };
}

/** The whole of /sys: control groups and devices of the host are named there, and no test needs it. */
const MASKED = [
  ...['/sys', '/proc/acpi', '/proc/asound', '/proc/kcore', '/proc/keys', '/proc/key-users', '/proc/kmsg'],
  ...['/proc/latency_stats', '/proc/timer_list', '/proc/timer_stats', '/proc/sched_debug', '/proc/scsi'],
  ...['/proc/kallsyms', '/proc/slabinfo', '/proc/vmallocinfo', '/proc/pagetypeinfo', '/proc/kpagecount'],
  ...['/proc/kpageflags', '/proc/kpagecgroup', '/proc/config.gz', '/proc/mtrr', '/proc/dynamic_debug', '/proc/driver'],
];

/** May a container with these mounts be used again? What is emptied between two runs must be ours alone. */
export function isReusable({ mounts, dir }: Pick<ContainerLayout, 'mounts' | 'dir'>): boolean {
  return !mounts.some(({ at }) => ['/tmp', '/dev'].some((folder) => inside(relocated(at, dir, SLOT), folder)));
}
