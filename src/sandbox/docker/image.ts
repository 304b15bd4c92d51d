/**
 * Builds the image that commands run in, by the engine of this machine. Rule: the list of packages is one, whichever way it
 * is built: from a Dockerfile and a registry, or from Debian's packages alone.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AmbientError, packageRoot, spawn } from '../../base/index.ts';
import { findProgram } from '../bubblewrap/host.ts';
import { installHint, readOsRelease } from '../install-hint.ts';
import { connect, type Engine, findSocket, messageOf, statusOf } from './engine.ts';
import { explainEngine } from './explain.ts';

export interface ImageRequest {
  /** Name and tag. */
  image: string;
  /** Build from Debian's packages alone, with mmdebstrap. */
  registryFree: boolean;
  /** Packages of Debian beside the usual ones. */
  packages?: readonly string[];
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

export interface BuiltImage {
  image: string;
  id: string;
  /** How it was built. */
  from: 'dockerfile' | 'packages';
  packages: string[];
}

/** @throws AmbientError `no-engine`, `no-mmdebstrap`, `build-failed` (environment), `bad-package` (user). */
export async function buildImage(request: ImageRequest): Promise<BuiltImage> {
  const wrong = request.packages?.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
  if (wrong !== undefined)
    throw new AmbientError('bad-package', `${JSON.stringify(wrong)} is no name of a Debian package`, {
      kind: 'user',
      hint: 'git ambient sandbox build --with golang --with make',
    });
  const folder = join(packageRoot().root, 'templates/sandbox');
  const usual = (await readFile(join(folder, 'packages.txt'), 'utf8')).split('\n').filter((line) => line !== '');
  const packages = [...new Set([...usual, ...(request.packages ?? [])])];
  const engine = await openEngine();
  if (request.registryFree) await importPackages(engine, request, packages);
  else await buildDockerfile(engine, request, packages, await readFile(join(folder, 'Dockerfile'), 'utf8'));
  const { Id } = await engine.getImage(request.image).inspect();
  return { image: request.image, id: Id, from: request.registryFree ? 'packages' : 'dockerfile', packages };
}

async function openEngine(): Promise<Engine> {
  const { DOCKER_HOST: host, XDG_RUNTIME_DIR: runtimeDir } = process.env;
  const found = findSocket({ host, runtimeDir });
  const fail = (why: ReturnType<typeof explainEngine>) =>
    new AmbientError('no-engine', `no image was built: ${why.reason}`, { kind: 'environment', hint: why.hint });
  if ('reason' in found) throw fail(explainEngine({ kind: 'absent', reason: found.reason }));
  const engine = await connect(found.path);
  try {
    await engine.info();
    return engine;
  } catch (error) {
    throw fail(explainEngine({ kind: 'unreachable', status: statusOf(error), reason: messageOf(error) }));
  }
}

async function buildDockerfile(engine: Engine, request: ImageRequest, packages: string[], dockerfile: string) {
  const files = { Dockerfile: dockerfile, 'packages.txt': `${packages.join('\n')}\n` };
  try {
    const stream = await engine.buildImage(Readable.from([tarOf(files)]), { t: request.image, labels: {} });
    await follow(stream, request);
  } catch (error) {
    throw new AmbientError('build-failed', `no image was built from the Dockerfile: ${messageOf(error)}`, {
      kind: 'environment',
      hint: 'without a registry: `git ambient sandbox build --registry-free`',
      cause: error,
    });
  }
}

async function importPackages(engine: Engine, request: ImageRequest, packages: string[]): Promise<void> {
  const mmdebstrap = findProgram('mmdebstrap', process.env['PATH'] ?? '/usr/bin:/bin');
  if (mmdebstrap === null)
    throw new AmbientError('no-mmdebstrap', 'no image was built: mmdebstrap is not on PATH', {
      kind: 'environment',
      hint: installHint(['mmdebstrap'], readOsRelease(), process.getuid?.() === 0),
    });
  const room = await mkdtemp(join(tmpdir(), 'ambient-image-'));
  try {
    const rootfs = join(room, 'rootfs.tar');
    request.onLine?.(`fetching ${packages.length} packages and what they need`);
    const argv = [
      mmdebstrap,
      '--quiet',
      '--variant=minbase',
      `--include=${packages.join(',')}`,
      ...SLIM,
      suite(),
      rootfs,
    ];
    const result = await spawn(argv, {
      env: process.env,
      timeout: 20 * 60_000,
      ...(request.signal ? { signal: request.signal } : {}),
    });
    if (result.code !== 0)
      throw new AmbientError(
        'build-failed',
        `no image was built from packages: ${lastLine(result.stderr.toString())}`,
        {
          kind: 'environment',
          hint: "mmdebstrap needs Debian's package servers, and root or user namespaces; `git ambient sandbox build` uses a registry instead",
        },
      );
    request.onLine?.('importing');
    const [repo = '', tag = 'latest'] = splitName(request.image);
    await follow(await engine.importImage(createReadStream(rootfs), { repo, tag }), request);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

const SLIM = ['man', 'doc', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);

/** The system's own suite on Debian: its package servers are set up for it. */
function suite(): string {
  const text = readOsRelease();
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(text)?.[1];
  return /^ID=debian$/m.test(text) && codename !== undefined ? codename : 'bookworm';
}

/** `host:5000/name:tag`: a colon before a slash belongs to the host. */
export function splitName(image: string): [string, string] {
  const at = image.lastIndexOf(':');
  return at > image.lastIndexOf('/') ? [image.slice(0, at), image.slice(at + 1)] : [image, 'latest'];
}

/** Reads what the engine says to its end: a failed build answers 200 and names its error in the stream. */
async function follow(stream: NodeJS.ReadableStream, { onLine }: ImageRequest): Promise<void> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tell(line);
  }
  tell(rest);

  function tell(line: string): void {
    if (line.trim() === '') return;
    const said = JSON.parse(line) as { error?: string; stream?: string; status?: string };
    if (said.error !== undefined) throw new Error(said.error);
    const text = (said.stream ?? said.status ?? '').trim();
    if (text !== '') onLine?.(text);
  }
}

/** A tar archive of small files: a header of 512 bytes each (POSIX ustar), the content padded to 512, two empty blocks. */
export function tarOf(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0' + '0000000\0' + '0000000\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        0', 148);
    header.write('ustar\0' + '00', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
