/** A backtracking matcher that counts its steps, as the matchers of JavaScript and Python work. Rule: it always ends. */
import type { Pattern } from './pattern-parse.ts';

/** Steps that nobody waits for here: a proven growth shows much earlier. */
export const MOST_STEPS = 100_000;

class TooMany extends Error {}

/** Steps until `pattern` fails at the beginning of `text`; null when it matches there. At most `MOST_STEPS`. */
export function countSteps(pattern: Pattern, text: string): number | null {
  let steps = 0;
  const isWord = (at: number) => /\w/.test(text.charAt(at));
  const holds = (what: Extract<Pattern, { kind: 'assert' }>['what'], at: number): boolean => {
    if (what === 'start') return at === 0;
    if (what === 'end') return at === text.length;
    if (what === 'last-line-end') return at === text.length || (at === text.length - 1 && text[at] === '\n');
    if (what === 'line-start') return at === 0 || text[at - 1] === '\n';
    if (what === 'line-end') return at === text.length || text[at] === '\n';
    return (isWord(at - 1) !== isWord(at)) === (what === 'boundary');
  };
  const match = (node: Pattern, at: number, then: (at: number) => boolean): boolean => {
    steps += 1;
    if (steps > MOST_STEPS) throw new TooMany();
    if (node.kind === 'set') {
      const code = at < text.length ? text.charCodeAt(at) : -1;
      return node.ranges.some(([from, to]) => from <= code && code <= to) && then(at + 1);
    }
    if (node.kind === 'assert') return holds(node.what, at) && then(at);
    if (node.kind === 'choice') return node.items.some((item) => match(item, at, then));
    if (node.kind === 'sequence') {
      const from = (index: number, here: number): boolean => {
        const item = node.items[index];
        return item ? match(item, here, (next) => from(index + 1, next)) : then(here);
      };
      return from(0, at);
    }
    const round = (count: number, here: number): boolean => {
      const more = () =>
        count < node.max &&
        match(node.item, here, (next) => (next > here || count < node.min) && round(count + 1, next));
      if (count < node.min) return more();
      return node.greedy ? more() || then(here) : then(here) || more();
    };
    return round(0, at);
  };
  try {
    return match(pattern, 0, () => true) ? null : steps;
  } catch (error) {
    if (error instanceof TooMany || error instanceof RangeError) return MOST_STEPS;
    throw error;
  }
}
