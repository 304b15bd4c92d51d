/**
 * The ambient loop as a pure state machine: `next(state, event)` gives the state that follows and the one thing to do.
 * Rule: no clock, no disk, no randomness. Events are the journal: folding them after a crash gives the same state and
 * the same todo, and every todo may be performed twice with the same result.
 */
import type { EvaluationContent, Fix, Outcome } from '../records/index.ts';
import {
  firstOfEach,
  heldBack,
  passedDrafts,
  type RankedDraft,
  toRepair,
  waitingTurns,
  withAlternatives,
  withRepaired,
} from './drafts.ts';
import { planTogether, type Trial, type Unfit } from './together.ts';

/** What woke us, and so what is looked at. */
export type Scope =
  /** Findings that are new since `from` or touch lines changed since then. `from` null: everything is new. */
  | { kind: 'changes'; from: string | null }
  /** The backlog. */
  | { kind: 'all'; paths: string[] };

export type { RankedDraft } from './drafts.ts';

/** A fix that conflicts with better ones of the same choice. */
export interface Behind {
  fix: Fix;
  /** Positions of the better ones in `fixes`. */
  beside: number[];
  /** It changes the same lines for another reason. */
  alternative: boolean;
}

export type AmbientEvent =
  | { step: 'started'; base: string; configuration: string; scope: Scope }
  | { step: 'diagnosed'; fixes: Fix[]; behind?: Behind[] }
  | { step: 'placed'; drafts: RankedDraft[] }
  /** `log`: what the failing check printed, reduced, where a model is to read it. */
  | { step: 'evaluated'; id: string; evaluation: EvaluationContent; log?: string }
  /** What came back for `id`; none: nothing that could be used. */
  | { step: 'repaired'; id: string; drafts: Array<Pick<RankedDraft, 'id' | 'commit'>> }
  /** `ids`: those that could be put together, best first; the others wait. Once for each set that is tried. */
  | { step: 'evaluated-together'; ids: string[]; passed: boolean; reasons: string[] }
  | { step: 'published'; id: string }
  | { step: 'landed'; id: string; commit: string | null }
  | { step: 'abandoned'; reason: string }
  | { step: 'finished' };

export type AmbientTodo =
  | { do: 'diagnose'; base: string; scope: Scope }
  | { do: 'place'; base: string; fixes: Fix[]; behind: Behind[] }
  /** `ahead`: whose turn comes next, `together`: what will be evaluated together if all goes well. Both may be begun. */
  | { do: 'evaluate'; id: string; commit: string; ahead: RankedDraft[]; together: RankedDraft[] }
  /** Asks the model that wrote it for a better one, with what went wrong. */
  | { do: 'repair'; id: string; commit: string; evaluation: EvaluationContent; log: string }
  | { do: 'evaluate-together'; base: string; drafts: RankedDraft[] }
  | { do: 'publish'; id: string; evaluation: EvaluationContent }
  | { do: 'land'; id: string }
  /**
   * `wait`: of those to drop, the ones that come back later: they passed alone, or were held back by better ones (`held`).
   * `unfit` says beside which they do not pass.
   */
  | {
      do: 'finish';
      drop: RankedDraft[];
      wait: string[];
      unfit: Unfit[];
      held: Array<{ id: string; beside: string[] }>;
      /** What came of each draft that was judged alone. */
      judged: Array<{ id: string; outcome: Outcome; reason: string }>;
      published: string[];
      reason: string | null;
    };

export interface AmbientState {
  at:
    | 'idle'
    | 'diagnosing'
    | 'placing'
    | 'evaluating'
    | 'repairing'
    | 'together'
    | 'publishing'
    | 'landing'
    | 'finishing'
    | 'done';
  base: string;
  configuration: string;
  /** Null before the start. */
  scope: Scope | null;
  drafts: RankedDraft[];
  evaluations: Record<string, EvaluationContent>;
  /** What failing checks printed, by draft. */
  logs: Record<string, string>;
  /** Ids of drafts that went back to their model. */
  repaired: string[];
  /** Those that could be put together, best first, and what came of each set of them that was tried. */
  together: { order: string[]; trials: Trial[] } | null;
  unfit: Unfit[];
  /** Chosen for publication, best first; null until that is decided. */
  chosen: string[] | null;
  published: string[];
  landed: string[];
  reason: string | null;
}

export interface Step {
  state: AmbientState;
  todo: AmbientTodo | null;
}

export const idle: AmbientState = {
  at: 'idle',
  base: '',
  configuration: '',
  scope: null,
  drafts: [],
  evaluations: {},
  logs: {},
  repaired: [],
  together: null,
  unfit: [],
  chosen: null,
  published: [],
  landed: [],
  reason: null,
};

/**
 * @throws Error when `event` cannot follow `state`: a journal that says so is damaged, and its cycle is abandoned by the
 * caller.
 */
