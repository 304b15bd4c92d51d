/** Where this program lies: written into the hook, because a graphical client has another PATH than a shell. */
import { fileURLToPath } from 'node:url';

/** Absolute paths of node, of the command's entry, and of the hook's script. */
export function places(): { node: string; cli: string; script: string } {
  const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  return { node: process.execPath, cli: at('bin/run.js'), script: at('hooks/post-commit') };
}
