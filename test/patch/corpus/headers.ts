/** Class c: hunk counts. Class d: hunk lines. Class e: prefixes and file headers. */
import {
  countsOf,
  type Damage,
  type Damages,
  type Draft,
  type DraftHunk,
  type DraftSection,
  editing,
  headerOf,
  isUnique,
} from './model.ts';
import type { Random } from './random.ts';

type EachHunk = (hunk: DraftHunk, random: Random) => void;

/** All hunks, or some: models err now here, now everywhere. */
function hunks(change: EachHunk, options: { some?: boolean; numbers?: boolean } = {}): Damage {
  return (draft, random) => {
    const all = draft.sections.flatMap((section) => section.hunks.map((hunk) => ({ section, hunk })));
    const chosen = options.some ? [random.pick(all)] : all;
    for (const { section, hunk } of chosen) {
      if (options.numbers) loseNumbers(draft, section, hunk);
      change(hunk, random);
    }
    return chosen.length > 0;
  };
}

/** Without its number a block that stands twice has no place, and one without old lines has none at all. */
function loseNumbers(draft: Draft, section: DraftSection, hunk: DraftHunk): void {
  if (section.change.status === 'modified' && !isUnique(draft, section, hunk)) draft.decidable = false;
}

function write(hunk: DraftHunk, numbers: { old?: number; new?: number; oldCount?: number; newCount?: number }): void {
  const counts = countsOf(hunk.lines);
  const { old = hunk.oldStart, oldCount = counts.old, newCount = counts.new } = numbers;
  hunk.header = `@@ -${old},${oldCount} +${numbers.new ?? hunk.newStart},${newCount} @@${hunk.section}`;
}

const wrongBy = (hunk: DraftHunk, old: number, fresh: number) => {
  const counts = countsOf(hunk.lines);
  write(hunk, { oldCount: Math.max(0, counts.old + old), newCount: Math.max(0, counts.new + fresh) });
};

export const counts: Damages = {
  'off by one': hunks((hunk, random) => wrongBy(hunk, random.pick([-1, 1]), random.pick([-1, 0, 1])), { some: true }),
  'off by a few': hunks((hunk, random) => wrongBy(hunk, random.between(-4, 4), random.between(-4, 4))),
  'far off': hunks((hunk, random) => wrongBy(hunk, random.between(5, 60), random.between(5, 60))),
  'too small': hunks((hunk) => write(hunk, { oldCount: 1, newCount: 1 })),
  zero: hunks((hunk) => write(hunk, { oldCount: 0, newCount: 0 })),
  missing: hunks((hunk) => {
    hunk.header = `@@ -${hunk.oldStart} +${hunk.newStart} @@${hunk.section}`;
  }),
  swapped: hunks((hunk) => {
    const { old, new: fresh } = countsOf(hunk.lines);
    write(hunk, { oldCount: fresh, newCount: old });
  }),
  'new side forgotten': hunks((hunk) => write(hunk, { newCount: countsOf(hunk.lines).old })),
};

const shifted = (low: number, high: number) =>
  hunks(
    (hunk, random) => {
      const by = random.between(low, high) * (random.chance(0.5) ? 1 : -1);
      write(hunk, { old: Math.max(1, hunk.oldStart + by), new: Math.max(1, hunk.newStart + by) });
    },
    { numbers: true },
  );

/** A damage of hunk lines that only editing sections can bear: a new file has nothing to be found by. */
function whereEdited(change: EachHunk): Damage {
  return (draft, random) => {
    const sections = editing(draft);
    for (const section of sections)
      for (const hunk of section.hunks) {
        loseNumbers(draft, section, hunk);
        change(hunk, random);
      }
    return sections.length > 0;
  };
}

