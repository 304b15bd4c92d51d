/**
 * A working tree as a patch meets it: where it lies, which names stand in it, what a shortened oid means. Rule: opened by
 * one look at the repository and nothing else: patches are applied where nothing was ever initialised.
 */
import { type OpenOptions, placeArguments } from './context.ts';
import { neutral } from './environment.ts';
import { findCheckout } from './find-checkout.ts';
import { notStarted, parsePlace, WHERE } from './open.ts';
import { createRunner } from './run.ts';
import { requireWorkTree } from './state.ts';
import type { Oid, RepositoryInfo } from './types.ts';

type Place = Pick<RepositoryInfo, 'gitDir' | 'commonDir' | 'workTree'>;

export interface Checkout {
  readonly gitDir: string;
  readonly commonDir: string;
  /** Absolute top of the working tree. */
  readonly top: string;
  /** Tracked names. */
  paths(): Promise<string[]>;
  /** The blob that an oid or the beginning of one names, or null. */
  blob(abbreviation: string): Promise<Buffer | null>;
  /** The oids of these bytes as blobs, and whether each is stored here. */
  identify(contents: readonly Buffer[]): Promise<Array<{ oid: Oid; stored: boolean }>>;
  /** The change as a patch, byte for byte. */
  patch(from: Oid, to: Oid): Promise<Buffer>;
  /** A setting of the repository, or null. */
  setting(key: string): Promise<string | null>;
}

const TRACKED = ['ls-files', '-z', '--cached'];

/**
 * Opens the working tree that `dir` is in: at its top, below it, or in a linked worktree. No process where all is plain.
 * @throws AmbientError as `openRepository`, and `bare-repository` (user).
 */
export async function openCheckout(dir: string, options: OpenOptions = {}): Promise<Checkout> {
  const env = options.env ?? process.env;
  const found = findCheckout(dir, env);
  if (found !== null) return checkoutOf(found, options);
  const run = createRunner({ env: neutral(env, []), cwd: dir, signal: options.signal });
  const answer = await run(WHERE, { ok: [0, 128, 129] }).catch((error: unknown) => {
    throw notStarted(error, dir);
  });
  return checkoutOf(parsePlace(dir, answer), options);
}

/** The same for a repository that is open already. */
export function checkoutOf(place: Place, options: OpenOptions = {}): Checkout {
  const top = requireWorkTree(place);
  const run = createRunner({
    env: neutral(options.env ?? process.env, []),
    cwd: top,
    prefix: placeArguments(place),
    signal: options.signal,
  });
  return {
    gitDir: place.gitDir,
    commonDir: place.commonDir,
    top,
    paths: async () => {
      const names = (await run(TRACKED)).stdout.toString().split('\0');
      return [...new Set(names)].filter((path) => path !== '');
    },
    blob: async (abbreviation) => {
      if (!/^[0-9a-f]{4,64}$/.test(abbreviation)) return null;
      const result = await run(['cat-file', 'blob', abbreviation], { ok: [0, 128] });
      return result.code === 0 ? result.stdout : null;
    },
    identify: async (contents) => {
      const oids: Oid[] = [];
      for (const input of contents)
        oids.push((await run(['hash-object', '--stdin', '--no-filters'], { input })).stdout.toString().trim());
      if (oids.length === 0) return [];
      const known = await run(['cat-file', '--batch-check=%(objecttype)'], { input: `${oids.join('\n')}\n` });
      const types = known.stdout.toString().split('\n');
      return oids.map((oid, at) => ({ oid, stored: types[at] === 'blob' }));
    },
    patch: async (from, to) => {
      const shape = [
        '--no-renames',
        '--no-ext-diff',
        '--no-textconv',
        '--ignore-submodules=all',
        '--text',
        '--full-index',
      ];
      const args = ['diff-tree', '-r', '-p', ...shape, '--src-prefix=a/', '--dst-prefix=b/', '--color=never', from, to];
      return (await run(args)).stdout;
    },
    setting: async (key) => {
      const result = await run(['config', '--get', key], { ok: [0, 1] });
      return result.code === 0 ? result.stdout.toString().trim() : null;
    },
  };
}
