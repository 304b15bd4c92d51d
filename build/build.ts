/** `npm run build`: validators, the bundle, oclif's manifest. Output in dist/; types are checked by `npm run types`. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, writeManifest } from './bundle.ts';
import { buildValidators } from './validators.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

await buildValidators();
rmSync(join(root, 'dist'), { recursive: true, force: true });
await bundle(root);
await writeManifest(root);
