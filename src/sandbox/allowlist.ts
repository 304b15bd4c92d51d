/**
 * Which commands may run. Rule: a pattern is anchored at the start, ends at the end of an argument, and sees arguments
 * quoted, so that no argument can pass itself off as several.
 */
import { runInNewContext } from 'node:vm';
import { AmbientError } from '../base/index.ts';

export type Admission = { allowed: true; pattern: string } | { allowed: false; reason: string };

/**
 * Matches argv against patterns. `^pytest` admits `pytest` and `pytest -q`, not `pytest-evil`, nor one argument
 * `pytest -q`.
 * @throws AmbientError `bad-pattern` (config) naming a pattern that is no regular expression.
 */
export function isAllowed(argv: readonly string[], patterns: readonly string[]): Admission {
  const compiled = patterns.map((pattern) => compile(pattern));
  if (argv.length === 0) return { allowed: false, reason: 'not run: the command is empty' };
  const control = argv.find((argument) => /[\u0000-\u001f\u007f\u2028\u2029]/.test(argument));
  if (control !== undefined) return refuse(argv, 'an argument has a control character');
  const command = joinArgv(argv);
  const found = firstMatch(compiled, command, patterns);
  if (found !== undefined) return { allowed: true, pattern: found };
  return refuse(argv, 'not in allowed_commands');
}

/** Joins argv for matching and for people; what is not plain is quoted as JSON. */
export function joinArgv(argv: readonly string[]): string {
  return argv
    .map((argument) => (/^[\w@%+=:,./~^[\]{}*?!#-]+$/.test(argument) ? argument : JSON.stringify(argument)))
    .join(' ');
}

/** Milliseconds for all patterns together; an honest one takes microseconds. */
const LONGEST = 500;

/**
 * A pattern such as `^((a+)+)+$` takes longer than anybody lives on some commands, and nothing but another context can
 * be told to stop in the middle of it.
 */
function firstMatch(sources: readonly string[], command: string, patterns: readonly string[]): string | undefined {
  const state = { at: 0, sources: [...sources], command };
  try {
    runInNewContext('while (at < sources.length && !new RegExp(sources[at], "u").test(command)) at++', state, {
      timeout: LONGEST,
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause;
    const pattern = patterns[state.at] ?? '';
    throw new AmbientError(
      'slow-pattern',
      `sandbox.allowed_commands: ${JSON.stringify(pattern)} takes too long to match ${shorten(command)}`,
      {
        kind: 'config',
        hint: 'write it without a repetition inside a repetition, such as (a+)+, in .ambient.yml',
        data: { pattern },
        cause,
      },
    );
  }
  return patterns[state.at];
}

const shorten = (command: string) => JSON.stringify(command.length > 60 ? `${command.slice(0, 59)}…` : command);

/** The source of the expression that is matched. */
function compile(pattern: string): string {
  try {
    // On its own first: a pattern such as `a)(b` is broken, though it would be fine inside our group.
    new RegExp(pattern, 'u');
    const source = `^(?:${pattern})(?=$| )`;
    new RegExp(source, 'u');
    return source;
  } catch (cause) {
    throw new AmbientError(
      'bad-pattern',
      `sandbox.allowed_commands: ${JSON.stringify(pattern)} is not a regular expression`,
      {
        kind: 'config',
        hint: 'mend the pattern in .ambient.yml; a literal dot, bracket or star needs a backslash',
        data: { pattern },
        cause,
      },
    );
  }
}

function refuse(argv: readonly string[], why: string): Admission {
  return { allowed: false, reason: `not run: ${why}: ${joinArgv(argv)}` };
}
