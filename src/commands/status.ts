import { AmbientCommand } from './frame/command.ts';
import { renderStatus } from './frame/render.ts';

export default class Status extends AmbientCommand {
  static override summary = 'Show on one screen what the crew knows and does';

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Status);
    return this.open(flags.directory, async (crew) => {
      const { statusOf } = await import('../crew/index.ts');
      const { hookState } = await import('../triggers/index.ts');
      const report = await statusOf(crew, hookState(crew.repository));
      this.log(renderStatus(report));
      return report;
    });
  }
}
