/**
 * What the patch is to be placed on differs from what it was made for. Class m: the base moved. Class n: already applied.
 * Class o: the same block twice. Class r: the target is not there.
 */
import { mistype } from './context.ts';
import {
  type Damage,
  type Damages,
  type Draft,
  type DraftHunk,
  type DraftSection,
  editing,
  isUnique,
  linesOf,
  occurrences,
  sideOf,
} from './model.ts';
import type { Random } from './random.ts';

/** Replaces old lines `[from, from + count)` (0-based) outside of every hunk in before and after alike. */
function editBoth(draft: Draft, section: DraftSection, from: number, count: number, lines: string[]): void {
  const { oldPath, newPath } = section.change;
  const shift = section.hunks
    .filter((hunk) => hunk.oldStart - 1 < from)
    .reduce((sum, hunk) => sum + sideOf(hunk, 'new').length - sideOf(hunk, 'old').length, 0);
  replaceLines(draft.before, oldPath, from, count, lines);
  if (draft.after) replaceLines(draft.after, newPath, from + shift, count, lines);
}

function replaceLines(tree: Draft['before'], path: string, from: number, count: number, lines: string[]): void {
  const file = tree.get(path);
  if (file === undefined) return;
  const all = file.content.split('\n');
  all.splice(from, count, ...lines);
  tree.set(path, { ...file, content: all.join('\n') });
}

/** Maximal stretches of old lines that no hunk covers, 0-based, end excluded. */
function gaps(draft: Draft, section: DraftSection): Array<[number, number]> {
  const total = linesOf(draft.before.get(section.change.oldPath)?.content ?? '').length;
  const found: Array<[number, number]> = [];
  let at = 0;
  for (const hunk of section.hunks) {
    if (hunk.oldStart - 1 > at) found.push([at, hunk.oldStart - 1]);
    at = Math.max(at, hunk.oldStart - 1 + sideOf(hunk, 'old').length);
  }
  if (at < total) found.push([at, total]);
  return found;
}

const NEW_LINES = ['', '# moved: this part is new', 'value_of_moved = compute_moved(17)', 'print(value_of_moved)', ''];

/** `moving` edits places outside of the hunks; the hunks keep their numbers, so that these are wrong afterwards. */
function moved(moving: (draft: Draft, section: DraftSection, random: Random) => boolean): Damage {
  return (draft, random) => {
    let done = 0;
    for (const section of editing(draft)) {
      if (!section.hunks.every((hunk) => isUnique(draft, section, hunk))) continue;
      if (!moving(draft, section, random)) continue;
      done += 1;
      if (!section.hunks.every((hunk) => isUnique(draft, section, hunk))) draft.decidable = false;
      section.header = section.header.filter((line) => !line.startsWith('index '));
    }
    return done > 0;
  };
}

const inserted = (copies: number) =>
  moved((draft, section, random) => {
    const able = gaps(draft, section).filter(([from, to]) => to - from > 2);
    if (able.length === 0) return false;
    const [from] = able[0] as [number, number];
    const lines = Array.from({ length: copies }, (_, at) =>
      NEW_LINES.map((line) => line.replace('17', `${at}`)),
    ).flat();
    editBoth(draft, section, random.chance(0.5) ? from : from + 1, 0, lines);
    return true;
  });

/** A context line of the file is another one now, by more than the patch knows. */
const nearby =
  (change: (line: string, random: Random) => string, side: 'first' | 'last'): Damage =>
  (draft, random) => {
    let done = 0;
    for (const section of editing(draft)) {
      const hunk = random.pick(section.hunks);
      const old = sideOf(hunk, 'old');
      const context = side === 'first' ? hunk.lines[0] : hunk.lines.at(-1);
      const inner = side === 'first' ? hunk.lines[1] : hunk.lines.at(-2);
      const telling = old.filter((line) => /\w{2}/.test(line)).length;
      if (!context?.startsWith(' ') || !/\w{3}/.test(context) || !inner?.startsWith(' ') || telling < 4) continue;
      if (!isUnique(draft, section, hunk)) continue;
      const next = change(context.slice(1), random);
      if (next === context.slice(1)) continue;
      const at = side === 'first' ? hunk.oldStart - 1 : hunk.oldStart - 2 + old.length;
      const shift = section.hunks.filter(
        (other) => other.oldStart < hunk.oldStart || (side === 'last' && other === hunk),
      );
      const by = shift.reduce((sum, other) => sum + sideOf(other, 'new').length - sideOf(other, 'old').length, 0);
      replaceLines(draft.before, section.change.oldPath, at, 1, [next]);
      if (draft.after) replaceLines(draft.after, section.change.newPath, at + by, 1, [next]);
      section.header = section.header.filter((line) => !line.startsWith('index '));
      done += 1;
    }
    return done > 0;
  };

