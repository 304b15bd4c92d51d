import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { columns } from './frame/render.ts';
import { renderRules } from './frame/render-rules.ts';
import { visible } from './frame/visible.ts';

export default class Config extends AmbientCommand {
  static override summary = 'Print every effective setting and where it comes from';
  static override description =
    'With a key, that setting with its meaning, its default and the variable that sets it; with the name of a block, everything in it.';
  static override flags = {
    'check-rules': Flags.boolean({
      default: false,
      summary:
        'Try the examples of the rules in `.ambient/rules/` as they stand here; exit code 1 where one does not hold',
    }),
  };
  static override args = {
    key: Args.string({ description: 'Dotted, as `sandbox.resources.memory`, or a block, as `sandbox`' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Config);
    if (flags['check-rules']) return this.checkRules(flags.directory);
    return this.open(flags.directory, async (crew) => {
      const { explain, explainKey, whatIsInForce } = await import('../config/index.ts');
      const all = explain(crew);
      const rows = args.key === undefined ? all : explainKey(all, args.key);
      const plain = crew.trust.trusted !== null && !crew.trust.changed;
      // One setting as it should be needs no word on where the others come from.
      if (!this.jsonEnabled() && !(plain && args.key !== undefined))
        for (const line of await whatIsInForce(crew.repository, crew.trust)) this.log(visible(line));
      const [row] = rows;
      if (args.key !== undefined && rows.length === 1 && row) {
        const inactive = row.inactive ? ['nothing obeys it in this version: not active yet'] : [];
        this.log(`${row.key} = ${JSON.stringify(row.value)}`);
        this.log(
          [...inactive, row.description, `from: ${row.source}`, `default: ${JSON.stringify(row.default)}`].join('\n'),
        );
        if (row.variable !== null) this.log(`variable: ${row.variable}`);
        return rows;
      }
      this.log(
        columns(
          rows.map((one) => [
            one.key,
            JSON.stringify(one.value),
            one.source + (one.inactive ? ' (not active yet)' : ''),
          ]),
        ),
      );
      return rows;
    });
  }

  private async checkRules(dir: string): Promise<unknown> {
    return this.open(dir, async (crew) => {
      const { checkRules } = await import('../crew/index.ts');
      const report = await checkRules(crew);
      this.log(renderRules(report));
      if (report.refused.length > 0) this.exitWith(1);
      return report;
    });
  }
}
