/**
 * What changed between two trees. Rule: renames off, external diff and textconv off, attributes cannot hide a change
 * (`--text`), so the answer depends on the trees alone.
 */
import type { GitContext } from './context.ts';
import type { FileChange, Oid } from './types.ts';

const EMPTY_TREE = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};
const DIFF = ['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--no-textconv', '--ignore-submodules=all', '--text'];
const PREFIXES = ['--src-prefix=a/', '--dst-prefix=b/'];

export async function diffTrees(git: GitContext, from: Oid | null, to: Oid): Promise<FileChange[]> {
  const old = from ?? EMPTY_TREE[git.info.objectFormat];
  const [listed, patch] = await Promise.all([
    git.onTree([...DIFF, '--raw', '--numstat', '--no-abbrev', '-z', old, to]),
    from === null ? null : git.onTree([...DIFF, ...PREFIXES, '-p', '-U0', '--diff-filter=M', old, to]),
  ]);
  const lines = parseHunks(patch?.stdout.toString() ?? '');
  const changes = parseRaw(listed.stdout.toString()).map(async ({ change, added }): Promise<FileChange> => {
    if (change.status === 'deleted') return change;
    if (change.status === 'modified') return { ...change, lines: lines.get(change.path) ?? [] };
    const count = added ?? (await countLines(git, change.newOid as Oid));
    return { ...change, lines: count > 0 ? [[1, count]] : [] };
  });
  return Promise.all(changes);
}

/** git counts no lines where an attribute calls a file binary; a NUL near its start is believed, an attribute is not. */
async function countLines(git: GitContext, oid: Oid): Promise<number> {
  const content = (await git.reader.read(oid))?.content ?? Buffer.alloc(0);
  if (content.length === 0 || content.subarray(0, 8000).includes(0)) return 0;
  const newlines = content.reduce((count, byte) => count + Number(byte === 10), 0);
  return content.at(-1) === 10 ? newlines : newlines + 1;
}

/** The paths that differ, whatever they are, in Latin-1: every byte of a name is kept. */
export interface RawChange {
  path: string;
  oldMode: string;
  newMode: string;
  oldOid: Oid;
  newOid: Oid;
}

export async function rawChanges(git: GitContext, from: Oid, to: Oid): Promise<RawChange[]> {
  const args = ['diff-tree', '-r', '--no-renames', '--raw', '--no-abbrev', '-z', from, to];
  return parseRawChanges((await git.run(args)).stdout.toString('latin1'));
}

export async function printPatch(
  git: GitContext,
  from: Oid,
  to: Oid,
  options: { color?: boolean } = {},
): Promise<string> {
  const color = `--color=${options.color ? 'always' : 'never'}`;
  const args = ['diff-tree', '-r', '-p', '--no-renames', '--no-ext-diff', '--no-textconv', '--ignore-submodules=all'];
  return (await git.onTree([...args, ...PREFIXES, color, from, to])).stdout.toString();
}

/** One process for all of `commits`, each against its first parent; a root commit against nothing. */
export async function changedPaths(git: GitContext, commits: readonly Oid[]): Promise<Map<Oid, string[]>> {
  const found = new Map<Oid, string[]>(commits.map((oid) => [oid, []]));
  if (commits.length === 0) return found;
  const args = ['diff-tree', '--stdin', '--root', '--diff-merges=first-parent', '-r', '--raw', '--no-abbrev', '-z'];
  const input = commits.map((oid) => `${oid}\n`).join('');
  const result = await git.run([...args, '--no-renames', '--ignore-submodules=all'], { input });
  const fields = result.stdout.toString().split('\0');
  let paths: string[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] as string;
    if (field.startsWith(':')) {
      at += 1;
      paths.push(fields[at] as string);
    } else if (field !== '') {
      paths = [];
      found.set(field, paths);
    }
  }
  return found;
}

function parseRawChanges(text: string): RawChange[] {
  const fields = text.split('\0');
  const changes: RawChange[] = [];
  for (let at = 0; fields[at]?.startsWith(':'); at += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = ''] = (fields[at] as string).slice(1).split(' ');
    changes.push({ path: fields[at + 1] as string, oldMode, newMode, oldOid, newOid });
  }
  return changes;
}

/** Regular files only: one that turned into a link or a submodule is gone, and the other way round. */
function parseRaw(text: string): Array<{ change: FileChange; added: number | null }> {
  const added = new Map<string, number | null>();
  for (const field of text.split('\0')) {
    const match = /^(\d+|-)\t(?:\d+|-)\t(.*)$/s.exec(field);
    if (match) added.set(match[2] as string, match[1] === '-' ? null : Number(match[1]));
  }
  return parseRawChanges(text).flatMap(({ path, oldMode, newMode, oldOid, newOid }) => {
    const was = oldMode.startsWith('100');
    const is = newMode.startsWith('100');
    if (!was && !is) return [];
    const status = was ? (is ? 'modified' : 'deleted') : 'added';
    const change: FileChange = { path, status, oldOid: was ? oldOid : null, newOid: is ? newOid : null, lines: [] };
    return [{ change, added: added.get(path) ?? null }];
  });
}

/** New-side line ranges by path. A hunk's body is skipped by its counts: no content can pass for a header. */
function parseHunks(patch: string): Map<string, Array<[number, number]>> {
  const found = new Map<string, Array<[number, number]>>();
  const lines = patch.split('\n');
  let ranges: Array<[number, number]> = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    if (line.startsWith('+++ ')) {
      ranges = [];
      found.set(unquote(line.slice(4)).slice(2), ranges);
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const count = Number(hunk[3] ?? 1);
    const start = Number(hunk[2]);
    if (count > 0) ranges.push([start, start + count - 1]);
    at += Number(hunk[1] ?? 1) + count;
  }
  return found;
}

const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A name as git prints it: C-quoted when it needs to be; a tab ends one with a space in it. */
function unquote(name: string): string {
  if (!name.startsWith('"')) return name.replace(/\t$/, '');
  const bytes = Buffer.from(name.slice(1, name.lastIndexOf('"')));
  const plain: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== 92) plain.push(bytes[at] as number);
    else {
      const octal = /^[0-7]{3}/.exec(bytes.toString('latin1', at + 1, at + 4))?.[0];
      const letter = String.fromCharCode(bytes[at + 1] as number);
      plain.push(octal ? Number.parseInt(octal, 8) : (ESCAPES[letter] ?? letter.charCodeAt(0)));
      at += octal ? 3 : 1;
    }
  }
  return Buffer.from(plain).toString();
}
