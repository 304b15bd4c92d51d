import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderFindings } from './frame/render.ts';
import { scopeFlags } from './frame/scope.ts';

export default class Findings extends AmbientCommand {
  static override summary = 'Only diagnose: print findings, propose nothing';
  static override description = 'Without flags: what the newest commit brought. Writes nothing to the repository.';
  static override flags = {
    ...scopeFlags,
    sarif: Flags.boolean({
      default: false,
      exclusive: ['json'],
      summary: 'Print SARIF 2.1.0, for code hosts and editors',
    }),
    check: Flags.boolean({ default: false, summary: 'Exit with 1 when there is a finding' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Findings);
    return this.open(flags.directory, async (crew) => {
      await this.tellTrust(crew);
      const { findings, findingsAsSarif } = await import('../crew/index.ts');
      const { report, log } = flags.sarif
        ? await findingsAsSarif(crew, flags, this.config.version)
        : { report: await findings(crew, flags), log: null };
      this.log(log === null ? renderFindings(report) : JSON.stringify(log, null, 2));
      if (this.jsonEnabled()) for (const line of report.missing) process.stderr.write(`missing: ${line}\n`);
      if (flags.check && report.findings.length > 0) this.exitWith(1);
      return report.findings.map(
        ({ rule, specialist, severity, path, line, end_line, message, fixable, fingerprint }) => ({
          ...{ rule, specialist, severity, path, line, end_line, message, fixable, fingerprint },
        }),
      );
    });
  }
}
