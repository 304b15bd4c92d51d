/**
 * What is said of repeated statements. Rule: one extraction per file, the first that is sure, since each changes the others;
 * the rest is told only where it is long enough to be worth a word.
 */
import type { Match, TextEdit } from '../rule.ts';
import type { Repetition } from './repeated.ts';
import { lineFinder } from './source.ts';

interface Found {
  repetition: Repetition;
  /** Null where nothing is sure. */
  edits: TextEdit[] | null;
}

const WORTH_A_WORD = 15;
const MOST = 3;

/** @param text of the file. @param uncapped see `DiagnoseOptions`. */
export function toldOf(text: string, found: readonly Found[], uncapped = false): Match[] {
  const line = lineFinder(text);
  const best = found.find(({ edits }) => edits !== null);
  const long = found.filter((one) => one !== best && one.repetition.lines >= WORTH_A_WORD && !overlaps(one, best));
  const told = uncapped ? long : long.slice(0, MOST);
  return [...(best ? [best] : []), ...told].flatMap(({ repetition, edits }, at): Match[] => {
    const [first, second] = repetition.sites;
    if (!first || !second) return [];
    const places = repetition.sites.map(({ start }) => line(start));
    return [
      {
        ...{ start: second.start, end: second.end },
        message: `The ${repetition.lines} lines from line ${line(first.start)} on stand here again (lines ${places.join(', ')}).`,
        edits: at === 0 && best ? (edits ?? []) : [],
      },
    ];
  });
}

function overlaps(one: Found, best: Found | undefined): boolean {
  return one.repetition.sites.some((site) =>
    best?.repetition.sites.some((other) => site.start < other.end && other.start < site.end),
  );
}
