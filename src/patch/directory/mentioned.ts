/**
 * Names in a patch that stand in the directory, for files that no list has. Rule: a hint and no more: which file a patch
 * is for is decided elsewhere; what is found here merely exists.
 */
import { join } from 'node:path';
import { vetPath } from '../vet.ts';
import { type Disk, nodeDisk } from './disk.ts';

/** Looks at the disk; a patch that mentions more names than these has none that matter. */
const MOST = 500;
/** Lines that introduce a file in any of the forms. */
const HEADER =
  /^(?:--- |\+\+\+ |rename (?:from|to) |\*{3} (?:Update|Delete|Add) File: |\*{3} Move to: )"?([^\t"\r\n]+)/;
/** A line that is a name and nothing else, as it stands above a SEARCH block. */
const BARE = /^(?:#+ |<file path=")?[*`"]*([^\s*`"<>|]{1,300})["*`:>]*\r?$/;

export function mentionedFiles(top: string, patch: Buffer, disk: Disk = nodeDisk): string[] {
  const names = new Set<string>();
  for (const line of patch.toString('utf8').split('\n')) {
    if (names.size > MOST) break;
    const name = (HEADER.exec(line) ?? BARE.exec(line))?.[1]?.trim();
    if (name === undefined) continue;
    const plain = name.replace(/^(?:\.\/)+/, '');
    names.add(plain).add(plain.slice(plain.indexOf('/') + 1));
  }
  return [...names].filter((name) => vetPath(name) === null && disk.look(join(top, name))?.isFile());
}
