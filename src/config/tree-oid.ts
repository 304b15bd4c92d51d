/**
 * The oid that git would give a tree of files, without writing one or starting a process: it is needed by every command.
 * Rule: equal to what `git write-tree` says (a test compares), with every file as mode 100644.
 */
import { createHash } from 'node:crypto';

type Format = 'sha1' | 'sha256';
interface Folder {
  files: Map<string, Buffer>;
  folders: Map<string, Folder>;
}

/** Returns the oid of the tree of `files` (nested paths with forward slashes); none gives the empty tree. */
export function treeOid(files: ReadonlyArray<{ path: string; content: Buffer }>, format: Format): string {
  const root: Folder = { files: new Map(), folders: new Map() };
  for (const { path, content } of files) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    const folder = names.reduce((at, part) => {
      const inner = at.folders.get(part) ?? { files: new Map(), folders: new Map() };
      at.folders.set(part, inner);
      return inner;
    }, root);
    folder.files.set(name, content);
  }
  return hashFolder(root, format).toString('hex');
}

function hashFolder(folder: Folder, format: Format): Buffer {
  const files = [...folder.files].map(([name, content]) => {
    return { order: name, head: `100644 ${name}\0`, oid: hashObject('blob', content, format) };
  });
  // git orders a folder as if its name ended in a slash.
  const folders = [...folder.folders].map(([name, inner]) => {
    return { order: `${name}/`, head: `40000 ${name}\0`, oid: hashFolder(inner, format) };
  });
  const entries = [...files, ...folders].sort((a, b) => Buffer.compare(Buffer.from(a.order), Buffer.from(b.order)));
  return hashObject('tree', Buffer.concat(entries.flatMap(({ head, oid }) => [Buffer.from(head), oid])), format);
}

function hashObject(kind: 'blob' | 'tree', content: Buffer, format: Format): Buffer {
  return createHash(format).update(`${kind} ${content.length}\0`).update(content).digest();
}
