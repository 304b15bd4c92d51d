import * as Args from '@oclif/core/args';
import { AmbientCommand } from './frame/command.ts';
import { type CompletedCommand, completionScript, type Shell } from './frame/completion.ts';

export default class Completion extends AmbientCommand {
  static override summary = 'Print the completion script of a shell: commands, flags and ids of proposals';
  static override description =
    'bash: `source <(git ambient completion bash)` in ~/.bashrc. zsh: save it as _git-ambient in a directory of $fpath. fish: save it as ~/.config/fish/completions/git-ambient.fish. It completes both `git ambient` and `git-ambient`.';
  static override args = {
    shell: Args.string({ required: true, options: ['bash', 'zsh', 'fish'], description: 'bash, zsh or fish' }),
  };

  async run(): Promise<unknown> {
    const { args } = await this.parse(Completion);
    await this.config.load();
    const script = completionScript(args.shell as Shell, this.config.commands as CompletedCommand[]);
    if (!this.jsonEnabled()) process.stdout.write(script);
    return { script };
  }
}
