/**
 * The ambient loop as a pure state machine: `next(state, event)` gives the state that follows and the one thing to do.
 * Rule: no clock, no disk, no randomness. Events are the journal: folding them after a crash gives the same state and
 * the same todo, and every todo may be performed twice with the same result.
 */
import type { EvaluationContent, Fix } from '../records/index.ts';
import { planTogether, type Trial, type Unfit } from './together.ts';

/** What woke us, and so what is looked at. */
export type Scope =
  /** Findings that are new since `from` or touch lines changed since then. `from` null: everything is new. */
  | { kind: 'changes'; from: string | null }
  /** The backlog. */
  | { kind: 'all'; paths: string[] };

/** A draft in the order in which it deserves attention, best first. */
export interface RankedDraft {
  id: string;
  commit: string;
}

export type AmbientEvent =
  | { step: 'started'; base: string; configuration: string; scope: Scope }
  | { step: 'diagnosed'; fixes: Fix[] }
  | { step: 'placed'; drafts: RankedDraft[] }
  | { step: 'evaluated'; id: string; evaluation: EvaluationContent }
  /** `ids`: those that could be put together, best first; the others wait. Once for each set that is tried. */
  | { step: 'evaluated-together'; ids: string[]; passed: boolean; reasons: string[] }
  | { step: 'published'; id: string }
  | { step: 'landed'; id: string; commit: string | null }
  | { step: 'abandoned'; reason: string }
  | { step: 'finished' };

export type AmbientTodo =
  | { do: 'diagnose'; base: string; scope: Scope }
  | { do: 'place'; base: string; fixes: Fix[] }
  /** `ahead`: whose turn comes next, `together`: what will be evaluated together if all goes well. Both may be begun. */
  | { do: 'evaluate'; id: string; commit: string; ahead: RankedDraft[]; together: RankedDraft[] }
  | { do: 'evaluate-together'; base: string; drafts: RankedDraft[] }
  | { do: 'publish'; id: string; evaluation: EvaluationContent }
  | { do: 'land'; id: string }
  /** `wait`: of those to drop, the ones that passed alone and come back later; `unfit` says beside which they do not pass. */
  | {
      do: 'finish';
      drop: RankedDraft[];
      wait: string[];
      unfit: Unfit[];
      published: string[];
      reason: string | null;
    };

export interface AmbientState {
  at: 'idle' | 'diagnosing' | 'placing' | 'evaluating' | 'together' | 'publishing' | 'landing' | 'finishing' | 'done';
  base: string;
  configuration: string;
  /** Null before the start. */
  scope: Scope | null;
  drafts: RankedDraft[];
  evaluations: Record<string, EvaluationContent>;
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
      const { fixes } = event as Extract<AmbientEvent, { step: 'diagnosed' }>;
      if (fixes.length === 0) return finish(state);
      return { state: { ...state, at: 'placing' }, todo: { do: 'place', base: state.base, fixes } };
    }
    case 'placing placed':
      return evaluateNext({
        ...state,
        at: 'evaluating',
        drafts: (event as Extract<AmbientEvent, { step: 'placed' }>).drafts,
      });
    case 'evaluating evaluated': {
      const { id, evaluation } = event as Extract<AmbientEvent, { step: 'evaluated' }>;
      return evaluateNext({ ...state, evaluations: { ...state.evaluations, [id]: evaluation } });
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

function passedDrafts(state: AmbientState): RankedDraft[] {
  return state.drafts.filter((draft) => state.evaluations[draft.id]?.outcome === 'passed');
}

function evaluateNext(state: AmbientState): Step {
  const open = state.drafts.find((draft) => state.evaluations[draft.id] === undefined);
  if (open) {
    const outcomeOf = ({ id }: RankedDraft) => state.evaluations[id]?.outcome ?? 'unknown';
    const ahead = state.drafts.filter((draft) => draft !== open && outcomeOf(draft) === 'unknown');
    const together = state.drafts.filter((draft) => ['unknown', 'passed'].includes(outcomeOf(draft)));
    return { state, todo: { do: 'evaluate', ...open, ahead, together } };
  }
  const passed = passedDrafts(state);
  if (passed.length < 2) return publishNext({ ...state, at: 'publishing', chosen: passed.map((draft) => draft.id) });
  return { state: { ...state, at: 'together' }, todo: { do: 'evaluate-together', base: state.base, drafts: passed } };
}

/** Each is right alone; what is offered at the same time is right together. */
function togetherNext(state: AmbientState): Step {
  const { order, trials } = state.together ?? { order: [], trials: [] };
  const step = planTogether(order, trials);
  if (step.do === 'done') return publishNext({ ...state, at: 'publishing', chosen: step.chosen, unfit: step.unfit });
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
  const passed = new Set(passedDrafts(state).map((draft) => draft.id));
  const wait = drop.map((draft) => draft.id).filter((id) => passed.has(id));
  return {
    state: { ...state, at: 'finishing' },
    todo: { do: 'finish', drop, wait, unfit: state.unfit, published: state.published, reason: state.reason },
  };
}
