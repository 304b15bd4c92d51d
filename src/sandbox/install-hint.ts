/** Says how to install a package on this system. Rule: a command that can be pasted, for the package manager found here. */
import { readFileSync } from 'node:fs';

const MANAGERS: ReadonlyArray<[ids: readonly string[], command: string]> = [
  [['debian', 'ubuntu'], 'apt-get install -y --no-install-recommends'],
  [['fedora', 'rhel', 'centos', 'amzn'], 'dnf install -y'],
  [['arch'], 'pacman -S --noconfirm'],
  [['alpine'], 'apk add'],
  [['suse', 'opensuse', 'sles'], 'zypper install -y'],
];

/** Names that differ: Alpine keeps prlimit in a package of its own. */
const APART: Record<string, Record<string, string>> = { 'util-linux': { 'apk add': 'util-linux-misc' } };

/** Returns "install it: `…`" for the packages, by the text of /etc/os-release. */
export function installHint(packages: readonly string[], osRelease: string, root: boolean): string {
  const value = (key: string) => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1]?.toLowerCase() ?? '';
  const ids = [value('ID'), ...value('ID_LIKE').split(/\s+/)].map((id) => id.replace(/^opensuse-.*/, 'opensuse'));
  const manager = ids.map((id) => MANAGERS.find(([names]) => names.includes(id))).find((entry) => entry !== undefined);
  if (!manager) return `install ${packages.join(' and ')} with the package manager of this system, then try again`;
  const names = packages.map((name) => APART[name]?.[manager[1]] ?? name);
  return `install it: \`${root ? '' : 'sudo '}${manager[1]} ${names.join(' ')}\``;
}

/** Returns the text of /etc/os-release, or an empty text where there is none. */
export function readOsRelease(): string {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // the next place
    }
  }
  return '';
}
