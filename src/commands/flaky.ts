import { AmbientCommand } from './frame/command.ts';
import { renderFlaky } from './frame/render-flaky.ts';

export default class Flaky extends AmbientCommand {
  static override summary = 'List tests that were seen both failing and passing on one tree';
  static override description =
    'Known in this clone only, from the runs of its own evaluations. Such a test is run more often before anything is blamed on a change or excused.';

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Flaky);
    return this.open(flags.directory, async (crew) => {
      const { memory } = await import('../crew/index.ts');
      const rows = await memory.flaky(crew);
      this.log(renderFlaky(rows));
      return rows;
    });
  }
}
