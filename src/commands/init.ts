import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { places } from './frame/places.ts';
import { renderInstallation } from './frame/render-hooks.ts';

export default class Init extends AmbientCommand {
  static override summary = 'Trust this configuration and install the hooks';
  static override description =
    'Records the configuration (.ambient.yml and .ambient/) as trusted in this clone, and adds marked lines to the post-commit and pre-push hooks. Where husky, lefthook, pre-commit or core.hooksPath manage the hooks, nothing is written without --write: the lines to add are printed. Run it again after the configuration changed. `git ambient uninstall` undoes all of it.';
  static override flags = {
    hook: Flags.boolean({ allowNo: true, default: true, summary: 'Install the hooks' }),
    write: Flags.boolean({ default: false, summary: 'Also write hook files that something else manages' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Init);
    const trusted = await this.open(flags.directory, async (crew) => {
      const { trustConfiguration } = await import('../config/index.ts');
      const { residence } = await import('../crew/index.ts');
      return trustConfiguration(crew.repository, await residence.vetting());
    });
    // Opened anew: from here on the configuration that was just trusted counts.
    return this.open(flags.directory, async (crew) => {
      const { hookEvents, installHooks } = await import('../triggers/index.ts');
      const { residence } = await import('../crew/index.ts');
      await residence.begin(crew);
      this.log(`Trusted: configuration ${trusted.slice(0, 12)}`);
      const events = hookEvents.filter((event) => event === 'post-commit' || crew.config.pre_push !== 'off');
      const installation = flags.hook
        ? await installHooks(crew.repository, places(), { events, write: flags.write })
        : null;
      if (installation) this.log(renderInstallation(installation));
      this.log(
        crew.repository.info.workTree === null
          ? 'This repository is bare: commits in its linked worktrees wake the crew. To look at HEAD now: `git ambient run --all`.'
          : 'Commit as usual; then `git ambient list`. To look at everything now: `git ambient run --all`.',
      );
      return { trusted, hooks: installation };
    });
  }
}
