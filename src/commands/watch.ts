import { AmbientCommand } from './frame/command.ts';
import { renderCycles } from './frame/render.ts';

export default class Watch extends AmbientCommand {
  static override summary = 'Stay and run a cycle on every wake-up and on a schedule';
  static override description =
    'Wakes on commits (through the hook) and every monitoring.check_interval_seconds. Ends on Ctrl-C.';
  static override enableJsonFlag = false;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Watch);
    return this.open(flags.directory, async (crew) => {
      const { background, withCrew } = await import('../crew/index.ts');
      const { watch } = await import('../triggers/index.ts');
      this.log(`Watching ${crew.repository.info.workTree ?? crew.repository.info.gitDir}; Ctrl-C ends it.`);
      const heedWakes = crew.config.monitoring.enabled;
      if (!heedWakes) this.log('monitoring.enabled is false: commits are left to the schedule.');
      let quiet = false;
      const watching = watch({
        heedWakes,
        store: crew.store,
        interval: crew.config.monitoring.check_interval_seconds,
        debounce: crew.config.monitoring.debounce_seconds,
        signal: crew.signal,
        onWake: async () => {
          // Opened anew: what was trusted, configured or installed since the last time counts.
          return withCrew({ dir: flags.directory, signal: crew.signal, log: crew.log }, async (now) => {
            const rest = await background.quietFor(now.config, new Date());
            if (rest > 0 && !quiet) this.log(`Quiet hours (${now.config.monitoring.quiet_hours}): commits wait.`);
            quiet = rest > 0;
            const reports = await background.run(now, { watching: true });
            if (reports.length > 0) this.log(renderCycles(reports));
            return rest;
          });
        },
      });
      // Ctrl-C is how it ends, also in the middle of a cycle: the next runner goes on there.
      await watching.catch((error: unknown) => {
        if (!crew.signal.aborted) throw error;
      });
      return undefined;
    });
  }
}
