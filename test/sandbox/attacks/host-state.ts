/**
 * Takes a digest of what an attacker could have changed. Rule: all of the ground but the slot by content, and of the machine
 * what decides how it behaves: accounts, programs, devices, switches of the kernel, mounts, modules, swap.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

/** Returns one line for each thing that was looked at; compare two with `changed`. */
export function hostState(ground: { root: string; slot: string }): Map<string, string> {
  const state = new Map<string, string>();
  walk(ground.root, { state, content: true, skip: (path) => path === ground.slot });
  walk('/etc', { state, content: true });
  for (const folder of ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/boot', '/var/spool/cron'])
    walk(folder, { state, content: false });
  walk('/dev', { state, content: false, skip: (path) => /^\/dev\/(shm|pts|mqueue|fd)$/.test(path), devices: true });
  for (const name of ['.bashrc', '.profile', '.zshrc', '.gitconfig', '.ssh', '.config/git', '.npmrc'])
    walk(join(homedir(), name), { state, content: true });
  for (const folder of ['/proc/sys/kernel', '/proc/sys/vm', '/proc/sys/fs', '/proc/sys/user'])
    walk(folder, { state, content: true, skip: (path) => VOLATILE.test(path) });
  for (const path of ['/proc/swaps', '/proc/sys/net/ipv4/ip_forward', '/sys/kernel/uevent_helper', '/sys/power/state'])
    state.set(path, textOf(path));
  state.set('modules', textOf('/proc/modules').replace(/ \d+ .*$/gm, ''));
  state.set(
    'mounts',
    textOf('/proc/self/mounts')
      .split('\n')
      .filter((line) => !/overlay|docker|netns|ambient-/.test(line))
      .join('\n'),
  );
  state.set('hostname', hostname());
  return state;
}

/** Names what differs. */
export function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
}

/** What the kernel counts by itself. */
const VOLATILE =
  /\/(random|pty|keys|ns_last_pid|.*-nr|.*-state|nr_.*|.*_nr|msg_next_id|sem_next_id|shm_next_id|perf_.*|stat_refresh|tainted|usermodehelper|binfmt_misc|sched_.*|numa_.*|epoll|quota|fscache)$/;

interface Walk {
  state: Map<string, string>;
  content: boolean;
  /** Only kind and rights: a device that is used changes its times. */
  devices?: boolean;
  skip?: (path: string) => boolean;
}

function walk(path: string, how: Walk): void {
  const { state, content, skip, devices } = how;
  if (skip?.(path)) return;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  const proc = path.startsWith('/proc/');
  const facts: unknown[] = [found.mode, found.uid, found.gid];
  if (devices) facts.push(found.isFile() ? 0 : found.rdev);
  else if (!proc) facts.push(found.isDirectory() ? 0 : found.size, found.nlink);
  if (!devices && !proc && !content) facts.push(found.mtimeMs, found.ino);
  if (found.isSymbolicLink()) facts.push(readlinkSync(path));
  if (content && found.isFile() && (proc || found.size < 4 * 1024 ** 2))
    facts.push(createHash('sha1').update(textOf(path)).digest('hex'));
  state.set(path, facts.join(' '));
  if (!found.isDirectory()) return;
  let names: string[] = [];
  try {
    names = readdirSync(path);
  } catch {
    // not ours to read, nor the attacker's
  }
  for (const name of names) walk(join(path, name), how);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
