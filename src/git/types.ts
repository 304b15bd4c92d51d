/**
 * What the rest of the product may ask of git. Rule: this room knows git and nothing of the product; every call runs with
 * a scrubbed environment, hooks, fsmonitor, filters, external diff and merge drivers neutralised, except `land`, which is
 * the user's own commit. Callers pass full oids; nothing here resolves what it was not asked to resolve.
 */
import type { SpawnOptions, SpawnResult } from '../base/index.ts';

export type Oid = string;

export interface RepositoryInfo {
  /** Absolute. In a linked worktree `gitDir` is its private directory; `commonDir` is shared. */
  gitDir: string;
  commonDir: string;
  /** Absolute top of the worktree, or null in a bare repository. */
  workTree: string | null;
  objectFormat: 'sha1' | 'sha256';
  /** For example [2, 39, 5]. */
  version: readonly [number, number, number];
}

export interface CommitInfo {
  oid: Oid;
  tree: Oid;
  /** Only those that are in this clone. */
  parents: Oid[];
  /** It has no parent here, and the clone is shallow: what it changed cannot be told. */
  cutOff?: true;
  author: { name: string; email: string; time: number; zone: string };
  committer: { name: string; email: string; time: number; zone: string };
  message: string;
}

export interface TreeEntry {
  path: string;
  /** '100644', '100755', '120000', '160000'. */
  mode: string;
  oid: Oid;
}

export interface FileChange {
  path: string;
  status: 'added' | 'modified' | 'deleted';
  oldOid: Oid | null;
  newOid: Oid | null;
  /** 1-based, inclusive line ranges on the new side that the change touched. */
  lines: Array<[number, number]>;
}

/** Objects to write and refs to move, as one transaction. */
export interface Writes {
  commits?: NewCommit[];
  notes?: NewNote[];
  files?: NewFileCommit[];
  refs?: RefUpdate[];
}
/** A commit built on `base`'s tree (or `tree`); its oid comes back under `key`. */
export interface NewCommit {
  key: string;
  parents: Oid[];
  /** Start from the tree of this commit … */
  from: Oid | null;
  /** … and set these paths (null content deletes). */
  files: Array<{ path: string; mode: '100644' | '100755'; content: Uint8Array | null }>;
  author: { name: string; email: string };
  committer: { name: string; email: string };
  /** Seconds since the epoch, UTC. Author and committer alike. */
  time: number;
  message: string;
}
/** Append `lines` (each without newline) to the note of `target` in `ref`. */
export interface NewNote {
  ref: string;
  target: Oid | { key: string };
  lines: string[];
}
/** Append `lines` to `path` on an orphan-rooted branch `ref`. */
export interface NewFileCommit {
  ref: string;
  path: string;
  lines: string[];
}
/** `old`: null = must not exist; undefined = whatever it is. `to`: null = delete. */
export interface RefUpdate {
  ref: string;
  to: Oid | { key: string } | null;
  old?: Oid | null;
}

export interface Written {
  /** Oid of each NewCommit by key. */
  oids: Record<string, Oid>;
}

export interface MergeResult {
  /** Oid of the merged tree, or null when it conflicts. */
  tree: Oid | null;
  conflicts: string[];
}

export interface WorkState {
  head: Oid | null;
  /** Full ref name of the checked-out branch, or null when detached. */
  branch: string | null;
  /** Paths that differ from HEAD in the index or in the working tree, and untracked ones. */
  dirty: string[];
  /** 'merge', 'rebase', 'cherry-pick', 'revert', 'bisect', or null. */
  underWay: string | null;
}

export interface Landing {
  head: Oid;
  tree: Oid;
  message: string;
  /** A ready commit that rewrites the branch: it moves there instead of growing. `keep` is a ref that holds the old head. */
  rewrite?: { tip: Oid; keep: string };
}

/** `commit`: what landed, wherever HEAD has gone since; null unless `outcome` is `landed`. */
export interface Recovered {
  outcome: 'landed' | 'undone' | 'nothing';
  commit: Oid | null;
  kept: Kept[];
}

/** A file that somebody wrote to during a landing: it was left as it is. */
export interface Kept {
  path: string;
  /** Bytes of it that found no place in the working tree; `git show` prints them. */
  blob: Oid | null;
}

