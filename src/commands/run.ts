import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderCycles } from './frame/render.ts';
import { scopeFlags } from './frame/scope.ts';

export default class Run extends AmbientCommand {
  static override summary = 'Run one cycle now: diagnose, fix, verify, propose';
  static override description =
    'Without flags it works off what is pending: commits made in this clone since the last cycle. Only findings that are new or touch changed lines become proposals; --all works through the backlog.';
  static override flags = {
    ...scopeFlags,
    background: Flags.boolean({ hidden: true, default: false, summary: 'Started by the hook' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Run);
    return this.open(flags.directory, async (crew) => {
      const { background, proposals, run } = await import('../crew/index.ts');
      if (flags.background) return background.run(crew);
      await this.tellTrust(crew);
      const reports = await run(crew, flags);
      if (this.jsonEnabled()) return reports;
      const made = reports.some((report) => report.proposals.length > 0);
      const rows = made ? (await proposals.list(crew, { all: true })).rows : [];
      this.log(renderCycles(reports, new Map(rows.map(({ id, title }) => [id, title]))));
      return reports;
    });
  }
}