export function next(state: AmbientState, event: AmbientEvent): Step {
  if (event.step === 'abandoned' && state.at !== 'done') return finish({ ...state, reason: event.reason });
  switch (`${state.at} ${event.step}`) {
    case 'idle started': {
      const { base, configuration, scope } = event as Extract<AmbientEvent, { step: 'started' }>;
      return {
        state: { ...state, at: 'diagnosing', base, configuration, scope },
        todo: { do: 'diagnose', base, scope },
      };
    }
    case 'diagnosing diagnosed': {
      const { fixes, behind = [] } = event as Extract<AmbientEvent, { step: 'diagnosed' }>;
      if (fixes.length === 0) return finish(state);
      return { state: { ...state, at: 'placing' }, todo: { do: 'place', base: state.base, fixes, behind } };
    }
    case 'placing placed':
      return evaluateNext({
        ...state,
        at: 'evaluating',
        drafts: (event as Extract<AmbientEvent, { step: 'placed' }>).drafts,
      });
    case 'evaluating evaluated': {
      const { id, evaluation, log } = event as Extract<AmbientEvent, { step: 'evaluated' }>;
      const logs = log === undefined ? state.logs : { ...state.logs, [id]: log };
      return evaluateNext({ ...state, logs, evaluations: { ...state.evaluations, [id]: evaluation } });
    }
    case 'repairing repaired': {
      const { id, drafts } = event as Extract<AmbientEvent, { step: 'repaired' }>;
      const repaired = [...state.repaired, id];
      return evaluateNext({ ...state, repaired, drafts: withRepaired(state.drafts, id, drafts) });
    }
    case 'together evaluated-together': {
      const { ids, passed, reasons } = event as Extract<AmbientEvent, { step: 'evaluated-together' }>;
      const { order, trials } = state.together ?? { order: ids, trials: [] };
      const asked = askedTogether(order, trials);
      // A part of what could be put together should be possible too; if it is not, it does not pass.
      const trial = { ids: asked ?? ids, passed: passed && ids.length === (asked ?? ids).length, reasons };
      return togetherNext({ ...state, together: { order, trials: [...trials, trial] } });
    }
    case 'publishing published': {
      const { id } = event as Extract<AmbientEvent, { step: 'published' }>;
      return publishNext({ ...state, published: [...state.published, id] });
    }
    case 'landing landed': {
      const { id } = event as Extract<AmbientEvent, { step: 'landed' }>;
      return landNext({ ...state, landed: [...state.landed, id] });
    }
    case 'finishing finished':
      return { state: { ...state, at: 'done' }, todo: null };
    default:
      throw new Error(`a cycle that is ${state.at} cannot have ${event.step}`);
  }
}

/** Folds a journal. */
export function replay(events: readonly AmbientEvent[]): Step {
  let step: Step = { state: idle, todo: null };
  for (const event of events) step = next(step.state, event);
  return step;
}

function evaluateNext(before: AmbientState): Step {
  const state: AmbientState = { ...before, at: 'evaluating' };
  const sick = toRepair(state);
  const evaluation = sick && state.evaluations[sick.id];
  if (sick && evaluation) {
    const { id, commit } = sick;
    const todo: AmbientTodo = { do: 'repair', id, commit, evaluation, log: state.logs[id] ?? '' };
    return { state: { ...state, at: 'repairing' }, todo };
  }
  const [open, ...ahead] = waitingTurns(state);
  if (open) {
    const hopeful = [open, ...ahead, ...passedDrafts(state)];
    const together = firstOfEach(state.drafts.filter((draft) => hopeful.includes(draft)));
    return { state, todo: { do: 'evaluate', id: open.id, commit: open.commit, ahead, together } };
  }
  const offered = firstOfEach(passedDrafts(state));
  if (offered.length < 2) return chosen(state, offered.map(idOf), []);
  return { state: { ...state, at: 'together' }, todo: { do: 'evaluate-together', base: state.base, drafts: offered } };
}

const idOf = ({ id }: RankedDraft) => id;

function chosen(state: AmbientState, ids: readonly string[], unfit: Unfit[]): Step {
  return publishNext({ ...state, at: 'publishing', chosen: withAlternatives(state, ids), unfit });
}

/** Each is right alone; what is offered at the same time is right together. */
function togetherNext(state: AmbientState): Step {
  const { order, trials } = state.together ?? { order: [], trials: [] };
  const step = planTogether(order, trials);
  if (step.do === 'done') return chosen(state, step.chosen, step.unfit);
  const drafts = state.drafts.filter((draft) => step.ids.includes(draft.id));
  return { state, todo: { do: 'evaluate-together', base: state.base, drafts } };
}

function askedTogether(order: readonly string[], trials: readonly Trial[]): string[] | null {
  const step = planTogether(order, trials);
  return step.do === 'try' ? step.ids : null;
}

function publishNext(state: AmbientState): Step {
  const id = state.chosen?.find((candidate) => !state.published.includes(candidate));
  const evaluation = id === undefined ? undefined : state.evaluations[id];
  if (id === undefined || evaluation === undefined) return landNext({ ...state, at: 'landing' });
  return { state, todo: { do: 'publish', id, evaluation } };
}

/** Landing by itself is asked for every published proposal; policy, not the loop, says whether it happens. */
function landNext(state: AmbientState): Step {
  const id = state.published.find((candidate) => !state.landed.includes(candidate));
  if (id === undefined) return finish(state);
  return { state, todo: { do: 'land', id } };
}

function finish(state: AmbientState): Step {
  const drop = state.drafts.filter((draft) => !state.published.includes(draft.id));
  const held = heldBack(state);
  const late = new Set([...passedDrafts(state), ...held].map(({ id }) => id));
  const wait = drop.map(idOf).filter((id) => late.has(id));
  const { unfit, published, reason } = state;
  const judged = Object.entries(state.evaluations).map(([id, { outcome, reasons }]) => {
    return { id, outcome, reason: reasons[0] ?? outcome };
  });
  return {
    state: { ...state, at: 'finishing' },
    todo: { do: 'finish', drop, wait, unfit, held, judged, published, reason },
  };
}