export const starts: Damages = {
  'a few lines off': shifted(1, 3),
  'tens of lines off': shifted(10, 80),
  'hundreds of lines off': shifted(200, 900),
  'all at line one': hunks((hunk) => write(hunk, { old: 1, new: 1 }), { numbers: true }),
  'counted from the new file': hunks((hunk) => write(hunk, { old: hunk.newStart }), { numbers: true }),
  ellipsis: whereEdited((hunk) => {
    hunk.header = '@@ ... @@';
  }),
  empty: whereEdited((hunk) => {
    hunk.header = '@@ @@';
  }),
  'two at signs': whereEdited((hunk) => {
    hunk.header = '@@';
  }),
  'section only': whereEdited((hunk) => {
    hunk.header = hunk.section === '' ? '@@ @@' : `@@${hunk.section}`;
  }),
  'no number': whereEdited((hunk) => {
    hunk.header = '@@ -,+ @@';
  }),
  none: (draft) => {
    const sections = editing(draft);
    if (sections.length === 0 || sections.some((section) => section.hunks.length !== 1)) return false;
    for (const section of sections)
      for (const hunk of section.hunks) {
        loseNumbers(draft, section, hunk);
        hunk.header = null;
      }
    return true;
  },
  'only the first keeps its number': (draft) => {
    const sections = editing(draft).filter((section) => section.hunks.length > 1);
    for (const section of sections)
      for (const hunk of section.hunks.slice(1)) {
        loseNumbers(draft, section, hunk);
        hunk.header = '@@ ... @@';
      }
    return sections.length > 0;
  },
};

const header = (change: (lines: string[], section: DraftSection) => string[]): Damage => {
  return (draft) => {
    let changed = false;
    for (const section of draft.sections) {
      // A new mode, a name without hunks: they stand in the header alone and cannot be lost.
      if (section.hunks.length === 0 || section.change.oldMode !== section.change.newMode) continue;
      if (section.change.status !== 'modified') continue;
      const next = change(section.header, section);
      changed ||= next.join('\n') !== section.header.join('\n');
      section.header = next;
    }
    return changed;
  };
};
const replace = (pattern: RegExp, by: string) => header((lines) => lines.map((line) => line.replace(pattern, by)));
const without = (pattern: RegExp) => header((lines) => lines.filter((line) => !pattern.test(line)));

export const files: Damages = {
  'no a/ and b/ in ---/+++': replace(/^(---|\+\+\+) [ab]\//, '$1 '),
  'only --- has a prefix': replace(/^\+\+\+ b\//, '+++ '),
  'both a/': replace(/^\+\+\+ b\//, '+++ a/'),
  './ instead': replace(/^(---|\+\+\+) [ab]\//, '$1 ./'),
  'old/ and new/': header((lines) =>
    lines
      .filter((line) => !/^(diff|index)/.test(line))
      .map((line) => line.replace(/^--- a\//, '--- old/').replace(/^\+\+\+ b\//, '+++ new/')),
  ),
  'no diff --git': without(/^diff --git/),
  'no index': without(/^index/),
  'bogus index': replace(/^index .*$/, 'index 1234567..abcdefg 100644'),
  'invented index': replace(/^index \S+/, 'index 83db48f..f735c60'),
  'no ---': without(/^--- /),
  'no +++': without(/^\+\+\+ /),
  'only diff --git': without(/^(--- |\+\+\+ |index )/),
  'only ---/+++, no prefix': header((lines) =>
    lines.filter((line) => /^(--- |\+\+\+ )/.test(line)).map((line) => line.replace(/^(\S+) [ab]\//, '$1 ')),
  ),
  'time stamps': replace(/^((?:---|\+\+\+) .*)$/, '$1\t2026-01-02 03:04:05'),
  'the first folder is lost': (draft, random) => {
    const paths = [...draft.before.keys()];
    const unique = draft.sections.every(({ change: { oldPath, status } }) => {
      const tail = oldPath.split('/').slice(1).join('/');
      const alike = paths.filter((path) => path === tail || path.endsWith(`/${tail}`));
      return status === 'modified' && tail !== '' && tail.includes('/') && alike.length === 1;
    });
    if (!unique) return false;
    return header((lines) =>
      lines
        .filter((line) => !/^(diff|index)/.test(line))
        .map((line) => line.replace(/^((?:---|\+\+\+) [ab]\/)[^/]+\//, '$1')),
    )(draft, random);
  },
  'blank lines between': header((lines) => lines.flatMap((line) => (line.startsWith('---') ? ['', line] : [line]))),
  'Index: of svn': header((lines, { change }) => [
    `Index: ${change.oldPath}`,
    '===================================================================',
    ...lines
      .filter((line) => /^(--- |\+\+\+ )/.test(line))
      .map((line) => `${line.replace(/^(\S+) [ab]\//, '$1 ')}\t(revision 7)`),
  ]),
};

export { headerOf };
