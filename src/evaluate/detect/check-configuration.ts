/**
 * Files, and parts of files, that decide what checks do. Rule: whoever edits these judges himself; a proposal may not do it
 * at all, a person may make them ask for more. Other parts of the same files (dependencies, metadata) are free.
 */
import { basename } from 'node:path/posix';
import { asksForMore } from './check-settings.ts';

/** Whole files. */
const FILES = new RegExp(
  `^(${[
    // Python
    ...[
      '\\.?pytest\\.(ini|toml)',
      'tox\\.(ini|toml)',
      'conftest\\.py',
      '(site|user)customize\\.py',
      '.*\\.pth',
      'noxfile\\.py',
    ],
    ...[
      '\\.?mypy\\.ini',
      '\\.?ruff\\.toml',
      '\\.flake8',
      '\\.?pylintrc(\\.toml)?',
      'pyrightconfig\\.json',
      '\\.coveragerc',
      '\\.bandit',
    ],
    ...[
      'ty\\.toml',
      'pyrefly\\.toml',
      '\\.pyre_configuration',
      '\\.isort\\.cfg',
      '\\.style\\.yapf',
      '\\.semgrep(ignore|\\.ya?ml)',
    ],
    // JavaScript and TypeScript
    ...[
      '[tj]sconfig([.-].*)?\\.json',
      '\\.mocharc(\\..+)?',
      '\\.taprc',
      '\\.nycrc(\\..+)?',
      '\\.c8rc(\\..+)?',
      '\\.eslintrc(\\..+)?',
    ],
    '(jest|vitest|ava|karma|playwright|cypress|wdio|tap|nyc|eslint|prettier|biome|stryker|babel)\\.(config|conf|workspace|setup|preset|shared)\\.[cm]?[jt]s(on)?',
    ...[
      '\\.eslintignore',
      'biome\\.jsonc?',
      '\\.oxlintrc\\.json',
      '\\.jshintrc',
      '\\.babelrc(\\..+)?',
      '\\.swcrc',
      'bunfig\\.toml',
      'deno\\.jsonc?',
    ],
    ...[
      '(setup-?tests?|test-?setup|setup-?(jest|vitest)|(jest|vitest|mocha)[.-]?(setup|global-?setup|teardown|preload|reporter))\\.[cm]?[jt]sx?',
      '\\.npmrc',
      '\\.env\\.test',
    ],
    // Go and Rust
    ...[
      '\\.golangci\\.(ya?ml|toml|json)',
      'staticcheck\\.conf',
      'go\\.work',
      '\\.?clippy\\.toml',
      'rust-toolchain(\\.toml)?',
      'nextest\\.toml',
      '\\.?tarpaulin\\.toml',
    ],
    // Where they run
    ...[
      'codecov\\.ya?ml',
      '\\.codecov\\.ya?ml',
      'Jenkinsfile',
      'azure-pipelines\\.ya?ml',
      '\\.gitlab-ci\\.ya?ml',
      '\\.travis\\.ya?ml',
      'appveyor\\.ya?ml',
    ],
    ...[
      '\\.drone\\.ya?ml',
      'bitbucket-pipelines\\.ya?ml',
      '\\.woodpecker\\.ya?ml',
      '\\.pre-commit-config\\.ya?ml',
      '\\.?lefthook\\.ya?ml',
    ],
    ...[
      '\\.ambient\\.ya?ml',
      '.*\\.snap',
      'turbo\\.json',
      'nx\\.json',
      'lerna\\.json',
      'pnpm-workspace\\.yaml',
      '\\.pnpmfile\\.cjs',
      'sonar-project\\.properties',
    ],
    '(run[-_]?)?(tests?|checks?|lint|ci)\\.(sh|bash|cmd|ps1)',
  ].join('|')})$`,
);
const FOLDERS =
  /(^|\/)(\.github\/(workflows|actions)|\.circleci|\.buildkite|\.husky|\.ambient|\.cargo|\.config\/nextest\.toml$|\.nx|__snapshots__|\.ci)(\/|$)/;
/** A file of this name at the top is imported instead of the tool. */
const SHADOWS =
  /^(src\/|lib\/)?(pytest|_pytest|pluggy|unittest|doctest|coverage|nose|hypothesis|mypy|ruff|tox|nox|xdist|pytest_\w+)(\.py|\/.*)$|(^|\/)node_modules\//;

