/** Verdicts by engine and class, counted and printed. Rule: percent of all cases of a class, the undecidable ones too. */
import { type Case, CLASS_NAMES, type ClassName } from './cases.ts';
import type { Verdict } from './judge.ts';

export interface Count extends Record<Verdict, number> {
  all: number;
  /** Cases whose truth can be known, and how many of them were correct. */
  decidable: number;
  decided: number;
}

export interface Tally {
  engines: readonly string[];
  add(engine: string, item: Case, verdict: Verdict): void;
  of(engine: string, name: ClassName): Count;
}

const none = (): Count => ({ all: 0, decidable: 0, decided: 0, correct: 0, refused: 0, wrong: 0, corrupted: 0 });

export function makeTally(engines: readonly string[]): Tally {
  const counts = new Map<string, Count>();
  const of = (engine: string, name: ClassName) => {
    const key = `${engine}/${name}`;
    const known = counts.get(key) ?? none();
    counts.set(key, known);
    return known;
  };
  return {
    engines,
    of,
    add: (engine, item, verdict) => {
      const count = of(engine, item.class);
      count.all += 1;
      count[verdict] += 1;
      if (!item.decidable) return;
      count.decidable += 1;
      if (verdict === 'correct') count.decided += 1;
    },
  };
}

export function sumOf(counts: readonly Count[]): Count {
  const total = none();
  for (const count of counts) for (const key of Object.keys(total) as Array<keyof Count>) total[key] += count[key];
  return total;
}

/** A Markdown table: a row for each class, a column for each engine. */
export function printTally(tally: Tally, nameOf: (name: ClassName) => string): string {
  const names = CLASS_NAMES.filter((name) => tally.of(tally.engines[0] ?? '', name).all > 0);
  const percent = (part: number, all: number) => {
    const value = (100 * part) / Math.max(1, all);
    return part === 0 || part === all ? String(Math.round(value)) : value.toFixed(1);
  };
  const cell = ({ all, correct, refused, wrong, corrupted }: Count) =>
    [correct, refused, wrong, corrupted].map((part) => percent(part, all)).join(' / ');
  const rows = names.map((name) => {
    const counts = tally.engines.map((engine) => tally.of(engine, name));
    return [nameOf(name), String(counts[0]?.all ?? 0), ...counts.map(cell)];
  });
  const totals = tally.engines.map((engine) => sumOf(names.map((name) => tally.of(engine, name))));
  const head = ['class', 'patches', ...tally.engines];
  const total = ['**all**', String(totals[0]?.all ?? 0), ...totals.map((count) => `**${cell(count)}**`)];
  return [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows, total]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}
