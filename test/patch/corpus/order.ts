/** Class k: hunks and sections out of order, merged, split, repeated. */
import { type Damage, type Damages, type DraftHunk, type DraftSection, editing, isUnique, sideOf } from './model.ts';

const several = (damage: (section: DraftSection, random: import('./random.ts').Random) => boolean): Damage => {
  return (draft, random) => {
    const done = editing(draft).filter((section) => section.hunks.length > 1 && damage(section, random));
    return done.length > 0;
  };
};

/** Where a hunk can be cut in two: between two context lines, with something to find and to do on both sides. */
function cuts(hunk: DraftHunk): number[] {
  const changes = (lines: string[]) => lines.some((line) => /^[+-]/.test(line));
  const telling = (lines: string[]) => lines.filter((line) => /^[ -].*\w/.test(line)).length >= 2;
  return hunk.lines.flatMap((line, at) => {
    if (!line.startsWith(' ') || !hunk.lines[at - 1]?.startsWith(' ')) return [];
    const [left, right] = [hunk.lines.slice(0, at), hunk.lines.slice(at)];
    return [left, right].every((side) => changes(side) && telling(side)) ? [at] : [];
  });
}

function split(hunk: DraftHunk, at: number): [DraftHunk, DraftHunk] {
  const left: DraftHunk = { ...hunk, lines: hunk.lines.slice(0, at) };
  const right: DraftHunk = {
    ...hunk,
    lines: hunk.lines.slice(at),
    oldStart: hunk.oldStart + sideOf(left, 'old').length,
    newStart: hunk.newStart + sideOf(left, 'new').length,
  };
  return [left, right];
}

export const order: Damages = {
  'hunks reversed': several((section) => {
    section.hunks.reverse();
    return true;
  }),
  'hunks shuffled': several((section, random) => {
    const next = random.shuffle(section.hunks);
    const moved = next.some((hunk, at) => hunk !== section.hunks[at]);
    section.hunks = next;
    return moved;
  }),
  'two hunks under one header': (draft, random) => {
    const able = editing(draft).filter(({ hunks }) => hunks.length > 1);
    if (able.length === 0) return false;
    const section = random.pick(able);
    const at = random.below(section.hunks.length - 1);
    const [first, second] = section.hunks.slice(at, at + 2) as [DraftHunk, DraftHunk];
    if (first.lines.some((line) => line.startsWith('\\'))) return false;
    // The second part lies elsewhere than its header says: its text alone must tell where.
    if (!isUnique(draft, section, second) || !isUnique(draft, section, first)) draft.decidable = false;
    section.hunks.splice(at, 2, { ...first, lines: [...first.lines, ...second.lines] });
    return true;
  },
  'all hunks under one header': (draft) => {
    const able = editing(draft).filter(({ hunks }) => hunks.length > 1 && hunks.length < 5);
    const clean = able.filter(({ hunks }) => hunks.every(({ lines }) => !lines.some((line) => line.startsWith('\\'))));
    for (const section of clean) {
      if (!section.hunks.every((hunk) => isUnique(draft, section, hunk))) draft.decidable = false;
      const [first] = section.hunks as [DraftHunk];
      section.hunks = [{ ...first, lines: section.hunks.flatMap(({ lines }) => lines) }];
    }
    return clean.length > 0;
  },
  'a hunk split': (draft, random) => {
    const able = editing(draft).flatMap((section) =>
      section.hunks.flatMap((hunk) => (cuts(hunk).length > 0 ? [{ section, hunk }] : [])),
    );
    if (able.length === 0) return false;
    const { section, hunk } = random.pick(able);
    section.hunks.splice(section.hunks.indexOf(hunk), 1, ...split(hunk, random.pick(cuts(hunk))));
    return true;
  },
  'a hunk twice': (draft, random) => {
    const able = editing(draft).filter(({ hunks }) => hunks.length > 0);
    if (able.length === 0) return false;
    const section = random.pick(able);
    const hunk = random.pick(section.hunks);
    section.hunks.splice(random.below(section.hunks.length + 1), 0, { ...hunk, lines: [...hunk.lines] });
    return true;
  },
  'a section twice': (draft, random) => {
    const section = random.pick(draft.sections);
    draft.sections.push({ ...section, hunks: section.hunks.map((hunk) => ({ ...hunk })) });
    return true;
  },
  'the whole patch twice': (draft) => {
    draft.late.push((text) => text + text);
    return true;
  },
  'a section for each hunk': (draft) => {
    const able = editing(draft).filter(({ hunks }) => hunks.length > 1);
    for (const section of able) {
      const parts = section.hunks.map((hunk) => ({ ...section, hunks: [hunk] }));
      draft.sections.splice(draft.sections.indexOf(section), 1, ...parts);
    }
    return able.length > 0;
  },
  'sections interleaved': (draft, random) => {
    if (editing(draft).length < 2 || !editing(draft).some(({ hunks }) => hunks.length > 1)) return false;
    const parts = draft.sections.flatMap((section) =>
      section.change.status === 'modified' && section.hunks.length > 1
        ? section.hunks.map((hunk) => ({ ...section, hunks: [hunk] }))
        : [section],
    );
    draft.sections = random.shuffle(parts);
    return true;
  },
  'sections shuffled': (draft, random) => {
    if (draft.sections.length < 2) return false;
    draft.sections = random.shuffle(draft.sections);
    return true;
  },
};
