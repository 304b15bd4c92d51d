/**
 * What a key means in a review. Pure: (state, event) → (state, action). Rule: nothing is decided without a key of the
 * person for exactly the proposal that is on the screen; whatever is unclear asks again.
 */
export interface ReviewState {
  /** Ids that are still to be looked at; the first one is on the screen. */
  queue: readonly string[];
  total: number;
  mode: 'choose' | 'reason';
  /** Of the reason, so far. */
  text: string;
  /** Which screenful of the proposal is shown, from 0, and whether there is more of it. */
  screen: number;
  more: boolean;
  counts: Readonly<Record<Decided, number>>;
}

export type Decided = 'merged' | 'folded' | 'applied' | 'rejected' | 'later';

export type ReviewEvent =
  /** One key press; escape sequences are one key. */
  | { kind: 'key'; key: string }
  /** A whole line, from a terminal that gives no single keys, or a pipe. */
  | { kind: 'line'; text: string }
  /** The screen stands; `more`: not all of the proposal fitted. */
  | { kind: 'shown'; more: boolean }
  /** An action came to its end. `decided` null: a gate said no, the proposal stays on the screen. */
  | { kind: 'ended'; decided: Decided | null }
  /** The proposal is not open any more. */
  | { kind: 'gone' }
  /** No more input. */
  | { kind: 'closed' };

export type ReviewAction =
  | { do: 'show'; id: string; screen: number }
  | { do: 'ask' }
  | { do: 'ask-reason' }
  /** Characters of the reason, as they are typed; `erase`: the last one or all of them go. */
  | { do: 'echo'; text: string }
  | { do: 'erase'; count: number }
  | { do: 'help' }
  | { do: 'say'; text: string }
  | { do: 'merge' | 'fixup' | 'apply' | 'open'; id: string }
  | { do: 'reject'; id: string; reason: string }
  | { do: 'leave' };

export interface Step {
  state: ReviewState;
  action: ReviewAction;
}

export function beginReview(queue: readonly string[]): Step {
  const counts = { merged: 0, folded: 0, applied: 0, rejected: 0, later: 0 };
  return showFirst({ queue, total: queue.length, mode: 'choose', text: '', screen: 0, more: false, counts });
}

export function stepReview(state: ReviewState, event: ReviewEvent): Step {
  switch (event.kind) {
    case 'key':
      return state.mode === 'reason' ? typeReason(state, event.key) : choose(state, event.key);
    case 'line':
      return readLine(state, event.text);
    case 'shown':
      return { state: { ...state, more: event.more }, action: { do: 'ask' } };
    case 'ended':
      return event.decided === null ? { state, action: { do: 'ask' } } : pass(state, event.decided);
    case 'gone':
      return showFirst({ ...state, queue: state.queue.slice(1) });
    case 'closed':
      return { state, action: { do: 'leave' } };
  }
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const ESCAPE = '\u001b';

function choose(state: ReviewState, key: string): Step {
  const id = state.queue[0] as string;
  switch (key) {
    case 'm':
      return { state, action: { do: 'merge', id } };
    case 'f':
      return { state, action: { do: 'fixup', id } };
    case 'a':
      return { state, action: { do: 'apply', id } };
    case 'o':
      return { state, action: { do: 'open', id } };
    case 'r':
      return { state: { ...state, mode: 'reason', text: '' }, action: { do: 'ask-reason' } };
    case 'l':
      return pass(state, 'later');
    case 'q':
    case CTRL_C:
    case CTRL_D:
      return { state, action: { do: 'leave' } };
    case '?':
    case 'h':
      return { state, action: { do: 'help' } };
    case ' ':
    case '\r':
    case '\n':
      return state.more ? showFirst({ ...state, screen: state.screen + 1 }) : ask(state);
    case 'p':
      return state.screen > 0 ? showFirst({ ...state, screen: 0 }) : ask(state);
    default:
      return isPrintable(key) ? { state, action: { do: 'say', text: `${key} is no key here; ? helps` } } : ask(state);
  }
}

function typeReason(state: ReviewState, key: string): Step {
  const characters = [...state.text];
  switch (key) {
    case '\r':
    case '\n':
      return reject(state, state.text);
    case CTRL_C:
    case CTRL_D:
    case ESCAPE:
      return cancelReason(state);
    case '\b':
    case '\u007f':
      return {
        state: { ...state, text: characters.slice(0, -1).join('') },
        action: { do: 'erase', count: Math.min(1, characters.length) },
      };
    case CTRL_U:
      return { state: { ...state, text: '' }, action: { do: 'erase', count: characters.length } };
    default:
      return isPrintable(key)
        ? { state: { ...state, text: state.text + key }, action: { do: 'echo', text: key } }
        : { state, action: { do: 'echo', text: '' } };
  }
}

/** `m`, `merge`, `r not here`, or in answer to the question for a reason the reason itself. */
function readLine(state: ReviewState, line: string): Step {
  if (state.mode === 'reason') return reject(state, line);
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const key = WORDS[word.toLowerCase()] ?? word;
  if (key === 'r' && rest.length > 0) return reject(state, rest.join(' '));
  if (key === '') return choose(state, ' ');
  if ([...key].length === 1 && rest.length === 0) return choose(state, key);
  return { state, action: { do: 'say', text: `${JSON.stringify(line.trim())} is no answer here; ? helps` } };
}

const WORDS: Record<string, string> = {
  merge: 'm',
  fixup: 'f',
  apply: 'a',
  reject: 'r',
  later: 'l',
  open: 'o',
  quit: 'q',
  exit: 'q',
  help: '?',
  more: ' ',
};

function reject(state: ReviewState, text: string): Step {
  const reason = text.trim();
  if (reason === '') return cancelReason(state);
  const id = state.queue[0] as string;
  return { state: { ...state, mode: 'choose', text: '' }, action: { do: 'reject', id, reason } };
}

function cancelReason(state: ReviewState): Step {
  const action = { do: 'say', text: 'Not rejected: no reason was given.' } as const;
  return { state: { ...state, mode: 'choose', text: '' }, action };
}

/** On to the next one. */
function pass(state: ReviewState, decided: Decided): Step {
  const counts = { ...state.counts, [decided]: state.counts[decided] + 1 };
  return showFirst({ ...state, counts, queue: state.queue.slice(1), screen: 0, more: false });
}

function showFirst(state: ReviewState): Step {
  const [id] = state.queue;
  const next = { ...state, mode: 'choose' as const, text: '' };
  return { state: next, action: id === undefined ? { do: 'leave' } : { do: 'show', id, screen: state.screen } };
}

const ask = (state: ReviewState): Step => ({ state, action: { do: 'ask' } });

/** Escape sequences (arrows, function keys) and control characters are not. */
function isPrintable(key: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f]/.test(key);
}
