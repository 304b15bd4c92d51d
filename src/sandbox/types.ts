/**
 * The Driver contract. Every driver passes one suite of attacks. Rule: a driver that cannot isolate does not run
 * anything: there is no weaker mode.
 */
export interface Limits {
  /** Milliseconds of wall time. */
  timeout: number;
  /** Bytes. */
  memory: number;
  cpus: number;
  pids: number;
  /** Bytes kept of each stream. */
  output: number;
  /** Bytes and entries that the command may add to `dir`. */
  diskBytes: number;
  diskEntries: number;
  /** Bytes of the largest single file that it may write. */
  fileBytes: number;
}

/** `bridge` and `host` need a grant (`git ambient sandbox grant`). A driver that has no such network runs nothing. */
export type Network = 'none' | 'bridge' | 'host';

export interface SandboxRequest {
  argv: readonly string[];
  /**
   * Absolute; mounted read-write, and the working directory unless `cwd` is given. At the same path, or as `/slot` when a
   * folder of the path begins with a dot; paths in `argv`, `cwd`, `env` and `readOnly` are given as on the host.
   */
  dir: string;
  /** Absolute, inside `dir`. */
  cwd?: string;
  env?: Record<string, string>;
  /** Absolute; a file inside `dir` that the command reads on its standard input. Default: nothing is there. */
  stdin?: string;
  /** Further host paths, mounted read-only; `at` defaults to the same path. */
  readOnly?: Array<{ path: string; at?: string }>;
  limits: Limits;
  /** Default `none`. */
  network?: Network;
  signal?: AbortSignal;
}

export interface SandboxResult {
  code: number | null;
  signal: string | null;
  timedOut: boolean;
  oom: boolean;
  /** The disk cap was hit. */
  diskFull: boolean;
  /** A file was cut at the cap on a single file. */
  fileTooLarge: boolean;
  /** The cap on processes and threads was hit. */
  pidsFull: boolean;
  truncated: boolean;
  /** Why the command was never started (missing program, sandbox not set up), or null. */
  setupError: string | null;
  stdout: string;
  stderr: string;
  /** Milliseconds. */
  duration: number;
}

export interface Driver {
  readonly name: 'bubblewrap' | 'docker';
  /** Really runs something, unless `openSandbox` just has. `ok: false` says what to install or to change. */
  probe(): Promise<{ ok: true; digest: string } | { ok: false; reason: string; hint: string }>;
  run(request: SandboxRequest): Promise<SandboxResult>;
  /** Ends what a killed process of ours left running. */
  reap(): Promise<void>;
}
