/**
 * How a call of a model can fail. Rule: a failure says whether the same call may succeed later; only such a call is
 * repeated, so a wrong key or a wrong model name is told at once.
 */
import { AmbientError } from '../base/index.ts';

export type FailureKind = 'unreachable' | 'overloaded' | 'refused' | 'timeout' | 'broke-off' | 'too-long';

/** What a provider throws. */
export class ModelFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number | null;
  /** Milliseconds that the provider asks us to wait, or null. */
  readonly retryAfter: number | null;

  constructor(
    kind: FailureKind,
    message: string,
    facts: { status?: number | null; retryAfter?: number | null; cause?: unknown } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ModelFailure';
    this.kind = kind;
    this.status = facts.status ?? null;
    this.retryAfter = facts.retryAfter ?? null;
  }
}

const HINTS: Readonly<Record<FailureKind, string>> = {
  unreachable: 'check model.base_url, and that the model runs: `git ambient doctor` tries it',
  overloaded: 'wait, or lower model.max_concurrency',
  refused: 'check model.model_id, model.base_url and the key in the variable that model.api_key_env names',
  timeout: 'raise model.timeout_seconds, or use a smaller model',
  'broke-off': 'try again; if it happens every time, the endpoint ends its answers too early',
  'too-long': 'the answer was not used; lower what is asked for, or use another model',
};

/** For people, once no further attempt is made. */
export function asAmbientError(failure: ModelFailure, attempts: number): AmbientError {
  const tries = attempts > 1 ? ` (${attempts} attempts)` : '';
  return new AmbientError(`model-${failure.kind}`, `the model gave no answer: ${failure.message}${tries}`, {
    kind: 'environment',
    hint: HINTS[failure.kind],
    data: { kind: failure.kind, status: failure.status, attempts },
    cause: failure,
  });
}
