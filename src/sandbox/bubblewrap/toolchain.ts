/**
 * Finds programs that live outside of /usr (pyenv, nvm, rustup, pipx, /opt) and what must be mounted for them to run.
 * Rule: by looking at paths only, nothing is executed; a home directory is never mounted as a whole.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inside } from '../places.ts';
import { isExecutable, textOf } from './host.ts';

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
const USUAL = ['python3', 'python', 'pytest', 'ruff', 'mypy', 'node', 'npm', 'yarn', 'cargo', 'rustc', 'go'];
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

/** A shim asks its version manager at run time, which is not there inside: the same answer is read from its files. */
function behindShim(path: string, host: ToolchainHost): string | null {
  const name = basename(path);
  const root = dirname(dirname(path));
  if (basename(dirname(path)) === 'shims' && existsSync(join(root, 'versions'))) {
    const named = host.folders.map((folder) => textOf(join(folder, '.python-version'))).filter((text) => text !== '');
    for (const version of [...named.slice(0, 1), textOf(join(root, 'version'))].flatMap((text) => text.split(/\s+/))) {
      const bin = join(root, 'versions', closestVersion(join(root, 'versions'), version), 'bin', name);
      if (isVersion(version) && isExecutable(bin)) return bin;
    }
    return null;
  }
  return isRustup(path) && name !== 'rustup' ? behindRustup(path, host) : path;
}

/** A link to rustup, or a hard link to it. */
function isRustup(path: string): boolean {
  if (basename(realpathSync(path)) === 'rustup') return true;
  const [own, rustup] = [path, join(dirname(path), 'rustup')].map((file) => statSync(file, { throwIfNoEntry: false }));
  return own !== undefined && rustup !== undefined && own.ino === rustup.ino && own.dev === rustup.dev;
}

function behindRustup(path: string, host: ToolchainHost): string | null {
  // Where it is by default, or beside cargo's own home (`/usr/local/cargo` and `/usr/local/rustup`).
  const cargoHome = dirname(dirname(path));
  const homes = [join(host.home, '.rustup'), join(dirname(cargoHome), 'rustup'), join(dirname(cargoHome), '.rustup')];
  const rustup = homes.find((folder) => existsSync(join(folder, 'toolchains')));
  if (rustup === undefined) return null;
  const named = host.folders.map(rustToolchainIn).find((channel) => channel !== null);
  const fallback = /^default_toolchain\s*=\s*"([^"]+)"/m.exec(textOf(join(rustup, 'settings.toml')))?.[1] ?? '';
  const channel = named ?? fallback;
  if (!isVersion(channel)) return null;
  // `1.75` and `stable` stand for themselves followed by the name of this machine.
  const installed = readdirSync(join(rustup, 'toolchains')).sort();
  const version = installed.find((one) => one === channel) ?? installed.find((one) => one.startsWith(`${channel}-`));
  const bin = join(rustup, 'toolchains', version ?? '', 'bin', basename(path));
  return version !== undefined && isExecutable(bin) ? bin : null;
}

/** `rust-toolchain.toml`, or the older form of one line. */
function rustToolchainIn(folder: string): string | null {
  const text = textOf(join(folder, 'rust-toolchain.toml')) || textOf(join(folder, 'rust-toolchain'));
  if (text === '') return null;
  return /^\s*channel\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] ?? (/^[\w.+-]+$/.test(text) ? text : null);
}

/** The text may come from the tree under test: a plain name, never a path. */
function isVersion(text: string): boolean {
  return /^[A-Za-z0-9][\w.+-]*$/.test(text);
}

/** pyenv reads `3.11` as the newest 3.11.x. */
function closestVersion(folder: string, version: string): string {
  if (!/^\d+\.\d+$/.test(version)) return version;
  const patch = (name: string) => Number(name.slice(version.length + 1));
  const names = readdirSync(folder).filter((name) => name.startsWith(`${version}.`) && Number.isInteger(patch(name)));
  return names.sort((a, b) => patch(b) - patch(a))[0] ?? version;
}

function mountsOf(program: string, host: ToolchainHost, depth: number): string[] {
  const real = realpathSync(program);
  const linked = join(realpathSync(dirname(program)), basename(program));
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
