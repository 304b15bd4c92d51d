/**
 * Turns a command as people write it into the argv that runs in a sandbox, and picks the reader of its output. Rule: a
 * missing tool is found here, before anything runs, and is a reason.
 */
import { join, relative } from 'node:path/posix';
import type { CheckKind, HostCaches, Lent, Program, Report, Toolchain } from '../types.ts';
import { prepareCargo, prepareGo, surroundings } from './plan-compiled.ts';

/** A check before its tools are looked up. `argv` is as it is allowed and shown. */
export interface Plan {
  name: string;
  kind: CheckKind;
  argv: string[];
  cwd?: string;
  env?: Record<string, string>;
  /** Repository-relative virtual environment that is preferred where it is there. */
  environment?: string;
  /** Why it cannot be run, whatever is installed. */
  reason?: string;
}

export type Planned =
  | { argv: string[]; env: Record<string, string>; report: Report; program: Program; lent: Lent[] }
  | { reason: string };

export interface PlanOptions {
  toolchain: Toolchain;
  /** Installed dependencies, repository-relative: `node_modules`, and in it the tools that matter here. */
  installed: readonly string[];
  caches: HostCaches;
}

const PYTHON_TOOLS = new Set(['pytest', 'py.test', 'mypy', 'ruff', 'flake8', 'unittest']);
/** Reports of a run of pytest on this machine; the file lies in the slot and is read back as data. */
const PYTEST_FLAGS = [
  ...['-p', 'no:cacheprovider', '--color=no', '--continue-on-collection-errors'],
  ...['-o', 'junit_family=xunit2', '--junitxml={report}'],
];

export async function planCommand(plan: Plan, options: PlanOptions): Promise<Planned> {
  const planned = await planTool(plan, options);
  return 'reason' in planned ? planned : { ...planned, env: { ...planned.env, ...plan.env } };
}

function planTool(plan: Plan, options: PlanOptions): Promise<Planned> {
  const [first = '', ...rest] = plan.argv;
  const module = /^python(3(\.\d+)?)?$/.test(first) && rest[0] === '-m' && PYTHON_TOOLS.has(rest[1] ?? '');
  if (module) return planPython(rest[1] ?? '', rest.slice(2), plan, options);
  if (PYTHON_TOOLS.has(first)) return planPython(first === 'py.test' ? 'pytest' : first, rest, plan, options);
  if (first === 'tsc' || first === 'eslint') return planLocal(first, rest, plan, options);
  if (first === 'go' || first === 'cargo') return planCompiled(first, rest, options);
  return planOther(first, rest, plan, options);
}

async function planPython(
  tool: string,
  rest: string[],
  plan: Plan,
  { toolchain: tools }: PlanOptions,
): Promise<Planned> {
  const folder = plan.environment ?? plan.cwd ?? '';
  const python = await tools.find('python', folder);
  const report: Report = tool === 'pytest' ? 'pytest' : tool === 'unittest' ? 'unittest' : 'complaints';
  const args = [...rest, ...flagsOf(tool, rest)];
  const found = { env: {}, report, lent: [] };
  if (python !== null && (tool === 'unittest' || tool in python.modules))
    return { ...found, argv: [python.path, '-m', tool, ...args], program: python };
  // Ruff is often a program of its own, and pytest may be that of another interpreter.
  const own = tool === 'unittest' ? null : await tools.find(tool, folder);
  if (own !== null) return { ...found, argv: [own.path, ...args], program: own };
  return notFound(python === null ? 'python3' : tool, tools);
}

async function notFound(name: string, tools: Toolchain): Promise<{ reason: string }> {
  const why = await tools.unseen?.(name);
  return { reason: why ? `${name} is not there in the sandbox: ${why}` : `${name} is not installed` };
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
async function planLocal(tool: string, rest: string[], plan: Plan, options: PlanOptions): Promise<Planned> {
  const node = await options.toolchain.find('node');
  if (node === null) return notFound('node', options.toolchain);
  const [name, entry, flags] =
    tool === 'tsc' ? ['typescript', 'bin/tsc', ['--pretty', 'false']] : ['eslint', 'bin/eslint.js', ['--no-color']];
  const cwd = plan.cwd ?? '';
  const folders = above(cwd).map((folder) => join(folder, 'node_modules'));
  if (!folders.some((folder) => options.installed.includes(folder)))
    return { reason: `${tool} is not installed: there is no node_modules` };
  const found = folders.find((folder) => options.installed.includes(join(folder, name)));
  if (found === undefined) return { reason: `${tool} is not installed: node_modules has no ${name}` };
  const report = tool === 'tsc' ? 'complaints' : 'eslint';
  const path = join(relative(cwd, found), name, entry);
  return { argv: [node.path, path, ...rest, ...flags], env: {}, report, program: node, lent: [] };
}

/** A folder and all above it, the top ('') last. */
export function above(folder: string): string[] {
  if (folder === '') return [''];
  const cut = folder.lastIndexOf('/');
  return [folder, ...above(cut === -1 ? '' : folder.slice(0, cut))];
}

async function planCompiled(first: 'go' | 'cargo', rest: string[], options: PlanOptions): Promise<Planned> {
  const program = await options.toolchain.find(first);
  if (program === null) return notFound(first, options.toolchain);
  const { args, ...prepared } = (first === 'go' ? prepareGo : prepareCargo)(rest, options.caches);
  return { argv: [program.path, ...args], program, ...prepared };
}

async function planOther(first: string, rest: string[], plan: Plan, options: PlanOptions): Promise<Planned> {
  const name = /^python(3(\.\d+)?)?$/.test(first) ? 'python' : first;
  const program = await options.toolchain.find(name, plan.cwd ?? '');
  if (program === null) return notFound(first, options.toolchain);
  const argv = [program.path, ...rest];
  const { env, lent } = surroundings(options.caches);
  const script: Report = plan.kind === 'tests' ? 'any' : 'lines';
  if (!/^(npm|npx|pnpm|yarn|node|bun|deno)$/.test(first))
    return { argv, env, lent, report: first === 'make' ? script : 'none', program };
  const node = first === 'node' ? program : await options.toolchain.find('node');
  if (node === null) return notFound('node', options.toolchain);
  const both = { ...program, stamp: `${program.stamp}\n${node.stamp}` };
  return { argv, env: { ...env, ...NPM }, lent, report: plan.kind === 'tests' ? 'javascript' : 'lines', program: both };
}

/** Npm has no network here, and nothing to tell or to keep. */
const NPM = {
  npm_config_update_notifier: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_logs_max: '0',
  npm_config_cache: '/tmp/npm',
  COREPACK_ENABLE_NETWORK: '0',
  YARN_ENABLE_NETWORK: '0',
};
