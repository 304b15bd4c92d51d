#!/usr/bin/env node
// The entry: argv, then the built command line. CommonJS, because node starts it sooner.
const { readFileSync } = require('node:fs');
const module_ = require('node:module');
const { dirname, join } = require('node:path');
const vm = require('node:vm');

const argv = process.argv.slice(2);
// A runner that a hook started outlives the terminal that it was started from; whatever a person started ends with it.
if (argv.includes('--background')) process.on('SIGHUP', () => {});
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
const root = join(__dirname, '..');
load('start.cjs').begin(load).start(argv, root);

/** A file of dist/. Half an installation is told as such, and nothing is done with it. */
function load(name) {
  try {
    const loaded = compiled(join(root, 'dist', name));
    if (loaded.parts !== undefined) return loaded;
    throw new Error('it is empty');
  } catch (error) {
    const why = error.code ?? error.message;
    process.stderr.write(
      `error: git-ambient is not installed completely: dist/${name} cannot be loaded (${why})\n  → install it again; in a clone of it run \`npm run build\`\n`,
    );
    process.exit(3);
  }
}

/**
 * Compiling is a third of the start, so the build has kept it. What newer node keeps by itself lies where every user of the
 * machine may write, and compiled code is not looked at again.
 */
function compiled(file) {
  const cachedData = read(`${file}.cache`);
  // The build writes plain ASCII, which is read as it is.
  const script = new vm.Script(module_.wrap(readFileSync(file, 'latin1')), { filename: file, cachedData });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, module_.createRequire(file), loaded, file, dirname(file));
  return loaded.exports;
}

/** Another version of node rejects the compiled code and compiles again; a missing file is no more than slower. */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
