/**
 * Turns what a person writes as a command into argv. Rule: no shell ever reads it, and text that only a shell would
 * understand is refused rather than passed on as an odd argument.
 */
import { AmbientError } from '../base/index.ts';

const SHELL_SYNTAX: ReadonlyArray<[pattern: RegExp, name: string]> = [
  [/[\r\n]/, 'a line break'],
  [/\0/, 'a NUL byte'],
  [/`/, 'a backtick'],
  [/\$[({]/, 'an expansion that starts with `$(` or `$` and a brace'],
  [/;/, '`;`'],
  [/\|/, '`|`'],
  [/&/, '`&`'],
  [/[<>]/, 'a redirection'],
];

/**
 * Splits a command into argv by blanks; single and double quotes group, a backslash escapes inside double quotes and
 * outside of quotes. An array is taken as it is.
 * @throws AmbientError `shell-syntax` or `bad-command` (config) for shell syntax (quoted or not, in a string), an open
 * quote, NUL bytes or an empty command.
 */
export function parseCommand(command: string | readonly string[]): string[] {
  const argv = typeof command === 'string' ? split(command) : [...command];
  if (argv[0] === undefined || argv[0] === '') throw bad('bad-command', 'the command is empty', command);
  if (argv.some((argument) => argument.includes('\0'))) throw bad('bad-command', 'an argument has a NUL byte', command);
  return argv;
}

/** The argv that runs `argv` with the file `stdin` on its standard input. The shell is ours and reads no word of the command. */
export function readingFrom(argv: readonly string[], stdin: string | undefined): readonly string[] {
  return stdin === undefined ? argv : ['/bin/sh', '-c', 'exec "$@" < "$0"', stdin, ...argv];
}

function split(text: string): string[] {
  const found = SHELL_SYNTAX.find(([pattern]) => pattern.test(text));
  if (found) throw bad('shell-syntax', `the command ${JSON.stringify(text)} has ${found[1]}`, text);
  const argv: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== '' && char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === '\\' && quote !== "'" && at + 1 < text.length) {
      at += 1;
      word = (word ?? '') + text.charAt(at);
    } else if (quote === '' && /\s/.test(char)) {
      if (word !== undefined) argv.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== '') throw bad('bad-command', `the command ${JSON.stringify(text)} has an open quote`, text);
  if (word !== undefined) argv.push(word);
  return argv;
}

function bad(code: string, message: string, command: string | readonly string[]): AmbientError {
  const hint =
    'write one program and its arguments, or a list of strings; put pipelines into a script or a make target';
  return new AmbientError(code, message, { kind: 'config', hint, data: { command } });
}
