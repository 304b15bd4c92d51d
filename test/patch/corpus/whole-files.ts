/** Class l: creation, deletion and rename with damaged headers. Where the commit has none, an edited file becomes one. */
import {
  type Change,
  type Damage,
  type Damages,
  type Draft,
  type DraftSection,
  editing,
  gitHeader,
  linesOf,
} from './model.ts';
import type { Random } from './random.ts';

const ZERO = '0'.repeat(40);
const body = (content: string, marker: '+' | '-') => [
  ...linesOf(content).map((line) => `${marker}${line}`),
  ...(content.endsWith('\n') || content === '' ? [] : ['\\ No newline at end of file']),
];

/** A section of status `wanted`: the commit's own, or one made of an edited file. */
function sectionOf(draft: Draft, wanted: Change['status'], random: Random): DraftSection | null {
  const own = draft.sections.filter(({ change, hunks }) => change.status === wanted && hunks.length > 0);
  if (own.length > 0) return random.pick(own);
  const able = editing(draft).filter(({ change }) => {
    const sides = [draft.before.get(change.oldPath), draft.after?.get(change.newPath)];
    return sides.every((side) => side && side.content.length > 1 && side.content.split('\n').length < 400);
  });
  if (able.length === 0 || !draft.after) return null;
  const section = random.pick(able);
  const change: Change = { ...section.change, status: wanted, similarity: 90 };
  const [old, fresh] = [draft.before.get(change.oldPath), draft.after.get(change.newPath)];
  if (!old || !fresh) return null;
  if (wanted === 'added') {
    draft.before.delete(change.oldPath);
    Object.assign(change, { oldMode: '', oldOid: ZERO });
    section.hunks = [{ oldStart: 0, newStart: 1, section: '', lines: body(fresh.content, '+') }];
  } else if (wanted === 'deleted') {
    draft.after.delete(change.newPath);
    Object.assign(change, { newMode: '', newOid: ZERO });
    section.hunks = [{ oldStart: 1, newStart: 0, section: '', lines: body(old.content, '-') }];
  } else {
    change.newPath = change.oldPath.replace(/([^/.]+)([^/]*)$/, '$1-renamed$2');
    if (draft.before.has(change.newPath)) return null;
    draft.after.delete(change.oldPath);
    draft.after.set(change.newPath, fresh);
  }
  section.change = change;
  section.header = gitHeader(change);
  return section;
}

function on(
  status: Change['status'],
  change: (section: DraftSection, draft: Draft, random: Random) => boolean | undefined,
): Damage {
  return (draft, random) => {
    const section = sectionOf(draft, status, random);
    return section !== null && change(section, draft, random) !== false;
  };
}
const headers = (status: Change['status'], change: (lines: string[], of: Change) => string[]) =>
  on(status, (section) => {
    section.header = change(section.header, section.change);
    return true;
  });
const drop = (pattern: RegExp) => (lines: string[]) => lines.filter((line) => !pattern.test(line));
const hunkHeader = (status: Change['status'], make: (count: number) => string | null) =>
  on(status, ({ hunks }) => {
    for (const hunk of hunks) hunk.header = make(hunk.lines.filter((line) => !line.startsWith('\\')).length);
    return true;
  });

/** Not for an executable file: nothing else in the patch says that it is one. */
const plainly =
  (damage: Damage): Damage =>
  (draft, random) =>
    damage(draft, random) && draft.sections.every(({ change }) => change.newMode !== '100755' || change.oldMode !== '');

export const wholeFiles: Damages = {
  'creation as git writes it': on('added', () => true),
  'creation without its mode': plainly(headers('added', drop(/^new file mode/))),
  'creation, old name instead of /dev/null': headers('added', (lines, { newPath }) =>
    lines.map((line) => line.replace('--- /dev/null', `--- a/${newPath}`)),
  ),
  'creation, /dev/null alone says so': plainly(headers('added', drop(/^(diff|new file|index)/))),
  'creation, a/ before dev/null': headers('added', (lines) =>
    lines.map((line) => line.replace('/dev/null', 'a/dev/null')),
  ),
  'creation, counts wrong': hunkHeader('added', (count) => `@@ -0,0 +1,${Math.max(1, count - 3)} @@`),
  'creation from line one': hunkHeader('added', (count) => `@@ -1,0 +1,${count} @@`),
  'creation without numbers': hunkHeader('added', () => '@@ ... @@'),
  'creation without a hunk header': hunkHeader('added', () => null),
  'creation, blank lines without marker': on('added', ({ hunks }) => {
    const [hunk] = hunks;
    if (!hunk?.lines.slice(0, -1).includes('+')) return false;
    const last = hunk.lines.length - 1;
    hunk.lines = hunk.lines.map((line, at) => (line === '+' && at < last ? '' : line));
    return true;
  }),
  'deletion as git writes it': on('deleted', () => true),
  'deletion without its mode': headers('deleted', drop(/^deleted file mode/)),
  'deletion, /dev/null alone says so': headers('deleted', drop(/^(diff|deleted|index)/)),
  'deletion, mode alone says so': headers('deleted', (lines, { oldPath }) =>
    lines.map((line) => line.replace('+++ /dev/null', `+++ b/${oldPath}`)),
  ),
  'deletion, counts wrong': hunkHeader('deleted', (count) => `@@ -1,${count + 2} +0,0 @@`),
  'deletion without numbers': hunkHeader('deleted', () => '@@ ... @@'),
  'rename as git writes it': on('renamed', () => true),
  'rename without similarity': headers('renamed', drop(/^(similarity|index)/)),
  'rename without diff --git': headers('renamed', drop(/^(diff|similarity|index)/)),
  'rename by the names alone': headers('renamed', (lines) => drop(/^(rename|similarity|index)/)(lines)),
  'rename, new name on both sides': headers('renamed', (lines, { newPath }) =>
    lines.map((line) => (line.startsWith('--- ') ? `--- a/${newPath}` : line)),
  ),
  'rename with numbers off': on('renamed', (section) => {
    for (const hunk of section.hunks) hunk.header = '@@ -1,2 +1,2 @@';
    return section.hunks.length === 1;
  }),
  'rename as deletion and creation': on('renamed', (section, draft) => {
    const { oldPath, newPath } = section.change;
    const [old, fresh] = [draft.before.get(oldPath), draft.after?.get(newPath)];
    if (!old || !fresh || old.content.length + fresh.content.length > 40_000 || fresh.content === '') return false;
    const gone: Change = { ...section.change, status: 'deleted', newPath: oldPath, newMode: '', newOid: ZERO };
    const made: Change = { ...section.change, status: 'added', oldPath: newPath, oldMode: '', oldOid: ZERO };
    const parts = [
      { change: gone, hunks: [{ oldStart: 1, newStart: 0, section: '', lines: body(old.content, '-') }] },
      { change: made, hunks: [{ oldStart: 0, newStart: 1, section: '', lines: body(fresh.content, '+') }] },
    ].map((part) => ({ ...part, header: gitHeader(part.change) }));
    draft.sections.splice(draft.sections.indexOf(section), 1, ...parts);
    return true;
  }),
};
