/**
 * Turns a request into the layout of a sandbox. Rule: looks only; what must never be mounted is refused here, and a
 * program that is not there is said before anything starts.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readingFrom } from '../command.ts';
import { environment } from '../environment.ts';
import { foldersBetween, programFolderOf, wrongDirectory, wrongMounts } from '../mounts.ts';
import { inside, type Mount } from '../places.ts';
import type { SandboxRequest } from '../types.ts';
import type { SandboxLayout } from './flags.ts';
import { gitEntryOf, isExecutable } from './host.ts';
import { findToolchain, toolchainsFor } from './toolchain.ts';

export interface LayoutHost {
  path: string;
  home: string;
  prlimit: string;
}

/** Returns the layout, or why there can be none. */
export function layoutFor(request: SandboxRequest, host: LayoutHost): SandboxLayout | { setupError: string } {
  const { dir, cwd = dir, argv, network = 'none' } = request;
  const wrong = wrongDirectory(dir, cwd, host.home) ?? wrongMounts(request, host.home);
  if (wrong !== null) return { setupError: wrong };
  if (network === 'bridge')
    return { setupError: 'bubblewrap has no bridge network: choose `host`, or the docker driver' };
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
  const command = readingFrom(argv, request.stdin);
  return {
    argv: command,
    dir,
    cwd,
    git: gitEntryOf(dir),
    mounts,
    env,
    limits: request.limits,
    network,
    prlimit: host.prlimit,
  };
}

/** Where a path of the sandbox is on the host. */
function onHost(path: string, mounts: readonly Mount[]): string {
  const mount = mounts.find(({ at }) => inside(path, at));
  return mount ? mount.path + path.slice(mount.at.length) : path;
}

function distinct(mounts: readonly Mount[]): Mount[] {
  return [...new Map(mounts.map((mount) => [mount.at, mount])).values()];
}
