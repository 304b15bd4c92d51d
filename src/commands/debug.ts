import * as Args from '@oclif/core/args';
import { AmbientCommand } from './frame/command.ts';
import { columns } from './frame/render.ts';
import { renderReplay } from './frame/render-apply.ts';

export default class Debug extends AmbientCommand {
  static override summary = 'Look again at a patch that `apply` refused';
  static override description =
    'Where `git ambient init` was run, refused patches are kept for 30 days (the newest 50), readable for you alone. Without a number they are listed; with one the patch is placed again on the files of that moment. Exit code 1: the answer is another one now.';
  static override usage = 'debug bundle [<n>]';
  static override args = {
    what: Args.string({ required: true, ignoreStdin: true, options: ['bundle'], description: '`bundle`' }),
    n: Args.integer({ ignoreStdin: true, min: 1, description: 'Number of a bundle' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Debug);
    const { apply } = await import('../crew/index.ts');
    if (args.n === undefined) {
      const rows = await apply.bundles(flags.directory);
      const cells = rows.map((row) => [String(row.bundle), row.at, row.files.join(', '), row.reason]);
      this.log(rows.length === 0 ? 'No refused patches are kept here.' : columns(cells));
      return rows;
    }
    const report = await apply.replay(flags.directory, args.n);
    this.log(renderReplay(report));
    if (!report.same) this.exitWith(1);
    return report;
  }
}
