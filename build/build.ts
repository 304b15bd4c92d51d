/** `npm run build`: validators, then TypeScript, then oclif's manifest. Output in dist/; nothing else is written. */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core/config';
import { buildValidators } from './validators.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');
const dist = join(root, 'dist');

await buildValidators();
rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'build/tsconfig.json')],
  {
    stdio: 'inherit',
  },
);
for (const path of readdirSync(src, { recursive: true, encoding: 'utf8' }))
  if (path.endsWith('.generated.js')) cpSync(join(src, path), join(dist, path));

// The manifest lets the command line start without loading every command.
const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, respectNoCacheDefault: true });
await plugin.load();
writeFileSync(join(root, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
