/**
 * Real commits of a local clone → true changes. Rule: the clone is only read; what is taken depends on the seed and the
 * clone alone: one parent, few text files, plain ASCII names, every object at hand.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, Hunk, Source, Tree } from './model.ts';
import { type Random, seeded } from './random.ts';

const MOST_FILES = 6;
const MOST_LINES = 400;
const LARGEST = 400_000;
const NEIGHBOURS = 6;

interface Clone {
  git(...args: string[]): string;
  blobs(oids: readonly string[]): Map<string, string>;
}

/** At most `count` sources of the clone at `dir`. `name` stands for it in the names of cases. */
export function readSources(dir: string, options: { name: string; count: number; seed: string }): Source[] {
  const clone = openClone(dir);
  const random = seeded(`${options.seed}/${options.name}`);
  const commits = listCommits(clone);
  const sources: Source[] = [];
  for (const commit of random.shuffle(commits)) {
    if (sources.length >= options.count) break;
    const source = readSource(clone, commit, options.name, random);
    // Most commits have one hunk, which says nothing of order and little of places.
    const hunks = source?.changes.flatMap((change) => change.hunks).length ?? 0;
    if (source !== null && (hunks > 1 || random.chance(0.35))) sources.push(source);
  }
  return sources;
}

/** One commit as a source; null when it is none that the corpus can use. */
export function readCommit(dir: string, commit: string, options: { name: string; seed: string }): Source | null {
  return readSource(openClone(dir), commit, options.name, seeded(`${options.seed}/${options.name}`));
}

/** None where HEAD names nothing: a clone that is still being made. */
function listCommits(clone: Clone): string[] {
  try {
    return clone.git('rev-list', '--no-merges', '--min-parents=1', 'HEAD').trim().split('\n');
  } catch {
    return [];
  }
}

function openClone(dir: string): Clone {
  const env = { ...process.env, GIT_NO_LAZY_FETCH: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
  const run = (args: string[], input?: string) =>
    execFileSync('git', ['-C', dir, ...args], {
      env,
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'ignore'],
      ...(input === undefined ? {} : { input }),
    });
  return {
    git: (...args) => run(args).toString('latin1'),
    blobs: (oids) => {
      const found = new Map<string, string>();
      if (oids.length === 0) return found;
      const bytes = run(['cat-file', '--batch'], `${oids.join('\n')}\n`);
      for (let at = 0; at < bytes.length; ) {
        const end = bytes.indexOf(10, at);
        const [oid = '', type, size = '0'] = bytes.toString('latin1', at, end).split(' ');
        at = end + 1;
        if (type !== 'blob') continue;
        found.set(oid, bytes.toString('latin1', at, at + Number(size)));
        at += Number(size) + 1;
      }
      return found;
    },
  };
}

function readSource(clone: Clone, commit: string, name: string, random: Random): Source | null {
  try {
    const patch = clone.git('diff-tree', '-r', '-p', '-M', '--full-index', '--no-ext-diff', `${commit}^`, commit);
    const changes = parseDiff(patch);
    if (!isSuitable(changes)) return null;
    const listed = clone.git('ls-tree', '-r', `${commit}^`).trim().split('\n').map(parseEntry);
    const known = new Map(listed.map((entry) => [entry.path, entry]));
    const near = neighbours(changes, [...known.keys()], random);
    const wanted = [...changes.map((change) => change.oldPath), ...near].flatMap((path) => known.get(path) ?? []);
    const blobs = clone.blobs([
      ...new Set([...wanted.map((entry) => entry.oid), ...changes.map((change) => change.newOid)]),
    ]);
    const before: Tree = new Map();
    for (const { path, mode, oid } of wanted) {
      const content = blobs.get(oid);
      if (content !== undefined && mode.startsWith('100')) before.set(path, { mode, content });
    }
    const after = applied(before, changes, blobs);
    if (after === null) return null;
    const drift = readDrift(clone, commit, changes, before, after, random);
    return { name: `${name}@${commit.slice(0, 10)}`, before, after, changes, drift };
  } catch {
    // An object that the clone does not hold: another commit serves as well.
    return null;
  }
}

function isSuitable(changes: readonly Change[]): boolean {
  const lines = changes.flatMap((change) => change.hunks.flatMap((hunk) => hunk.lines));
  const regular = (mode: string) => mode === '' || mode === '100644' || mode === '100755';
  return (
    changes.length > 0 &&
    changes.length <= MOST_FILES &&
    lines.length <= MOST_LINES &&
    changes.some((change) => change.status === 'modified' && change.hunks.length > 0) &&
    changes.every(({ oldPath, newPath, oldMode, newMode, hunks, status }) => {
      const plain = /^[\w./@+-]+$/.test(oldPath + newPath);
      const says = hunks.length > 0 || status === 'renamed';
      return plain && regular(oldMode) && regular(newMode) && says && !oldPath.includes('.env');
    })
  );
}

function applied(before: Tree, changes: readonly Change[], blobs: ReadonlyMap<string, string>): Tree | null {
  const after = new Map(before);
  for (const change of changes) {
    const old = before.get(change.oldPath);
    if (change.status !== 'added' && (old === undefined || !isText(old.content))) return null;
    if (change.status === 'deleted' || change.status === 'renamed') after.delete(change.oldPath);
    if (change.status === 'deleted') continue;
    const content = blobs.get(change.newOid);
    if (content === undefined || !isText(content)) return null;
    after.set(change.newPath, { mode: change.newMode, content });
  }
  return after;
}

