/**
 * Lifts a package in a lock file of npm. Rule: npm itself writes it, in the sandbox, from what its cache on this machine holds;
 * what comes out is the upgrade that was asked for and nothing else, or the file is left alone.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { AmbientError } from '../../base/index.ts';
import { removeAny } from '../../git/index.ts';
import type { Edit } from '../../records/index.ts';
import { limitsFrom } from '../../sandbox/index.ts';
import { dependencies } from '../../specialists/index.ts';
import { sandboxOf } from '../checks.ts';
import type { Crew } from '../open.ts';
import { makeRoom, put } from './program.ts';

const { npmLock } = dependencies;
type Lift = Parameters<typeof npmLock.raised>[1];
type Manifest = Parameters<typeof npmLock.raised>[0];

export interface LockFile {
  path: string;
  blob: string;
  text: string;
  /** Of a tree: the text and the oid of a file, or null. */
  read(path: string): Promise<{ blob: string; text: string } | null>;
  isBad(name: string, version: string): boolean;
}

/** Milliseconds of one run of npm, and bytes of a lock file. */
const TIMEOUT = 60_000;
const LARGEST = 32 * 1024 * 1024;
/** Packages that npm asks its cache for on the way. */
const MOST_ASKED = 6;

/** The edits of the lock file, and of a package.json whose range is too narrow, or why there are none. */
export async function liftNpm(crew: Crew, lock: LockFile, lift: Lift): Promise<Edit[] | string> {
  const cache = await npmCache();
  if (cache === null) return 'npm has no cache on this machine';
  const files = await manifestsOf(lock);
  if (files === null) return 'the packages that it is about are not all in this repository';
  const manifests = files.map(({ folder, text }) => ({ folder, text }));
  const steered = npmLock.steered(lock.text, manifests, lift);
  if (steered === null) return 'it is not asked for by a range of versions';
  const npm = await openNpm(crew, cache, lock, lift);
  try {
    const exact = await npm.lock(steered[0], steered[1]);
    if (exact === null) return "npm's cache on this machine does not hold what it needs";
    let why = '';
    for (const wanted of waysOf(manifests, lift)) {
      const written = await npm.lock(exact, wanted);
      const after = written === null ? null : npmLock.inFormOf(lock.text, written);
      const wrong =
        after === null
          ? 'npm could not do it in the form of this file'
          : npmLock.wrongLift([lock.text, after], wanted, lift, lock.isBad);
      why ||= wrong ?? '';
      if (wrong !== null || after === null) continue;
      const texts = [
        { ...lock, after },
        ...files.map((file, at) => ({ ...file, after: wanted[at]?.text ?? file.text })),
      ];
      const edits = texts.map(({ after: text, ...file }) => npmLock.editsTo(file, text));
      return edits.includes(null) ? 'too much of the file would change' : edits.flatMap((some) => some ?? []);
    }
    return why || 'it is not asked for in one plain version';
  } catch (error) {
    if (crew.signal.aborted || !(error instanceof AmbientError) || error.kind === 'bug') throw error;
    return error.message;
  } finally {
    npm.close();
  }
}

/** The manifests as they are, where what they ask for is a range, then with that raised. */
function waysOf(manifests: readonly Manifest[], lift: Lift): Manifest[][] {
  const specs = manifests.flatMap((manifest) => npmLock.askedAs(manifest, lift.name));
  const raised = manifests.map((manifest) => npmLock.raised(manifest, lift));
  const asItIs = specs.some((spec) => /^[\d=v]/.test(spec) && !/[\sxX*|-]/.test(spec)) ? [] : [[...manifests]];
  return [...asItIs, ...(specs.length > 0 && !raised.includes(null) ? [raised.flatMap((one) => one ?? [])] : [])];
}

type ManifestFile = Manifest & { path: string; blob: string };

async function manifestsOf(lock: LockFile): Promise<ManifestFile[] | null> {
  const top = dirname(lock.path);
  const files: ManifestFile[] = [];
  for (const folder of npmLock.foldersIn(lock.text) ?? []) {
    const path = join(top, folder, 'package.json');
    const file = await lock.read(path);
    if (file === null) return null;
    files.push({ folder, path, ...file });
  }
  return files.length === 0 ? null : files;
}

