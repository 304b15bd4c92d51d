/**
 * Progress on a terminal: one line that is rewritten, only once something took over a second. Rule: elsewhere plain
 * lines, none of it on stdout, nothing at all with `--json`.
 */
import type { Log } from '../../base/index.ts';

export interface Progress {
  log: Log;
  end(): void;
}

const PATIENCE = 1000;

export function progressTo(stream: NodeJS.WriteStream, options: { quiet: boolean }): Progress {
  const live = stream.isTTY === true && process.env['TERM'] !== 'dumb';
  const started = Date.now();
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
          stream.write(message.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
        } else if (message.split(':')[0] !== shown.split(':')[0]) stream.write(`${message}\n`);
        shown = message;
      },
      warn(message) {
        clear();
        if (!options.quiet) stream.write(`note: ${message}\n`);
      },
    },
    end: clear,
  };
}
