import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { places } from './frame/places.ts';

export default class Init extends AmbientCommand {
  static override summary = 'Trust this configuration and install the post-commit hook';
  static override description =
    'Records the configuration (.ambient.yml and .ambient/) as trusted in this clone and adds a marked block to the post-commit hook. Run it again after the configuration changed. `git ambient uninstall` undoes all of it.';
  static override flags = {
    hook: Flags.boolean({ allowNo: true, default: true, summary: 'Install the post-commit hook' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Init);
    return this.open(flags.directory, async (crew) => {
      const { trustConfiguration } = await import('../config/index.ts');
      const { installHook } = await import('../triggers/index.ts');
      const { beginWatching } = await import('../crew/index.ts');
      const trusted = await trustConfiguration(crew.repository);
      await beginWatching(crew);
      this.log(`Trusted: configuration ${trusted.slice(0, 12)}`);
      const hook = flags.hook ? await installHook(crew.repository, places()) : null;
      if (hook?.installed) this.log(`${hook.changed ? 'Installed' : 'Already installed'}: ${hook.path}`);
      else if (hook) {
        this.log(`Not installed: ${hook.reason}`);
        this.log(`To wake the crew on every commit, add this to your own post-commit hook:\n\n${hook.snippet}`);
        this.log('Without it, `git ambient run` and `git ambient watch` do the same work.');
      }
      this.log('Commit as usual; then `git ambient list`. To look at everything now: `git ambient run --all`.');
      return { trusted, hook };
    });
  }
}
