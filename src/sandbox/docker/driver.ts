/**
 * The Docker driver: the same bounds as bubblewrap's, kept by the engine of this machine. Rule: what cannot be proved by
 * the probe does not run; a container outlives neither its command nor us.
 */
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { gitEntryOf } from '../bubblewrap/host.ts';
import { readingFrom } from '../command.ts';
import { environment } from '../environment.ts';
import { foldersBetween, programFolderOf, wrongDirectory, wrongMounts } from '../mounts.ts';
import { ownerMark } from '../ownership.ts';
import { failed } from '../result.ts';
import type { Driver, SandboxRequest } from '../types.ts';
import type { ContainerLayout } from './container.ts';
import { connect, type Engine, findSocket, messageOf } from './engine.ts';
import { probeDocker } from './probe.ts';
import { reapContainers } from './reap.ts';
import { type ContainerCommand, runInContainer } from './run.ts';
import { seccompProfile } from './seccomp.ts';
import { lend, userOf } from './slot-user.ts';
import { type WarmPool, warmPool } from './warm.ts';

export interface DockerOptions {
  /** Name of the image that commands run in. */
  image: string;
  /** Path of the engine's socket; found by DOCKER_HOST and the usual places when it is not given. */
  socket?: string;
  home?: string;
}

/** Returns the driver; connects when it is used. */
export function docker(options: DockerOptions): Driver {
  const home = options.home ?? homedir();
  let opened: Promise<{ engine: Engine; pool: WarmPool } | { reason: string }> | undefined;
  const open = () => {
    opened ??= openEngine(options.socket);
    return opened;
  };
  const driver: Driver = {
    name: 'docker',
    async probe() {
      const found = await open();
      return probeDocker({
        engine: 'reason' in found ? found : found.engine,
        image: options.image,
        run: driver.run,
      });
    },
    async run(request) {
      const found = await open();
      if ('reason' in found) return failed(found.reason);
      const seccomp = seccompProfile(process.arch);
      if (seccomp === null) return failed(`no system call filter for ${process.arch}`);
      const wrong = wrongRequest(request, home);
      if (wrong !== null) return failed(wrong);
      const { dir, network = 'none' } = request;
      const user = userOf(statSync(dir));
      const [image, notLent] = await Promise.all([imageOf(found.engine, options.image), lend(dir, user)]);
      if ('reason' in image) return failed(image.reason);
      if (notLent !== null) return failed(notLent);
      const layout: ContainerLayout = {
        ...{ image: image.id, dir, limits: request.limits, network, seccomp, owner: ownerMark() },
        ...{ git: gitEntryOf(dir), mounts: mountsOf(request) },
      };
      return runInContainer(found.engine, found.pool, layout, commandOf(request, image.path, user));
    },
    async reap() {
      const found = await open();
      if ('engine' in found) await reapContainers(found.engine);
    },
  };
  return driver;
}

async function openEngine(socket: string | undefined) {
  const { DOCKER_HOST: host, XDG_RUNTIME_DIR: runtimeDir } = process.env;
  const found = socket === undefined ? findSocket({ host, runtimeDir }) : { path: socket };
  if ('reason' in found) return found;
  const engine = await connect(found.path);
  return { engine, pool: warmPool(engine) };
}

/** By its id: a name may mean another image a moment later. */
async function imageOf(engine: Engine, name: string): Promise<{ id: string; path: string[] } | { reason: string }> {
  try {
    const { Id, Config } = await engine.getImage(name).inspect();
    const path = Config?.Env?.find((entry) => entry.startsWith('PATH='))?.slice('PATH='.length);
    return { id: Id, path: (path ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin').split(':') };
  } catch (error) {
    return { reason: `the image ${name} cannot be used: ${messageOf(error)}` };
  }
}

function wrongRequest(request: SandboxRequest, home: string): string | null {
  const { dir, cwd = dir, argv } = request;
  if (argv[0] === undefined || argv[0] === '') return 'the command: no such program in the sandbox';
  return wrongDirectory(dir, cwd, home) ?? wrongMounts(request, home);
}

/** A virtual environment is shown where it was made, too: its scripts name it by that path. */
function mountsOf({ dir, readOnly = [] }: SandboxRequest): ContainerLayout['mounts'] {
  const given = readOnly.map(({ path, at = path }) => ({ path, at: resolve(at) }));
  const environments = given.filter(({ path }) => existsSync(join(path, 'pyvenv.cfg')));
  const all = [...environments.map(({ path }) => ({ path, at: path })), ...given];
  const distinct = new Map(all.map((mount) => [mount.at, mount]));
  return [...distinct.values()].filter(({ path, at }) => !(path === at && path.startsWith(`${dir}/`)));
}

function commandOf(request: SandboxRequest, imagePath: readonly string[], user: ContainerCommand['user']) {
  const { dir, cwd = dir, signal, readOnly = [] } = request;
  const argv = readingFrom(request.argv, request.stdin);
  const path = [
    ...readOnly.flatMap(({ path, at = path }) => programFolderOf(path, at)),
    ...imagePath,
    // Last: what the tree under test brings along takes the place of nothing.
    ...foldersBetween(cwd, dir).flatMap((folder) => [join(folder, 'node_modules/.bin'), join(folder, '.venv/bin')]),
  ];
  return { argv, cwd, env: { ...environment(path), ...request.env }, user, signal };
}
