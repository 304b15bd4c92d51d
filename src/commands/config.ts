import { AmbientCommand } from './frame/command.ts';
import { columns } from './frame/render.ts';

export default class Config extends AmbientCommand {
  static override summary = 'Print every effective setting and where it comes from';

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Config);
    return this.open(flags.directory, async (crew) => {
      const { explain } = await import('../config/index.ts');
      const rows = explain(crew);
      this.log(columns(rows.map((row) => [row.key, JSON.stringify(row.value), row.source])));
      return rows;
    });
  }
}
