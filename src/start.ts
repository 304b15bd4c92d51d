/** What bin/run.js starts: the whole command line in one file, every part of it set up on its first use. */
import { commands } from 'built:commands';
import { Config } from '@oclif/core/config';
import { settings } from '@oclif/core/settings';

/** Runs the command that `argv` names. @param root directory of the package. */
export async function start(argv: string[], root: string): Promise<void> {
  // The commands are built: looking for TypeScript sources of them would only cost time.
  settings.enableAutoTranspile = false;
  try {
    await dispatch(argv, await Config.load({ root }));
    // What was written to a pipe is written before the process ends.
    await new Promise((resolve) => process.stdout.write('', resolve));
  } catch (error) {
    const { handle } = await import('@oclif/core/handle');
    await handle(error as Error);
  }
}

/** A command that is named is at hand; help and mistakes are oclif's, from its manifest. */
async function dispatch(argv: string[], config: Config): Promise<void> {
  const [id = '', ...rest] = argv;
  const load = Object.hasOwn(commands, id) ? commands[id] : undefined;
  if (load !== undefined && !asksForHelp(rest)) {
    const { default: command } = await load();
    command.id = id;
    await command.run(rest, config);
  } else if (argv.length === 1 && id === '--version') process.stdout.write(`${config.userAgent}\n`);
  else {
    const { run } = await import('@oclif/core/run');
    await run(argv, config);
  }
}

/** Behind `--` stand the words of another program. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h');
}