export const movedBases: Damages = {
  'lines inserted above': inserted(1),
  'many lines inserted above': inserted(40),
  'lines removed above': moved((draft, section, random) => {
    const able = gaps(draft, section).filter(([from, to]) => to - from > 6);
    if (able.length === 0) return false;
    const [from, to] = able[0] as [number, number];
    const count = random.between(2, Math.min(30, to - from - 3));
    editBoth(draft, section, from, count, []);
    return true;
  }),
  'a line before the change edited': nearby(mistype, 'first'),
  'a line behind the change edited': nearby(mistype, 'last'),
  'a context line rewritten': nearby((line) => `${/^\s*/.exec(line)?.[0]}rewritten_since = True`, 'first'),
  'an older version of the file': (draft) => {
    const { drift } = draft;
    const section = editing(draft).find(({ change }) => change.oldPath === drift?.path);
    if (drift === null || section === undefined) return false;
    const mode = section.change.oldMode;
    draft.before.set(drift.path, { mode, content: drift.before });
    draft.after?.set(drift.path, { mode: section.change.newMode, content: drift.after });
    section.header = section.header.filter((line) => !line.startsWith('index '));
    return true;
  },
};

export const applied: Damages = {
  wholly: (draft) => {
    if (!draft.after) return false;
    draft.before = new Map(draft.after);
    return draft.sections.every(({ hunks }) =>
      hunks.every((hunk) => sideOf(hunk, 'new').some((line) => /\w/.test(line)) || hunk.newStart === 0),
    );
  },
  'some hunks': (draft, random) => {
    const able = editing(draft).filter((section) => section.hunks.length > 1);
    if (able.length === 0) return false;
    const section = random.pick(able);
    const chosen = section.hunks.filter((_, at) => at % 2 === 0);
    apply(draft, section, chosen);
    return true;
  },
  'some files': (draft, random) => {
    if (draft.sections.length < 2 || editing(draft).length !== draft.sections.length) return false;
    const { change } = random.pick(draft.sections);
    const file = draft.after?.get(change.newPath);
    if (file) draft.before.set(change.oldPath, file);
    return file !== undefined;
  },
};

/** Applies `hunks` of the section to the file as it stands before. */
function apply(draft: Draft, section: DraftSection, hunks: readonly DraftHunk[]): void {
  for (const hunk of [...hunks].reverse())
    replaceLines(
      draft.before,
      section.change.oldPath,
      hunk.oldStart - 1,
      sideOf(hunk, 'old').length,
      sideOf(hunk, 'new'),
    );
}