/** `changed`: files that differ from the commit, because they were written to while it was made. */
export interface Landed {
  commit: Oid;
  changed: string[];
  kept: Kept[];
}

/** Put what `tree` changes in `head` into `target`, an ancestor of `head` or `head` itself. */
export interface Fold {
  head: Oid;
  target: Oid;
  tree: Oid;
  /** `Key: value`, added to the target's message. */
  trailer: string;
}

export type Folded =
  /** `into` is the target's new name, `tip` the head's; `tree` is the tip's. Old and new names, oldest first. */
  | { ok: true; into: Oid; tip: Oid; tree: Oid; rewritten: Array<[Oid, Oid]> }
  /** `commit` is a merge, conflicts in `paths`, or is where a shallow clone ends. */
  | { ok: false; why: 'merge' | 'conflict' | 'shallow'; commit: Oid; paths: string[] };

/** One repository. Long-lived readers start on first use; `close()` ends them. */
export interface Repository {
  readonly info: RepositoryInfo;

  /** Long-lived `cat-file --batch-command`. */
  readonly objects: {
    /** @throws AmbientError `object-missing` (user). */
    commit(oid: Oid): Promise<CommitInfo>;
    blob(oid: Oid): Promise<Buffer>;
    /** The blob at `path` in commit-ish or tree-ish `at`, or null. */
    blobAt(at: Oid, path: string): Promise<{ oid: Oid; content: Buffer } | null>;
    /** Oid that `expression` names (peeled as written), or null. */
    resolve(expression: string): Promise<Oid | null>;
    type(oid: Oid): Promise<'commit' | 'tree' | 'blob' | 'tag' | null>;
  };

  readonly trees: {
    /** Every entry below `tree`, recursive, sorted by path; with `paths` only those files of them that are there. */
    list(tree: Oid, paths?: ReadonlySet<string>): Promise<TreeEntry[]>;
    /** How many objects of `tree` a partial clone does not have. */
    absent(tree: Oid): Promise<number>;
    /** Regular-file changes with line ranges, renames off. `from` null = everything is added. */
    diff(from: Oid | null, to: Oid): Promise<FileChange[]>;
    /** Paths that each commit changed against its first parent; one process for the lot. */
    changedPaths(commits: readonly Oid[]): Promise<Map<Oid, string[]>>;
    /** Paths below `tree` whose text holds `word` as a whole word, among the files that `pathspecs` admit. */
    grep(tree: Oid, word: string, pathspecs: readonly string[]): Promise<string[]>;
    /** Does any line below `tree` match `pattern` (extended regular expression), in the files that `pathspecs` admit? */
    hasLine(tree: Oid, pattern: string, pathspecs: readonly string[]): Promise<boolean>;
    /** Unified patch for people. */
    patch(from: Oid, to: Oid, options?: { color?: boolean }): Promise<string>;
    /** Shows the change in the user's own tool, with the user's terminal; resolves to its exit code. */
    difftool(from: Oid, to: Oid): Promise<number>;
    /** In memory, with an explicit base: X = base tree, Y = candidate on X, Z = onto on X, merge Z and Y. */
    merge(input: { base: Oid; candidate: Oid; onto: Oid }): Promise<MergeResult>;
    /** Writes `content` as blobs and a tree of them; returns the tree's oid. Flat or nested paths. */
    write(files: Array<{ path: string; content: Uint8Array }>): Promise<Oid>;
    /** The same tree with other files in it, modes kept; null content removes. */
    edit(tree: Oid, files: ReadonlyArray<{ path: string; content: Uint8Array | null }>): Promise<Oid>;
  };

  readonly refs: {
    list(...prefixes: string[]): Promise<Array<{ ref: string; oid: Oid }>>;
    read(ref: string): Promise<Oid | null>;
    /** As `read`, never by a process of its own: a ref whose object is gone counts as absent. For what `transact` guards. */
    look(ref: string): Promise<Oid | null>;
    /** The commits that refs below `prefix` point at, in one process. */
    commits(...prefixes: string[]): Promise<Array<{ ref: string; commit: CommitInfo }>>;
    /** The notes on `targets` at the notes commit `tip`. */
    notesOn(tip: Oid, targets: readonly Oid[]): Promise<Array<{ target: Oid; text: string }>>;
    /** The lines of all notes in `ref`: [target oid, text]. One process for the lot. */
    notes(ref: string): Promise<Array<{ target: Oid; text: string }>>;
  };

