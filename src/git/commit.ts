/** The bytes of a commit object as a value. Pure. */
import type { CommitInfo, Oid } from './types.ts';

type Identity = CommitInfo['author'];

export function parseCommit(oid: Oid, raw: Buffer): CommitInfo {
  const split = raw.indexOf('\n\n');
  const head = raw.subarray(0, split < 0 ? raw.length : split);
  const body = split < 0 ? raw.subarray(raw.length) : raw.subarray(split + 2);
  const decode = decoder(/^encoding (.*)$/m.exec(head.toString('latin1'))?.[1]);
  const commit: CommitInfo = { oid, tree: '', parents: [], author: NOBODY, committer: NOBODY, message: decode(body) };
  for (const line of decode(head).split('\n')) {
    const space = line.indexOf(' ');
    const value = line.slice(space + 1);
    // A continuation line of a signature starts with a space and so has no name.
    const name = line.slice(0, space);
    if (name === 'tree') commit.tree = value;
    else if (name === 'parent') commit.parents.push(value);
    else if (name === 'author') commit.author = parseIdentity(value);
    else if (name === 'committer') commit.committer = parseIdentity(value);
  }
  return commit;
}

const NOBODY: Identity = { name: '', email: '', time: 0, zone: '+0000' };

function parseIdentity(text: string): Identity {
  const match = /^(.*?) ?<([^>]*)> (-?\d+) ([+-]\d+)/.exec(text);
  if (!match) return { ...NOBODY, name: text };
  return { name: match[1] ?? '', email: match[2] ?? '', time: Number(match[3]), zone: match[4] ?? '+0000' };
}

/** Old commits name their encoding; an unknown one is read as Latin-1, which never fails. */
function decoder(encoding: string | undefined): (bytes: Buffer) => string {
  if (encoding === undefined || /^utf-?8$/i.test(encoding)) return (bytes) => bytes.toString();
  try {
    const text = new TextDecoder(encoding);
    return (bytes) => text.decode(bytes);
  } catch {
    return (bytes) => bytes.toString('latin1');
  }
}
