import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderStatus } from './frame/render.ts';
import { renderAgents } from './frame/render-agents.ts';

export default class Status extends AmbientCommand {
  static override summary = 'Show on one screen what the crew knows and does';
  static override description =
    '--agents: what came of the proposals of each specialist and rule, over everybody whose decisions are known here, and which rules are proposed less because of it.';
  static override flags = {
    agents: Flags.boolean({ default: false, summary: 'Show the record of each specialist and rule instead' }),
  };

  protected override readonly looks = true;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Status);
    return this.open(flags.directory, async (crew) => {
      const { memory, statusOf } = await import('../crew/index.ts');
      if (flags.agents) {
        const report = await memory.agents(crew);
        this.log(renderAgents(report));
        return report;
      }
      const { hookState } = await import('../triggers/index.ts');
      const report = await statusOf(crew, hookState(crew.repository));
      this.log(renderStatus(report));
      return report;
    });
  }
}
