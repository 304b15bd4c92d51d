/** Which arguments a parameter may want, from its type, its name and what is done with it. Pure. */
import type { Shape } from './types.ts';

const ANY: readonly Shape[] = ['ints', 'words', 'dict', 'text', 'number', 'pairs', 'record'];

/** Shapes in the order in which they are tried. @param body text of the function. */
export function shapesFor(name: string, type: string | null, body: string): Shape[] {
  const typed = type === null ? null : byType(type);
  if (typed !== null) return [typed];
  const own = name.replaceAll('$', '\\$');
  const uses = (pattern: string) => new RegExp(pattern.replaceAll('@', `\\b${own}\\b`)).test(body);
  const likely: Shape[] = [];
  if (uses('@\\.(items|keys|values|get|entries)\\(|Object\\.(keys|values|entries)\\(@')) likely.push('dict');
  if (uses('@\\.(split|splitlines|lower|upper|strip|replace|startswith|toLowerCase|trim|charAt|charCodeAt)\\('))
    likely.push('text');
  if (uses('range\\(@|[<>]=? @|@ [-*/%] ')) likely.push('number');
  if (uses('\\bfor \\w+, ?\\w+ in @|of @\\) ?\\{? ?const \\[')) likely.push('pairs');
  if (
    uses('in @|of @|len\\(@|sorted\\(@|@\\.(map|filter|reduce|forEach|some|every|find|includes|indexOf|length|append)')
  ) {
    if (new RegExp(`for (\\w+) in ${own}\\b[\\s\\S]*\\1\\.(lower|upper|strip|split|startswith|endswith)`).test(body))
      likely.push('words');
    likely.push('ints', 'words', 'pairs', 'record');
  }
  if (/^(text|name|line|word|s|string|path|key|prefix|suffix|value)$/i.test(name)) likely.push('text');
  if (/^(n|i|k|count|size|limit|length|number|total|index)$/i.test(name)) likely.push('number');
  return [...new Set([...likely, ...ANY])];
}

function byType(type: string): Shape | null {
  const text = type.replaceAll(/\s|['"]|typing\.|readonly|^:/g, '');
  if (/^(int|float|number|bigint)$/i.test(text)) return 'number';
  if (/^(str|string)$/i.test(text)) return 'text';
  if (/^(dict|mapping|defaultdict|record|map)\b/i.test(text)) return 'dict';
  const inner =
    /^(?:list|sequence|iterable|collection|tuple|set|frozenset|array)[[<](.*)[\]>]$/i.exec(text)?.[1] ??
    /^(.*)\[\]$/.exec(text)?.[1];
  if (inner !== undefined)
    return /^str/i.test(inner) ? 'words' : /^tuple/i.test(inner) ? 'pairs' : /^dict/i.test(inner) ? 'record' : 'ints';
  return /^(list|sequence|iterable|tuple|collection)$/i.test(text) ? 'ints' : null;
}

/** Combinations of shapes, the likeliest first: those that differ least from the first choice of each. */
export function combinations(shapes: readonly (readonly Shape[])[], most = 40): Shape[][] {
  let found: Array<{ cost: number; shapes: Shape[] }> = [{ cost: 0, shapes: [] }];
  for (const choices of shapes)
    found = found
      .flatMap((one) => choices.map((shape, at) => ({ cost: one.cost + at, shapes: [...one.shapes, shape] })))
      .sort((a, b) => a.cost - b.cost)
      .slice(0, most * 2);
  return found.slice(0, most).map((one) => one.shapes);
}
