/**
 * The one error of the product. `kind` decides the exit code, `hint` is the next step to type.
 * A gate that says no is a result, never an exception: exceptions mean that nothing could be decided.
 */
export type ErrorKind = 'user' | 'config' | 'environment' | 'bug';

export interface AmbientErrorOptions {
  kind: ErrorKind;
  /** The next step, in the imperative: "run `git ambient init`". */
  hint?: string;
  /** Facts for `--json`: paths, oids, lines. Never a secret. */
  data?: Record<string, unknown>;
  cause?: unknown;
}

export class AmbientError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly data: Record<string, unknown>;

  /** @param code stable, kebab-case: programs branch on it. @param message what happened, to what. */
  constructor(code: string, message: string, options: AmbientErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AmbientError';
    this.code = code;
    this.kind = options.kind;
    this.hint = options.hint;
    this.data = options.data ?? {};
  }
}

/** Maps any thrown value to the process's exit code: 2 user or configuration, 3 environment, 70 our bug. */
export function exitCodeOf(error: unknown): 2 | 3 | 70 {
  if (!(error instanceof AmbientError)) return 70;
  if (error.kind === 'environment') return 3;
  return error.kind === 'bug' ? 70 : 2;
}
