import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientError } from '../base/index.ts';
import { AmbientCommand } from './frame/command.ts';
import { columns } from './frame/render.ts';
import { renderReplay } from './frame/render-apply.ts';

export default class Debug extends AmbientCommand {
  static override summary = 'Look again at a refused patch, or at what a model is shown';
  static override description =
    '`bundle`: where `git ambient init` was run, patches that `apply` refused are kept for 30 days (the newest 50), readable for you alone. Without a number they are listed; with one the patch is placed again on the files of that moment. Exit code 1: the answer is another one now. `context`: prints word for word what a specialist with a model would be shown of a commit; nothing is sent.';
  static override usage = ['debug bundle [<n>]', 'debug context <specialist> [--commit <rev>]'];
  static override args = {
    what: Args.string({
      required: true,
      ignoreStdin: true,
      options: ['bundle', 'context'],
      description: '`bundle` or `context`',
    }),
    which: Args.string({ ignoreStdin: true, description: 'Number of a bundle, or name of a specialist' }),
  };
  static override flags = {
    commit: Flags.string({ default: 'HEAD', description: 'The commit that `context` is about' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Debug);
    return args.what === 'context'
      ? this.context(args.which ?? 'SecurityGuardian', flags.commit, flags.directory)
      : this.bundle(args.which, flags.directory);
  }

  private async bundle(which: string | undefined, directory: string): Promise<unknown> {
    const { apply } = await import('../crew/index.ts');
    if (which === undefined) {
      const rows = await apply.bundles(directory);
      const cells = rows.map((row) => [String(row.bundle), row.at, row.files.join(', '), row.reason]);
      this.log(rows.length === 0 ? 'No refused patches are kept here.' : columns(cells));
      return rows;
    }
    const number = Number(which);
    if (!Number.isSafeInteger(number) || number < 1)
      throw new AmbientError('usage', `${JSON.stringify(which)} is no number of a bundle`, {
        kind: 'user',
        hint: 'git ambient debug bundle',
      });
    const report = await apply.replay(directory, number);
    this.log(renderReplay(report));
    if (!report.same) this.exitWith(1);
    return report;
  }

  private async context(specialist: string, commit: string, directory: string): Promise<unknown> {
    const { memory } = await import('../crew/index.ts');
    return this.open(directory, async (crew) => {
      const report = await memory.context(crew, specialist, commit);
      this.log(`${report.prompt}\n${report.text}`);
      const rows = report.sections.map(({ name, tokens, left }) => [
        name,
        `${tokens} tokens`,
        left && `left out: ${left}`,
      ]);
      this.logToStderr(columns([...rows, ['all', `${report.tokens} tokens`, '']]));
      return report;
    });
  }
}
