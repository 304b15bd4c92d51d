/**
 * Verifies the drafts of a cycle, each alone and the good ones together, as many at once as there are slots. Rule: what is
 * begun ahead of its turn only saves time: what counts is asked for in order, and nothing runs on once one of them broke.
 */
import { createTurns, type Turns } from '../base/index.ts';
import { slotsFor } from '../evaluate/index.ts';
import type { AmbientTodo, RankedDraft } from '../loops/index.ts';
import type { EvaluationContent, Proposal } from '../records/index.ts';
import { limitsFrom } from '../sandbox/index.ts';
import { isFromModel } from '../swarm/index.ts';
import { withGates } from './extend/gates.ts';
import { failingLog } from './failing-log.ts';
import { thisMachine } from './machine.ts';
import { isYielding } from './manners.ts';
import { asModelsNeed } from './model-evidence.ts';
import { type Crew, once } from './open.ts';
import { verifyCandidate } from './verify.ts';

export interface Judged {
  draft: Proposal;
  evaluation: EvaluationContent;
  /** What failing checks printed, reduced; '' unless a model is to read it. */
  log: string;
}

/** Of a set of drafts. `evaluation` is null for fewer than two that can be put together. */
export interface JudgedTogether {
  together: Proposal[];
  /** Those that touch neighbouring lines of better ones, with a path. */
  conflicts: Array<{ draft: Proposal; path: string }>;
  evaluation: EvaluationContent | null;
}

/** What runs at the moment, by name. */
interface Ahead {
  stop: AbortController;
  turns: Turns;
  running: Map<string, Promise<unknown>>;
  /** The one set that is tried ahead. */
  guess: { name: string; stop: AbortController } | null;
}

/** The evaluation of the draft whose turn it is; those after it are begun. */
export async function verifyDraft(crew: Crew, todo: Extract<AmbientTodo, { do: 'evaluate' }>): Promise<Judged> {
  const ahead = await openAhead(crew);
  return orStopAll(crew, ahead, async () => {
    const first = begin(crew, ahead, todo.id, (own) => judgeDraft(own, todo.id));
    if (ahead.turns.most > 1) {
      for (const { id } of todo.ahead)
        begin(crew, ahead, id, (own) => judgeDraft({ ...own, log: quiet(own) }, id)).catch(() => {});
      guess(crew, ahead, todo.together);
    }
    const judged = await first;
    ahead.running.delete(todo.id);
    return judged;
  });
}

/** The evaluation of `drafts` put together, on the base that they share. */
export async function verifyTogether(crew: Crew, drafts: readonly RankedDraft[]): Promise<JudgedTogether> {
  const ahead = await openAhead(crew);
  const name = nameOf(drafts);
  if (ahead.guess?.name !== name) ahead.guess?.stop.abort();
  return orStopAll(crew, ahead, async () => {
    const guessed = ahead.running.get(name) as Promise<JudgedTogether> | undefined;
    const known = await guessed?.catch(() => undefined);
    ahead.running.delete(name);
    return known ?? judgeTogether(crew, drafts);
  });
}

/** Ends what was begun and is not needed any more. */
export async function endVerifying(crew: Crew): Promise<void> {
  if (crew.opened.has('ahead')) await stopAll(crew, await openAhead(crew));
}

/** Most drafts go well: while a slot is free, the set of all of them is tried before the last has its answer. */
function guess(crew: Crew, ahead: Ahead, drafts: readonly RankedDraft[]): void {
  const name = nameOf(drafts);
  if (drafts.length < 2 || ahead.guess?.name === name) return;
  ahead.guess?.stop.abort();
  const stop = new AbortController();
  ahead.guess = { name, stop };
  begin(crew, ahead, name, (own) => {
    const signal = AbortSignal.any([own.signal, stop.signal]);
    signal.throwIfAborted();
    return judgeTogether({ ...own, signal, log: quiet(own) }, drafts);
  }).catch(() => {});
}

