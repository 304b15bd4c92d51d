/** A process that runs one sandboxed command, to be killed or to be handed open files. argv: driver, slot, then the command. */
import { bubblewrap, docker, limitsFrom } from '../../src/sandbox/index.ts';

const [name, dir = '', ...argv] = process.argv.slice(2);
const driver =
  name === 'docker' ? docker({ image: process.env['AMBIENT_TEST_IMAGE'] ?? 'ambient-sandbox:latest' }) : bubblewrap();
const result = await driver.run({ argv, dir, limits: limitsFrom() });
process.stdout.write(JSON.stringify(result));
