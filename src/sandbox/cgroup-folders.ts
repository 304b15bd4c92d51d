/**
 * Finds the folder below which a group of ours belongs. Rule: below the caller's own group, so that whatever bounds
 * the caller bounds the sandbox too; pure except for one look at which controllers a version 2 folder hands down.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ControllerFolders {
  version: 1 | 2;
  memory: string;
  pids: string | null;
  cpu: string | null;
}

/**
 * @param cgroup text of /proc/self/cgroup. @param mountinfo text of /proc/self/mountinfo.
 * @param handedDown returns the controllers that a version 2 folder gives its children.
 */
export function controllerFolders(
  cgroup: string,
  mountinfo: string,
  handedDown: (folder: string) => string[] = readHandedDown,
): ControllerFolders | null {
  const mounts = parseMounts(mountinfo);
  const own = parseGroups(cgroup);
  const folder1 = (controller: string): string | null => {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    const path = own.find(({ controllers }) => controllers.includes(controller))?.path;
    return mount && path !== undefined ? below(mount, path) : null;
  };
  const memory = folder1('memory');
  if (memory !== null) return { version: 1, memory, pids: folder1('pids'), cpu: folder1('cpu') };
  const mount = mounts.find(({ type }) => type === 'cgroup2');
  const path = own.find(({ controllers }) => controllers[0] === '')?.path;
  if (!mount || path === undefined) return null;
  // A version 2 group with processes of its own hands nothing down: the nearest one above that does is the place.
  for (let at = below(mount, path); at.startsWith(mount.at); at = dirname(at)) {
    const given = handedDown(at);
    if (given.includes('memory'))
      return {
        version: 2,
        memory: at,
        pids: given.includes('pids') ? at : null,
        cpu: given.includes('cpu') ? at : null,
      };
    if (at === mount.at) break;
  }
  return null;
}

/** The very group of a process, by the text of its /proc/<pid>/cgroup; null where it is not mounted. */
export function groupOf(
  controller: 'memory' | 'pids',
  cgroup: string,
  mountinfo: string,
): { version: 1 | 2; folder: string } | null {
  const mounts = parseMounts(mountinfo);
  const own = parseGroups(cgroup);
  const path1 = own.find(({ controllers }) => controllers.includes(controller))?.path;
  const mount1 = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
  if (mount1 && path1 !== undefined) return { version: 1, folder: below(mount1, path1) };
  const path2 = own.find(({ controllers }) => controllers[0] === '')?.path;
  const mount2 = mounts.find(({ type }) => type === 'cgroup2');
  return mount2 && path2 !== undefined ? { version: 2, folder: below(mount2, path2) } : null;
}

interface CgroupMount {
  root: string;
  at: string;
  type: string;
  options: string[];
}

function parseGroups(cgroup: string): Array<{ controllers: string[]; path: string }> {
  return cgroup.split('\n').flatMap((line) => {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    return match ? [{ controllers: (match[1] ?? '').split(','), path: match[2] ?? '/' }] : [];
  });
}

function parseMounts(mountinfo: string): CgroupMount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '/', at = '/'] = before.split(' ');
    const [type = '', , options = ''] = after.split(' ');
    return type === 'cgroup' || type === 'cgroup2' ? [{ root, at, type, options: options.split(',') }] : [];
  });
}

/** In a container the mount may show a part of the hierarchy only. */
function below(mount: CgroupMount, path: string): string {
  const within = mount.root !== '/' && path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
  return join(mount.at, within === '/' ? '' : within);
}

function readHandedDown(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'cgroup.subtree_control'), 'utf8').trim().split(' ');
  } catch {
    return [];
  }
}
