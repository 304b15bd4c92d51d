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
      const { runInBackground, withCrew } = await import('../crew/index.ts');
      const { watch } = await import('../triggers/index.ts');
      this.log(`Watching ${crew.repository.info.workTree ?? crew.repository.info.gitDir}; Ctrl-C ends it.`);
      await watch({
        store: crew.store,
        interval: crew.config.monitoring.check_interval_seconds,
        debounce: crew.config.monitoring.debounce_seconds,
        signal: crew.signal,
        onWake: async () => {
          // Opened anew: what was trusted, configured or installed since the last time counts.
          const reports = await withCrew({ dir: flags.directory, signal: crew.signal, log: crew.log }, (now) =>
            runInBackground(now, { watching: true }),
          );
          if (reports.length > 0) this.log(renderCycles(reports));
        },
      });
      return undefined;
    });
  }
}
