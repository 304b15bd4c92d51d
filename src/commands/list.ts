import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderList } from './frame/render.ts';

export default class List extends AmbientCommand {
  static override summary = 'List open proposals';
  static override flags = {
    all: Flags.boolean({ char: 'a', default: false, summary: 'Include merged, rejected and other decided proposals' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(List);
    return this.open(flags.directory, async (crew) => {
      const { listProposals } = await import('../crew/index.ts');
      const rows = await listProposals(crew, { all: flags.all, files: this.jsonEnabled() });
      this.log(renderList(rows));
      return rows;
    });
  }
}
