/** Where this package lies. Rule: found by its package.json, because a bundle moves code between files. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute top of the package, and whether it runs from its sources or from what was built of them. */
export function packageRoot(): { root: string; built: boolean } {
  const here = fileURLToPath(import.meta.url);
  let root = dirname(here);
  while (!existsSync(join(root, 'package.json')) && root !== dirname(root)) root = dirname(root);
  return { root, built: !here.endsWith('.ts') };
}
