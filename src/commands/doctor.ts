import { AmbientCommand } from './frame/command.ts';
import { columns } from './frame/render.ts';

export default class Doctor extends AmbientCommand {
  static override summary = 'Probe everything that the crew needs, and say the fix';

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Doctor);
    return this.open(flags.directory, async (crew) => {
      const { examine } = await import('../crew/index.ts');
      const { inspectHooks } = await import('../triggers/index.ts');
      const probes = await examine(crew, await inspectHooks(crew.repository));
      const marks = { ok: 'ok', warn: 'note', fail: 'FAIL' } as const;
      this.log(
        columns(
          probes.map((probe) => [
            marks[probe.level],
            probe.name,
            probe.message + (probe.hint ? `\n        → ${probe.hint}` : ''),
          ]),
        ),
      );
      if (probes.some((probe) => probe.level === 'fail')) this.exitWith(3);
      return probes;
    });
  }
}
