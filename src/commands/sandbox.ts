import { AmbientCommand } from './frame/command.ts';

export default class Sandbox extends AmbientCommand {
  static override summary = 'Run an allowed command on a copy of HEAD as a check would run';
  static override description =
    'No network, no home directory, no .git; the copy is thrown away. The command must be admitted by sandbox.allowed_commands. Its exit code is passed on.';
  static override usage = 'sandbox -- <argv>';
  static override strict = false;

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Sandbox);
    return this.open(flags.directory, async (crew) => {
      const { AmbientError } = await import('../base/index.ts');
      const { runInSandbox } = await import('../crew/index.ts');
      if (argv.length === 0)
        throw new AmbientError('no-command', 'no command was given', {
          kind: 'user',
          hint: 'git ambient sandbox -- pytest -q',
        });
      const result = await runInSandbox(crew, argv as string[]);
      if (result.setupError !== null)
        throw new AmbientError('not-started', `${argv[0]} could not be started: ${result.setupError}`, {
          kind: 'environment',
          hint: 'git ambient doctor',
        });
      if (!this.jsonEnabled()) {
        process.stdout.write(result.stdout);
        process.stderr.write(result.stderr);
        if (result.timedOut) process.stderr.write('stopped: it ran longer than sandbox.timeout_seconds\n');
        if (result.oom) process.stderr.write('stopped: it used more than sandbox.resources.memory\n');
      }
      this.exitWith(result.code ?? 1);
      return result;
    });
  }
}
