/**
 * Progress on a terminal: one line that is rewritten, only once something took over a second. Rule: elsewhere one plain
 * line for each stage, however often it comes; none of it on stdout, and with `--json` only what qualifies the answer.
 */
import type { Log } from '../../base/index.ts';
import { visibleLine } from './visible.ts';

export interface Progress {
  log: Log;
  end(): void;
}

const PATIENCE = 1000;

export function progressTo(stream: NodeJS.WriteStream, options: { quiet: boolean }): Progress {
  const live = stream.isTTY === true && process.env['TERM'] !== 'dumb';
  const started = Date.now();
  const told = new Set<string>();
  let shown = '';
  const clear = () => {
    if (shown !== '' && live) stream.write('\r\u001b[2K');
    shown = '';
  };
  return {
    log: {
      progress(message) {
        if (options.quiet || message === shown || Date.now() - started < PATIENCE) return;
        if (live) {
          clear();
          stream.write(visibleLine(message).slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
          shown = message;
          return;
        }
        const stage = stageOf(message);
        if (stage === null || told.has(stage.name)) return;
        told.add(stage.name);
        stream.write(`${visibleLine(stage.line)}\n`);
      },
      warn(message) {
        clear();
        stream.write(`note: ${visibleLine(message)}\n`);
      },
    },
    end: clear,
  };
}

/** The first word names a stage; how far it is stands behind a colon. Null: nothing but a count. */
function stageOf(message: string): { name: string; line: string } | null {
  const line = message.split(': ', 1)[0] ?? '';
  const [name = ''] = line.split(' ');
  return line === name ? null : { name, line };
}
