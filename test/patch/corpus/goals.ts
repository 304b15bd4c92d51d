/** What must hold on commits that nobody tunes on. Rule: percent of the cases in which the truth can be known. */
import type { ClassName } from './cases.ts';
import { type Count, sumOf } from './tally.ts';

export const GOALS: Record<ClassName, number> = {
  ...{ a: 100, b: 100, c: 100, e: 100, i: 100, j: 100, p: 100, q: 100, r: 100 },
  ...{ d: 99.5, k: 99.5, n: 99.5, x: 99.5, f: 99, g: 98.5, h: 98, l: 98, m: 97.5, o: 100 },
};
/** Of all cases, decidable or not. Percent. */
export const OVERALL = 98.5;
/** Of 5,660. */
export const MOST_WRONG = 3;
/** A single wrong one in these fails. */
export const NEVER_WRONG: readonly ClassName[] = ['a', 'b', 'c', 'e', 'i', 'p'];

/** One sentence for each goal that is missed. */
export function checkGoals(counts: ReadonlyArray<Count & { name: ClassName }>): string[] {
  const total = sumOf(counts);
  const percent = (part: number, all: number) => (100 * part) / Math.max(1, all);
  const perClass = counts.flatMap(({ name, decided, decidable, wrong }) => {
    const rate = percent(decided, decidable);
    return [
      ...(decidable > 0 && rate < GOALS[name]
        ? [`${name}: ${rate.toFixed(1)} % correct, the goal is ${GOALS[name]}`]
        : []),
      ...(wrong > 0 && NEVER_WRONG.includes(name) ? [`${name}: ${wrong} wrong, where none may be`] : []),
    ];
  });
  const mostWrong = Math.max(0, Math.floor((MOST_WRONG * total.all) / 5660));
  const overall = percent(total.correct, total.all);
  return [
    ...perClass,
    ...(overall < OVERALL ? [`${overall.toFixed(2)} % correct of all, the goal is ${OVERALL}`] : []),
    ...(total.wrong > mostWrong ? [`${total.wrong} wrong of ${total.all}, the goal is at most ${mostWrong}`] : []),
    ...(total.corrupted > 0 ? [`${total.corrupted} corrupted`] : []),
  ];
}
