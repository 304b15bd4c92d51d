import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';

export default class Uninstall extends AmbientCommand {
  static override summary = 'Remove the hook, the local state and the settings of this clone';
  static override description =
    'Takes our block out of the hook, and removes local files and settings. Proposals and their records under refs/ambient/ and refs/notes/ambient/ stay unless --purge is given.';
  static override flags = {
    purge: Flags.boolean({
      default: false,
      summary: 'Delete all proposals, evaluations and decisions of this clone too',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Uninstall);
    return this.open(flags.directory, async (crew) => {
      const { removeHook } = await import('../triggers/index.ts');
      const { forget } = await import('../crew/index.ts');
      const result = await forget(crew, { purge: flags.purge });
      const hook = await removeHook(crew.repository);
      this.log(hook.removed ? `Removed: our block in ${hook.path}` : 'There was no hook of ours.');
      this.log('Removed: local state and settings');
      if (result.refs > 0)
        this.log(
          `${flags.purge ? 'Deleted' : 'Kept'}: ${result.refs} refs under refs/ambient/ and refs/notes/ambient/`,
        );
      return { hook: hook.removed, ...result };
    });
  }
}
