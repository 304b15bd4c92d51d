/** What a Python repository says about itself. Rule: the lowest version that anything claims wins. */
import { iniList, readIni } from './ini.ts';
import { readRuffUse } from './ruff-use.ts';
import { below, readToml, type TomlValue } from './toml.ts';
import type { Conventions } from './types.ts';

export type Read = (path: string) => Promise<string | null>;
export type PythonConventions = Pick<Conventions, 'python' | 'tools' | 'ignoredRules' | 'ruff'> &
  Pick<Ignores, 'ignoredByPath' | 'excluded'> & { selectedRules: string[] };

interface Ignores {
  ignoredRules: string[];
  ignoredByPath: Array<{ pattern: string; rules: readonly string[] }>;
  excluded: string[];
}

/** Reads pyproject.toml, ruff.toml, setup.cfg, setup.py, tox.ini, .flake8, pylint's and bandit's files. */
export async function readPythonConventions(read: Read): Promise<PythonConventions> {
  const [pyproject, ruffToml, dotRuff, setupCfg, setupPy, tox, flake8, isort] = await Promise.all(
    ['pyproject.toml', 'ruff.toml', '.ruff.toml', 'setup.cfg', 'setup.py', 'tox.ini', '.flake8', '.isort.cfg'].map(
      read,
    ),
  );
  const project = readToml(pyproject ?? '');
  const ownRuff = dotRuff ?? ruffToml ?? null;
  const ruff = new Map(ownRuff === null ? below(project, 'tool.ruff.') : readToml(ownRuff));
  const inis = [setupCfg, tox, flake8].map((text) => readIni(text ?? ''));
  const tools = toolNames(project, inis, { ruff: ownRuff != null, flake8: flake8 != null, isort: isort != null });
  const pylint = (await read('.pylintrc')) ?? (await read('pylintrc')) ?? setupCfg ?? '';
  const bandit = readIni((await read('.bandit')) ?? '');
  const ignores = [
    ruffIgnores(ruff),
    ...inis.map(flake8Ignores),
    pylintIgnores(project, readIni(pylint)),
    { ...NONE, ignoredRules: [...strings(project.get('tool.bandit.skips')), ...iniList(bandit.get('bandit.skips'))] },
  ];
  const use = await readRuffUse(read, ruff, [pyproject, ownRuff].join('\n'));
  return {
    ...(use ? { ruff: use } : {}),
    python: lowestPython({
      project,
      ruff,
      setupCfg: inis[0] ?? new Map(),
      setupPy: setupPy ?? '',
      tox: inis[1] ?? new Map(),
    }),
    tools,
    ignoredRules: [...new Set(ignores.flatMap((one) => one.ignoredRules))],
    selectedRules: selected(ruff),
    ignoredByPath: ignores.flatMap((one) => one.ignoredByPath),
    excluded: [...new Set(ignores.flatMap((one) => one.excluded))],
  };
}

function toolNames(
  project: ReadonlyMap<string, TomlValue>,
  inis: ReadonlyArray<ReadonlyMap<string, string>>,
  files: Readonly<Record<string, boolean>>,
): string[] {
  const sections = [...project.keys()].map((key) => /^tool\.(\w+)/.exec(key)?.[1] ?? '');
  const ini = inis.flatMap((one) => [...one.keys()].map((key) => /^(?:tool:)?(\w+)/.exec(key)?.[1] ?? ''));
  return ['ruff', 'black', 'isort', 'flake8', 'mypy', 'pytest'].filter(
    (tool) => files[tool] || sections.includes(tool) || ini.includes(tool),
  );
}

function strings(value: TomlValue | undefined): string[] {
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}

function selected(ruff: ReadonlyMap<string, TomlValue>): string[] {
  return ['select', 'extend-select', 'lint.select', 'lint.extend-select'].flatMap((key) => strings(ruff.get(key)));
}

function ruffIgnores(ruff: ReadonlyMap<string, TomlValue>): Ignores {
  const both = (key: string) => [...strings(ruff.get(key)), ...strings(ruff.get(`lint.${key}`))];
  const perFile = ['per-file-ignores.', 'extend-per-file-ignores.'].flatMap((key) => [
    ...below(ruff, key),
    ...below(ruff, `lint.${key}`),
  ]);
  return {
    ignoredRules: [...both('ignore'), ...both('extend-ignore')],
    ignoredByPath: perFile.map(([pattern, rules]) => ({ pattern, rules: strings(rules) })),
    excluded: [...both('exclude'), ...both('extend-exclude')],
  };
}

