/**
 * Finds programs that live outside of /usr (pyenv, nvm, rustup, pipx, /opt) and what must be mounted for them to run.
 * Rule: by looking at paths only, nothing is executed; a home directory is never mounted as a whole.
 */
import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inside } from '../places.ts';
import { isExecutable } from './host.ts';
import { behindShim } from './version-managers.ts';

export interface Toolchain {
  /** Where the program is, inside and outside alike. */
  program: string;
  /** Host paths to mount read-only at the same place. */
  mounts: string[];
  /** Position in PATH of the folder that led here: the order of PATH holds inside as well. */
  rank: number;
}

export interface ToolchainHost {
  /** PATH of the host. */
  path: string;
  home: string;
  /** Where version files such as `.python-version` may stand, innermost first. */
  folders: readonly string[];
}

/** Programs that a check may start besides its own: `make test` runs pytest, `npm test` runs node. */
const USUAL = [
  'python3',
  'python',
  'pytest',
  'ruff',
  'mypy',
  'node',
  'npm',
  'npx',
  'yarn',
  'pnpm',
  'cargo',
  'rustc',
  'go',
];
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib64'];
const SYSTEM_PATH = ['/usr/local/bin', '/usr/bin', '/bin'];

/** Returns the search path inside and the mounts for the usual programs and `name`. */
export function toolchainsFor(name: string, host: ToolchainHost): { path: string[]; mounts: string[] } {
  const found = [...new Set([name, ...USUAL])].flatMap((program) => findToolchain(program, host) ?? []);
  const folders = found.toSorted((a, b) => a.rank - b.rank).map(({ program }) => dirname(program));
  const mounts = [...new Set(found.flatMap((toolchain) => toolchain.mounts))];
  // A folder inside another mounted folder needs no mount of its own.
  const outermost = mounts.filter((path) => !mounts.some((other) => other !== path && inside(path, other)));
  return { path: [...new Set([...folders, ...SYSTEM_PATH])], mounts: outermost };
}

/** Returns where `name` really is, or null when PATH has no such program. */
export function findToolchain(name: string, host: ToolchainHost): Toolchain | null {
  if (name.startsWith('/'))
    return isExecutable(name) ? { program: name, mounts: mountsOf(name, host, 0), rank: -1 } : null;
  if (name.includes('/')) return null;
  for (const [rank, folder] of host.path.split(':').entries()) {
    // What the tree under test brings along is no toolchain of the host.
    if (!folder.startsWith('/') || host.folders.some((dir) => inside(folder, dir))) continue;
    const candidate = join(folder, name);
    if (!isExecutable(candidate)) continue;
    const program = behindShim(candidate, host);
    if (program) return { program, mounts: mountsOf(program, host, 0), rank };
  }
  return null;
}

function mountsOf(program: string, host: ToolchainHost, depth: number): string[] {
  const real = realpathSync.native(program);
  const linked = join(realpathSync.native(dirname(program)), basename(program));
  const mounts = [...installationOf(linked, host.home), ...installationOf(real, host.home)];
  // The spelling of PATH may itself lead through a symlink, which must lead somewhere inside as well.
  if (linked !== program) mounts.push(...installationOf(program, host.home));
  const interpreter = depth < 4 ? interpreterOf(real) : null;
  if (interpreter === null) return mounts;
  const next = findToolchain(interpreter, host)?.program;
  return next && next !== program ? [...mounts, ...mountsOf(next, host, depth + 1)] : mounts;
}

/** Returns the folders that make up the installation a program belongs to; none for the system's own. */
export function installationOf(program: string, home: string): string[] {
  if (SYSTEM.some((root) => inside(program, root))) return [];
  for (const shared of ['/nix/store', '/home/linuxbrew/.linuxbrew']) if (inside(program, shared)) return [shared];
  const folder = dirname(program);
  const prefix = dirname(folder);
  const top = prefix.split('/').filter((part) => part !== '').length < 2;
  if (basename(folder) !== 'bin' || prefix === '/' || inside(home, prefix)) return [program];
  // Go looks for its library beside itself.
  if (existsSync(join(prefix, 'pkg/tool')) && existsSync(join(prefix, 'src/runtime'))) return [prefix];
  // `~/.local`, `~/.cargo` and `/opt` hold far more than one installation, secrets among it.
  if (top || dirname(prefix) === home) return [program, ...[join(prefix, 'lib')].filter((path) => existsSync(path))];
  return [prefix];
}

function interpreterOf(path: string): string | null {
  const head = Buffer.alloc(256);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  const match = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(head.toString('latin1'));
  if (!match?.[1]) return null;
  return basename(match[1]) === 'env' && match[2] ? match[2] : match[1];
}
