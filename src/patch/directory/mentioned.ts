/**
 * Names in a patch that stand in the directory, for files that no list has. Rule: a hint and no more: which file a patch
 * is for is decided elsewhere; what is found here merely exists.
 */
import { join } from 'node:path';
import { vetPath } from '../vet.ts';
import { type Disk, nodeDisk } from './disk.ts';

/** Looks at the disk: no patch has more files (two names each), and bare names of more than these are lines of text. */
const MOST = { headed: 4000, bare: 500 };
/** Lines that introduce a file in any of the forms. */
const HEADER =
  /^(?:--- |\+\+\+ |rename (?:from|to) |\*{3} (?:Update|Delete|Add) File: |\*{3} Move to: )"?([^\t"\r\n]+)/;
/** A line that is a name and nothing else, as it stands above a SEARCH block. */
const BARE = /^(?:#+ |<file path=")?[*`"]*([^\s*`"<>|]{1,300})["*`:>]*\r?$/;

export function mentionedFiles(top: string, patch: Buffer, disk: Disk = nodeDisk): string[] {
  const found = { headed: new Set<string>(), bare: new Set<string>() };
  for (const line of patch.toString('utf8').split('\n')) {
    const headed = HEADER.exec(line);
    const kind = headed ? 'headed' : 'bare';
    const name = (headed ?? BARE.exec(line))?.[1]?.trim();
    if (name !== undefined && found[kind].size < MOST[kind]) found[kind].add(name.replace(/^(?:\.\/)+/, ''));
  }
  const names = new Set([...found.headed, ...found.bare].flatMap((name) => [name, name.slice(name.indexOf('/') + 1)]));
  return [...names].filter((name) => vetPath(name) === null && disk.look(join(top, name))?.isFile());
}