const NONE: Ignores = { ignoredRules: [], ignoredByPath: [], excluded: [] };

/** pylint's own names and codes; its patterns of paths are regular expressions, of which plain folders are read. */
function pylintIgnores(project: ReadonlyMap<string, TomlValue>, ini: ReadonlyMap<string, string>): Ignores {
  const values = (key: string) =>
    [
      ...[...project]
        .filter(([name]) => /^tool\.pylint\./i.test(name) && name.toLowerCase().endsWith(`.${key}`))
        .flatMap(([, value]) => strings(value)),
      ...[...ini]
        .filter(
          ([name]) =>
            /^(pylint\.)?(main|master|messages control)\./i.test(name) && name.toLowerCase().endsWith(`.${key}`),
        )
        .flatMap(([, value]) => iniList(value)),
    ].flatMap(iniList);
  const folders = values('ignore-paths').map((pattern) =>
    pattern.replace(/^\^|\/?(\.\*)?\$?$/g, '').replaceAll('\\', ''),
  );
  const plain = folders.filter((pattern) => /^[\w./-]+$/.test(pattern));
  return { ...NONE, ignoredRules: values('disable'), excluded: [...values('ignore'), ...plain] };
}

function flake8Ignores(ini: ReadonlyMap<string, string>): Ignores {
  const list = (key: string) => iniList(ini.get(`flake8.${key}`));
  const perFile = (ini.get('flake8.per-file-ignores') ?? '').split('\n').flatMap((line) => {
    const pair = /^\s*([^:]+?)\s*:\s*(.+)$/.exec(line);
    return pair ? pair[1]!.split(',').map((pattern) => ({ pattern: pattern.trim(), rules: iniList(pair[2]) })) : [];
  });
  return {
    ignoredRules: [...list('ignore'), ...list('extend-ignore')],
    ignoredByPath: perFile,
    excluded: [...list('exclude'), ...list('extend-exclude')],
  };
}

interface VersionSources {
  project: ReadonlyMap<string, TomlValue>;
  ruff: ReadonlyMap<string, TomlValue>;
  setupCfg: ReadonlyMap<string, string>;
  setupPy: string;
  tox: ReadonlyMap<string, string>;
}

function lowestPython({ project, ruff, setupCfg, setupPy, tox }: VersionSources): readonly [number, number] | null {
  const required = [
    ...strings(project.get('project.requires-python')),
    ...strings(project.get('tool.poetry.dependencies.python')),
    setupCfg.get('options.python_requires') ?? '',
    /python_requires\s*=\s*["']([^"']+)["']/.exec(setupPy)?.[1] ?? '',
  ].flatMap(lowerBound);
  const target = strings(ruff.get('target-version')).flatMap((name) => short(/^py(\d)(\d+)$/.exec(name)));
  const claimed = required.length > 0 ? required : [...target, ...classifiers(project, setupCfg, setupPy)];
  const environments =
    claimed.length > 0
      ? []
      : [...(tox.get('tox.envlist') ?? tox.get('tox.env_list') ?? '').matchAll(/py(\d)\.?(\d+)/g)];
  const versions = [...claimed, ...environments.flatMap(short)];
  return versions.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])[0] ?? null;
}

function short(match: RegExpExecArray | null): Array<readonly [number, number]> {
  return match ? [[Number(match[1]), Number(match[2])]] : [];
}

/** The lowest version of a specifier such as `>=3.8,<4`, `~=3.9`, `^3.10`, `==3.11.*`. */
function lowerBound(specifier: string): Array<readonly [number, number]> {
  const bound = /(?:>=?|~=|\^|~|==)\s*(\d+)(?:\.(\d+))?/.exec(specifier);
  return bound ? [[Number(bound[1]), Number(bound[2] ?? 0)]] : [];
}

function classifiers(project: ReadonlyMap<string, TomlValue>, cfg: ReadonlyMap<string, string>, setupPy: string) {
  const text = [...strings(project.get('project.classifiers')), cfg.get('metadata.classifiers') ?? '', setupPy].join(
    '\n',
  );
  return [...text.matchAll(/Programming Language :: Python :: (\d)\.(\d+)/g)].flatMap(short);
}
