import * as Flags from '@oclif/core/flags';
import { AmbientError } from '../base/index.ts';
import type { MirrorRow } from '../crew/index.ts';
import { AmbientCommand } from './frame/command.ts';

export default class Advisories extends AmbientCommand {
  static override summary = 'Show or renew what is known of vulnerable dependencies';
  static override description =
    'Lists the mirrors of `agents.SecurityGuardian.osv_mirror` and what was fetched from them; `--update` fetches them now. Nothing else ever does: put it into a timer of yours. What cannot be fetched whole leaves what was there before; exit code 1 then.';
  static override flags = {
    update: Flags.boolean({ summary: 'Fetch the mirrors of the trusted configuration' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Advisories);
    return this.open(flags.directory, async (crew) => {
      const { memory } = await import('../crew/index.ts');
      const rows = await (flags.update ? memory.updateAdvisories(crew) : memory.advisories(crew));
      if (rows.length === 0 && flags.update) throw noMirror();
      if (rows.length === 0) this.log('No mirror is configured (agents.SecurityGuardian.osv_mirror).');
      for (const row of rows) this.log(lineOf(row));
      if (rows.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
      return rows;
    });
  }
}

function noMirror(): AmbientError {
  return new AmbientError('no-mirror', 'no mirror is configured: there is nothing to fetch', {
    kind: 'config',
    hint: 'set agents.SecurityGuardian.osv_mirror in .ambient.yml, then `git ambient init` trusts it',
  });
}

function lineOf({ source, outcome, advisories, fetched_at: at, reason }: MirrorRow): string {
  const known = at === null ? 'never fetched' : `${advisories} advisories, of ${at.slice(0, 10)}`;
  if (outcome === 'failed')
    return `${source}: not fetched: ${reason}; ${at === null ? 'there is none' : `kept: ${known}`}`;
  return `${source}: ${known}${outcome === 'updated' ? ', new' : ''}`;
}
