import { AmbientCommand } from './frame/command.ts';
import { columns } from './frame/render.ts';
import { visibleLine } from './frame/visible.ts';

export default class Doctor extends AmbientCommand {
  static override summary = 'Probe everything that the crew needs, and say the fix';

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Doctor);
    return this.open(flags.directory, async (crew) => {
      const { examine } = await import('../crew/index.ts');
      const { inspectHooks } = await import('../triggers/index.ts');
      const probes = await examine(crew, await inspectHooks(crew.repository));
      const marks = { ok: 'ok', warn: 'note', fail: 'FAIL' } as const;
      const lines = columns(probes.map((probe) => [marks[probe.level], probe.name, probe.message])).split('\n');
      const hints = probes.map((probe) => (probe.hint ? `\n        → ${visibleLine(probe.hint)}` : ''));
      this.log(lines.map((line, at) => line + hints[at]).join('\n'));
      if (probes.some((probe) => probe.level === 'fail')) this.exitWith(3);
      return probes;
    });
  }
}
