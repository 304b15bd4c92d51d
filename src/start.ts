/** What bin/run.js starts: the whole command line, every part of it loaded on its first use. */

import { commands } from 'built:commands';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Config } from '@oclif/core/config';
import { settings } from '@oclif/core/settings';

/** Runs the command that `argv` names. @param root directory of the package. */
export async function start(argv: string[], root: string): Promise<void> {
  // The commands are built: looking for TypeScript sources of them would only cost time.
  settings.enableAutoTranspile = false;
  try {
    await dispatch(argv, new Program(root));
    // What was written to a pipe is written before the process ends.
    await new Promise((resolve) => process.stdout.write('', resolve));
  } catch (error) {
    const { handle } = await import('@oclif/core/handle');
    await handle(error as Error);
  }
}

/** What a command asks of oclif's configuration; who needs the rest of it calls `load`. */
class Program extends Config {
  constructor(root: string) {
    super({ root });
    this.root = root;
    this.pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    this.name = this.pjson.name;
    this.version = this.pjson.version;
    this.bin = this.name;
    this.userAgent = `${this.name}/${this.version} ${process.platform}-${process.arch} node-${process.version}`;
  }

  /** Nothing of ours waits for one. */
  override async runHook(): ReturnType<Config['runHook']> {
    return { successes: [], failures: [] };
  }
}

/** A command that is named is at hand; help and mistakes are oclif's, from its manifest. */
async function dispatch(argv: string[], program: Program): Promise<void> {
  const [id = '', ...rest] = argv;
  const load = Object.hasOwn(commands, id) ? commands[id] : undefined;
  if (load !== undefined && !asksForHelp(rest)) {
    const { default: Command } = await load();
    Command.id = id;
    await new Command(rest, program).begin();
  } else if (id === 'help') await dispatch([...rest, '--help'], program);
  else if (id !== '' && !KNOWN.includes(id)) await refuse(id, argv);
  else if (argv.length === 1 && id === '--version') process.stdout.write(`${program.userAgent}\n`);
  else {
    const { run } = await import('@oclif/core/run');
    await run(argv, { root: program.root });
  }
}

/** Besides our own. */
const KNOWN: readonly string[] = ['help', '--help', '-h', '--version', ...Object.keys(commands)];

async function refuse(word: string, argv: readonly string[]): Promise<void> {
  const { unknownCommand } = await import('./commands/frame/nearest-command.ts');
  const { message, hint } = unknownCommand(word, KNOWN);
  process.exitCode = 2;
  if (argv.includes('--json')) {
    const error = { code: 'unknown-command', kind: 'user', message, hint, data: {} };
    process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
  } else process.stderr.write(`error: ${message}\n  → ${hint}\n`);
}

/** Behind `--` stand the words of another program. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h');
}