const isText = (content: string) => content.length <= LARGEST && !content.includes('\0');

function parseEntry(line: string): { path: string; mode: string; oid: string } {
  const [head = '', path = ''] = line.split('\t');
  const [mode = '', , oid = ''] = head.split(' ');
  return { path, mode, oid };
}

/** Files beside the changed ones: what a patch could hit by mistake. */
function neighbours(changes: readonly Change[], paths: readonly string[], random: Random): string[] {
  const touched = new Set(changes.flatMap((change) => [change.oldPath, change.newPath]));
  const names = new Set([...touched].map((path) => path.split('/').at(-1)));
  const others = paths.filter((path) => !touched.has(path) && !path.startsWith('"') && !/\.(lock|min\.js)$/.test(path));
  const alike = others.filter((path) => names.has(path.split('/').at(-1)));
  return [...random.shuffle(alike).slice(0, NEIGHBOURS), ...random.shuffle(others).slice(0, NEIGHBOURS)];
}

/** The same change on an older state of one of its files, where a three-way merge is clean and the change survives. */
function readDrift(
  clone: Clone,
  commit: string,
  changes: readonly Change[],
  before: Tree,
  after: Tree,
  random: Random,
): Source['drift'] {
  const change = random.pick(changes.filter(({ status, hunks }) => status === 'modified' && hunks.length > 0));
  const path = change.newPath;
  const log = clone.git('log', '-n', '16', '--format=%H', `${commit}^`, '--', path).trim();
  const [base, result] = [before.get(path)?.content, after.get(path)?.content];
  if (log === '' || base === undefined || result === undefined) return null;
  for (const older of random.shuffle(log.split('\n').slice(1)).slice(0, 3)) {
    const oid = clone.git('rev-parse', `${older}:${path}`).trim();
    const content = clone.blobs([oid]).get(oid);
    if (content === undefined || content === base || !isText(content)) continue;
    const merged = mergeFiles(content, base, result);
    if (merged !== null && merged !== content && merged !== result) return { path, before: content, after: merged };
  }
  return null;
}

function mergeFiles(ours: string, base: string, theirs: string): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'patch-merge-'));
  try {
    for (const [name, text] of Object.entries({ ours, base, theirs }))
      writeFileSync(join(dir, name), Buffer.from(text, 'latin1'));
    const result = spawnSync('git', ['merge-file', '-p', '-q', 'ours', 'base', 'theirs'], { cwd: dir });
    return result.status === 0 ? result.stdout.toString('latin1') : null;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** What `git diff-tree -p -M --full-index` prints; plain names only. */
export function parseDiff(text: string): Change[] {
  const changes: Change[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    const start = /^diff --git a\/(.+) b\/(.+)$/.exec(line);
    const change = changes.at(-1);
    if (start) changes.push(emptyChange(start[1] as string, start[2] as string));
    else if (change === undefined) continue;
    else if (line.startsWith('@@ ')) {
      const { hunk, end } = readHunk(lines, at);
      change.hunks.push(hunk);
      at = end;
    } else readHeader(change, line);
  }
  return changes;
}

function emptyChange(oldPath: string, newPath: string): Change {
  const oids = { oldOid: '', newOid: '' };
  return { status: 'modified', oldPath, newPath, oldMode: '', newMode: '', ...oids, similarity: 100, hunks: [] };
}

function readHeader(change: Change, line: string): void {
  const value = (prefix: string) => (line.startsWith(prefix) ? line.slice(prefix.length) : null);
  const index = /^index ([0-9a-f]+)\.\.([0-9a-f]+)(?: (\d+))?$/.exec(line);
  if (index) {
    [change.oldOid, change.newOid] = [index[1] as string, index[2] as string];
    if (index[3] !== undefined) [change.oldMode, change.newMode] = [index[3], index[3]];
  }
  const added = value('new file mode ');
  if (added !== null) [change.status, change.newMode] = ['added', added];
  const deleted = value('deleted file mode ');
  if (deleted !== null) [change.status, change.oldMode] = ['deleted', deleted];
  change.oldMode = value('old mode ') ?? change.oldMode;
  change.newMode = value('new mode ') ?? change.newMode;
  const similarity = value('similarity index ');
  if (similarity !== null) change.similarity = Number.parseInt(similarity, 10);
  if (line.startsWith('rename from ')) change.status = 'renamed';
  // git says nothing of a mode that stays when the content stays too.
  if (line.startsWith('rename to ') && change.newMode === '') [change.oldMode, change.newMode] = ['100644', '100644'];
}

function readHunk(lines: readonly string[], at: number): { hunk: Hunk; end: number } {
  const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)$/.exec(lines[at] as string);
  if (!header) throw new Error(`not a hunk: ${lines[at]}`);
  let [old, fresh] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
  const body: string[] = [];
  let end = at;
  while (old > 0 || fresh > 0 || lines[end + 1]?.startsWith('\\')) {
    end += 1;
    const line = lines[end] as string;
    body.push(line);
    if (line.startsWith(' ') || line.startsWith('-')) old -= 1;
    if (line.startsWith(' ') || line.startsWith('+')) fresh -= 1;
  }
  const [oldStart, newStart] = [Number(header[1]), Number(header[3])];
  return { hunk: { oldStart, newStart, section: header[5] as string, lines: body }, end };
}
