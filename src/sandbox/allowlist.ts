/**
 * Which commands may run. Rule: a pattern is anchored at the start, ends at the end of an argument, and sees arguments
 * quoted, so that no argument can pass itself off as several.
 */
import { AmbientError } from '../base/index.ts';

export type Admission = { allowed: true; pattern: string } | { allowed: false; reason: string };

/**
 * Matches argv against patterns. `^pytest` admits `pytest` and `pytest -q`, not `pytest-evil`, nor one argument
 * `pytest -q`.
 * @throws AmbientError `bad-pattern` (config) naming a pattern that is no regular expression.
 */
export function isAllowed(argv: readonly string[], patterns: readonly string[]): Admission {
  const compiled = patterns.map((pattern) => ({ pattern, regex: compile(pattern) }));
  if (argv.length === 0) return { allowed: false, reason: 'not run: the command is empty' };
  const control = argv.find((argument) => /[\u0000-\u001f\u007f\u2028\u2029]/.test(argument));
  if (control !== undefined) return refuse(argv, 'an argument has a control character');
  const command = joinArgv(argv);
  for (const { pattern, regex } of compiled) if (regex.test(command)) return { allowed: true, pattern };
  return refuse(argv, 'not in allowed_commands');
}

/** Joins argv for matching and for people; what is not plain is quoted as JSON. */
export function joinArgv(argv: readonly string[]): string {
  return argv
    .map((argument) => (/^[\w@%+=:,./~^[\]{}*?!#-]+$/.test(argument) ? argument : JSON.stringify(argument)))
    .join(' ');
}

function compile(pattern: string): RegExp {
  try {
    // On its own first: a pattern such as `a)(b` is broken, though it would be fine inside our group.
    new RegExp(pattern, 'u');
    return new RegExp(`^(?:${pattern})(?=$| )`, 'u');
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
