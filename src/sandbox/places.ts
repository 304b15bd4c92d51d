/** Where things stand inside a sandbox. Rule: pure; the same places whatever isolates, so that paths in reports agree. */
export const HOME = '/tmp/home';

export interface Mount {
  path: string;
  at: string;
}

/**
 * Where the directory stands inside. Web servers and their tests refuse to serve anything below a folder whose name begins
 * with a dot, and slots lie below `.git`: those are shown as `/slot`.
 */
export function placeOf(dir: string): string {
  return dir.split('/').some((part) => part.startsWith('.')) ? '/slot' : dir;
}

/** `text` (an argument, a value, a list of paths) with `dir` replaced where it is a whole path or its beginning. */
export function relocated(text: string, dir: string, at: string): string {
  if (at === dir) return text;
  const plain = dir.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`${plain}(?=[/:=,;'"\\s]|$)`, 'g'), at);
}

/** Is `path` the directory `dir` or something below it? Both absolute. */
export function inside(path: string, dir: string): boolean {
  return path === dir || path.startsWith(dir.endsWith('/') ? dir : `${dir}/`);
}
