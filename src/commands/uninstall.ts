import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';

export default class Uninstall extends AmbientCommand {
  static override summary = 'Remove the hooks, the local state and the settings of this clone';
  static override description =
    'Takes our lines out of every hook, byte for byte, and removes local files and settings. Proposals and their records under refs/ambient/ and refs/notes/ambient/ stay unless --purge is given.';
  static override flags = {
    purge: Flags.boolean({
      default: false,
      summary: 'Delete all proposals, evaluations and decisions of this clone too',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Uninstall);
    return this.open(flags.directory, async (crew) => {
      const { hookPlaces, removeHooks } = await import('../triggers/index.ts');
      const { residence } = await import('../crew/index.ts');
      const places = await hookPlaces(crew.repository);
      const result = await residence.forget(crew, { purge: flags.purge });
      const hooks = await removeHooks(crew.repository, places);
      for (const place of hooks) this.log(`Removed: our lines in ${place}`);
      if (hooks.length === 0) this.log('There was no hook of ours.');
      this.log('Removed: local state and settings');
      if (result.refs > 0)
        this.log(
          `${flags.purge ? 'Deleted' : 'Kept'}: ${result.refs} refs under refs/ambient/ and refs/notes/ambient/`,
        );
      return { hooks, ...result };
    });
  }
}
