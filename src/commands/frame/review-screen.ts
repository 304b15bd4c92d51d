/**
 * The terminal of a review. Rule: thin: it draws what it is given and hands on keys. Without raw mode it takes lines, and
 * without anybody who could answer it shows the first proposal and ends.
 */
import type { ReadStream } from 'node:tty';
import type { ReviewScreen } from '../../crew/index.ts';
import { type Input, keysOf, linesOf, noInput } from './keys.ts';
import { HELP, renderQuestion, renderScreen } from './render-next.ts';

export interface OpenScreen {
  screen: ReviewScreen;
  /** Can somebody answer? */
  interactive: boolean;
  close(): void;
}

/** A pipe that says nothing for so long has nothing to say. */
const SILENCE_MS = 5000;

export function openScreen(
  stdin: NodeJS.ReadStream,
  stdout: NodeJS.WriteStream,
  env: Record<string, string | undefined>,
): OpenScreen {
  const answered = stdin.isTTY === true && stdout.isTTY === true;
  const raw = answered && env['TERM'] !== 'dumb' && env['TERM'] !== undefined && hasRawMode(stdin);
  const write = (text: string) => void stdout.write(text);
  let question = '';
  const ask = (text: string) => {
    question = text;
    if (answered) write(text);
  };
  const input: Input = raw
    ? keysOf(stdin, () => write(`\n${question}`))
    : answered
      ? linesOf(stdin, undefined)
      : stdin.isTTY
        ? noInput
        : linesOf(stdin, SILENCE_MS);
  const color = raw && !env['NO_COLOR'];
  const screen: ReviewScreen = {
    show: (detail, place) => {
      const size = { columns: stdout.columns ?? 80, rows: stdout.isTTY ? (stdout.rows ?? 24) : null, color };
      const { lines, left } = renderScreen(detail, place, size);
      write(`\n${lines.join('\n')}\n`);
      return left > 0;
    },
    say: (text) => write(`${raw ? '\r\u001b[K' : ''}${text}\n`),
    help: () => write(`\n${HELP}`),
    ask: async ({ more, fresh }) => {
      await input.take({ fresh });
      ask(`\n${renderQuestion(more, stdout.columns ?? 80)}`);
    },
    askReason: () => ask(raw ? '\r\u001b[Kreason: ' : 'reason: '),
    echo: (text) => write(text),
    erase: (count) => write('\b \b'.repeat(count)),
    read: (options) => input.next(options),
    lend: async (work) => {
      write('\n');
      input.release();
      return work();
    },
  };
  return { screen, interactive: answered, close: () => input.close() };
}

function hasRawMode(stdin: NodeJS.ReadStream): stdin is ReadStream {
  return typeof stdin.setRawMode === 'function';
}
