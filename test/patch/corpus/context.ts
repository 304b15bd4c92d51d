/** Class h: a context line wrong, left out or invented; a deleted line with a typo. One slip a hunk, the rest decides. */
import { type Damage, type Damages, type DraftHunk, editing, isUnique, linesOf, occurrences, sideOf } from './model.ts';
import type { Random } from './random.ts';

/** Old lines that say something, without which a hunk with a slip could be anywhere. */
const INFORMATIVE = 4;

/** One slip in one hunk, or in each. Only hunks with enough left to be found by. */
function slip(change: (hunk: DraftHunk, random: Random) => boolean, each = false): Damage {
  return (draft, random) => {
    const able = editing(draft).flatMap((section) => {
      const lines = linesOf(draft.before.get(section.change.oldPath)?.content ?? '');
      return section.hunks.filter((hunk) => {
        const old = sideOf(hunk, 'old');
        const telling = old.filter((line) => /\w{2}/.test(line));
        // A line that says nothing of its own cannot vouch for the place.
        const own = telling.filter((line) => occurrences(lines, [line]) === 1);
        return isUnique(draft, section, hunk) && telling.length >= INFORMATIVE && own.length >= 2;
      });
    });
    const chosen = each ? able : random.shuffle(able);
    let done = 0;
    for (const hunk of chosen) {
      if (change(hunk, random)) done += 1;
      if (done > 0 && !each) return true;
    }
    return done > 0;
  };
}

/** Another word, a character lost, one doubled: what a person overlooks. */
export function mistype(text: string, random: Random): string {
  const words = [...text.matchAll(/\w{3,}/g)];
  if (words.length === 0) return text;
  const { 0: word, index } = random.pick(words);
  const at = random.between(1, word.length - 1);
  const wrong = random.pick([
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + word.charAt(at) + word.slice(at),
    `${word}s`,
    word.slice(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.slice(at + 1),
  ]);
  return text.slice(0, index) + wrong + text.slice(index + word.length);
}

const contextAt = (hunk: DraftHunk) =>
  hunk.lines.flatMap((line, at) => (line.startsWith(' ') && /\w{3}/.test(line) ? [at] : []));

/** Where a + line goes in beside it, the place of the addition would hang on the line that is changed. */
function isBesideAddition(hunk: DraftHunk, at: number): boolean {
  return Boolean(hunk.lines[at - 1]?.startsWith('+') || hunk.lines[at + 1]?.startsWith('+'));
}

const wrongLine =
  (change: (line: string, random: Random) => string) =>
  (hunk: DraftHunk, random: Random): boolean => {
    const places = contextAt(hunk).filter((at) => change(hunk.lines[at] as string, random) !== hunk.lines[at]);
    if (places.length === 0) return false;
    const at = random.pick(places);
    const next = ` ${change((hunk.lines[at] as string).slice(1), random)}`;
    const changed = next !== hunk.lines[at];
    hunk.lines[at] = next;
    return changed;
  };

const INVENTED = [
  '    # set up',
  '  const result = await load();',
  '// see above',
  '    return None',
  'import { x } from "./x";',
];

export const context: Damages = {
  'a typo': slip(wrongLine(mistype)),
  'a typo in each hunk': slip(wrongLine(mistype), true),
  'a line rewritten': slip(wrongLine((line) => `${/^\s*/.exec(line)?.[0]}# something else stood here`)),
  'quotes changed': slip(
    wrongLine((line) => (line.includes("'") ? line.replaceAll("'", '"') : line.replaceAll('"', "'"))),
  ),
  'a line left out': slip((hunk, random) => {
    const inner = hunk.lines.flatMap((line, at) => {
      const among = hunk.lines[at - 1]?.startsWith(' ') && hunk.lines[at + 1]?.startsWith(' ');
      return line.startsWith(' ') && line.trim() !== '' && among ? [at] : [];
    });
    if (inner.length === 0) return false;
    hunk.lines.splice(random.pick(inner), 1);
    return true;
  }),
  'a blank line left out': slip((hunk, random) => {
    const blank = hunk.lines.flatMap((line, at) => (line === ' ' && !isBesideAddition(hunk, at) ? [at] : []));
    if (blank.length === 0) return false;
    hunk.lines.splice(random.pick(blank), 1);
    return true;
  }),
  'a line invented': slip((hunk, random) => {
    const places = hunk.lines.flatMap((line, at) =>
      line.startsWith(' ') && hunk.lines[at + 1]?.startsWith(' ') ? [at] : [],
    );
    if (places.length === 0) return false;
    hunk.lines.splice(random.pick(places) + 1, 0, ` ${random.pick(INVENTED)}`);
    return true;
  }),
  'a line invented at the end': slip((hunk, random) => {
    if (!hunk.lines.at(-1)?.startsWith(' ')) return false;
    hunk.lines.push(` ${random.pick(INVENTED)}`);
    return true;
  }),
  'a blank line invented': slip((hunk, random) => {
    const places = hunk.lines.flatMap((line, at) =>
      line.startsWith(' ') && hunk.lines[at + 1]?.startsWith(' ') ? [at] : [],
    );
    if (places.length === 0) return false;
    hunk.lines.splice(random.pick(places) + 1, 0, ' ');
    return true;
  }),
  'a typo in a deleted line': slip((hunk, random) => {
    const places = hunk.lines.flatMap((line, at) => (line.startsWith('-') && /\w{3}.{12}/.test(line) ? [at] : []));
    if (places.length === 0) return false;
    const at = random.pick(places);
    const line = hunk.lines[at] as string;
    hunk.lines[at] = `-${mistype(line.slice(1), random)}`;
    return hunk.lines[at] !== line;
  }),
};
