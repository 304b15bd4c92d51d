import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderVerify } from './frame/render.ts';

export default class Verify extends AmbientCommand {
  static override summary = 'Judge a proposal or any commit by the rules that proposals are judged by';
  static override description =
    'Runs the checks on the base and on the candidate in the sandbox and compares them. Exit code 0 is passed, 1 failed or inconclusive.';
  static override args = {
    target: Args.string({ default: 'HEAD', description: 'A proposal id or any revision (default HEAD)' }),
  };
  static override flags = {
    base: Flags.string({ helpValue: '<rev>', summary: 'Compare with this commit (default: the parent)' }),
    performance: Flags.boolean({
      default: false,
      summary: 'Measure base and candidate in turn and say how much faster it is',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Verify);
    return this.open(flags.directory, async (crew) => {
      const { verify } = await import('../crew/index.ts');
      const report = await verify(crew, args.target, { base: flags.base, performance: flags.performance });
      this.log(renderVerify(report));
      if (report.outcome !== 'passed') this.exitWith(1);
      return report;
    });
  }
}
