import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderMerged } from './frame/render.ts';
import { visibleLine } from './frame/visible.ts';

export default class Merge extends AmbientCommand {
  static override summary = 'Land proposals on the checked-out branch as ordinary commits';
  static override description =
    'The commit is yours: your identity, hooks and signing. When HEAD has moved, the fix is placed on it again and verified again first. Uncommitted work in other files stays as it is. With several ids it stops at the first refusal.\n\nWith --fixup no commit is added: the fix goes into the commit that introduced what it mends, if nobody else can have that commit yet, and the later ones are replayed on it with their authors, dates and messages. The way back is printed.';
  static override strict = false;
  static override args = {
    id: Args.string({ required: true, description: 'Any unique prefix of a proposal id; several may follow' }),
  };
  static override flags = {
    fixup: Flags.boolean({
      default: false,
      summary: 'Fold the fix into the unpushed commit that introduced what it mends',
    }),
    'with-witness': Flags.boolean({
      default: false,
      exclusive: ['fixup'],
      summary: 'Keep the failing input as a test, in the way the repository writes its tests',
    }),
  };

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Merge);
    return this.open(flags.directory, async (crew) => {
      const { merge } = await import('../crew/index.ts');
      const results = [];
      for (const id of argv as string[]) {
        const result = await merge(crew, id, { fixup: flags.fixup, withWitness: flags['with-witness'] });
        results.push(result);
        if (result.merged) {
          this.log(renderMerged(result));
          continue;
        }
        if (!this.jsonEnabled())
          process.stderr.write(`not merged: ${visibleLine(result.reason)}\n  → ${result.next}\n`);
        this.exitWith(1);
        break;
      }
      return results;
    });
  }
}