  /** The write primitive: objects by one fast-import, refs by one transaction; retried on a lost race. */
  transact(writes: Writes): Promise<Written>;

  readonly history: {
    /** Commits that were made in this clone (commit, amend, rebase, cherry-pick, merge; not pull, reset or checkout), oldest first, after `cursor`. */
    madeHere(cursor: string | null): Promise<{ commits: Oid[]; cursor: string }>;
    isAncestor(ancestor: Oid, of: Oid): Promise<boolean>;
    /** Those of `oids` that no ref or HEAD leads to any more, but for refs that match `ignored` (`refs/…/*`). */
    lost(oids: readonly Oid[], ignored: readonly string[]): Promise<Oid[]>;
    /** Commits of `range` whose message has `pattern` (extended regular expression). */
    grep(range: string, pattern: string): Promise<CommitInfo[]>;
  };

  readonly work: {
    /** Those of `paths` that are tracked and that a sparse checkout leaves out. */
    leftOut(paths: readonly string[]): Promise<string[]>;
    state(): Promise<WorkState>;
    /** Makes `landing.tree` the user's next commit: their identity, hooks and signing. Only the changed paths move. */
    land(landing: Landing): Promise<Landed>;
    /** Undoes a landing that was killed half-way; does nothing when there is none. */
    recover(landing: Landing): Promise<Recovered>;
  };

  /** Rewriting commits that nobody else has. Rule: in memory; nothing moves until `work.land`. */
  readonly rewrite: {
    /** Commits that wrote the lines of `at` which `tree` changes or removes. `unread`: changed files without such a line. */
    origins(at: Oid, tree: Oid): Promise<{ commits: Oid[]; unread: string[] }>;
    /** Remote-tracking branches and tags that contain `commit`, by full name. */
    holders(commit: Oid): Promise<string[]>;
    /** @throws AmbientError `no-identity`, `signing-failed` (user). */
    fold(fold: Fold): Promise<Folded>;
    /** Lets the user's own notes follow, as `notes.rewriteRef` says. */
    carryNotes(rewritten: ReadonlyArray<[Oid, Oid]>): Promise<void>;
  };

  readonly slots: {
    /** Makes `dir` hold exactly `tree`'s regular files; whatever else is in there goes. `dir` has no `.git`. */
    checkout(dir: string, tree: Oid): Promise<void>;
    /** Takes away what something that ran in `dir` has left or touched; of an unknown directory everything. */
    scrub(dir: string): Promise<void>;
  };

  /** What git does by itself after the user's commands, and ours are told not to do. Never in a hook. */
  readonly upkeep: {
    /** Packs loose refs: listing thousands of them is several times slower. */
    packRefs(): Promise<void>;
    /** `git maintenance run --auto`, unless the user has switched that off. */
    maintain(): Promise<void>;
  };

  readonly config: {
    /** As it was when this repository was first asked; `fresh`: as it is now. */
    get(key: string, options?: { fresh?: boolean }): Promise<string | null>;
    /** Local configuration only. */
    set(key: string, value: string): Promise<void>;
    unset(key: string): Promise<void>;
    identity(): Promise<{ name: string; email: string } | null>;
    /** Absolute hooks directory, and the origin and scope of `core.hooksPath` when it is set. */
    hooks(): Promise<{ dir: string; configured: { scope: string; origin: string } | null }>;
  };

  close(): Promise<void>;
}

/** Internal to `git/`: one call of git. */
export type RunGit = (
  args: readonly string[],
  options?: {
    input?: string | Uint8Array;
    cwd?: string;
    env?: Record<string, string>;
    /** Exit codes that are results; anything else throws. Default [0]. */
    ok?: readonly number[];
    timeout?: number;
    /** For what may take long and must end well. */
    as?: Pick<SpawnOptions, 'signal' | 'stop' | 'started'>;
  },
) => Promise<SpawnResult>;
