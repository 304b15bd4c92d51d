/**
 * The nouns of the product, as they stand in git and in `--json`. Field names are snake_case because these shapes are
 * the wire format. Rule: nothing here knows how it is stored; nothing here holds a secret.
 */

/**
 * A name, not one of a list: five are built in, `CustomRules` speaks for the rule files of a repository, and it declares others
 * in `agents`.
 */
export type SpecialistName = string;

export type Severity = 'low' | 'medium' | 'high' | 'critical';
/** The same four words measure what a finding costs (severity) and what a change may break (risk). */
export type Risk = Severity;

export interface Finding {
  /** `<language>/<name>`, for example `python/yaml-load`. */
  rule: string;
  specialist: SpecialistName;
  severity: Severity;
  /** Repository-relative, forward slashes. */
  path: string;
  /** 1-based, inclusive. */
  line: number;
  end_line: number;
  /** One sentence; never quotes a secret. */
  message: string;
  /** True when an edit is offered. */
  fixable: boolean;
  /** Hash of specialist, rule and normalised old and new text: survives moves of the code. 16 hex digits. */
  fingerprint: string;
  /** For example `CWE-295`. */
  cwe?: string;
}

/** Replace the bytes [start, end) of one blob by `text`. Exact: another blob oid means that the edit no longer fits. */
export interface Edit {
  path: string;
  /** Oid of the blob that the offsets count in. */
  blob: string;
  /** Byte offsets. */
  start: number;
  end: number;
  text: string;
}

/** One reviewable change before it is a commit: findings of one rule with the edits that mend them. */
export interface Fix {
  specialist: SpecialistName;
  rule: string;
  /** Imperative, at most 72 characters: the subject of the commit. */
  title: string;
  /** One paragraph: why it matters and why the new text is right. */
  rationale: string;
  severity: Severity;
  cwe?: string;
  /** At least one; their fingerprints are the memory's key. */
  findings: Finding[];
  /** Do not overlap, except that identical edits count once. */
  edits: Edit[];
  /** Files that are not there yet. */
  creates?: NewFile[];
  /** Other specialists that proposed the same. */
  also?: SpecialistName[];
  /** Oid of the prompt that a model wrote it under. */
  prompt?: string;
  /** The commit of a person that showed how, and the fingerprint of what is the same in all places. */
  taught?: { by: string; print: string };
}

export interface NewFile {
  path: string;
  text: string;
}

/**
 * A program that feeds the touched code one bad input. Run at the top of a slot, it prints `exploited` or `refused` as
 * its last line and exits with 0; anything else says nothing. It reads nothing but the tree.
 */
export interface Witness {
  language: 'python' | 'javascript';
  /** What it does, in one line: "user_id = \"1 OR 1=1\" reads every row". */
  title: string;
  program: string;
}

/** What a witness showed on the two trees. Only `before: exploited` with `after: refused` is evidence. */
export interface WitnessResult {
  title: string;
  before: 'exploited' | 'refused' | 'unclear';
  after: 'exploited' | 'refused' | 'unclear';
  /** Of the program, 16 hex digits. */
  digest: string;
}

/** Base against candidate, interleaved on one machine. `ratio` is base ÷ candidate: above 1 the candidate is faster. */
export interface PerformanceResult {
  ratio: number;
  /** 95 % interval of `ratio`. */
  ci: [number, number];
  /** One-sided p < 0.01 and at least `min_speedup_percent`. */
  significant: boolean;
  pairs: number;
  /** `instructions` are exact: one pair decides. */
  unit: 'time' | 'instructions';
  /** What was run: the repository's benchmark, or the touched function. */
  what: string;
}

