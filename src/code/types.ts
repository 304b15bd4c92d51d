/** What `code/` knows about files and repositories. Rule: facts read from text; nothing here runs the user's code. */

export type LanguageId = 'python' | 'javascript' | 'typescript';

/** What the repository says about itself in its own configuration files. */
export interface Conventions {
  /** Lowest supported Python, for example [3, 9]; null when the repository does not say. */
  python: readonly [number, number] | null;
  /** Is `import` the module system of .js files without other marks? */
  esm: boolean;
  /** Lowest major version of Node in `engines`; absent when the repository does not say. */
  oldestNode?: number;
  /** Tools that the repository itself has configured, for example 'ruff', 'black', 'isort', 'eslint', 'prettier'. */
  tools: readonly string[];
  /** Rule prefixes that the repository ignores (ruff and flake8 codes, eslint rule names). */
  ignoredRules: readonly string[];
  /** Rule prefixes that the repository has chosen by name (ruff's `select`); absent when it chose none. */
  selectedRules?: readonly string[];
  /** Patterns (gitignore-like) of paths and the prefixes that are ignored there. */
  ignoredByPath?: ReadonlyArray<{ pattern: string; rules: readonly string[] }>;
  /** Paths (gitignore-like patterns) that .gitattributes calls generated or vendored. */
  generated?: readonly string[];
  /** How the repository uses ruff; absent when it configures none, or in a way or version that cannot be followed. */
  ruff?: RuffUse;
  /** Files of those that are looked at which no test reaches; absent: nobody asked. */
  unreached?: readonly string[];
  /** Paths (gitignore-like patterns) that the repository's own linters of that language leave out. */
  excluded?: Readonly<Record<'python' | 'javascript', readonly string[]>>;
}

export interface RuffUse {
  /** It formats with `ruff format`. */
  formats: boolean;
  /** It sorts imports with ruff's rule I001. */
  sortsImports: boolean;
  /** Options of ruff that both depend on, as ruff's configuration names them. */
  options: Readonly<Record<string, unknown>>;
}
