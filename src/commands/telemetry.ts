import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';

export default class Telemetry extends AmbientCommand {
  static override summary = 'Print the local log of what the crew did, one JSON line each';
  static override description = 'The log never leaves this clone.';
  static override flags = {
    type: Flags.string({ helpValue: '<kind>', summary: 'Only this kind: cycle_started, proposal, verify_failed, …' }),
    since: Flags.string({
      helpValue: '<time>',
      summary: 'From when on: yesterday, 12h, 3 days ago, 2026-01-31, 2026-01-31T09:00',
    }),
    follow: Flags.boolean({ char: 'f', default: false, summary: 'Keep printing new lines until interrupted' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Telemetry);
    return this.open(flags.directory, async (crew) => {
      const { memory } = await import('../crew/index.ts');
      const query = await memory.diary(crew, flags);
      const lines = await crew.store.telemetry.read(query);
      for (const line of lines) this.log(JSON.stringify(line));
      let last = lines.at(-1)?.seq ?? -1;
      while (flags.follow && !crew.signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        if (crew.signal.aborted) break;
        for (const line of await crew.store.telemetry.read(query)) {
          if (line.seq <= last) continue;
          this.log(JSON.stringify(line));
          last = line.seq;
        }
      }
      return lines;
    });
  }
}
