/**
 * The contract of a check and of an evaluation. Rule: three outcomes; what could not be judged is inconclusive, never
 * passed; what was red before is never blamed on the candidate and never counted as evidence for it.
 */
import type {
  CheckComparison,
  CheckOutcome,
  Evidence,
  Finding,
  Outcome,
  PerformanceResult,
  WitnessResult,
} from '../records/index.ts';
import type { Language } from './test-files.ts';

export type TestOutcome = 'passed' | 'failed' | 'skipped';
export type CheckKind = 'tests' | 'types' | 'lint' | 'analysis';

/** How many tests ran, where the output says so without naming them. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What a check said about one tree. */
export interface Judgement {
  outcome: CheckOutcome;
  /** Per test case (or per complaint of a linter) where the check's output names them. Empty when it does not. */
  tests: Record<string, TestOutcome>;
  /** Where only totals are printed. */
  counts?: TestCounts;
  /** Findings, for checks that are analyses. */
  findings: Finding[];
  /** Tail of the output, for people; at most 4 KiB. The local cache keeps, and a record quotes, the last line. */
  detail: string;
  /** Milliseconds. */
  duration: number;
}

export interface Check {
  /** As it is shown: 'pytest', 'npm test', 'tsc --noEmit', 'analysis'. */
  name: string;
  /** 'tests' is evidence of behaviour; 'types' and 'lint' and 'analysis' are not. */
  kind: CheckKind;
  /** Digest of everything that decides the answer besides the tree: argv, sandbox, toolchain. Cache key with the tree. */
  digest: string;
  /** What `digest` was made of, by name, for people who want to know what changed. */
  facts?: Readonly<Record<string, string>>;
  /** Folders whose changes it judges: its package and those that the package is built from. Absent: every change. */
  scope?: readonly string[];
  /** What its tests are written in. Absent: nobody can tell. */
  language?: Language;
  judge(tree: string, options: { signal?: AbortSignal }): Promise<Judgement>;
  /** The same check on some test files only, repository-relative; null where its command cannot be narrowed to them. */
  narrow?(tests: readonly string[]): Promise<Check | null>;
}

/** One changed file with both texts; null where it does not exist. */
export interface Change {
  path: string;
  before: string | null;
  after: string | null;
}

export interface EvaluationInput {
  base: string;
  candidate: string;
  baseTree: string;
  candidateTree: string;
  checks: readonly Check[];
  /** Fingerprints that must be gone in the candidate, one per finding. */
  claimed: readonly string[];
  /** What the candidate changes, for the search for weakened checks. */
  changes: readonly Change[];
  /** Who made it: a person may do openly what a proposal may not. Default: a proposal. */
  maker?: 'proposal' | 'person';
}

/** An evaluation before it is a record. */
export interface EvaluationResult {
  outcome: Outcome;
  evidence: Evidence;
  reasons: string[];
  checks: CheckComparison[];
  witness?: WitnessResult;
  performance?: PerformanceResult;
}

/** Read-only view of the BASE tree: nothing that decides what is run is read from a candidate. */
export interface BaseFiles {
  /** Regular files, repository-relative, sorted. */
  paths: readonly string[];
  read(path: string): Promise<string | null>;
}

/** A program that a sandbox can start. */
export interface Program {
  /** For the driver to look up. */
  path: string;
  /** Changes when the program does. */
  stamp: string;
  /** Of a Python: the tools that are installed for it, with their versions. */
  modules: Readonly<Record<string, string>>;
}

export interface Toolchain {
  /**
   * 'python' means python3 or python, of the virtual environment of `folder` (repository-relative, '' is the top) or the
   * nearest above it where there is one.
   */
  find(name: string, folder?: string): Promise<Program | null>;
  /** Of a program that is not found: why the sandbox has none although this machine has; null when it has none either. */
  unseen?(name: string): Promise<string | null>;
}

/**
 * How the output of a check is read. `lines`: complaints where there are some, else the exit code (a script may run any
 * linter); `any`: whatever test runner can be recognised (a make target may run any).
 */
export type Report =
  | 'pytest'
  | 'unittest'
  | 'javascript'
  | 'go'
  | 'cargo'
  | 'complaints'
  | 'eslint'
  | 'clippy'
  | 'lines'
  | 'any'
  | 'none';

/** A folder of this machine that a check may read. */
export interface Lent {
  path: string;
  at: string;
}

/** What package managers have already fetched on this machine: there is no network to fetch it again. */
export interface HostCaches {
  goModules: string | null;
  /** Compiled packages; only read, so nothing that is judged can leave anything in it. */
  goBuild: string | null;
  /** `registry` and `git` of cargo's home. */
  cargo: Readonly<Record<string, string>>;
}

/** A check as the base tree and the configuration ask for it. */
export type DetectedCheck = RunnableCheck | UnrunnableCheck;
export interface RunnableCheck {
  name: string;
  kind: CheckKind;
  /** The command as it is allowed and shown. */
  asked: string[];
  /** What is run for it; `{report}` stands for the file of a pytest report. */
  argv: string[];
  /** Repository-relative directory to run in; the top when absent. */
  cwd?: string;
  env: Record<string, string>;
  /** Repository-relative directories for PYTHONPATH: the slot's code must win over an installed copy of it. */
  pythonPath: string[];
  /** Repository-relative virtual environment that comes before the others. */
  environment?: string;
  /** Folders of this machine besides the installed dependencies. */
  lent: readonly Lent[];
  scope?: readonly string[];
  report: Report;
  program: Program;
  runnable: true;
}
export interface UnrunnableCheck {
  name: string;
  kind: CheckKind;
  argv: string[];
  cwd?: string;
  scope?: readonly string[];
  runnable: false;
  /** 'not in allowed_commands', 'pytest is not installed'. */
  reason: string;
}

/** A folder of installed dependencies of the user's worktree. */
export interface Dependency {
  /** Absolute, links resolved. */
  path: string;
  /** Repository-relative. */
  at: string;
  stamp: string;
}
