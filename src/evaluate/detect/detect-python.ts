/** The checks of a Python project. Rule: a tool counts as configured only when the repository has settings for it. */
import { basename, dirname } from 'node:path/posix';
import type { BaseFiles } from '../types.ts';
import { detectToxAndNox } from './detect-tox.ts';
import type { Plan } from './plan-command.ts';

/** Test files that are read to tell pytest from unittest. */
const MOST_READ = 200;

/** @param files of one project: without those of projects below it. */
export async function detectPython(files: BaseFiles): Promise<Plan[]> {
  if (!files.paths.some((path) => path.endsWith('.py'))) return [];
  const settings = await readSettings(files);
  const tests = await detectTests(files, settings);
  const plans: Plan[] = tests === null ? [] : [tests];
  if (settings.ruff) plans.push({ name: 'ruff check', kind: 'lint', argv: ['ruff', 'check', '.'] });
  if (settings.mypy !== null) {
    const targets = settings.mypy.hasFiles ? [] : mypyTargets(files.paths);
    plans.push({ name: 'mypy', kind: 'types', argv: ['mypy', ...targets] });
  }
  return [...plans, ...(await detectToxAndNox(files, plans))];
}

interface Settings {
  pytest: boolean;
  ruff: boolean;
  mypy: { hasFiles: boolean } | null;
}

async function readSettings(files: BaseFiles): Promise<Settings> {
  const read = async (path: string) => (files.paths.includes(path) ? ((await files.read(path)) ?? '') : '');
  const [pyproject, setup, tox, mypyIni] = [
    await read('pyproject.toml'),
    await read('setup.cfg'),
    await read('tox.ini'),
    (await read('mypy.ini')) || (await read('.mypy.ini')),
  ];
  const mypy = section(pyproject, /^\[tool\.mypy\]/m) ?? section(setup, /^\[mypy\]/m) ?? section(mypyIni, /^\[mypy\]/m);
  return {
    pytest:
      /^\[tool\.pytest\b/m.test(pyproject) ||
      /^\[tool:pytest\]/m.test(setup) ||
      /^\[pytest\]/m.test(tox) ||
      files.paths.some((path) => /^\.?pytest\.(ini|toml)$/.test(path)),
    ruff: /^\[tool\.ruff\b/m.test(pyproject) || files.paths.some((path) => /^\.?ruff\.toml$/.test(path)),
    mypy: mypy === null ? null : { hasFiles: /^\s*(files|packages|modules)\s*=/m.test(mypy) },
  };
}

/** The text from a header to the next, or null. */
function section(text: string, header: RegExp): string | null {
  const start = text.search(header);
  if (start === -1) return null;
  const rest = text.slice(start).replace(/^.*\n?/, '');
  const end = rest.search(/^\[/m);
  return end === -1 ? rest : rest.slice(0, end);
}

async function detectTests(files: BaseFiles, settings: Settings): Promise<Plan | null> {
  const pytest: Plan = { name: 'pytest', kind: 'tests', argv: ['pytest'] };
  const candidates = files.paths.filter((path) => /^(test_.*|.*_test|tests?)\.py$/.test(basename(path)));
  const conftest = files.paths.some((path) => basename(path) === 'conftest.py');
  if (settings.pytest || (conftest && candidates.length > 0)) return pytest;
  const cases: string[] = [];
  for (const path of candidates.slice(0, MOST_READ)) {
    const text = (await files.read(path)) ?? '';
    if (/^\s*(import|from)\s+pytest\b/m.test(text) || /^(async\s+)?def\s+test_/m.test(text)) return pytest;
    if (/\bTestCase\b/.test(text)) cases.push(path);
    else if (/^class\s+Test\w*/m.test(text) && /^\s+(async\s+)?def\s+test/m.test(text)) return pytest;
  }
  return cases.length > 0 ? unittest(cases, files.paths) : null;
}

function unittest(cases: readonly string[], paths: readonly string[]): Plan {
  const roots = new Set(cases.map((path) => path.split('/')[0] ?? ''));
  const [root = ''] = roots;
  const args: string[] = [];
  if (roots.size === 1 && cases.every((path) => path.includes('/'))) {
    // A folder that is no package is a place of modules; inside a package the top stays the top.
    const folder = commonFolder(cases);
    const top = paths.includes(`${root}/__init__.py`) ? ['-t', '.'] : [];
    args.push('-s', top.length > 0 ? root : folder, ...top);
  }
  if (cases.every((path) => !basename(path).startsWith('test'))) args.push('-p', '*_test.py');
  return { name: 'unittest', kind: 'tests', argv: ['python3', '-m', 'unittest', 'discover', ...args, '-v'] };
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0] ?? '.');
  while (folder !== '.' && !paths.every((path) => path.startsWith(`${folder}/`))) folder = dirname(folder);
  return folder;
}

function mypyTargets(paths: readonly string[]): string[] {
  const top = paths.filter((path) => /^(src\/)?[^/]+\/__init__\.py$/.test(path)).map((path) => dirname(path));
  const packages = top.filter((path) => !/(^|\/)(tests?|docs?|examples?)$/.test(path));
  return packages.length > 0 ? packages : ['.'];
}
