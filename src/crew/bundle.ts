/**
 * Debug bundles: what a refused patch was placed on, so that it can be placed again. Rule: kept only where the crew was
 * let in (`git ambient init`); file contents are named by oid, and only what git does not store is put into the bundle.
 */
import { AmbientError, systemClock } from '../base/index.ts';
import { type Checkout, openCheckout } from '../git/index.ts';
import { type PatchTarget, placePatch, type Refusal } from '../patch/index.ts';
import { type Bundles, openBundles } from '../store/index.ts';

/** Bytes; a larger patch was refused for its size, and needs no second look. */
const LARGEST = 4 * 1024 * 1024;
const RETENTION = { count: 50, days: 30, bytes: 64 * 1024 * 1024 };
/** More names than these are not kept whole: only those that the patch could mean. */
const MOST_PATHS = 5000;

export interface Reads {
  target: PatchTarget;
  files: Map<string, { mode: string; content: Buffer } | null>;
  blobs: Map<string, Buffer | null>;
  paths: readonly string[] | null;
}

/** Hands every question on and remembers the answers. */
export function recordReads(target: PatchTarget): Reads {
  const reads: Reads = { target, files: new Map(), blobs: new Map(), paths: null };
  const { blob } = target;
  reads.target = {
    read: async (path) => {
      const file = await target.read(path);
      reads.files.set(path, file);
      return file;
    },
    paths: async () => {
      reads.paths = await target.paths();
      return reads.paths;
    },
    ...(blob && {
      blob: async (abbreviation: string) => {
        const content = await blob(abbreviation);
        reads.blobs.set(abbreviation, content);
        return content;
      },
    }),
  };
  return reads;
}

interface StoredContent {
  oid: string;
  /** Base64, where git does not store it. */
  inline: string | null;
}

interface BundleData {
  patch: string;
  refusals: Refusal[];
  files: Array<{ path: string; file: ({ mode: string } & StoredContent) | null }>;
  blobs: Array<{ abbreviation: string; content: StoredContent | null }>;
  paths: string[] | null;
}

/** Returns the bundle's number; null where none is kept. Never fails for want of a bundle. */
export async function keepBundle(
  checkout: Checkout,
  refused: { patch: Buffer; reads: Reads; refusals: Refusal[] },
): Promise<number | null> {
  const { patch, reads, refusals } = refused;
  if (patch.length > LARGEST || (await checkout.setting('ambient.trust')) === null) return null;
  const files = [...reads.files];
  const blobs = [...reads.blobs];
  const contents = [...files.map(([, file]) => file?.content), ...blobs.map(([, content]) => content)];
  const present = contents.filter((content): content is Buffer => content instanceof Buffer);
  const identified = await checkout.identify(present);
  const stored = new Map(present.map((content, at) => [content, identified[at]]));
  const store = (content: Buffer): StoredContent => {
    const known = stored.get(content);
    return { oid: known?.oid ?? '', inline: known?.stored ? null : content.toString('base64') };
  };
  const data: BundleData = {
    patch: patch.toString('base64'),
    refusals,
    files: files.map(([path, file]) => ({ path, file: file && { mode: file.mode, ...store(file.content) } })),
    blobs: blobs.map(([abbreviation, content]) => ({ abbreviation, content: content && store(content) })),
    paths: reads.paths && meant(reads.paths, patch),
  };
  try {
    return await bundlesOf(checkout).keep({ ...data });
  } catch (error) {
    if (error instanceof AmbientError && error.kind === 'environment') return null;
    throw error;
  }
}

function meant(paths: readonly string[], patch: Buffer): string[] {
  if (paths.length <= MOST_PATHS) return [...paths];
  const text = patch.toString('utf8').toLowerCase();
  return paths.filter((path) => text.includes((path.split('/').at(-1) ?? path).toLowerCase()));
}

const bundlesOf = (checkout: Checkout): Bundles => openBundles(checkout.commonDir, systemClock.now, RETENTION);

export interface BundleRow {
  bundle: number;
  at: string;
  files: string[];
  reason: string;
}

/** The kept bundles, newest last. */
export async function listBundles(dir: string): Promise<BundleRow[]> {
  const bundles = await bundlesOf(await openCheckout(dir)).list();
  return bundles.map(({ n, at, data }) => {
    const { files, refusals } = data as unknown as BundleData;
    return {
      bundle: n,
      at,
      files: files.filter(({ file }) => file !== null).map(({ path }) => path),
      reason: refusals[0]?.reason ?? '',
    };
  });
}

export interface ReplayReport {
  bundle: number;
  at: string;
  /** What was said then. */
  refusals: Refusal[];
  /** What is said now; null: it would be placed. */
  now: Refusal[] | null;
  same: boolean;
  /** Mode and oid of each file that the patch was placed on. */
  files: Array<{ path: string; mode: string | null; oid: string | null }>;
  patch: string;
}

/**
 * Places the patch of bundle `n` again, on the files that it was refused for.
 * @throws AmbientError `unknown-bundle`, `bundle-incomplete` (user).
 */
export async function replayBundle(dir: string, n: number): Promise<ReplayReport> {
  const checkout = await openCheckout(dir);
  const { at, data } = await bundlesOf(checkout).read(n);
  const kept = data as unknown as BundleData;
  const patch = Buffer.from(kept.patch, 'base64');
  const placement = await placePatch(patch, targetOf(checkout, n, kept));
  const now = placement.ok ? null : placement.refusals;
  return {
    bundle: n,
    at,
    refusals: kept.refusals,
    now,
    same: JSON.stringify(now) === JSON.stringify(kept.refusals),
    files: kept.files.map(({ path, file }) => ({ path, mode: file?.mode ?? null, oid: file?.oid ?? null })),
    patch: patch.toString('utf8'),
  };
}

function targetOf(checkout: Checkout, n: number, kept: BundleData): PatchTarget {
  const contentOf = async ({ oid, inline }: StoredContent): Promise<Buffer> => {
    if (inline !== null) return Buffer.from(inline, 'base64');
    const content = await checkout.blob(oid);
    if (content !== null) return content;
    throw new AmbientError('bundle-incomplete', `bundle ${n} needs the blob ${oid}, which git has dropped since`, {
      kind: 'user',
      data: { oid },
    });
  };
  const files = new Map(kept.files.map(({ path, file }) => [path, file]));
  const blobs = new Map(kept.blobs.map(({ abbreviation, content }) => [abbreviation, content]));
  return {
    read: async (path) => {
      const file = files.get(path);
      return file ? { mode: file.mode, content: await contentOf(file) } : null;
    },
    paths: async () => kept.paths ?? [],
    blob: async (abbreviation) => {
      const content = blobs.get(abbreviation);
      return content ? contentOf(content) : null;
    },
  };
}
