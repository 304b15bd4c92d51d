/**
 * Judges parsed settings and says what is wrong in words. Rule: every problem names the key, the place it came from and,
 * for a name that does not exist, the nearest one that does.
 */
import { AmbientError } from '../base/index.ts';
import { builtInAgents, defaults, namesAt, nearest } from './keys.ts';
import { isBlock, overlaid } from './overlay.ts';
import type { Config, Overlay } from './types.ts';
import type { Violation } from './validate.generated.js';

/** Where the value (or, with `key`, the name of that key inside the object) at `path` was written. */
export type Locate = (path: readonly string[], key?: string) => { where: string; line?: number; column?: number };

export interface Problem {
  path: readonly string[];
  /** The offending name inside the object at `path`. */
  key?: string;
  /** The name that was most likely meant. */
  meant?: string;
  message: string;
}

/** Judges `overlay` as laid over `base`. @throws AmbientError `invalid-configuration` (config) that lists up to five problems with their places. */
export async function validateOverlay(overlay: unknown, locate: Locate, base = defaults()): Promise<Overlay> {
  const { validators } = await import('./validate.generated.js');
  const shape = validators.config(overlay) ? [] : inWords((validators.config.errors ?? []).slice(0, MOST), overlay);
  // What is well formed is looked at further: nobody wants to hear of one mistake at a time.
  const sound = shape.reduce((rest, problem) => without(rest, problem), overlay);
  const rest = validators.config(sound) ? contradictions(overlaid(base, sound as Overlay)) : [];
  const problems = [...shape, ...rest];
  if (problems.length > 0) throw invalid(problems, locate);
  return overlay as Overlay;
}

/** A copy without what a problem is about: the whole list where it is about an item. */
function without(overlay: unknown, { path, key }: Problem): unknown {
  const [first, ...rest] = key === undefined ? path : [...path, key];
  if (first === undefined || !isBlock(overlay)) return {};
  const { [first]: inner, ...others } = overlay;
  if (rest.length === 0 || !isBlock(inner)) return others;
  return { ...others, [first]: without(inner, { path: rest, message: '' }) };
}

/** What no schema can say: names that refer to nothing, lists that contradict each other, patterns that do not compile. */
export function contradictions(config: Config): Problem[] {
  const problems: Problem[] = [];
  const declared = Object.keys(config.agents).filter((name) => name !== 'enabled');
  for (const name of declared) {
    if (builtInAgents.includes(name)) continue;
    if (name === 'CustomRules') {
      const message = 'CustomRules is the name of the rules in .ambient/rules/: call this specialist something else';
      problems.push({ path: ['agents'], key: name, message });
      continue;
    }
    const meant = nearest(name, builtInAgents);
    if (meant !== null)
      problems.push({ path: ['agents'], key: name, message: `unknown specialist ${name}; did you mean ${meant}?` });
  }
  for (const [index, name] of config.agents.enabled.entries()) {
    if (declared.includes(name)) continue;
    const path = ['agents', 'enabled', String(index)];
    problems.push({ path, message: `agents.enabled names ${name}, which does not exist${suggestion(name, declared)}` });
  }
  const { auto_apply: automatic, require_approval: approval } = config.risk_policy;
  for (const risk of automatic.filter((level) => approval.includes(level))) {
    const message = `risk_policy: ${risk} stands in auto_apply and in require_approval (say both lists)`;
    problems.push({ path: ['risk_policy', 'auto_apply'], message });
  }
  for (const [index, pattern] of config.sandbox.allowed_commands.entries()) {
    const path = ['sandbox', 'allowed_commands', String(index)];
    const fault = regularExpressionFault(pattern);
    if (fault !== null) problems.push({ path, message: `sandbox.allowed_commands: ${fault}` });
  }
  return problems;
}

function regularExpressionFault(pattern: string): string | null {
  try {
    new RegExp(pattern);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** One problem per place: alternatives that all failed are one problem, and the most telling of them is kept. */
function inWords(violations: readonly Violation[], overlay: unknown): Problem[] {
  const problems = violations.map((violation) => problemOf(violation, overlay));
  const told = new Map<string, { problem: Problem; weight: number }>();
  for (const [index, violation] of violations.entries()) {
    const problem = problems[index] as Problem;
    const place = [...problem.path, problem.key ?? ''].join('\0');
    const weight = TELLING.indexOf(violation.keyword) + 1;
    if (weight >= (told.get(place)?.weight ?? -1)) told.set(place, { problem, weight });
  }
  const hasDetail = (path: readonly string[]) => [...told.values()].some(({ problem }) => isInside(problem, path));
  return [...told.values()]
    .filter(({ problem, weight }) => !(weight === TELLING.indexOf('anyOf') + 1 && hasDetail(problem.path)))
    .map(({ problem }) => problem);
}

/** Violations that are looked at: a file of nonsense is not worth more. */
const MOST = 50;
/** Later is more telling. */
const TELLING = ['type', 'minLength', 'pattern', 'enum', 'anyOf', 'required', 'additionalProperties'];

function isInside(problem: Problem, path: readonly string[]): boolean {
  const deeper = problem.path.length > path.length || problem.key !== undefined;
  return deeper && path.every((name, index) => problem.path[index] === name);
}

function problemOf(violation: Violation, overlay: unknown): Problem {
  const path = violation.instancePath
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const shown = path.length === 0 ? 'the configuration' : path.join('.');
  const { params } = violation;
  switch (violation.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const full = [...path, key].join('.');
      const meant = nearest(key, namesAt(path));
      const message = `unknown key ${full}${meant === null ? '' : `; did you mean ${meant}?`}`;
      return { path, key, ...(meant === null ? {} : { meant }), message };
    }
    case 'enum':
      return { path, message: `${shown} must be one of ${(params['allowedValues'] as string[]).join(', ')}` };
    case 'type':
      return { path, message: `${shown} must be ${typeInWords(String(params['type']), valueAt(overlay, path))}` };
    case 'anyOf':
      return { path, message: `${shown} must be a command such as \`npm test\`, or {name, command, kind}` };
    case 'pattern':
      return { path, message: `${shown} does not have the form ${String(params['pattern'])}` };
    default:
      return { path, message: `${shown} ${violation.message ?? 'is not valid'}` };
  }
}

function typeInWords(type: string, value: unknown): string {
  const yes = /^(yes|on|y)$/i.test(String(value));
  if (type === 'boolean' && (yes || /^(no|off|n)$/i.test(String(value))))
    return `true or false: ${String(value)} is text in YAML 1.2, write ${yes}`;
  const words: Record<string, string> = {
    array: 'a list',
    object: 'a block of keys',
    string: 'text (put numbers and yes/no in quotes)',
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
  };
  return words[type] ?? type;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], value);
}

function suggestion(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates);
  return meant === null ? '' : `; did you mean ${meant}?`;
}

function invalid(problems: readonly Problem[], locate: Locate): AmbientError {
  const placed = problems.map((problem) => ({ ...problem, ...locate(problem.path, problem.key) }));
  const shown = placed.slice(0, 5).map((problem) => `${problem.where}: ${problem.message}`);
  if (placed.length > shown.length) shown.push(`and ${placed.length - shown.length} more`);
  return new AmbientError('invalid-configuration', shown.join('\n'), {
    kind: 'config',
    hint: 'run `git ambient config` to see every key with its meaning',
    data: { problems: placed },
  });
}
