/** What a module is called, wherever it is imported. Pure. Rule: a file of the repository has the same name as an import of it. */
import { posix } from 'node:path';

/** A module as a path without ending: what an import of it and the file itself have in common. */
export function moduleId(path: string): string {
  return path
    .replace(/\.(d\.)?[cm]?[jt]sx?$|\.pyi?$/, '')
    .replace(/(^|\/)(__init__|index)$/, '')
    .replace(/^\.\//, '');
}

/** The module that `specifier`, as it is written in `path`, names; one that was named by its place begins with `./`. */
export function importedId(path: string, specifier: string): string {
  if (/\.pyi?$/.test(path)) {
    const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(specifier) ?? [];
    const inside = rest.replaceAll('.', '/');
    if (dots === '') return inside;
    const folder = posix.join(posix.dirname(path), ...Array.from({ length: dots.length - 1 }, () => '..'));
    return `./${moduleId(posix.join(folder, inside))}`;
  }
  if (!specifier.startsWith('.')) return specifier.replace(/^node:/, '');
  return `./${moduleId(posix.join(posix.dirname(path), specifier))}`;
}

/** Is what is `bound` so in `path` code of the repository itself? */
export function isOwn(bound: string, path: string): boolean {
  if (/^(file|self):|^import:\.\//.test(bound)) return true;
  const [, first = ''] = /^import:([^/#]+)/.exec(bound) ?? [];
  return first !== '' && posix.dirname(path).split('/').includes(first);
}
