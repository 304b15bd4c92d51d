import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { visibleLine } from './frame/visible.ts';

export default class Reject extends AmbientCommand {
  static override summary = 'Reject a proposal: the same fix stays away until its code changes';
  static override args = { id: Args.string({ required: true, description: 'Any unique prefix of a proposal id' }) };
  static override flags = {
    reason: Flags.string({ char: 'r', required: true, helpValue: '<text>', summary: 'Why; the crew remembers it' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Reject);
    return this.open(flags.directory, async (crew) => {
      const { proposals } = await import('../crew/index.ts');
      const result = await proposals.reject(crew, args.id, flags.reason);
      this.log(`Rejected ${result.id}: ${visibleLine(result.title)}`);
      return result;
    });
  }
}
