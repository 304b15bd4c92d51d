/** `npm run build`: validators, the bundle, oclif's manifest. Output in dist/; types are checked by `npm run types`. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildValidators } from './validators.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

await buildValidators();
// It asks the rooms what there is to bundle, and they ask the validators.
const { bundle, writeManifest } = await import('./bundle.ts');
// What is there works until the new one does.
const dist = join(root, 'dist');
const coming = join(root, `.dist-${process.pid}`);
const going = `${coming}-old`;
mkdirSync(coming);
try {
  await bundle(root, coming);
  await writeManifest(root, coming);
  if (existsSync(dist)) renameSync(dist, going);
  renameSync(coming, dist);
} finally {
  for (const folder of [coming, going]) rmSync(folder, { recursive: true, force: true });
}
