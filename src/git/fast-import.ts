/**
 * fast-import, kept open until the refs have moved. Rule: a pack carries a `.keep` file as long as its process lives, so
 * a `git gc --prune=now` that started before the refs moved cannot take the objects away. Leaves no crash report.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { gitFailed } from './run.ts';

const ARGS = ['fast-import', '--quiet', '--done', '--date-format=raw'];

export class ImportSession {
  readonly #git: GitContext;
  #running: Running[] = [];

  constructor(git: GitContext) {
    this.#git = git;
  }

  /**
   * Writes the objects of `stream` into a finished, kept pack; returns the lines that the stream asked for. Each call has
   * a process of its own: one that fails must not let go of what an earlier one wrote and this one found to exist.
   */
  async send(stream: Uint8Array): Promise<string[]> {
    const running = start(this.#git);
    const lines = await running.send(stream);
    this.#running.push(running);
    return lines;
  }

  /** Lets go of the packs. Whatever git says now, the objects are written. */
  async end(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((running) => running.end()));
  }
}

interface Running {
  send(stream: Uint8Array): Promise<string[]>;
  end(): Promise<void>;
}
const END = 'progress end';

function start(git: GitContext): Running {
  const child = git.start(ARGS);
  let printed = '';
  const stderr: Buffer[] = [];
  let heard = () => {};
  child.stdin?.on('error', () => {});
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    heard();
  });
  const ended = exitOf(child);
  const send = (stream: Uint8Array) =>
    new Promise<string[]>((resolve, reject) => {
      printed = '';
      heard = () => {
        if (printed.endsWith(`${END}\n`)) resolve(printed.split('\n').filter((line) => line !== '' && line !== END));
      };
      ended.then(({ code, signal, error }) => {
        const text = Buffer.concat(stderr);
        removeReport(git, text.toString());
        if (TORN.test(text.toString())) removeTorn(git, text.toString());
        const streams = { stdout: Buffer.from(printed), stderr: text };
        reject(
          error ? notFinished(error) : gitFailed(ARGS, { code, signal, timedOut: false, truncated: false, ...streams }),
        );
      });
      child.stdin?.write(stream);
      child.stdin?.write(`checkpoint\n${END}\n`);
    });
  const end = async () => {
    child.stdin?.end('done\n');
    await ended;
  };
  return { send, end };
}

/** git is not there any more, or whoever started us has stopped us: nothing that was written is pointed at. */
function notFinished(cause: Error): AmbientError {
  return new AmbientError('git-failed', `git fast-import did not end: ${cause.message}`, {
    kind: 'environment',
    data: { command: ['git', ...ARGS] },
    cause,
  });
}

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: Error;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, error }));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
}

/** What fast-import says when its pack, or the index of it, could not be put in place. */
const TORN = /keep file|store (pack|index) file/;

/**
 * A `.keep` is written before its pack, and the pack before its index: a fast-import that fails in between leaves what
 * it has. The same objects, written again, would fail on that for ever. The pack it names is its own; any other that is
 * new may belong to a living process.
 */
function removeTorn(git: GitContext, stderr: string): void {
  const dir = join(git.info.commonDir, 'objects', 'pack');
  const own = new Set(stderr.match(/pack-[0-9a-f]+(?=\.(pack|idx)\b)/g));
  for (const name of readdirSync(dir).filter((file) => file.endsWith('.keep'))) {
    const base = join(dir, name.slice(0, -'.keep'.length));
    if (existsSync(`${base}.idx`) || !isTorn(base, own.has(basename(base)))) continue;
    // The pack first: whoever is stopped in between leaves what the next one still recognises. One that another left is
    // completed by whoever writes the same again.
    if (own.has(basename(base))) rmSync(`${base}.pack`, { force: true });
    rmSync(`${base}.keep`, { force: true });
  }
}

function isTorn(base: string, own: boolean): boolean {
  try {
    const old = Date.now() - statSync(`${base}.keep`).mtimeMs > 2000;
    // Empty where it was killed before its first word.
    return (own || old) && /^(fast-import|$)/.test(readFileSync(`${base}.keep`, 'utf8'));
  } catch {
    return false; // somebody else has removed it
  }
}

function removeReport(git: GitContext, stderr: string): void {
  const report = /dumping crash report to (.*fast_import_crash_\d+)$/m.exec(stderr)?.[1];
  if (report !== undefined)
    rmSync(isAbsolute(report) ? report : join(git.info.workTree ?? git.info.gitDir, report), { force: true });
}
