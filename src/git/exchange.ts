/**
 * The files of a landing: moved in, moved back, or kept. Rule: told by content at every step; bytes that are neither what
 * stood there nor what we put there are the user's, stay where they are, and are named.
 */
import type { GitContext } from './context.ts';
import { asideOf, comingOf, type Exchange, type Plan, type Stage, undoneOf } from './stage.ts';
import { requireWorkTree } from './state.ts';
import type { Oid } from './types.ts';
import { absolutePath, look, putAt, removeEmpty, type Sight, sightOf, takeAway } from './working-files.ts';

/** Moves the files in. Returns the first path that is not as it was planned (then some are moved), or null. */
export function moveIn(top: string, stage: Stage, exchanges: readonly Exchange[]): string | null {
  for (const [at, { path, was }] of exchanges.entries()) {
    if (was === null) continue;
    if (!takeAway(top, path, asideOf(stage, at)) || sightOf(asideOf(stage, at)) !== was) return path;
  }
  for (const { path, to } of exchanges)
    if (to !== null && !putAt(top, path, absolutePath(comingOf(stage), path))) return path;
  return null;
}

/** What is said of a path that somebody else wrote to in the meantime. */
export interface Kept {
  path: string;
  /** Bytes that found no place in the working tree are stored under this name. */
  blob: Oid | null;
}

/**
 * Moves the files back. Done twice it does nothing.
 * @param theirs paths that HEAD has changed in the meantime: nothing there is ours to put back.
 */
export async function moveBack(
  git: GitContext,
  stage: Stage,
  plan: Plan,
  theirs: ReadonlySet<string>,
): Promise<Kept[]> {
  const top = requireWorkTree(git.info);
  const kept = new Map<string, Kept>();
  const ours = [...plan.exchanges.entries()].filter(([, { path }]) => !theirs.has(path));
  for (const [at, exchange] of ours) {
    if (withdraw(top, stage, at, exchange)) continue;
    const lost = look(undoneOf(stage, at)) !== undefined && !putAt(top, exchange.path, undoneOf(stage, at));
    kept.set(exchange.path, { path: exchange.path, blob: lost ? await store(git, undoneOf(stage, at)) : null });
  }
  // A directory that was made for a file which never came.
  for (const [, { path, was, to }] of ours) if (was === null && to !== null) removeEmpty(top, path);
  for (const [at, { path, was }] of ours) {
    if (was === null || look(asideOf(stage, at)) === undefined) continue;
    if (sightOf(absolutePath(top, path)) === was || putAt(top, path, asideOf(stage, at))) continue;
    // What stands there is the user's; what stood there is HEAD's, unless it was written to at the last moment.
    const late = sightOf(asideOf(stage, at)) !== was;
    kept.set(path, { path, blob: late ? await store(git, asideOf(stage, at)) : (kept.get(path)?.blob ?? null) });
  }
  return [...kept.values()];
}

/** Takes away what we put at the path. False: something else stands there, or came in that moment (and is set aside). */
function withdraw(top: string, stage: Stage, at: number, { path, was, to }: Exchange): boolean {
  const undone = undoneOf(stage, at);
  // From an earlier attempt that was killed.
  if (look(undone) !== undefined && sightOf(undone) !== to) return false;
  const taken = was === null || look(asideOf(stage, at)) !== undefined;
  const now = sightOf(absolutePath(top, path));
  if (now === null || now === was) return now === null || !taken || was !== to || takeOurs(top, path, undone, to);
  if (!taken || now !== to) return false;
  return takeOurs(top, path, undone, to);
}

/** True also when it is gone already. */
function takeOurs(top: string, path: string, undone: string, to: Sight): boolean {
  return !takeAway(top, path, undone) || sightOf(undone) === to;
}

/**
 * The commit stands: what stood there may go, unless somebody still wrote into it (an editor that had it open). Then those
 * bytes take its place again, as a change of the user's.
 */
export async function letGo(git: GitContext, stage: Stage, plan: Plan): Promise<Kept[]> {
  const top = requireWorkTree(git.info);
  const kept: Kept[] = [];
  for (const [at, { path, was, to }] of plan.exchanges.entries()) {
    const aside = asideOf(stage, at);
    if (was === null || look(aside) === undefined || sightOf(aside) === was) continue;
    const undone = undoneOf(stage, at);
    const ours = to !== null && sightOf(absolutePath(top, path)) === to && takeOurs(top, path, undone, to);
    // What came in that very moment goes back where it was.
    if (!ours && look(undone) !== undefined) putAt(top, path, undone);
    const back = putAt(top, path, aside);
    kept.push({ path, blob: back ? null : await store(git, aside) });
  }
  return kept;
}

/** Paths whose files are neither what stood there nor what we put there: a hook's or the user's work. */
export function changedSince(top: string, plan: Plan): string[] {
  return plan.exchanges
    .filter(({ path, to, hidden }) => !hidden && sightOf(absolutePath(top, path)) !== to)
    .map(({ path }) => path);
}

async function store(git: GitContext, path: string): Promise<Oid | null> {
  if (!look(path)?.isFile()) return null;
  return (await git.run(['hash-object', '-w', '--no-filters', '--', path])).stdout.toString().trim();
}
