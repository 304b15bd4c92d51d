/**
 * Files, and parts of files, that decide what checks do. Rule: whoever edits these judges himself; a person may do it,
 * a proposal may not. Other parts of the same files (dependencies, metadata) are free.
 */
import { basename } from 'node:path/posix';

/** Whole files. */
const FILES =
  /^(\.?pytest\.(ini|toml)|tox\.ini|conftest\.py|sitecustomize\.py|usercustomize\.py|noxfile\.py|\.?mypy\.ini|\.?ruff\.toml|\.flake8|\.?pylintrc|pyrightconfig\.json|\.coveragerc|\.bandit|[tj]sconfig([.-].*)?\.json|(jest|vitest|ava|karma|playwright|cypress|wdio|tap|nyc|eslint|prettier|biome|stryker)\.(config|conf|workspace|setup)\.[cm]?[jt]s(on)?|\.mocharc(\..+)?|\.taprc|\.nycrc(\..+)?|\.c8rc(\..+)?|\.eslintrc(\..+)?|\.eslintignore|biome\.jsonc?|codecov\.ya?ml|\.codecov\.ya?ml|Jenkinsfile|azure-pipelines\.ya?ml|\.gitlab-ci\.ya?ml|\.travis\.ya?ml|\.pre-commit-config\.ya?ml|\.ambient\.ya?ml|\.npmrc|.*\.snap|\.golangci\.(ya?ml|toml|json)|staticcheck\.conf|go\.work|\.?clippy\.toml|rust-toolchain(\.toml)?|nextest\.toml|tarpaulin\.toml|turbo\.json|nx\.json|lerna\.json|pnpm-workspace\.yaml|\.pnpmfile\.cjs)$/;
const FOLDERS = /(^|\/)(\.github|\.circleci|\.buildkite|\.husky|\.ambient|\.cargo|\.nx|__snapshots__)\//;

/** Sections of INI and TOML files. */
const SECTIONS: Record<string, RegExp> = {
  'pyproject.toml': /^tool\.(pytest|ruff|mypy|coverage|pylint|pyright|flake8|bandit|tox|nox|hatch\.envs)\b/,
  'Cargo.toml': /^(lints|workspace\.lints|profile\.(test|dev)|test|bench|lib|workspace$)/,
  'setup.cfg': /^(tool:pytest|mypy|flake8|coverage|pylint|tox)/,
};
/** Keys of package.json. */
const MANIFEST_KEYS = [
  'scripts',
  'jest',
  'mocha',
  'ava',
  'vitest',
  'tap',
  'nyc',
  'c8',
  'eslintConfig',
  'type',
  'workspaces',
];

/** Says which check configuration a change edits, or null. */
export function editedConfiguration(path: string, before: string | null, after: string | null): string | null {
  const name = basename(path);
  if (FILES.test(name) || FOLDERS.test(path)) return path;
  const sections = SECTIONS[name];
  if (sections !== undefined)
    return sectionsOf(before ?? '', sections) === sectionsOf(after ?? '', sections)
      ? null
      : `the check settings in ${path}`;
  if (name === 'package.json')
    return keysOf(before) === keysOf(after) ? null : `the scripts or check settings in ${path}`;
  // These hold much else as well; only what they say of tests counts.
  if (/^vite\.config\.[cm]?[jt]s$/.test(name) && /\btest\s*:/.test(`${before ?? ''}${after ?? ''}`)) return path;
  return /^(GNU)?[Mm]akefile$/.test(name) && recipes(before) !== recipes(after) ? `the check targets in ${path}` : null;
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

function keysOf(text: string | null): string {
  if (text === null) return '';
  try {
    const manifest = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(MANIFEST_KEYS.map((key) => manifest[key] ?? null));
  } catch {
    return text;
  }
}

/** The targets that are checks, with their recipes. */
function recipes(text: string | null): string {
  const blocks = (text ?? '').split(/^(?=[\w.-]+\s*:)/m);
  return blocks.filter((block) => /^(test|check|lint|ci|build|all)[\w.-]*\s*:/.test(block)).join('');
}
