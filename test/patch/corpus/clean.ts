/** Class a: nothing wrong, in the forms that tools print. Class b: fences and prose around. */
import { type Damage, type Damages, type Draft, editing, linesOf, printDraft } from './model.ts';
import type { Random } from './random.ts';

/** More or less context than three lines, taken from the file itself. */
function withContext(width: number): Damage {
  return (draft) => {
    for (const section of editing(draft)) {
      const file = linesOf(draft.before.get(section.change.oldPath)?.content ?? '');
      for (const [at, hunk] of section.hunks.entries()) {
        if (hunk.lines.some((line) => line.startsWith('\\'))) continue;
        const edges = () => ({
          head: hunk.lines.findIndex((line) => !line.startsWith(' ')),
          tail: [...hunk.lines].reverse().findIndex((line) => !line.startsWith(' ')),
        });
        for (let { head } = edges(); head > width; head -= 1) {
          hunk.lines.shift();
          hunk.oldStart += 1;
          hunk.newStart += 1;
        }
        for (let { tail } = edges(); tail > width; tail -= 1) hunk.lines.pop();
        const previous = section.hunks[at - 1];
        const floor = previous === undefined ? 1 : endOf(previous) + 1;
        for (let { head } = edges(); head < width && hunk.oldStart > floor; head += 1) {
          const line = file[hunk.oldStart - 2];
          if (line === undefined) break;
          hunk.lines.unshift(` ${line}`);
          hunk.oldStart -= 1;
          hunk.newStart -= 1;
        }
        const ceiling = (section.hunks[at + 1]?.oldStart ?? file.length + 1) - 1;
        for (let { tail } = edges(); tail < width && endOf(hunk) < ceiling; tail += 1) {
          const line = file[endOf(hunk)];
          // The very last line may lack its end: that would need a marker.
          if (line === undefined || endOf(hunk) === file.length - 1) break;
          hunk.lines.push(` ${line}`);
        }
      }
    }
    return editing(draft).length > 0;
  };
}

/** Last line of the old side, 1-based. */
function endOf(hunk: { oldStart: number; lines: string[] }): number {
  return hunk.oldStart + hunk.lines.filter((line) => line.startsWith(' ') || line.startsWith('-')).length - 1;
}

const onlyEdits = (draft: Draft) => draft.sections.every(({ change }) => change.status === 'modified');

export const clean: Damages = {
  git: () => true,
  'one line of context': withContext(1),
  'ten lines of context': withContext(10),
  plain: (draft) => {
    if (!onlyEdits(draft) || draft.sections.some(({ change }) => change.oldMode !== change.newMode)) return false;
    for (const section of draft.sections)
      section.header = [
        `--- a/${section.change.oldPath}\t2026-01-02 03:04:05.000000000 +0000`,
        `+++ b/${section.change.newPath}\t2026-01-02 03:05:06.000000000 +0000`,
      ];
    return true;
  },
  'no prefix': (draft) => {
    for (const section of draft.sections)
      section.header = section.header.map((line) =>
        line.replace(/^(diff --git |--- |\+\+\+ )a\//, '$1').replace(/^(diff --git .*|\+\+\+) b\//, '$1 '),
      );
    return draft.sections.every(({ change }) => !/^[ab]\//.test(change.oldPath + change.newPath));
  },
  mnemonic: (draft) => {
    for (const section of draft.sections)
      section.header = section.header.map((line) =>
        line.replace(/^(diff --git |--- )a\//, '$1i/').replace(/^(diff --git .*|\+\+\+) b\//, '$1 w/'),
      );
    return true;
  },
  mail: (draft) => {
    draft.late.push(
      (text) =>
        `From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: Test Person <person@example.test>\nDate: Thu, 1 Jan 2026 00:00:00 +0000\nSubject: [PATCH 1/2] a change\n\nWhy it is made.\n\n- one reason\n- another reason\n---\n file | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n${text}-- \n2.39.5\n\n`,
    );
    return true;
  },
};

const OPENINGS = [
  'Here is the patch:',
  'Sure! I looked at the code and this should fix it.\n\nThe change does two things:\n\n1. it checks the input,\n2. it returns early.\n',
  '## Fix\n\n--- summary ---\n\n+ checks the value\n- no longer throws\n',
  'I will now write the diff for the file above. Note the `@@` lines.',
];
const CLOSINGS = [
  'Let me know if you want tests as well.',
  'This keeps the behaviour of the other callers.\n\n- First, the value is checked.\n- Then it is used.\n\n+1 from me.',
  '**Explanation**\n\n    the old code did not check\n\nThat is all.',
  '--\nA model',
];

const fenced = (info: string, mark = '```'): Damage => wrapped((text) => `${mark}${info}\n${text}${mark}\n`, mark);

/** Not where the patch holds such a fence itself at the start of a line: a shorter one would end there. */
function wrapped(wrap: (text: string, random: Random) => string, mark = '```'): Damage {
  return (draft, random) => {
    if (printDraft(draft).toString('latin1').includes(mark)) return false;
    draft.late.push((text) => wrap(text, random));
    return true;
  };
}

const paragraph = (text: string) => `${text}\n\n`;

export const around: Damages = {
  'diff fence': fenced('diff'),
  'bare fence': fenced(''),
  'patch fence with tildes': fenced('patch', '~~~'),
  'four backticks': fenced('diff', '````'),
  'fence never closed': wrapped((text) => `\`\`\`diff\n${text}`),
  'prose before': wrapped((text, random) => paragraph(random.pick(OPENINGS)) + text),
  'prose after': wrapped((text, random) => `${text}\n${random.pick(CLOSINGS)}\n`),
  'prose, fence, prose': wrapped(
    (text, random) => `${paragraph(random.pick(OPENINGS))}\`\`\`diff\n${text}\`\`\`\n\n${random.pick(CLOSINGS)}\n`,
  ),
  'one fence for each file': (draft, random) => {
    if (draft.sections.length < 2) return false;
    return wrapped((text) => {
      const parts = text.split(/^(?=diff --git )/m).filter((part) => part !== '');
      return parts
        .map((part, at) => `### ${at + 1}. the next file\n\n\`\`\`diff\n${part}\`\`\`\n\nSo far so good.\n`)
        .join('\n');
    })(draft, random);
  },
  'a fence inside the file': (draft) => {
    // The file itself has fences; the outer one is as long.
    const inner = draft.sections.some(({ hunks }) =>
      hunks.some((hunk) => hunk.lines.some((line) => /^[ +-]```/.test(line))),
    );
    if (!inner) return false;
    draft.late.push((text) => `Here it is:\n\n\`\`\`diff\n${text}\`\`\`\n`);
    return true;
  },
  tags: wrapped((text) => `<patch>\n${text}</patch>\n`),
  'shell here-document': wrapped((text) => `git apply <<'EOF'\n${text}EOF\n`),
};
