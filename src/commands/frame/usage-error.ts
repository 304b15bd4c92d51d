/**
 * A mistake in the words of a command line, in our own sentence. Pure. Rule: what was typed, what is wrong with it, and the
 * next step; the parser's own text only where there is nothing better to say.
 */
import { nearest } from '../../config/index.ts';

/** What the parser throws, as far as it tells what is wrong. */
interface ParserError extends Error {
  /** Words that look like flags and are none. */
  flags?: readonly string[];
  /** Words that nothing takes; or, where they have names, what is missing. */
  args?: ReadonlyArray<string | { name: string }>;
}

interface UsedCommand {
  id: string;
  /** Its flags, without dashes. */
  flags: readonly string[];
  /** Its arguments, in order. */
  args: readonly string[];
}

export function usageError(error: ParserError, command: UsedCommand): { message: string; hint: string } {
  const name = `git ambient ${command.id}`;
  const help = `\`${name} --help\` shows what it takes`;
  const { flags = [], args = [] } = error;
  if (flags.length > 0) {
    const meant = nearest(flags[0]?.replace(/^-+/, '') ?? '', command.flags);
    const message = `${name} has no flag ${flags.join(', ')}`;
    return { message, hint: meant === null ? help : `did you mean \`--${meant}\`? ${help}` };
  }
  const [first] = args;
  if (typeof first === 'string') {
    const words = args.map((word) => JSON.stringify(word)).join(', ');
    const takes = command.args.length === 0 ? 'takes flags only' : `takes no more than ${command.args.join(', ')}`;
    return { message: `${name} ${takes}: ${words} ${args.length === 1 ? 'is' : 'are'} too much`, hint: help };
  }
  if (first !== undefined) {
    const ids = first.name === 'id' ? '`git ambient list` shows the ids; ' : '';
    return { message: `${name} needs the ${first.name}`, hint: `${ids}${help}` };
  }
  return { message: plain(error.message), hint: help };
}

/** The parser's text on one line, without its colours, its heading and its own hint. */
function plain(message: string): string {
  const text = message
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replace(/\nSee more help.*$/s, '')
    .replace(/^The following errors? occurred:/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const missing = /^Missing required flag (\S+)$/.exec(text)?.[1];
  if (missing !== undefined) return `--${missing} is missing`;
  return text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
