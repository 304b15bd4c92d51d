/**
 * Turns a command as people write it into the argv that runs in a sandbox, and picks the reader of its output. Rule: a
 * missing tool is found here, before anything runs, and is a reason.
 */
import type { CheckKind, Program, Report, Toolchain } from './types.ts';

/** A check before its tools are looked up. `argv` is as it is allowed and shown. */
export interface Plan {
  name: string;
  kind: CheckKind;
  argv: string[];
  cwd?: string;
}

export type Planned =
  | { argv: string[]; env: Record<string, string>; report: Report; program: Program }
  | { reason: string };

const PYTHON_TOOLS = new Set(['pytest', 'py.test', 'mypy', 'ruff', 'flake8', 'unittest']);
/** Reports of a run of pytest on this machine; the file lies in the slot and is read back as data. */
const PYTEST_FLAGS = [
  ...['-p', 'no:cacheprovider', '--color=no', '--continue-on-collection-errors'],
  ...['-o', 'junit_family=xunit2', '--junitxml={report}'],
];

export async function planCommand(plan: Plan, tools: Toolchain, installed: readonly string[]): Promise<Planned> {
  const [first = '', ...rest] = plan.argv;
  if (/^python(3(\.\d+)?)?$/.test(first) && rest[0] === '-m' && PYTHON_TOOLS.has(rest[1] ?? ''))
    return planPython(rest[1] ?? '', rest.slice(2), tools);
  if (PYTHON_TOOLS.has(first)) return planPython(first === 'py.test' ? 'pytest' : first, rest, tools);
  if (first === 'tsc' || first === 'eslint') return planLocal(first, rest, tools, installed);
  return planOther(first, rest, tools);
}

async function planPython(tool: string, rest: string[], tools: Toolchain): Promise<Planned> {
  const python = await tools.find('python');
  const report: Report = tool === 'pytest' ? 'pytest' : tool === 'unittest' ? 'unittest' : 'complaints';
  const args = [...rest, ...flagsOf(tool, rest)];
  if (python !== null && (tool === 'unittest' || tool in python.modules))
    return { argv: [python.path, '-m', tool, ...args], env: {}, report, program: python };
  // Ruff is often a program of its own, and pytest may be that of another interpreter.
  const own = tool === 'unittest' ? null : await tools.find(tool);
  if (own !== null) return { argv: [own.path, ...args], env: {}, report, program: own };
  return { reason: python === null ? 'python3 is not installed' : `${tool} is not installed` };
}

function flagsOf(tool: string, given: readonly string[]): string[] {
  if (tool === 'pytest') return PYTEST_FLAGS;
  if (tool === 'unittest') return given.some((word) => /^(-v|--verbose)$/.test(word)) ? [] : ['-v'];
  if (tool === 'mypy') return ['--no-color-output', '--no-error-summary', '--cache-dir=/dev/null'];
  if (tool !== 'ruff') return [];
  const format = given.some((word) => word.startsWith('--output-format')) ? [] : ['--output-format=concise'];
  return ['--no-cache', ...(given[0] === 'check' ? format : [])];
}

/** A tool of the repository's own node_modules, started by node itself: links in .bin need not exist on the host. */
async function planLocal(
  tool: string,
  rest: string[],
  tools: Toolchain,
  installed: readonly string[],
): Promise<Planned> {
  const node = await tools.find('node');
  if (node === null) return { reason: 'node is not installed' };
  const [folder, entry, flags] =
    tool === 'tsc'
      ? ['node_modules/typescript', 'bin/tsc', ['--pretty', 'false']]
      : ['node_modules/eslint', 'bin/eslint.js', ['--no-color']];
  if (!installed.includes('node_modules')) return { reason: `${tool} is not installed: there is no node_modules` };
  return {
    argv: [node.path, `${folder}/${entry}`, ...rest, ...flags],
    env: {},
    report: tool === 'tsc' ? 'complaints' : 'none',
    program: node,
  };
}

async function planOther(first: string, rest: string[], tools: Toolchain): Promise<Planned> {
  const name = /^python(3(\.\d+)?)?$/.test(first) ? 'python' : first;
  const program = await tools.find(name);
  if (program === null) return { reason: `${first} is not installed` };
  const javascript = /^(npm|npx|pnpm|yarn|node|bun|deno)$/.test(first);
  if (!javascript) return { argv: [program.path, ...rest], env: {}, report: 'none', program };
  const node = first === 'node' ? program : await tools.find('node');
  if (node === null) return { reason: 'node is not installed' };
  const both = { ...program, stamp: `${program.stamp}\n${node.stamp}` };
  return { argv: [program.path, ...rest], env: NPM, report: 'javascript', program: both };
}

/** Npm has no network here, and nothing to tell or to keep. */
const NPM = {
  npm_config_update_notifier: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_logs_max: '0',
  npm_config_cache: '/tmp/npm',
};
