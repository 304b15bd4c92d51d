/**
 * Starts the worker and reads its analysers. To compile them is most of what a worker does on a few files, so the build has
 * kept it; another version of node rejects that and compiles again.
 */
import { readFileSync } from 'node:fs';
import module_, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

// Ruff's, see load-ruff.ts: compiled code is taken only under the flags under which it was kept.
if (['x64', 'arm64'].includes(process.arch)) {
  setFlagsFromString('--liftoff-only');
  setFlagsFromString('--wasm-lazy-validation');
}
const folder = dirname(fileURLToPath(import.meta.url));
const made = Object.create(null);
load('./work.cjs');

function load(name) {
  const file = join(folder, name);
  const require = createRequire(file);
  if (made[name] !== undefined) return made[name].exports;
  // The build writes plain ASCII, which is read as it is.
  const script = new Script(module_.wrap(readFileSync(file, 'latin1')), {
    filename: file,
    cachedData: read(`${file}.cache`),
  });
  const loaded = { exports: {} };
  made[name] = loaded;
  const need = (id) => (id.startsWith('./') ? load(id) : require(id));
  script.runInThisContext()(loaded.exports, Object.assign(need, require), loaded, file, folder);
  return loaded.exports;
}

/** A missing file is no more than slower. */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
