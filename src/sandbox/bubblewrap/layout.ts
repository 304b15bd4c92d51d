/**
 * Turns a request into the layout of a sandbox. Rule: looks only; what must never be mounted is refused here, and a
 * program that is not there is said before anything starts.
 */
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { SandboxRequest } from '../types.ts';
import { HOME, inside, type Mount, type SandboxLayout } from './flags.ts';
import { gitEntryOf, isExecutable } from './host.ts';
import { findToolchain, toolchainsFor } from './toolchain.ts';

export interface LayoutHost {
  path: string;
  home: string;
  prlimit: string;
}

/** Returns the layout, or why there can be none. */
export function layoutFor(request: SandboxRequest, host: LayoutHost): SandboxLayout | { setupError: string } {
  const { dir, cwd = dir, argv } = request;
  const wrong = wrongDirectory(dir, cwd, host.home) ?? wrongMounts(request, host.home);
  if (wrong !== null) return { setupError: wrong };
  const folders = foldersBetween(cwd, dir);
  const tools = { path: host.path, home: host.home, folders };
  const given = (request.readOnly ?? []).map(({ path, at = path }): Mount => ({ path, at }));
  const name = argv[0] ?? '';
  const toolchains = toolchainsFor(name.includes('/') ? 'sh' : name, tools);
  // A virtual environment's scripts name it by the path where it was made.
  const environments = given.filter(({ path }) => existsSync(join(path, 'pyvenv.cfg')));
  const pythons = environments.flatMap(({ path }) => findToolchain(join(path, 'bin/python'), tools)?.mounts ?? []);
  const mounts = distinct([
    ...[...toolchains.mounts, ...pythons].map((path) => ({ path, at: path })),
    ...environments.map(({ path }) => ({ path, at: path })),
    ...given,
  ]).filter(({ path, at }) => !(path === at && inside(path, dir)));
  const searched = [
    ...given.flatMap(({ path, at }) => programFolderOf(path, at)),
    ...toolchains.path,
    // Last: what the tree under test brings along takes the place of nothing.
    ...folders.flatMap((folder) => [join(folder, 'node_modules/.bin'), join(folder, '.venv/bin')]),
  ];
  const candidates = name.includes('/') ? [resolve(cwd, name)] : searched.map((folder) => join(folder, name));
  if (!candidates.some((path) => isExecutable(onHost(path, given))))
    return { setupError: `${name || 'the command'}: no such program in the sandbox (looked in ${searched.join(':')})` };
  const userBase = join(host.home, '.local');
  const python = mounts.some(({ path }) => path === join(userBase, 'lib')) ? { PYTHONUSERBASE: userBase } : {};
  const env = { ...environment(searched), ...python, ...request.env };
  return { argv, dir, cwd, git: gitEntryOf(dir), mounts, env, limits: request.limits, prlimit: host.prlimit };
}

function environment(path: readonly string[]): Record<string, string> {
  return {
    PATH: path.join(':'),
    HOME,
    TMPDIR: '/tmp',
    USER: 'sandbox',
    LOGNAME: 'sandbox',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    TERM: 'dumb',
    NO_COLOR: '1',
    CI: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    npm_config_update_notifier: 'false',
    npm_config_cache: '/tmp/npm',
    CARGO_NET_OFFLINE: 'true',
    GOTOOLCHAIN: 'local',
    GOPROXY: 'off',
  };
}

function wrongDirectory(dir: string, cwd: string, home: string): string | null {
  if (!dir.startsWith('/') || resolve(dir) !== dir) return `the directory ${dir} is not a plain absolute path`;
  const found = lstatSync(dir, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return `the directory ${dir} does not exist, or is a symlink`;
  if (inside(home, realpathSync(dir)))
    return `the directory ${dir} holds a home directory: it must not be writable inside`;
  if (!inside(resolve(cwd), dir)) return `the working directory ${cwd} is not inside ${dir}`;
  // A planted symlink would be followed by the host's own look-ups.
  if (!existsSync(cwd) || !inside(realpathSync(cwd), realpathSync(dir)))
    return `the working directory ${cwd} leads out of ${dir}`;
  return null;
}

const PRIVATE = new Set([
  '.git',
  '.ssh',
  '.gnupg',
  '.aws',
  '.kube',
  '.docker',
  'docker.sock',
  'podman.sock',
  'keyrings',
]);

function wrongMounts({ dir, readOnly = [] }: SandboxRequest, home: string): string | null {
  for (const { path, at = path } of readOnly) {
    if (!path.startsWith('/') || !at.startsWith('/')) return `the read-only path ${path} is not absolute`;
    if (!existsSync(path)) return `the read-only path ${path} does not exist`;
    const real = realpathSync(path);
    if (inside(home, real)) return `the read-only path ${path} holds a home directory`;
    const secret = `${real}/${resolve(path)}`.split('/').find((part) => PRIVATE.has(part));
    if (secret) return `the read-only path ${path} is private (${secret})`;
    const parent = firstExisting(resolve(at));
    if (inside(resolve(at), dir) && realpathSync(parent) !== realpathSync(dir) + parent.slice(dir.length))
      return `the read-only path ${path} cannot be shown at ${at}: a symlink is in the way`;
  }
  return null;
}

function firstExisting(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false }) || path === '/' ? path : firstExisting(dirname(path));
}

function foldersBetween(cwd: string, dir: string): string[] {
  return cwd === dir || !inside(cwd, dir) ? [dir] : [cwd, ...foldersBetween(dirname(cwd), dir)];
}

function programFolderOf(path: string, at: string): string[] {
  if (basename(at) === 'node_modules') return [join(at, '.bin')];
  return existsSync(join(path, 'pyvenv.cfg')) ? [join(at, 'bin')] : [];
}

/** Where a path of the sandbox is on the host. */
function onHost(path: string, mounts: readonly Mount[]): string {
  const mount = mounts.find(({ at }) => inside(path, at));
  return mount ? mount.path + path.slice(mount.at.length) : path;
}

function distinct(mounts: readonly Mount[]): Mount[] {
  return [...new Map(mounts.map((mount) => [mount.at, mount])).values()];
}
