/**
 * The end of a landing, good or bad, from whatever moment it stopped at: by the one who landed, or by who finds the room
 * of one that was killed. Rule: every step may be done twice; the room goes last.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { rawChanges } from './diff.ts';
import { type Kept as KeptRaw, letGo, moveBack } from './exchange.ts';
import { holdIndex, holdsIndex, isAtWork, releaseDeadRefLocks, releaseIndex } from './index-lock.ts';
import { findLandedCommit } from './landed-commit.ts';
import { settleIndex } from './landing-index.ts';
import { type Plan, readPlan, readStage, removeStage, type Stage, sweep } from './stage.ts';
import { requireWorkTree } from './state.ts';
import type { Kept, Landing, Oid, Recovered } from './types.ts';

const PATIENCE = 10_000;

export function createRecover(git: GitContext): (landing: Landing) => Promise<Recovered> {
  return async (landing) => {
    requireWorkTree(git.info);
    sweep(git.info);
    const stage = readStage(git.info);
    if (stage !== null) return leaveStage(git, stage);
    const head = await readHead(git);
    const changes = await rawChanges(git, landing.head, landing.tree);
    const commit = head === landing.head ? null : await findLandedCommit(git, landing, changes);
    return { outcome: commit === null ? 'nothing' : 'landed', commit, kept: [] };
  };
}

/** Completes what stands, and takes back what does not. Waits for a git that outlived who started it. */
export async function leaveStage(git: GitContext, stage: Stage, patience = PATIENCE): Promise<Recovered> {
  for (const deadline = Date.now() + patience; isAtWork(stage); await sleep(50))
    if (Date.now() > deadline) throw stillAtWork();
  const plan = readPlan(stage);
  await releaseRefLocks(git, stage, plan);
  if (plan === null) {
    dismiss(git, stage);
    return { outcome: 'nothing', commit: null, kept: [] };
  }
  const { landing } = plan;
  const changes = await rawChanges(git, landing.head, landing.tree);
  const commit = (await readHead(git)) === landing.head ? null : await findLandedCommit(git, landing, changes);
  if (commit === null) return { outcome: 'undone', commit, kept: await putBack(git, stage, null) };
  const untouched = holdsIndex(git.info, stage);
  if (!untouched) await holdIndex(git.info, stage, patience);
  return { outcome: 'landed', commit, kept: await completeLanding(git, stage, commit, { untouched }) };
}

/** The commit stands: the index follows, and what stood there before may go. */
export async function completeLanding(
  git: GitContext,
  stage: Stage,
  commit: Oid,
  { untouched }: { untouched: boolean },
): Promise<Kept[]> {
  const plan = readPlan(stage) as Plan;
  try {
    if (!untouched) await holdIndex(git.info, stage, PATIENCE);
    const own = new Set(plan.exchanges.map(({ path }) => path));
    const hidden = plan.exchanges.filter((exchange) => exchange.hidden).map(({ path }) => path);
    await settleIndex(git, stage, { from: plan.landing.head, commit, own, hidden, untouched });
    const kept = await letGo(git, stage, plan);
    dismiss(git, stage);
    return kept.map(named);
  } catch (error) {
    throw unfinished(`the commit ${commit.slice(0, 12)} was made, but the index does not follow yet`, error);
  }
}

/** The commit does not stand: the files go back. What cannot be put back now is put back by `recover`. */
export async function putBack(git: GitContext, stage: Stage, cause: unknown): Promise<Kept[]> {
  try {
    const plan = readPlan(stage);
    const kept = plan === null ? [] : await moveBack(git, stage, plan, await theirsOf(git, plan.landing));
    dismiss(git, stage);
    return kept.map(named);
  } catch (error) {
    releaseIndex(git.info, stage);
    throw unfinished('the commit was not made, and the files could not be put back', error, cause);
  }
}

/** Where HEAD says something else by now, nothing is ours to put back. */
async function theirsOf(git: GitContext, landing: Landing): Promise<Set<string>> {
  const head = await readHead(git);
  if (head === null || head === landing.head) return new Set();
  return new Set((await rawChanges(git, landing.head, head)).map(({ path }) => path));
}

function dismiss(git: GitContext, stage: Stage): void {
  releaseIndex(git.info, stage);
  removeStage(stage);
}

/** A git that was killed while it moved a branch leaves locks that stop every other one. */
async function releaseRefLocks(git: GitContext, stage: Stage, plan: Plan | null): Promise<void> {
  const branch = await git.asUser(['symbolic-ref', '--quiet', 'HEAD'], { ok: [0, 1, 128] });
  const name = branch.stdout.toString().trim();
  const refs = [...(name === '' ? [] : [name]), ...(plan?.landing.rewrite ? [plan.landing.rewrite.keep] : [])];
  await releaseDeadRefLocks(git.info, stage, refs);
}

/** Not ended by an abort: it must not keep a landing from being put back. */
export async function readHead(git: GitContext): Promise<Oid | null> {
  const result = await git.asUser(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { ok: [0, 1, 128] });
  return result.code === 0 ? result.stdout.toString().trim() : null;
}

const named = ({ path, blob }: KeptRaw): Kept => ({ path: Buffer.from(path, 'latin1').toString(), blob });

/** One line for people. */
export function keptNames(kept: readonly Kept[]): string {
  const names = kept.map(({ path, blob }) => (blob === null ? path : `${path} (other bytes of it: git show ${blob})`));
  return `changed in the meantime, and left as it is: ${names.join(', ')}`;
}

function stillAtWork(): AmbientError {
  return new AmbientError('landing-under-way', 'the git of a landing that was interrupted is still at work', {
    kind: 'environment',
    hint: 'wait for its hooks to end, then try again; nothing was changed',
  });
}

function unfinished(what: string, error: unknown, cause: unknown = error): AmbientError {
  const why = error instanceof Error ? error.message : String(error);
  return new AmbientError('landing-unfinished', `${what}: ${why}`, {
    kind: 'environment',
    hint: 'mend that, then run `git ambient run`: it finishes an interrupted landing first',
    cause,
  });
}