interface Npm {
  /** The lock file that npm makes of these; null: it cannot. */
  lock(text: string, manifests: readonly Manifest[]): Promise<string | null>;
  close(): void;
}

async function openNpm(crew: Crew, cache: string, lock: LockFile, { name }: Lift): Promise<Npm> {
  const driver = await sandboxOf(crew);
  const dir = await makeRoom(crew);
  const own = join(dir, '.npm/_cacache');
  const settings = (await lock.read(join(dirname(lock.path), '.npmrc')))?.text ?? '';
  const file = basename(lock.path);
  const from = /"resolved": *"(https?:\/\/[^"\s]+?\/)(?:@[^"/]+\/)?[^"/]+\/-\/[^"/]+"/.exec(lock.text)?.[1];
  const registry = from ?? (await npmSetting('registry'));
  const argv = [
    ...['npm', 'install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'],
    ...['--no-update-notifier', '--loglevel=error', `--cache=${join(dir, '.npm')}`],
    ...(from === undefined ? ['--omit-lockfile-registry-resolved'] : []),
    ...(registry === undefined ? [] : [`--registry=${registry}`]),
    ...(/^legacy-peer-deps\s*=\s*true/m.test(settings) ? ['--legacy-peer-deps'] : []),
  ];
  const limits = limitsFrom(crew.config.sandbox);
  const start = () =>
    driver.run({
      ...{ argv, dir, env: { CI: '1', NO_COLOR: '1', TERM: 'dumb', npm_config_logs_max: '0' } },
      readOnly: [
        { path: join(cache, 'content-v2'), at: join(own, 'content-v2') },
        ...crew.config.sandbox.read_only_paths.map((path) => ({ path })),
      ],
      limits: { ...limits, timeout: Math.min(TIMEOUT, limits.timeout) },
      signal: crew.signal,
    });
  await mkdir(join(own, 'content-v2'), { recursive: true });
  if (registry !== undefined) await lend(cache, own, `${registry.replace(/\/*$/, '/')}${name.replace('/', '%2f')}`);
  const asked = new Set<string>();
  return {
    async lock(text, manifests) {
      for (let round = 0; round <= MOST_ASKED; round += 1) {
        await put(join(dir, file), text);
        for (const one of manifests) await put(join(dir, one.folder, 'package.json'), one.text);
        const result = await start();
        crew.signal.throwIfAborted();
        if (result.setupError !== null) return null;
        if (result.code === 0) return readBack(join(dir, file));
        const missing = /ENOTCACHED[\s\S]*?request to (\S+) failed/.exec(result.stderr)?.[1];
        if (missing === undefined || asked.has(missing) || !(await lend(cache, own, missing))) return null;
        asked.add(missing);
      }
      return null;
    },
    close: () => removeAny(dir),
  };
}

/**
 * Npm rewrites the index of its cache when it reads it, so of that each entry is a copy; the content is only read. False:
 * there is none.
 */
async function lend(cache: string, own: string, url: string): Promise<boolean> {
  const key = createHash('sha256').update(`make-fetch-happen:request-cache:${url}`).digest('hex');
  const bucket = join('index-v5', key.slice(0, 2), key.slice(2, 4), key.slice(4));
  const found = await readFile(join(cache, bucket)).catch(() => null);
  if (found !== null) await put(join(own, bucket), found);
  return found !== null;
}

async function readBack(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    return size > LARGEST ? null : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Of the settings of npm only these two are read; tokens stand beside them. */
async function npmSetting(name: 'cache' | 'registry'): Promise<string | undefined> {
  const said = process.env[`npm_config_${name}`] ?? process.env[`NPM_CONFIG_${name.toUpperCase()}`];
  const own = await readFile(join(homedir(), '.npmrc'), 'utf8').catch(() => '');
  return said || new RegExp(`^${name}\\s*=\\s*(\\S+)\\s*$`, 'm').exec(own)?.[1];
}

async function npmCache(): Promise<string | null> {
  const path = join((await npmSetting('cache')) ?? join(homedir(), '.npm'), '_cacache');
  const found = isAbsolute(path) ? await stat(path).catch(() => null) : null;
  return found?.isDirectory() ? path : null;
}
