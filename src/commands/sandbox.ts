import * as Flags from '@oclif/core/flags';
import { AmbientCommand } from './frame/command.ts';
import { renderResult, renderStatus } from './frame/render-sandbox.ts';

const ACTIONS = ['status', 'build', 'grant', 'revoke'];

export default class Sandbox extends AmbientCommand {
  static override summary = 'Run an allowed command on a copy of HEAD as a check would run, or look after the sandbox';
  static override description =
    'With `--`: no network, no home directory, no .git; the copy is thrown away. The command must be admitted by sandbox.allowed_commands. Its exit code is passed on.\n`status` (also without any argument) says what isolates here, `build` makes the image of the docker driver, `grant bridge|host` opens a network for a time where sandbox.network_mode asks for one, `revoke` closes it.';
  static override usage = 'sandbox [-- <argv> | status | build | grant bridge|host | revoke]';
  static override strict = false;
  static override flags = {
    for: Flags.string({ helpValue: '<time>', default: '7d', summary: '`grant`: how long, as 12h or 7d (30d at most)' }),
    'registry-free': Flags.boolean({ summary: '`build`: from Debian packages alone, with mmdebstrap' }),
    with: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<package>',
      summary: '`build`: a further Debian package',
    }),
  };

  async run(): Promise<unknown> {
    const { argv, flags, raw } = await this.parse(Sandbox);
    const words = argv as string[];
    const isCommand = this.argv.includes('--') || raw.length === 0;
    const [action = 'status', ...rest] = this.argv.includes('--') ? [] : words;
    return this.open(flags.directory, async (crew) => {
      if (isCommand && words.length > 0) return this.command(crew, words);
      const { AmbientError } = await import('../base/index.ts');
      if (this.argv.includes('--') || !ACTIONS.includes(action) || rest.length > (action === 'grant' ? 1 : 0))
        throw new AmbientError(
          'no-command',
          this.argv.includes('--') ? 'no command was given' : `${words.join(' ')}: commands stand after --`,
          {
            kind: 'user',
            hint: 'git ambient sandbox -- pytest -q (or `status`, `build`, `grant`, `revoke`)',
          },
        );
      const { sandbox } = await import('../crew/index.ts');
      if (action === 'grant') {
        const grant = await sandbox.grant(crew, rest[0] ?? '', flags.for);
        const until = new Date(grant.until).toISOString();
        this.log(
          `Commands may use the ${grant.network} network until ${until}, where sandbox.network_mode asks for it.`,
        );
        return { network: grant.network, until };
      }
      if (action === 'revoke') {
        const grant = await sandbox.revoke(crew);
        this.log(
          grant === null ? 'No network was granted.' : `Commands may no longer use the ${grant.network} network.`,
        );
        return { revoked: grant?.network ?? null };
      }
      if (action === 'build') {
        const built = await sandbox.build(crew, { registryFree: flags['registry-free'], packages: flags.with ?? [] });
        this.log(
          `Built ${built.image} from ${built.from === 'packages' ? 'packages' : 'its Dockerfile'}: ${built.packages.join(', ')}.`,
        );
        return built;
      }
      const status = await sandbox.status(crew);
      this.log(renderStatus(status));
      if (status.driver === null) this.exitWith(3);
      return status;
    });
  }

  private async command(crew: import('../crew/index.ts').Crew, argv: string[]): Promise<unknown> {
    const { AmbientError } = await import('../base/index.ts');
    const { sandbox } = await import('../crew/index.ts');
    const result = await sandbox.run(crew, argv);
    if (result.setupError !== null)
      throw new AmbientError('not-started', `${argv[0]} could not be started: ${result.setupError}`, {
        kind: 'environment',
        hint: 'git ambient doctor',
      });
    if (!this.jsonEnabled()) {
      process.stdout.write(result.stdout);
      process.stderr.write(result.stderr + renderResult(result));
    }
    this.exitWith(result.code ?? 1);
    return result;
  }
}