/** A proposal or draft, read from its commit. */
export interface Proposal {
  /** First 12 hex digits of `commit`. */
  id: string;
  commit: string;
  /** The parent: the commit that it was made on. */
  base: string;
  tree: string;
  specialist: SpecialistName;
  rule: string;
  title: string;
  /** Body of the message without the trailers. */
  rationale: string;
  risk: Risk;
  /** One per finding. */
  fingerprints: string[];
  /** Oid of the configuration tree that it was made under. */
  configuration: string;
  supersedes: string[];
  /** Other specialists that proposed the same change. */
  also?: SpecialistName[];
  /** Oid of the prompt that a model wrote it under. */
  prompt?: string;
  /** Proposals on one base with the same value change the same lines: merging one supersedes the others. 16 hex digits. */
  choice?: string;
  /** The commit of a person that showed how: the same was still elsewhere. */
  taught_by?: string;
  draft: boolean;
  /** ISO 8601: the base's committer date (proposals are deterministic). */
  created_at: string;
}

export type Outcome = 'passed' | 'failed' | 'inconclusive';
/** Strongest first: a failing input now handled; tests that ran; analysis only. */
export type Evidence = 'witness' | 'tests' | 'analysis';
/** What one check said about one tree. `absent`: could not be run (missing tool, not allowed), which is not a pass. */
export type CheckOutcome = 'passed' | 'failed' | 'timeout' | 'oom' | 'absent' | 'error';

export interface CheckComparison {
  name: string;
  base: CheckOutcome;
  candidate: CheckOutcome;
  /** Milliseconds on the candidate. */
  duration_ms: number;
  flaky: boolean;
  /** Why it counts as it counts, for people: "fails on the base too". */
  note?: string;
  /** Of everything that decides the answer besides the tree: command, sandbox, toolchain. 16 hex digits. */
  digest?: string;
}

/** What every record has. `id` is the hash of the content without `at` and `seq`. */
export interface RecordHead {
  v: 1;
  id: string;
  seq: number;
  /** ISO 8601, UTC. */
  at: string;
}

export interface Evaluation extends RecordHead {
  kind: 'evaluation';
  /** Full oid of the evaluated commit. */
  proposal: string;
  base: string;
  /** Oid of the candidate's tree (differs from the proposal's when it was re-placed on another base). */
  tree: string;
  configuration: string;
  outcome: Outcome;
  evidence: Evidence;
  reasons: string[];
  checks: CheckComparison[];
  /** Digest of the sandbox that it was made in, 16 hex digits. */
  sandbox?: string;
  witness?: WitnessResult;
  performance?: PerformanceResult;
  gates?: GateAnswer[];
}

/** What a gate said of a proposal. An error or a deadline that passed is `allowed: false` with that as the reason. */
export interface GateAnswer {
  /** As it stands in `risk_policy.custom_gates`; a long one is cut. */
  name: string;
  allowed: boolean;
  reason: string;
}

export type DecisionKind =
  | 'merged'
  | 'rejected'
  | 'approved'
  | 'reverted'
  | 'superseded'
  | 'expired'
  | 'promoted'
  | 'rolled_back'
  /** Its lines were changed by somebody soon after they landed: it stays merged. */
  | 'rewritten';

/** A line of the archive: what a person (or policy) did with a proposal, and where the crew came from. */
export interface ArchiveLine extends RecordHead {
  kind: DecisionKind;
  proposal: string;
  specialist: SpecialistName;
  rule: string;
  fingerprints: string[];
  /** The user's commit that landed or reverted it. */
  commit?: string;
  reason?: string;
}

/** A line of the local telemetry branch. `run_id` is the cycle. */
export interface TelemetryLine extends RecordHead {
  kind: string;
  run_id: string;
  data: Record<string, unknown>;
}

export type Status =
  | 'draft'
  | 'testing'
  | 'validated'
  | 'inconclusive'
  | 'failed'
  | 'merged'
  | 'rejected'
  | 'superseded'
  | 'stale'
  | 'reverted'
  | 'expired';

/** A record before it is written: what `id` is computed from. */
export type EvaluationContent = Omit<Evaluation, keyof RecordHead>;
export type ArchiveContent = Omit<ArchiveLine, keyof RecordHead>;
export type TelemetryContent = Omit<TelemetryLine, keyof RecordHead>;
