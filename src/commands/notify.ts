import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AmbientError } from '../base/index.ts';
import { AmbientCommand } from './frame/command.ts';
import { readInput } from './frame/stdin.ts';

export default class Notify extends AmbientCommand {
  static override summary = 'Tell the crew that something happened outside of git';
  static override description =
    'Puts an event into the spool and wakes a runner: a deployment failed, a scanner found something. `--data` is JSON, or `-` for stdin; of it `id` (the same event is worked off once) and `paths` (files and folders to look at; without any, everything) count. An event can make the crew look at something, and nothing else.';
  static override args = {
    kind: Args.string({ required: true, ignoreStdin: true, description: 'Who speaks, as `deploy-failed`' }),
  };
  static override flags = {
    data: Flags.string({ helpValue: '<json>', summary: 'A JSON object, or `-` to read one from stdin', default: '{}' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Notify);
    const text = flags.data === '-' ? (await readInput(process.stdin)).toString('utf8') : flags.data;
    const data = parseData(text);
    return this.open(flags.directory, async (crew) => {
      const { background } = await import('../crew/index.ts');
      const said = await background.notify(crew, { kind: args.kind, data });
      this.log(
        said.wakes
          ? `${said.kind}: a runner looks at it; \`git ambient status\` shows when it is done.`
          : `${said.kind}: it waits for \`git ambient run\`; nothing starts by itself here.`,
      );
      return said;
    });
  }
}

function parseData(text: string): Record<string, unknown> {
  const wrong = (why: string, cause?: unknown) =>
    new AmbientError('bad-event', `--data ${why}`, {
      kind: 'user',
      hint: 'as in: git ambient notify deploy-failed --data \'{"id": "build-7", "paths": ["src"]}\'',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong('is no JSON', cause);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw wrong('is no JSON object');
  return value as Record<string, unknown>;
}
