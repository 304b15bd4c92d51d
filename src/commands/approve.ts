import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { visibleLine } from './frame/visible.ts';

export default class Approve extends AmbientCommand {
  static override summary = 'Approve a proposal: its risk is accepted, a rejection of before is taken back';
  static override description =
    'Lands nothing by itself, unless commit_on_success is true: then a verified proposal of a level that require_approval names may land. An approval answers for the risk, never for a failed evaluation.';
  static override args = { id: Args.string({ required: true, description: 'Any unique prefix of a proposal id' }) };
  static override flags = {
    reason: Flags.string({ char: 'r', helpValue: '<text>', summary: 'Why; kept with the decision' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Approve);
    return this.open(flags.directory, async (crew) => {
      const { proposals } = await import('../crew/index.ts');
      const result = await proposals.approve(crew, args.id, flags.reason);
      const again = result.reopened ? ', which is open again' : '';
      this.log(`Approved ${result.id}${again}: ${visibleLine(result.title)}`);
      if (result.landed) this.log(`It landed as ${result.landed.slice(0, 12)}.`);
      else this.log(`To land it: git ambient merge ${result.id}`);
      return result;
    });
  }
}
