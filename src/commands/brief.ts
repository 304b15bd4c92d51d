import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderBrief } from './frame/render-brief.ts';

export default class Brief extends AmbientCommand {
  static override summary = 'Show on one screen what happened since yesterday, and what waits for you';
  static override flags = {
    since: Flags.string({
      default: 'yesterday',
      helpValue: '<time>',
      summary: 'From when on: yesterday, today, 12h, 3 days ago, 2w, 2026-01-31',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Brief);
    return this.open(flags.directory, async (crew) => {
      const { proposals } = await import('../crew/index.ts');
      const report = await proposals.brief(crew, flags.since);
      this.log(renderBrief(report));
      return report;
    });
  }
}
