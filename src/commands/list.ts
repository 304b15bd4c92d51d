import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { type Grouping, renderList } from './frame/render-list.ts';

/** Rows of a page for people; programs get all of them unless they ask for a page. */
const PAGE = 50;

export default class List extends AmbientCommand {
  static override summary = 'List open proposals, what matters most first';
  static override flags = {
    all: Flags.boolean({ char: 'a', default: false, summary: 'Include merged, rejected and other decided proposals' }),
    group: Flags.option({ options: ['specialist', 'file', 'none'] as const })({
      helpValue: 'specialist|file|none',
      summary: 'Group the rows (default: none up to ten rows, else specialist)',
    }),
    limit: Flags.integer({
      char: 'n',
      min: 0,
      helpValue: '<n>',
      summary: `Rows of a page; 0: all on one (default ${PAGE}; all with --json)`,
    }),
    page: Flags.integer({ min: 1, default: 1, helpValue: '<n>', summary: 'Which page' }),
  };

  protected override readonly looks = true;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(List);
    return this.open(flags.directory, async (crew) => {
      await this.tellTrust(crew);
      const { proposals } = await import('../crew/index.ts');
      const json = this.jsonEnabled();
      const wanted = flags.limit ?? (json && flags.page === 1 ? 0 : PAGE);
      const limit = wanted === 0 ? undefined : wanted;
      const group: Grouping | undefined = flags.group;
      const files = json || group === 'file';
      const page = await proposals.list(crew, { all: flags.all, files, limit, page: flags.page });
      this.log(renderList(page, group));
      return page.rows;
    });
  }
}
