/**
 * What is kept, and how to get at it. Rule: persistence only: nothing here decides; one writer per ref; whatever a crash
 * leaves behind is either complete or invisible.
 */
import type { ProcessMark } from '../base/index.ts';
import type { Repository, Writes } from '../git/index.ts';
import type {
  ArchiveLine,
  DecisionKind,
  Evaluation,
  EvaluationContent,
  Proposal,
  Risk,
  SpecialistName,
  Status,
  TelemetryContent,
  TelemetryLine,
} from '../records/index.ts';

/** A proposal with everything that is known of it; a pure fold over all replicas' lines. */
export interface ProposalView {
  proposal: Proposal;
  status: Status;
  /** Of this clone only: the ones that a clearance may rest on. Newest last. */
  evaluations: Evaluation[];
  /** Of other replicas: shown, never trusted. `by` comes from the ref's name. */
  foreign: Array<{ by: string; evaluation: Evaluation }>;
  decisions: Array<{ by: string; line: ArchiveLine }>;
}

/** What a proposal's commit and the decisions say; its evaluations were not read. */
export interface ProposalHead {
  proposal: Proposal;
  /** Null: it waits for a decision. */
  closed: Status | null;
}

/** What a decision says about its proposal. */
export type Decided = Pick<Proposal, 'commit' | 'specialist' | 'rule' | 'fingerprints'>;

export interface DraftInput {
  base: string;
  specialist: SpecialistName;
  rule: string;
  title: string;
  rationale: string;
  risk: Risk;
  fingerprints: string[];
  configuration: string;
  supersedes?: string[];
  also?: SpecialistName[];
  prompt?: string;
  choice?: string;
  files: Array<{ path: string; mode: '100644' | '100755'; content: Uint8Array }>;
}

export interface Store {
  /** `$GIT_COMMON_DIR/ambient`, created with mode 0700 on first use. */
  readonly dir: string;
  /** Name of this clone's refs. Minted and kept in `git config ambient.replica` on first write. */
  replica(): Promise<string>;

  readonly proposals: {
    /** All with a ref, and closed ones that only have lines are left out. Drafts only when asked. */
    list(options?: { drafts?: boolean }): Promise<ProposalView[]>;
    /** Begins the next `heads`, `standing` or `page` now, beside whatever else is read first. */
    foresee(): void;
    /** All published ones, in no order, without their evaluations: what a screen needs to know of ten thousand. */
    heads(): Promise<ProposalHead[]>;
    /** The heads and `archive`, in one look at the refs. */
    standing(): Promise<{ heads: ProposalHead[]; archive: Awaited<ReturnType<Store['archive']>> }>;
    /** The heads, and everything that is known of those that `choose` takes of them, in its order: one look at the refs. */
    page(choose: (heads: ProposalHead[]) => Proposal[]): Promise<{ heads: ProposalHead[]; views: ProposalView[] }>;
    /** Everything that is known of `proposals`, in their order. */
    views(proposals: readonly Proposal[]): Promise<ProposalView[]>;
    /** @throws AmbientError `unknown-proposal`, `ambiguous-proposal` (user) with the candidates. */
    find(prefix: string): Promise<ProposalView>;
    /** Writes the commit and `refs/ambient/drafts/<id>`. The same input gives the same oid. Idempotent. */
    saveDraft(input: DraftInput): Promise<Proposal>;
    dropDrafts(proposals: readonly Proposal[]): Promise<void>;
    /** One transaction: proposal ref, draft deleted, evaluation line, and `told` for telemetry. Idempotent. */
    publish(draft: Proposal, evaluation: EvaluationContent, told?: readonly TelemetryContent[]): Promise<Evaluation>;
  };

  /** Adds an evaluation to a published proposal. */
  evaluated(evaluation: EvaluationContent): Promise<Evaluation>;
  /** Adds a line to the archive. Repeating the same decision adds nothing. */
  decided(content: { kind: DecisionKind; proposal: Decided; commit?: string; reason?: string }): Promise<ArchiveLine>;
  /** All archive lines of all replicas, oldest first. */
  archive(): Promise<Array<{ by: string; line: ArchiveLine }>>;

