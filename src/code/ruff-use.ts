/**
 * How a repository uses ruff beyond linting: as formatter and as sorter of imports. Rule: told only where its settings are
 * wholly understood and its version formats as ours does; half understood would be wrong everywhere.
 */
import type { Read } from './python-conventions.ts';
import { below, type TomlValue } from './toml.ts';
import type { RuffUse } from './types.ts';

/** The first minor version of ruff 0.x with the style guide of 2026, which the version that we carry has too. */
const SAME_STYLE = 15;
const FORMAT = [
  'quote-style',
  'indent-style',
  'skip-magic-trailing-comma',
  'line-ending',
  'docstring-code-format',
  'docstring-code-line-length',
];
const SORT = [
  ...['known-first-party', 'known-third-party', 'known-local-folder', 'extra-standard-library', 'force-single-line'],
  ...['force-sort-within-sections', 'case-sensitive', 'combine-as-imports', 'force-wrap-aliases', 'order-by-type'],
  ...[
    'split-on-trailing-comma',
    'relative-imports-order',
    'lines-after-imports',
    'lines-between-types',
    'single-line-exclusions',
  ],
  ...[
    'force-to-top',
    'classes',
    'constants',
    'variables',
    'no-lines-before',
    'length-sort',
    'length-sort-straight',
    'from-first',
  ],
];

/** @param ruff ruff's own settings, without `tool.ruff`. @param text the files that they stand in. */
export async function readRuffUse(
  read: Read,
  ruff: ReadonlyMap<string, TomlValue>,
  text: string,
): Promise<RuffUse | null> {
  const hooks = (await read('.pre-commit-config.yaml')) ?? '';
  const configured = ruff.size > 0;
  const formats = /\bid:\s*ruff-format\b/.test(hooks) || /^\s*\[(tool\.ruff\.)?format\]/m.test(text);
  const chosen = ['select', 'extend-select'].flatMap((key) => [ruff.get(key), ruff.get(`lint.${key}`)]).flat();
  const sortsImports = chosen.some((code) => code === 'I' || code === 'I001' || code === 'ALL');
  if (
    !(configured || formats) ||
    !(formats || sortsImports) ||
    ruff.has('extend') ||
    /^\s*preview\s*=\s*true/m.test(text)
  )
    return null;
  const [format, sort] = [below(ruff, 'format.'), [...below(ruff, 'lint.isort.'), ...below(ruff, 'isort.')]];
  const followed = format.every(([key]) => FORMAT.includes(key) || key === 'exclude');
  const sorted = sort.every(([key]) => SORT.includes(key));
  const sameStyle = (await pinned(read, hooks, text)).every((minor) => minor >= SAME_STYLE);
  const options = {
    ...Object.fromEntries(
      ['line-length', 'indent-width'].flatMap((key) => (ruff.has(key) ? [[key, ruff.get(key)]] : [])),
    ),
    format: Object.fromEntries(format.filter(([key]) => key !== 'exclude')),
    lint: { isort: Object.fromEntries(sort) },
  };
  const use = { formats: formats && followed && sameStyle, sortsImports: sortsImports && sorted, options };
  return use.formats || use.sortsImports ? use : null;
}

/** Minor versions of ruff 0.x that hooks, requirements and lock files name. */
async function pinned(read: Read, hooks: string, text: string): Promise<number[]> {
  const files = ['uv.lock', 'poetry.lock', 'requirements-dev.txt', 'requirements.txt', 'dev-requirements.txt'];
  const others = (await Promise.all(files.map(read))).map((one) => one ?? '').join('\n');
  const said = [
    ...hooks.matchAll(/ruff-pre-commit['"]?\s+rev:\s*['"]?v?0\.(\d+)/g),
    ...`${text}\n${others}`.matchAll(/\bruff\s*(?:==|~=)\s*0\.(\d+)/g),
    ...others.matchAll(/^name = "ruff"\r?\nversion = "0\.(\d+)/gm),
    ...text.matchAll(/required-version\s*=\s*["'](?:==|~=)?\s*0\.(\d+)/g),
  ];
  return said.map((match) => Number(match[1]));
}
