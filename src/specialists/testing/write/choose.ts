/**
 * Which answers make a test. Pure. Rule: the fewest that walk through all that any of them walks through, then some at the
 * edges; what differs between runs, what nobody would expect, and what says nothing is left out, and so is a function of
 * which too little is left.
 */
import type { Answers, Case, Chosen, Law, Questions, Subject } from './types.ts';

/** Cases of one function. */
const MOST = 8;
/** Values beyond those that walk a new way. */
const ENOUGH = 4;
/** Inputs that a law is shown with. */
const SHOWN = 5;

export interface ChooseOptions {
  /** Least share of a function's lines that its test must reach, in percent. */
  threshold: number;
  /** Does the case stand on one line of a test? */
  fits(subject: Subject, one: Case): boolean;
}

/** @param runs answers of several runs; only what all of them say counts. */
export function choose(
  { subjects, laws }: Questions,
  runs: readonly Answers[],
  { threshold, fits }: ChooseOptions,
): Chosen[] {
  const [first, ...others] = runs;
  if (first === undefined || runs.some(({ effect }) => effect !== null)) return [];
  return subjects.flatMap((subject) => {
    const own = first.functions[subject.name];
    const again = others.map((one) => one.functions[subject.name]);
    if (own === undefined || again.some((one) => one === undefined)) return [];
    // One answer that differs says that the function asks something besides its arguments.
    const steady = own.cases.every((one) =>
      again.every((other) => other?.cases.some((two) => two.input === one.input && says(two) === says(one))),
    );
    if (!steady) return [];
    const cases = pickCases(
      subject,
      own.cases.filter((one) => fits(subject, one)),
    );
    if (!isWorthIt(subject, cases, own.lines, threshold)) return [];
    const held = laws.flatMap((law, at) => {
      const inputs = law.of === subject.name ? heldBy(law, first.laws[at] ?? null, own.cases) : [];
      return inputs.length < 3 ? [] : [{ law, inputs: inputs.slice(0, SHOWN) }];
    });
    return [{ subject, cases, laws: held }];
  });
}

function says({ value, raises }: Case): string {
  return value ?? `raises ${raises}`;
}

/** Answers that a reader wants to see after the others. */
const EMPTY = /^(None|null|undefined|[bf]?""|''|\[\]|\{\}|\(\))$/;

function pickCases({ raises }: Subject, all: readonly Case[]): Case[] {
  const fine = all.filter((one) => one.raises === undefined || raises.includes(one.raises));
  const chosen: Case[] = [];
  const walked = new Set<string>();
  const fresh = ({ steps }: Case) => steps.filter((step) => !walked.has(step)).length;
  const take = (one: Case) => {
    chosen.push(one);
    for (const step of one.steps) walked.add(step);
  };
  // The first of those with the most new steps: they come in the order in which a person would think of them.
  for (let best = mostOf(fine, fresh); best !== null && chosen.length < MOST; best = mostOf(fine, fresh)) take(best);
  const known = () => new Set(chosen.map(says));
  for (const one of fine) {
    if (chosen.length >= ENOUGH) break;
    // What comes back as it was given is worth showing once, and once for nothing at all.
    const same = (other: Case) => !isTelling(other) && other.input.length > 2;
    if (same(one) && chosen.some(same)) continue;
    if (one.raises === undefined && !chosen.includes(one) && !known().has(says(one))) take(one);
  }
  // What it refuses is half of what it does.
  const refused = fine.find(({ raises }) => raises !== undefined);
  if (refused && chosen.length < MOST && chosen.every(({ raises }) => raises === undefined)) take(refused);
  const order = new Map(all.map((one, at) => [one, at + (EMPTY.test(one.value ?? '') ? all.length : 0)]));
  return chosen.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}

function mostOf(cases: readonly Case[], count: (one: Case) => number): Case | null {
  let best: Case | null = null;
  for (const one of cases) {
    const [more, most] = [count(one), best === null ? 0 : count(best)];
    if (more > most || (more > 0 && more === most && best !== null && isTelling(one) && !isTelling(best))) best = one;
  }
  return best;
}

/** Did something happen to what was given? */
function isTelling({ input, value, raises }: Case): boolean {
  return raises !== undefined || (value !== undefined && !input.includes(value));
}

/** Would anybody learn something from it? */
function isWorthIt({ inputs }: Subject, cases: readonly Case[], lines: readonly number[], threshold: number): boolean {
  const values = cases.filter(({ raises }) => raises === undefined);
  const told = new Set(values.map(says));
  if (values.length < 2 || told.size < 2 || inputs.length < 2) return false;
  // What comes back is always a part of what was given, or nothing: nothing was seen to happen.
  if (!values.some((one) => isTelling(one) && !EMPTY.test(one.value ?? ''))) return false;
  const reached = new Set(cases.flatMap(({ steps }) => steps.map((step) => Number(step.split('>')[1]))));
  const covered = lines.filter((line) => reached.has(line)).length;
  return lines.length === 0 || (100 * covered) / lines.length >= threshold;
}

/** Inputs that show the law, the telling ones first: those whose answer is not what was given. */
function heldBy({ kind, of }: Law, inputs: readonly string[] | null, cases: readonly Case[]): string[] {
  if (inputs === null || inputs.length < 3) return [];
  const value = new Map(cases.map((one) => [one.input, one.value]));
  const telling = inputs.filter((input) => value.get(input) !== undefined && value.get(input) !== input);
  if (telling.length === 0 || (kind === 'same-length' && of === '')) return [];
  return [...telling, ...inputs.filter((input) => !telling.includes(input))].filter((input) => input.length <= 24);
}