  readonly telemetry: {
    append(lines: Array<{ kind: string; run_id: string; data: Record<string, unknown> }>): Promise<void>;
    read(options?: { kind?: string; since?: string }): Promise<TelemetryLine[]>;
    /** Re-roots the branch without the days that are older than `days`. */
    retain(days: number): Promise<void>;
  };

  /** Events with a payload; one file each, written by rename. */
  readonly spool: {
    put(event: { kind: string; data: Record<string, unknown> }): Promise<string>;
    /** The first ones that wait, by name; what is no event is set aside. */
    list(): Promise<Array<{ name: string; kind: string; data: Record<string, unknown> }>>;
    remove(name: string): Promise<void>;
    /** How many files wait. */
    waiting(): Promise<number>;
    /** Sets an event aside that nobody can obey. */
    refuse(name: string): Promise<void>;
    /** Names of what was set aside, each with a suffix. */
    aside(): Promise<string[]>;
  };

  /** The hook touches it; the runner compares and clears. */
  readonly wake: {
    touch(): Promise<void>;
    pending(): Promise<boolean>;
    /** The runner that the hook announced is there: later commits look at its lock. */
    started(): Promise<void>;
    clear(): Promise<void>;
    /** Who was announced to be here soon; not necessarily alive. */
    announced(): Promise<ProcessMark | null>;
  };

  /** One JSON-lines file per cycle, fsynced per line. A torn last line is as if never written. */
  readonly journal: {
    append(cycle: string, entry: Record<string, unknown>): Promise<void>;
    read(cycle: string): Promise<Record<string, unknown>[]>;
    unfinished(): Promise<string[]>;
    remove(cycle: string): Promise<void>;
  };

  readonly lock: {
    /** Null when a living process holds it. A dead holder's lock is taken over. */
    acquire(): Promise<{ release(): Promise<void> } | null>;
    holder(): Promise<number | null>;
  };

  /** Held by whoever lands or decides, from the look at the proposal to the record. As `lock`, but for moments. */
  readonly turn: Store['lock'];

  /** state.json: cursors and cooldowns. Written only by the lock holder. */
  readonly state: {
    read(): Promise<LocalState>;
    update(change: (state: LocalState) => void): Promise<void>;
  };

  /** Check results by key; disposable. */
  readonly cache: {
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
    /** Drops what was written more than `days` ago; looks once a day. */
    expire(days: number): Promise<void>;
  };

  /** Lines in all replicas' notes and in telemetry that were kept but not understood. */
  health(): Promise<{ unknown: number; broken: number }>;

  /** Low level, for `share/` and tests. */
  write(writes: Writes): Promise<Record<string, string>>;
}

/** What a circuit breaker knows. Times are ISO 8601. */
export interface RestingState {
  /** Cycles in a row that failed. */
  failures: number;
  /** The last one that counted. */
  cycle: string;
  reason: string;
  /** It is left out until then; null: it works. */
  until: string | null;
  /** Oid of the configuration that it failed under: another one is a fresh start. */
  configuration: string;
}

export interface LocalState {
  /** Position in the reflogs, opaque. */
  cursor: string | null;
  /** `<tree before>..<tree>:<configuration>` that were analysed, newest last, at most 500. */
  analysed: string[];
  /** Findings whose fix lost its place to a better one: they come back although their lines did not change. At most 500. */
  waiting: Array<{ path: string; fingerprint: string; rule?: string; for?: string[] }>;
  /** Specialists and rules that failed in their last cycles, by name. */
  resting?: Record<string, RestingState>;
  /** Of the last commits, who found them: for `doctor`. */
  woken: Array<{ commit: string; by: 'hook' | 'cursor' }>;
  /** Digests of the events that were worked off and had an id. At most 500. */
  events?: string[];
  /** What went wrong with this file, newest last. */
  warnings?: string[];
}

export type OpenStore = (repository: Repository, options?: { now?: () => number }) => Store;
