import * as Args from '@oclif/core/args';
import { AmbientCommand } from './frame/command.ts';

export default class Diff extends AmbientCommand {
  static override summary = 'Print the patch of a proposal, ready for git apply';
  static override args = { id: Args.string({ required: true, description: 'Any unique prefix of a proposal id' }) };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Diff);
    return this.open(flags.directory, async (crew) => {
      const { proposals } = await import('../crew/index.ts');
      const color = process.stdout.isTTY === true && !process.env['NO_COLOR'] && !this.jsonEnabled();
      const { diff } = await proposals.show(crew, args.id, { color });
      if (!this.jsonEnabled()) process.stdout.write(diff);
      return { diff };
    });
  }
}
