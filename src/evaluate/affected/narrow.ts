/**
 * The command of a check, on some test files only. Pure. Rule: only commands whose meaning is certain are narrowed; the
 * options that were given stay, what selected the tests before goes.
 */
import { dirname } from 'node:path/posix';
import type { RunnableCheck } from '../types.ts';
import { narrowScript } from './narrow-script.ts';

/** What of the base a command is understood with. */
export interface NarrowingBase {
  paths: readonly string[];
  /** `package.json` of the folder that the check runs in. */
  manifest: string | null;
}

/** Returns null where the command cannot be narrowed to `tests`, paths from the top. */
export function narrow(check: RunnableCheck, tests: readonly string[], base: NarrowingBase): RunnableCheck | null {
  const folder = check.cwd ?? '';
  const own = tests.filter((path) => folder === '' || path.startsWith(`${folder}/`));
  const files = own.map((path) => (folder === '' ? path : path.slice(folder.length + 1)));
  const there = new Set(base.paths.map((path) => (folder === '' ? path : path.slice(folder.length + 1))));
  switch (check.report) {
    case 'pytest':
      return narrowPytest(check, only(files, /\.py$/), there);
    case 'unittest':
      return narrowUnittest(check, only(files, /\.py$/));
    case 'go':
      return narrowGo(check, only(files, /_test\.go$/));
    case 'javascript':
      return narrowScript(check, only(files, /\.[cm]?[jt]sx?$/), base.manifest);
    default:
      return null;
  }
}

function only(files: readonly string[], pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(file) && !file.startsWith('-'));
}

/** What pytest takes with a word of its own behind it. */
const WITH_VALUE =
  /^(-[mknpocWr]|--(rootdir|maxfail|durations|tb|ignore|ignore-glob|deselect|import-mode|numprocesses|dist|cov-config|timeout|confcutdir|basetemp|log-level|override-ini))$/;

function narrowPytest(check: RunnableCheck, files: string[], there: ReadonlySet<string>): RunnableCheck | null {
  const start = check.argv[1] === '-m' ? 3 : 1;
  const kept: string[] = [];
  const selected: string[] = [];
  for (let at = start; at < check.argv.length; at++) {
    const word = check.argv[at] ?? '';
    const before = check.argv[at - 1] ?? '';
    const isPlace = !word.startsWith('-') && !(at > start && WITH_VALUE.test(before));
    if (!isPlace) kept.push(word);
    else {
      const place = word.replace(/^\.\//, '').replace(/\/$/, '');
      if (place !== '.' && !there.has(place) && ![...there].some((path) => path.startsWith(`${place}/`))) return null;
      selected.push(place);
    }
  }
  const under = (file: string) =>
    selected.some((place) => place === '.' || file === place || file.startsWith(`${place}/`));
  const wanted = selected.length === 0 ? files : files.filter(under);
  if (wanted.length === 0) return null;
  return { ...check, argv: [...check.argv.slice(0, start), ...kept, ...wanted] };
}

/** `discover -s tests -t .` imports from the top, `-s tests` alone from `tests`. */
function narrowUnittest(check: RunnableCheck, files: string[]): RunnableCheck | null {
  const start = check.argv.indexOf('discover');
  if (check.argv[1] !== '-m' || start !== 3) return null;
  const values: Record<string, string> = {};
  const kept: string[] = [];
  for (let at = start + 1; at < check.argv.length; at++) {
    const word = check.argv[at] ?? '';
    const next = check.argv[at + 1];
    if (/^-[stp]$/.test(word) && next !== undefined) {
      values[word] = next.replace(/^\.\//, '').replace(/\/$/, '');
      at += 1;
    } else if (/^-[vbfq]$|^--(verbose|buffer|failfast|quiet|locals)$/.test(word)) kept.push(word);
    else return null;
  }
  const folder = values['-s'] ?? '.';
  const top = values['-t'] ?? folder;
  const inside = files.filter((file) => folder === '.' || file.startsWith(`${folder}/`));
  const named = inside.filter((file) => fits(file, values['-p'] ?? 'test*.py'));
  const modules = named.map((file) =>
    (top === '.' ? file : file.slice(top.length + 1)).replace(/\.py$/, '').replaceAll('/', '.'),
  );
  if (modules.length === 0 || !modules.every((name) => /^\w+(\.\w+)*$/.test(name))) return null;
  const place = [check.cwd ?? '', top === '.' ? '' : top].filter(Boolean).join('/');
  const pythonPath = place === '' ? check.pythonPath : [place, ...check.pythonPath];
  return { ...check, argv: [...check.argv.slice(0, 3), ...kept, ...modules], pythonPath };
}

function fits(file: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(file.slice(file.lastIndexOf('/') + 1));
}

function narrowGo(check: RunnableCheck, files: string[]): RunnableCheck | null {
  const at = check.argv.indexOf('./...');
  if (at === -1 || check.argv[1] !== 'test' || files.length === 0) return null;
  const packages = [...new Set(files.map((file) => `./${dirname(file)}`.replace(/\/\.$/, '/.')))];
  return { ...check, argv: [...check.argv.slice(0, at), ...packages, ...check.argv.slice(at + 1)] };
}