/** Puts a second copy of the old block of a hunk elsewhere in its file, at least `far` lines away. */
function doubled(damage: (hunk: DraftHunk, draft: Draft, random: Random) => boolean, far = 0): Damage {
  return (draft, random) => {
    const places = editing(draft).flatMap((section) => {
      const [hunk] = section.hunks;
      if (hunk === undefined || section.hunks.length > 1 || !isUnique(draft, section, hunk)) return [];
      if (hunk.lines.some((line) => line.startsWith('\\'))) return [];
      const lines = gaps(draft, section).flatMap(([from, to]) => range(from === 0 ? 0 : from + 1, to));
      return lines.filter((at) => Math.abs(at - hunk.oldStart) >= far).map((at) => ({ section, hunk, at }));
    });
    if (places.length === 0) return false;
    const { section, hunk, at } = random.pick(places);
    const block = sideOf(hunk, 'old');
    const by = at <= hunk.oldStart - 1 ? block.length + 2 : 0;
    editBoth(draft, section, at, 0, ['', ...block, '']);
    section.header = section.header.filter((line) => !line.startsWith('index '));
    hunk.oldStart += by;
    hunk.newStart += by;
    const lines = linesOf(draft.before.get(section.change.oldPath)?.content ?? '');
    return occurrences(lines, block) === 2 && damage(hunk, draft, random);
  };
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

export const twins: Damages = {
  'the numbers decide': doubled(() => true),
  // Nearer to the right one by more than any rule of distance needs.
  'numbers a little off': doubled((hunk, _draft, random) => {
    const off = random.pick([-2, -1, 1, 2]);
    hunk.oldStart = Math.max(1, hunk.oldStart + off);
    hunk.newStart = Math.max(1, hunk.newStart + off);
    return true;
  }, 40),
  'the numbers decide, counts wrong': doubled((hunk) => {
    hunk.header = `@@ -${hunk.oldStart},3 +${hunk.newStart},3 @@`;
    return true;
  }),
  'the numbers decide, prose around': doubled((_hunk, draft) => {
    draft.late.push((text) => `This is the fix:\n\n\`\`\`diff\n${text}\`\`\`\n`);
    return !draft.sections.some(({ hunks }) => hunks.some(({ lines }) => lines.some((line) => line.includes('```'))));
  }),
  'nothing decides': doubled((hunk, draft) => {
    hunk.header = '@@ ... @@';
    draft.decidable = false;
    return true;
  }),
};

const refused =
  (damage: Damage): Damage =>
  (draft, random) => {
    if (!damage(draft, random)) return false;
    draft.after = null;
    return true;
  };

export const missing: Damages = {
  'the file is gone': refused((draft, random) => {
    const { change } = random.pick(editing(draft));
    const name = change.oldPath.split('/').at(-1) as string;
    for (const path of [...draft.before.keys()]) if (path.endsWith(name)) draft.before.delete(path);
    return true;
  }),
  'the block is gone': refused((draft, random) => {
    const able = editing(draft).flatMap((section) =>
      section.hunks.flatMap((hunk) => (isTelling(hunk) && isUnique(draft, section, hunk) ? [{ section, hunk }] : [])),
    );
    if (able.length === 0) return false;
    const { section, hunk } = random.pick(able);
    const old = sideOf(hunk, 'old');
    replaceLines(draft.before, section.change.oldPath, hunk.oldStart - 1, old.length, ['nothing_of_it_is_left()']);
    return stillAbsent(draft, section, hunk);
  }),
  'another block stands there': refused((draft, random) => {
    const able = editing(draft).flatMap((section) =>
      section.hunks.flatMap((hunk) => (isTelling(hunk) && isUnique(draft, section, hunk) ? [{ section, hunk }] : [])),
    );
    if (able.length === 0) return false;
    const { section, hunk } = random.pick(able);
    const old = sideOf(hunk, 'old');
    const other = old.map((line, at) => `${/^\s*/.exec(line)?.[0]}other_${at} = load("${at}")`);
    replaceLines(draft.before, section.change.oldPath, hunk.oldStart - 1, old.length, other);
    return stillAbsent(draft, section, hunk);
  }),
  'the block was invented': refused((draft, random) => {
    const section = random.pick(editing(draft));
    const hunk = random.pick(section.hunks);
    hunk.lines = hunk.lines.map((line, at) =>
      /^[ -]/.test(line) ? `${line.charAt(0)}    invented_${at}(${at * 7})` : line,
    );
    return hunk.lines.some((line) => /^[ -]/.test(line));
  }),
  'the patch is for another project': refused((draft) => {
    draft.text = [
      'diff --git a/somewhere/else_entirely.py b/somewhere/else_entirely.py',
      '--- a/somewhere/else_entirely.py',
      '+++ b/somewhere/else_entirely.py',
      '@@ -1,3 +1,3 @@',
      ' import os',
      '-print(1)',
      '+print(2)',
      ' os.exit()',
      '',
    ].join('\n');
    return true;
  }),
};

const isTelling = (hunk: DraftHunk) =>
  sideOf(hunk, 'old').filter((line) => /\w{3}/.test(line)).length >= 4 &&
  hunk.lines.some((line) => /^[-+].*\w{3}/.test(line));

/** Nowhere else in the file stands most of the block, or of what it becomes. */
function stillAbsent(draft: Draft, section: DraftSection, hunk: DraftHunk): boolean {
  const lines = new Set(linesOf(draft.before.get(section.change.oldPath)?.content ?? '').map((line) => line.trim()));
  const share = (side: 'old' | 'new') => {
    const telling = sideOf(hunk, side)
      .map((line) => line.trim())
      .filter((line) => /\w{3}/.test(line));
    return telling.filter((line) => lines.has(line)).length / Math.max(1, telling.length);
  };
  return share('old') < 0.4 && share('new') < 0.4;
}
