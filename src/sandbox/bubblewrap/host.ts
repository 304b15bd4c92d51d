/** Looks at the host before a run. Rule: only looks; it starts nothing and changes nothing. */
import { accessSync, constants, existsSync, lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFacts, SandboxLayout } from './flags.ts';

const ROOTS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** `--proc` hides none of these from the uid of root, which may write to some without any capability. */
const PROC_DIRECTORIES = ['sys', 'irq', 'bus', 'fs', 'acpi', 'scsi', 'driver', 'asound', 'dynamic_debug'];
const PROC_FILES = [
  ...['sysrq-trigger', 'mtrr', 'kcore', 'kmsg', 'keys', 'key-users', 'kpagecgroup', 'kpagecount', 'kpageflags'],
  ...['latency_stats', 'timer_list', 'sched_debug', 'slabinfo', 'vmallocinfo', 'pagetypeinfo', 'config.gz', 'kallsyms'],
];

export function readHostFacts(): HostFacts {
  const roots = ROOTS.flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) return [];
    return [{ path, target: found.isSymbolicLink() ? readlinkSync(path) : null }];
  });
  const here = (name: string) => existsSync(`/proc/${name}`);
  const uid = process.getuid?.() ?? -1;
  return {
    uid,
    roots,
    procDirectories: PROC_DIRECTORIES.filter(here),
    procFiles: PROC_FILES.filter(here),
    hardLimits: readHardLimits(textOf('/proc/self/limits')),
  };
}

const LIMIT_NAMES: Record<string, string> = {
  'Max processes': 'nproc',
  'Max file size': 'fsize',
  'Max core file size': 'core',
  'Max open files': 'nofile',
  'Max data size': 'data',
  'Max cpu time': 'cpu',
};

/** Reads the hard limits out of the text of /proc/<pid>/limits. */
export function readHardLimits(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const match = /^(.+?)\s{2,}(\S+)\s+(\d+)\b/.exec(line);
    const name = LIMIT_NAMES[match?.[1] ?? ''];
    if (name) found[name] = Number(match?.[3]);
  }
  return found;
}

export function gitEntryOf(dir: string): SandboxLayout['git'] {
  const found = lstatSync(join(dir, '.git'), { throwIfNoEntry: false });
  if (found?.isFile()) return 'file';
  return found?.isDirectory() ? 'directory' : 'none';
}

/** Returns the path of a program on `path`, or null. */
export function findProgram(name: string, path: string): string | null {
  for (const folder of path.split(':')) {
    const candidate = join(folder, name);
    if (folder.startsWith('/') && isExecutable(candidate)) return candidate;
  }
  return null;
}

export function isExecutable(path: string): boolean {
  try {
    // Most of what is asked is not there: an error for each would take longer than all the rest.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns the trimmed text of a file, or an empty text when it cannot be read. */
export function textOf(path: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  } catch {
    return '';
  }
}
