/** A process that runs one sandboxed command, to be killed or to be handed open files. argv: slot, then the command. */
import { bubblewrap, limitsFrom } from '../../src/sandbox/index.ts';

const [dir = '', ...argv] = process.argv.slice(2);
const result = await bubblewrap().run({ argv, dir, limits: limitsFrom() });
process.stdout.write(JSON.stringify(result));
