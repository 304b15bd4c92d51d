/**
 * The frame of every command: global flags, errors with a next step, exit codes, progress. Rule: commands are thin: flags
 * in, one call of the crew, render. Rooms load dynamically, so `--help` and `--version` load none of them.
 */
import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import { AmbientError, exitCodeOf } from '../../base/index.ts';
import type { Crew } from '../../crew/index.ts';
import { type Progress, progressTo } from './progress.ts';
import { visible } from './visible.ts';

export abstract class AmbientCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    directory: Flags.directory({
      char: 'C',
      default: '.',
      helpGroup: 'GLOBAL',
      helpValue: '<dir>',
      summary: 'Work in the repository of this directory',
    }),
  };

  /** See `OpenOptions`. */
  protected readonly looks: boolean = false;

  /** Runs with the configuration that it was made with: oclif's own `run` loads the whole of it once more. */
  begin(): Promise<unknown> {
    return this._run();
  }

  /** Nothing to do before a command: none of ours is deprecated. */
  protected override async init(): Promise<void> {}

  /** Opens the crew of the repository in `dir`, and ends what it started on Ctrl-C. */
  protected async open<T>(
    dir: string,
    work: (crew: Crew) => Promise<T>,
    flags: Record<string, string> = {},
  ): Promise<T> {
    const { withCrew } = await import('../../crew/index.ts');
    const progress: Progress = progressTo(process.stderr, { quiet: this.jsonEnabled() });
    const controller = new AbortController();
    const stop = () => controller.abort(new AmbientError('interrupted', 'stopped', { kind: 'user' }));
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      return await withCrew({ dir, flags, signal: controller.signal, log: progress.log, looks: this.looks }, work);
    } catch (error) {
      // Whatever broke off because of it: the cause is that somebody stopped us.
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      progress.end();
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
  }

  /** Says on stderr that the configuration here is not what counts. Programs ask `status`. */
  protected async tellTrust({ repository, trust, log }: Crew): Promise<void> {
    if (this.jsonEnabled() || (trust.trusted !== null && !trust.changed)) return;
    const { trustWarning } = await import('../../config/index.ts');
    const warning = await trustWarning(repository, trust);
    if (warning !== null) log.warn(warning);
  }

  /** Ends with `code` after the output is written: 1 is a gate's no, or findings under `--check`. */
  protected exitWith(code: number): void {
    process.exitCode = code;
  }

  protected override async catch(error: Error): Promise<unknown> {
    const shown = isMistake(error) ? await this.mistake(error) : error;
    process.exitCode = exitCodeOf(shown);
    if (this.jsonEnabled()) return this.logJson(this.toErrorJson(shown));
    process.stderr.write(renderError(shown));
    return undefined;
  }

  /** What the parser did not understand. */
  private async mistake(error: Error): Promise<AmbientError> {
    const { usageError } = await import('./usage-error.ts');
    const { flags, baseFlags, args } = this.ctor;
    const { message, hint } = usageError(error, {
      id: this.id ?? '',
      flags: Object.keys({ ...baseFlags, ...flags, json: true, help: true }),
      args: Object.keys(args),
    });
    return new AmbientError('usage', message, { kind: 'user', hint, cause: error });
  }

  protected override toErrorJson(error: unknown): unknown {
    if (error instanceof AmbientError) {
      const { code, kind, message, hint, data } = error;
      return { error: { code, kind, message, hint: hint ?? null, data } };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code: 'bug', kind: 'bug', message, hint: REPORT, data: {} } };
  }
}

/** Errors of the parser; nothing else of oclif's is thrown inside a command. */
function isMistake(error: Error): boolean {
  return 'oclif' in error || error.constructor.name.startsWith('CLI');
}

const REPORT = 'this is a fault of git-ambient: please report it with `DEBUG=1` output and `git ambient doctor`';

function renderError(error: Error): string {
  if (error instanceof AmbientError) {
    const hint = error.hint === undefined ? '' : `\n  → ${visible(error.hint)}`;
    return `error: ${visible(error.message)}${hint}\n`;
  }
  const trace = process.env['DEBUG'] ? `\n${error.stack}` : '';
  return `error: ${error.message}\n  → ${REPORT}${trace}\n`;
}
