import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderDiff } from './frame/paint.ts';

export default class Diff extends AmbientCommand {
  static override summary = 'Print the patch of a proposal, ready for git apply';
  static override args = { id: Args.string({ required: true, description: 'Any unique prefix of a proposal id' }) };
  static override flags = {
    tool: Flags.boolean({
      char: 't',
      default: false,
      exclusive: ['json'],
      summary: 'Show it in your own tool instead (git difftool, diff.tool)',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Diff);
    return this.open(flags.directory, async (crew) => {
      const { proposals } = await import('../crew/index.ts');
      if (flags.tool) {
        const code = await proposals.difftool(crew, args.id);
        if (code !== 0) this.exitWith(code);
        return { code };
      }
      const color = process.stdout.isTTY === true && !process.env['NO_COLOR'] && !this.jsonEnabled();
      const { diff } = await proposals.show(crew, args.id);
      if (!this.jsonEnabled()) process.stdout.write(process.stdout.isTTY ? renderDiff(diff, { color }) : diff);
      return { diff };
    });
  }
}
