import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientError } from '../base/index.ts';
import { AmbientCommand } from './frame/command.ts';
import { renderApply, renderRefusals } from './frame/render-apply.ts';
import { readInput } from './frame/stdin.ts';

export default class Apply extends AmbientCommand {
  static override summary = 'Put a patch or a proposal into the working tree, uncommitted';
  static override description =
    '`apply -` reads a patch from stdin in any form that people and models write: unified diffs, SEARCH/REPLACE blocks, `*** Begin Patch`, with prose and fences around. It is placed exactly or refused as a whole; names are relative to the top of the working tree. Exit code 0: applied, or it stood there already. 1: refused, nothing changed. Index and HEAD are left alone; no `git ambient init` is needed.';
  static override args = {
    id: Args.string({
      required: true,
      ignoreStdin: true,
      description: '`-` for stdin, or any unique prefix of a proposal id',
    }),
  };
  static override flags = {
    check: Flags.boolean({ default: false, summary: 'Only say whether and where it fits; write nothing' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Apply);
    if (/[./]/.test(args.id)) throw notAnId(args.id);
    const { apply } = await import('../crew/index.ts');
    const report =
      args.id === '-'
        ? await apply.patch(() => readInput(process.stdin), { dir: flags.directory, check: flags.check })
        : await this.open(flags.directory, (crew) => apply.proposal(crew, args.id, flags.check));
    const text = renderApply(report);
    if (text !== '') this.log(text);
    if (report.outcome === 'refused') {
      if (!this.jsonEnabled()) process.stderr.write(`${renderRefusals(report)}\n`);
      this.exitWith(1);
    }
    return report;
  }
}

/** The name of a file, most likely. */
function notAnId(word: string): AmbientError {
  return new AmbientError('not-an-id', `${JSON.stringify(word)} is no id of a proposal`, {
    kind: 'user',
    hint: `a patch is read from stdin: \`git ambient apply - < ${word}\``,
  });
}
