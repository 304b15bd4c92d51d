/**
 * `next`: performs what the review's keys mean. Rule: deciding is next-step.ts; here a refusal or an error of one
 * proposal is said, and the review goes on.
 */
import { AmbientError } from '../base/index.ts';
import { type ApplyReport, applyProposal } from './apply.ts';
import { openInEditor } from './editor.ts';
import { isOpen } from './known.ts';
import { merge } from './merge.ts';
import {
  beginReview,
  type Decided,
  type ReviewAction,
  type ReviewEvent,
  type ReviewState,
  stepReview,
} from './next-step.ts';
import { type Crew, workTreeOf } from './open.ts';
import { detailOf, type ProposalDetail, rejectProposal } from './review.ts';
import { byReview } from './rows.ts';

/** What a review shows itself on. */
export interface ReviewScreen {
  /** Shows one screenful; true when the proposal has more than that. */
  show(detail: ProposalDetail, place: { at: number; total: number; screen: number }): boolean;
  say(text: string): void;
  help(): void;
  /** `fresh`: what was typed before the question was meant for something else, and is dropped. */
  ask(question: { more: boolean; fresh: boolean }): Promise<void>;
  askReason(): void;
  echo(text: string): void;
  erase(count: number): void;
  /**
   * The next key or line; null: no more input. `single`: several characters at once are a paste, given as one key.
   */
  read(options: { single: boolean }): Promise<Extract<ReviewEvent, { kind: 'key' | 'line' }> | null>;
  /** Leaves the terminal as other programs expect it while `work` lasts: hooks, signing, an editor. */
  lend<T>(work: () => Promise<T>): Promise<T>;
}

export interface ReviewReport {
  counts: Record<Decided, number>;
  left: number;
  /** Id of the proposal that was on the screen at the end. */
  current: string | null;
}

/** The open proposal that deserves the next look, or null. */
export async function nextProposal(crew: Crew): Promise<ProposalDetail | null> {
  const [first] = await waiting(crew);
  return first === undefined ? null : detailOf(crew, first);
}

/** Reviews one proposal after the other until there is none, or the person leaves. */
export async function reviewProposals(crew: Crew, screen: ReviewScreen): Promise<ReviewReport> {
  const queue = (await waiting(crew)).map((view) => view.proposal.id);
  let { state, action } = beginReview(queue);
  let fresh = false;
  while (action.do !== 'leave') {
    const moment: Moment = { more: state.more, fresh, place: placeOf(state) };
    const event: ReviewEvent = (await perform(crew, screen, action, moment)) ??
      (await screen.read({ single: state.mode === 'choose' })) ?? { kind: 'closed' };
    fresh = event.kind === 'ended' || (fresh && event.kind !== 'key' && event.kind !== 'line');
    ({ state, action } = stepReview(state, event));
  }
  return { counts: state.counts, left: state.queue.length + state.counts.later, current: state.queue[0] ?? null };
}

async function waiting(crew: Crew) {
  return (await crew.store.proposals.list()).filter(isOpen).sort(byReview);
}

interface Moment {
  more: boolean;
  fresh: boolean;
  /** Of the proposal among all, from 1. */
  place: { at: number; total: number };
}

const placeOf = ({ total, queue }: ReviewState) => ({ at: total - queue.length + 1, total });

/** What came of it; null: the person is asked. */
async function perform(
  crew: Crew,
  screen: ReviewScreen,
  action: ReviewAction,
  moment: Moment,
): Promise<ReviewEvent | null> {
  switch (action.do) {
    case 'show':
      return show(crew, screen, action, moment);
    case 'ask':
      await screen.ask(moment);
      return null;
    case 'ask-reason':
      screen.askReason();
      return null;
    case 'echo':
      screen.echo(action.text);
      return null;
    case 'erase':
      screen.erase(action.count);
      return null;
    case 'help':
      screen.help();
      await screen.ask(moment);
      return null;
    case 'say':
      screen.say(action.text);
      await screen.ask(moment);
      return null;
    case 'leave':
      return null;
    default:
      return { kind: 'ended', decided: await attempt(screen, () => screen.lend(() => decide(crew, screen, action))) };
  }
}

async function show(
  crew: Crew,
  screen: ReviewScreen,
  { id, screen: at }: Extract<ReviewAction, { do: 'show' }>,
  { place }: Moment,
): Promise<ReviewEvent> {
  const view = await crew.store.proposals.find(id);
  if (!isOpen(view)) {
    screen.say(`${id} is ${view.status} meanwhile.`);
    return { kind: 'gone' };
  }
  const detail = await detailOf(crew, view);
  return { kind: 'shown', more: screen.show(detail, { ...place, screen: at }) };
}

/** A mistake, or something in the way, ends no review: only our own bugs and an interrupt do. */
async function attempt(screen: ReviewScreen, work: () => Promise<Decided | null>): Promise<Decided | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AmbientError) || error.kind === 'bug' || error.code === 'aborted') throw error;
    screen.say(`${error.message}${error.hint ? `\n  → ${error.hint}` : ''}`);
    return null;
  }
}

async function decide(
  crew: Crew,
  screen: ReviewScreen,
  action: Exclude<Extract<ReviewAction, { id: string }>, { do: 'show' }>,
): Promise<Decided | null> {
  switch (action.do) {
    case 'merge':
    case 'fixup': {
      const result = await merge(crew, action.id, { fixup: action.do === 'fixup' });
      if (!result.merged) {
        screen.say(`not merged: ${result.reason}\n  → ${result.next}`);
        return null;
      }
      if (!result.fixup) screen.say(`Merged as ${result.commit.slice(0, 12)}.`);
      else screen.say(`Folded into ${result.fixup.subject}\nto go back: ${result.fixup.undo_command}`);
      return result.fixup ? 'folded' : 'merged';
    }
    case 'apply': {
      const report = await applyProposal(crew, action.id, false);
      if (report.outcome === 'refused') {
        screen.say(
          ['not applied:', ...report.refusals.map(({ path, reason }) => `  ${path ?? ''} ${reason}`)].join('\n'),
        );
        return null;
      }
      screen.say(
        report.outcome === 'already' ? 'It stands in your working tree already.' : `Applied: ${namesOf(report)}.`,
      );
      return 'applied';
    }
    case 'reject':
      await rejectProposal(crew, action.id, action.reason);
      screen.say('Rejected: it stays away until its code changes.');
      return 'rejected';
    case 'open':
      await openChange(crew, action.id);
      return null;
  }
}

const namesOf = ({ files }: ApplyReport) => files.map(({ path }) => path).join(', ');

/** The first place that the proposal changes, as it stands in the working tree. */
async function openChange(crew: Crew, id: string): Promise<void> {
  const { proposal } = await crew.store.proposals.find(id);
  const [change] = await crew.repository.trees.diff(proposal.base, proposal.commit);
  if (change === undefined) return;
  const place = { dir: workTreeOf(crew), path: change.path, line: change.lines[0]?.[0] ?? 1 };
  const configured = await crew.repository.config.get('core.editor');
  await openInEditor(place, { env: process.env, configured });
}
