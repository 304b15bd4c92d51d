export {
  type AmbientEvent,
  type AmbientState,
  type AmbientTodo,
  type Behind,
  idle,
  next,
  type RankedDraft,
  replay,
  type Scope,
  type Step,
} from './ambient.ts';
export type { Unfit } from './together.ts';
