/** Where this program lies: written into the hook, because a graphical client has another PATH than a shell. */
import { join } from 'node:path';
import { packageRoot } from '../../base/index.ts';

/** Absolute paths of node, of the command's entry, and of the hooks' scripts. */
export function places(): { node: string; cli: string; hooks: string } {
  const { root } = packageRoot();
  return { node: process.execPath, cli: join(root, 'bin/run.js'), hooks: join(root, 'hooks') };
}