function nameOf(drafts: readonly RankedDraft[]): string {
  return drafts.map(({ id }) => id).join(' ');
}

async function judgeDraft(crew: Crew, id: string): Promise<Judged> {
  const { proposal: draft } = await crew.store.proposals.find(id);
  crew.log.progress(`verifying ${draft.title}`);
  const baseTree = (await crew.repository.objects.commit(draft.base)).tree;
  const { commit, tree, base, fingerprints: claimed } = draft;
  const by = [draft.specialist];
  const said: string[] = [];
  const heard = (check: string, detail: string) => said.push(`${check}:\n${detail}`);
  const evaluation = asModelsNeed(
    draft.rule,
    await verifyCandidate(crew, { commit, tree, base, baseTree, claimed, by, ...claimsOf(draft) }, undefined, heard),
  );
  const log = isFromModel(draft.rule) && evaluation.outcome === 'failed' ? failingLog(said) : '';
  return { draft, evaluation: await withGates(crew, draft, evaluation), log };
}

/** What a model says about speed is measured like everything else that it says. */
function claimsOf({ rule, specialist }: Proposal): { claimsSpeed?: true } {
  return isFromModel(rule) && specialist === 'PerformanceOptimizer' ? { claimsSpeed: true } : {};
}

async function judgeTogether(crew: Crew, drafts: readonly RankedDraft[]): Promise<JudgedTogether> {
  const together: Proposal[] = [];
  const conflicts: JudgedTogether['conflicts'] = [];
  let [base, baseTree, tree] = ['', '', ''];
  for (const { id, commit } of drafts) {
    const { proposal } = await crew.store.proposals.find(id);
    if (base === '') {
      base = proposal.base;
      baseTree = (await crew.repository.objects.commit(base)).tree;
      tree = baseTree;
    }
    const merged = await crew.repository.trees.merge({ base, candidate: commit, onto: tree });
    if (merged.tree === null) conflicts.push({ draft: proposal, path: merged.conflicts[0] ?? '' });
    else {
      tree = merged.tree;
      together.push(proposal);
    }
  }
  if (together.length < 2) return { together, conflicts, evaluation: null };
  crew.log.progress(`verifying ${together.length} together`);
  const claimed = together.flatMap(({ fingerprints }) => fingerprints);
  const by = together.map(({ specialist }) => specialist);
  return {
    together,
    conflicts,
    evaluation: await verifyCandidate(crew, { commit: base, tree, base, baseTree, claimed, by }),
  };
}

function openAhead(crew: Crew): Promise<Ahead> {
  return once(crew, 'ahead', async () => {
    const slots = isYielding(crew, thisMachine) ? 1 : slotsFor(limitsFrom(crew.config.sandbox).memory);
    // One more than there are slots: while it reads and compares, its slot is another's.
    const turns = createTurns(slots === 1 ? 1 : slots + 1);
    return { stop: new AbortController(), turns, running: new Map(), guess: null };
  });
}

function begin<T>(crew: Crew, ahead: Ahead, name: string, work: (crew: Crew) => Promise<T>): Promise<T> {
  const known = ahead.running.get(name) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const signal = AbortSignal.any([crew.signal, ahead.stop.signal]);
  const running = ahead.turns.take(async () => {
    signal.throwIfAborted();
    return work({ ...crew, signal });
  });
  ahead.running.set(name, running);
  return running;
}

async function orStopAll<T>(crew: Crew, ahead: Ahead, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await stopAll(crew, ahead);
    throw error;
  }
}

async function stopAll(crew: Crew, { stop, running }: Ahead): Promise<void> {
  crew.opened.delete('ahead');
  stop.abort(new Error('the cycle goes on without it'));
  await Promise.allSettled(running.values());
}

const quiet = ({ log }: Crew): Crew['log'] => ({ progress: () => {}, warn: (message) => log.warn(message) });
