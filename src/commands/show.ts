import * as Args from '@oclif/core/args';
import { AmbientCommand } from './frame/command.ts';
import { renderDetail } from './frame/render.ts';

export default class Show extends AmbientCommand {
  static override summary = 'Show one proposal: why, evaluation, diff, and what to type next';
  static override args = { id: Args.string({ required: true, description: 'Any unique prefix of a proposal id' }) };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Show);
    return this.open(flags.directory, async (crew) => {
      const { proposals } = await import('../crew/index.ts');
      const color = process.stdout.isTTY === true && !process.env['NO_COLOR'] && !this.jsonEnabled();
      const detail = await proposals.show(crew, args.id);
      this.log(renderDetail(detail, { color }));
      return detail;
    });
  }
}
