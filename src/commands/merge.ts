import * as Args from '@oclif/core/args';
import { AmbientCommand } from './frame/command.ts';

export default class Merge extends AmbientCommand {
  static override summary = 'Land proposals on the checked-out branch as ordinary commits';
  static override description =
    'The commit is yours: your identity, hooks and signing. When HEAD has moved, the fix is placed on it again and verified again first. Uncommitted work in other files stays as it is. With several ids it stops at the first refusal.';
  static override strict = false;
  static override args = {
    id: Args.string({ required: true, description: 'Any unique prefix of a proposal id; several may follow' }),
  };

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Merge);
    return this.open(flags.directory, async (crew) => {
      const { merge } = await import('../crew/index.ts');
      const results = [];
      for (const id of argv as string[]) {
        const result = await merge(crew, id);
        results.push(result);
        if (result.merged) {
          this.log(`Merged ${result.id} as ${result.commit.slice(0, 12)}: ${result.title}`);
          continue;
        }
        if (!this.jsonEnabled()) process.stderr.write(`not merged: ${result.reason}\n  → ${result.next}\n`);
        this.exitWith(1);
        break;
      }
      return results;
    });
  }
}