/** Sections of INI and TOML files. */
const SECTIONS: Record<string, RegExp> = {
  'pyproject.toml':
    /^(tool\.(pytest|ruff|mypy|coverage|pylint|pyright|flake8|bandit|tox|nox|ty|pyrefly|hatch\.envs)\b|project\.entry-points\.pytest11|tool\.poetry\.plugins\.pytest11)/,
  'Cargo.toml': /^(lints|workspace\.lints|profile\.(test|dev)|test|bench|lib|workspace$|patch\b|replace$)/,
  'setup.cfg': /^(tool:pytest|mypy|flake8|coverage|pylint|tox|aliases|options\.entry_points)/,
};
/** Single lines of them, wherever they stand. */
const LINES: Record<string, RegExp> = {
  'Cargo.toml': /^\s*(autotests|autobenches|autoexamples|harness|doctest|test)\s*=/,
  'setup.py': /pytest11|test_suite|test_loader|cmdclass/,
  'go.mod': /^\s*(replace\b|.*=>)/,
};
/** Keys of package.json. */
const MANIFEST_KEYS = [
  ...[
    'jest',
    'mocha',
    'ava',
    'vitest',
    'tap',
    'nyc',
    'c8',
    'xo',
    'standard',
    'prettier',
    'eslintConfig',
    'eslintIgnore',
    'babel',
  ],
  ...['type', 'workspaces'],
];
/** Scripts that checks are, or that run before and after them. */
const CHECKS = /^(pre|post)?(test|lint|type|check|tsc|ci|build|verify|coverage|spec|unit|e2e)/;

/**
 * Says which check configuration a change edits, or null.
 * @param strict a proposal is judged: not even what makes a check ask for more is allowed.
 */
export function editedConfiguration(
  path: string,
  before: string | null,
  after: string | null,
  strict = true,
): string | null {
  const name = basename(path);
  if (SHADOWS.test(path)) return before === null ? `${path}, a name of a tool` : null;
  const more = (one: string, other: string) => one === other || (!strict && asksForMore(one, other));
  if (
    !strict &&
    before !== null &&
    /\.github\/(workflows|actions)\//.test(path) &&
    pinned(before) === pinned(after ?? '')
  )
    return null;
  if (FILES.test(name) || FOLDERS.test(path)) {
    const free =
      before !== null && after !== null && !/\.(py|snap|sh)$|__snapshots__/.test(path) && more(before, after);
    return free ? null : path;
  }
  const sections = SECTIONS[name];
  const lines = LINES[name];
  if (sections !== undefined || lines !== undefined) {
    const settings = (text: string | null) =>
      `${sections ? sectionsOf(text ?? '', sections) : ''}\n${lines ? linesOf(text ?? '', lines) : ''}`;
    return more(settings(before), settings(after)) ? null : `the check settings in ${path}`;
  }
  if (name === 'package.json')
    return sameManifest(before, after, strict, more) ? null : `the scripts or check settings in ${path}`;
  // These hold much else as well; only what they say of tests counts.
  if (/^vite\.config\.[cm]?[jt]s$/.test(name) && /\btest\s*:/.test(`${before ?? ''}${after ?? ''}`)) return path;
  return /^((GNU)?[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml)$/.test(name) && recipes(before) !== recipes(after)
    ? `the check targets in ${path}`
    : null;
}

/** A workflow without the versions of the actions that it uses: another one is no other check. */
function pinned(text: string): string {
  return text.replace(/^(\s*-?\s*uses:\s*[\w./-]+)@\S+.*$/gm, '$1');
}

function sectionsOf(text: string, wanted: RegExp): string {
  let inside = false;
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const header = /^\s*\[+([^\]]+)\]+/.exec(line);
    if (header) inside = wanted.test((header[1] ?? '').replace(/["'\s]/g, ''));
    const content = line.trim();
    if (inside && content !== '' && !content.startsWith('#') && !content.startsWith(';')) lines.push(content);
  }
  return lines.join('\n');
}

function linesOf(text: string, wanted: RegExp): string {
  return text
    .split('\n')
    .filter((line) => wanted.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function sameManifest(
  before: string | null,
  after: string | null,
  strict: boolean,
  more: (one: string, other: string) => boolean,
): boolean {
  const [old, now] = [manifestOf(before), manifestOf(after)];
  if (old === null || now === null) return (before ?? '') === (after ?? '');
  const settings = (manifest: Record<string, unknown>) =>
    JSON.stringify(
      MANIFEST_KEYS.map((key) => [key, manifest[key] ?? null]),
      null,
      1,
    );
  if (!more(settings(old), settings(now))) return false;
  const [was, is] = [scripts(old), scripts(now)];
  const used = (name: string) =>
    CHECKS.test(name) ||
    Object.values(was).some((script) =>
      new RegExp(`\\brun[\\w-]*\\s+(-\\S+\\s+)*${name.replace(/[^\w]/g, '\\$&')}\\b`).test(script),
    );
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]);
  return strict ? changed.length === 0 : !changed.some(used);
}

function manifestOf(text: string | null): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function scripts(manifest: Record<string, unknown>): Record<string, string> {
  const value = manifest['scripts'];
  if (value === null || typeof value !== 'object') return {};
  return Object.fromEntries(Object.entries(value as object).map(([name, script]) => [name, String(script)]));
}

/** The targets that are checks, with their recipes. */
function recipes(text: string | null): string {
  const blocks = (text ?? '').split(/^(?=[\w.-]+\s*:)/m);
  return blocks.filter((block) => /^(test|check|lint|ci|build|all|verify|coverage)[\w.-]*\s*:/.test(block)).join('');
}
