/**
 * What tox and nox would run. Rule: they make environments over the network, which is not there, so they are never started:
 * the commands that they name are, with the tools that are installed. Their files are read, never executed; a command that
 * is computed is said, not guessed.
 */

import type { BaseFiles } from '../types.ts';
import { kindOf } from './kind-of.ts';
import type { Plan } from './plan-command.ts';

interface Named {
  /** As tox or nox calls it: `lint`, `py311`. */
  environment: string;
  argv: string[];
}

/** @param found what was detected by itself: a tool that is there already is not run again with other arguments. */
export async function detectToxAndNox(files: BaseFiles, found: readonly Plan[]): Promise<Plan[]> {
  const read = async (path: string) => (files.paths.includes(path) ? ((await files.read(path)) ?? '') : '');
  const sources = [
    { runner: 'tox', commands: toxCommands(await toxSettings(read)) },
    { runner: 'nox', commands: noxCommands(await read('noxfile.py')) },
  ];
  const plans: Plan[] = [];
  for (const { runner, commands } of sources) {
    const usable = commands.filter((one): one is Named => one.argv !== null);
    for (const { environment, argv } of usable) {
      const tool = toolOf(argv);
      if (tool === null || [...found, ...plans].some((plan) => toolOf(plan.argv) === tool)) continue;
      plans.push({
        name: `${runner} ${environment}: ${tool}`,
        kind: kindOf(argv),
        argv,
        environment: `.${runner}/${environment}`,
      });
    }
    const nothing = ![...found, ...plans].some(({ kind }) => kind === 'tests');
    if (commands.length === 0 || !nothing) continue;
    const reason = `${runner} makes environments over the network, and what it would run cannot be run without them: name a command in \`checks:\``;
    plans.push({ name: runner, kind: 'tests', argv: [runner], reason });
  }
  return plans;
}

async function toxSettings(read: (path: string) => Promise<string>): Promise<string> {
  const [ini, setup, pyproject] = [await read('tox.ini'), await read('setup.cfg'), await read('pyproject.toml')];
  if (/^\[(tox|testenv)/m.test(ini)) return ini;
  if (/^\[tox:tox\]/m.test(setup)) return setup;
  return (/legacy_tox_ini\s*=\s*(?:"""|''')([\s\S]*?)(?:"""|''')/.exec(pyproject)?.[1] ?? '').replace(
    /^[ \t]+(?=\[|\w+\s*=)/gm,
    '',
  );
}

function toxCommands(text: string): Array<{ environment: string; argv: string[] | null }> {
  const sections = text.split(/^(?=\[)/m).filter((section) => /^\[testenv(:[^\]]+)?\]/.test(section));
  return sections.flatMap((section) => {
    const environment = /^\[testenv:([^\]]+)\]/.exec(section)?.[1]?.trim() ?? 'py';
    const block = /^commands[ \t]*=[ \t]*((?:.*)(?:\n(?:[ \t]+.*|[ \t]*(?=\n)))*)/m.exec(section)?.[1] ?? '';
    const lines = block.replace(/\\\r?\n[ \t]*/g, ' ').split('\n');
    return lines
      .map((line) => line.trim().replace(/^(?:[\w!,.-]+:\s+)?-?\s*/, ''))
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => ({ environment, argv: plain(line) }));
  });
}

/** The words of a command of tox: what is passed on to it is empty here; what it substitutes is unknown. */
function plain(line: string): string[] | null {
  const text = line
    .replace(/\{posargs(?::((?:[^{}]|\{[^{}]*\})*))?\}/g, (_, fallback?: string) => fallback ?? '')
    .replace(/\{(?:toxinidir|tox_root)\}[/\\]?/g, './')
    .replace(/\{envpython\}/g, 'python')
    .replace(/\{\/\}/g, '/')
    .replace(/(^|\s)\.\/(?=\s|$)/g, '$1.');
  if (/[{}$;|&<>`"'\\]/.test(text)) return null;
  return withoutCoverage(text.split(/\s+/).filter((word) => word !== ''));
}

/** `session.run("pytest", "-q", *session.posargs)` below `@nox.session`. */
function noxCommands(text: string): Array<{ environment: string; argv: string[] | null }> {
  const sessions = text.split(/^(?=@nox\.session\b)/m).filter((part) => part.startsWith('@'));
  return sessions.flatMap((session) => {
    const environment = /^def\s+(\w+)\s*\(/m.exec(session)?.[1] ?? 'session';
    return [...session.matchAll(/\bsession\.run\(([^)]*)\)/g)].map(([, inside = '']) => {
      const words = inside
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '' && !/^(\*session\.posargs|\w+\s*=.*)$/.test(word));
      const literal = words.map((word) => /^(["'])([^"'\\{}]*)\1$/.exec(word)?.[2] ?? null);
      const argv = literal.some((word) => word === null) ? null : withoutCoverage(literal as string[]);
      return { environment, argv };
    });
  });
}

/** Measuring is not judging, and the tool for it is one more that may not be installed. */
function withoutCoverage(argv: readonly string[]): string[] | null {
  const words = argv.filter((word) => !/^--(cov|no-cov)(-[\w-]+)?(=.*)?$/.test(word));
  const start = /^coverage3?$/.test(words[0] ?? '') ? 1 : words[1] === '-m' && words[2] === 'coverage' ? 3 : 0;
  if (start === 0) return words.length > 0 ? words : null;
  const module = words.indexOf('-m', start);
  return words[start] === 'run' && module !== -1 ? ['python', ...words.slice(module)] : null;
}

const TOOLS = ['pytest', 'unittest', 'mypy', 'flake8', 'ruff'];

/** The tool that a command starts, of those whose output we read, or null. */
function toolOf(argv: readonly string[]): string | null {
  const [first = '', flag, module = ''] = argv;
  const name = /^python(3(\.\d+)?)?$/.test(first) && flag === '-m' ? module : first === 'py.test' ? 'pytest' : first;
  return TOOLS.includes(name) ? name : null;
}
