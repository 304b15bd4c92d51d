#!/usr/bin/env node
// The entry: oclif reads the manifest and loads only the command that is asked for.
import module from 'node:module';

module.enableCompileCache?.();
// A runner that a hook started outlives the terminal that it was started from.
process.on('SIGHUP', () => {});
const argv = process.argv.slice(2);
// `git ambient -C <dir> <command>`, as git itself takes it; after the command it is an ordinary flag.
while (argv[0] === '-C' && argv[1] !== undefined) {
  try {
    process.chdir(argv[1]);
  } catch {
    process.stderr.write(`error: there is no directory ${argv[1]}\n`);
    process.exit(2);
  }
  argv.splice(0, 2);
}
const { default: oclif } = await import('@oclif/core/run');
const { default: flush } = await import('@oclif/core/flush');
const { default: handle } = await import('@oclif/core/handle');

await oclif.run(argv, import.meta.url).then(
  () => flush.flush(),
  (error) => handle.handle(error),
);
