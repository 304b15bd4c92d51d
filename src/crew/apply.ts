/**
 * `apply`: a patch, or an open proposal, into the working tree, uncommitted. Rule: applied as a whole or not at all; index,
 * HEAD and what else stands in the working tree are never touched.
 */
import { type Checkout, checkoutOf, openCheckout } from '../git/index.ts';
import {
  directoryTarget,
  inspectFiles,
  mentionedFiles,
  type PatchTarget,
  type PlacedHunk,
  type Placement,
  placePatch,
  type Refusal,
  recoverWrites,
  writeFiles,
} from '../patch/index.ts';
import { keepBundle, type Reads, recordReads } from './bundle.ts';
import type { Crew } from './open.ts';

export interface ApplyReport {
  /** `placed`: it would be applied (`--check`). `already`: everything stood there. */
  outcome: 'applied' | 'already' | 'placed' | 'refused';
  files: Array<{ path: string; from: string | null; added: number; removed: number; hunks: PlacedHunk[] }>;
  refusals: Refusal[];
  /** Under this number the refused patch is kept for `debug bundle`; null: it is not. */
  bundle: number | null;
  /** A patch that was stopped half-way had to be undone first. */
  recovered: boolean;
}

export interface ApplyOptions {
  /** Any directory of the working tree. */
  dir: string;
  check: boolean;
  signal?: AbortSignal;
}

/** Applies the bytes of a patch, in any form, to the working tree that `options.dir` is in. Needs no initialisation. */
export async function applyPatch(patch: () => Promise<Buffer>, options: ApplyOptions): Promise<ApplyReport> {
  const [checkout, bytes] = await Promise.all([
    openCheckout(options.dir, options.signal === undefined ? {} : { signal: options.signal }),
    patch(),
  ]);
  return applyTo(checkout, bytes, options.check);
}

/** Applies what the proposal changes on its base; refused when it is decided already. */
export async function applyProposal(crew: Crew, prefix: string, check: boolean): Promise<ApplyReport> {
  const checkout = checkoutOf(crew.repository.info, { signal: crew.signal });
  const { proposal, status } = await crew.store.proposals.find(prefix);
  if (status === 'merged' || status === 'rejected' || status === 'reverted') {
    const reason = `${proposal.id} is ${status} already`;
    return { ...nothing, outcome: 'refused', refusals: [{ path: null, hunk: null, reason, closest: null }] };
  }
  return applyTo(checkout, await checkout.patch(proposal.base, proposal.commit), check);
}

const nothing = { files: [], refusals: [], bundle: null, recovered: false };

async function applyTo(checkout: Checkout, patch: Buffer, check: boolean): Promise<ApplyReport> {
  const directory = { top: checkout.top, state: checkout.gitDir };
  const recovered = recoverWrites(directory);
  const { placement, reads } = await place(checkout, patch);
  if (!placement.ok) {
    const bundle = await keepBundle(checkout, { patch, reads, refusals: placement.refusals });
    return { ...nothing, outcome: 'refused', refusals: placement.refusals, bundle, recovered };
  }
  const files = placement.files.map(({ path, from, added, removed, hunks }) => ({ path, from, added, removed, hunks }));
  if (files.length === 0) return { ...nothing, outcome: 'already', recovered };
  const refusals = check ? inspectFiles(placement.files, directory) : write(placement, directory);
  if (refusals.length > 0) return { ...nothing, outcome: 'refused', refusals, recovered };
  return { ...nothing, outcome: check ? 'placed' : 'applied', files, recovered };
}

/**
 * Edits of files that the patch names need no list of all names; what else a name may mean (a lost folder, a name that
 * differs by case) does, and costs a call of git.
 */
async function place(checkout: Checkout, patch: Buffer): Promise<{ placement: Placement; reads: Reads }> {
  const named = mentionedFiles(checkout.top, patch);
  const quick = recordReads(targetOf(checkout, async () => named));
  const first = await placePatch(patch, quick.target);
  if (first.ok && first.files.every(({ from, before, after }) => from === null && before !== null && after !== null))
    return { placement: first, reads: quick };
  const reads = recordReads(
    // Untracked files are not listed (there may be a million of them); those that are named are there all the same.
    targetOf(checkout, async () => [...new Set([...(await checkout.paths()), ...named])]),
  );
  return { placement: await placePatch(patch, reads.target), reads };
}

function targetOf(checkout: Checkout, paths: () => Promise<string[]>): PatchTarget {
  return directoryTarget(checkout.top, { paths, blob: (abbreviation) => checkout.blob(abbreviation) });
}

/** Ctrl-C waits for the moment that writing takes, instead of leaving it to be undone by the next call. */
function write(placement: Extract<Placement, { ok: true }>, place: { top: string; state: string }): Refusal[] {
  const wait = () => {};
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    return writeFiles(placement.files, place);
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
