/** What a Python parameter takes, from its annotation, its default, or what is plainly done with it. Pure. Rule: in doubt, null. */
import type { Kind, Spelling } from './kinds.ts';

/** @param annotation as it is written. Null: nothing that we can make. */
export function kindOfAnnotation(annotation: string): Kind | null {
  const text = annotation
    .replace(/^["']|["']$/g, '')
    .replaceAll(/\b(typing|t|collections\.abc|abc)\./g, '')
    .trim();
  const parts = split(text, '|');
  if (parts.length > 1) return either(parts.map(kindOfAnnotation));
  const simple = SIMPLE[text];
  if (simple !== undefined) return simple;
  const generic = /^(\w+)\[([\s\S]*)\]$/.exec(text);
  const [, name = '', inside = ''] = generic ?? [];
  const of = split(inside, ',');
  if (/^(Optional)$/.test(name)) return either([kindOfAnnotation(inside), { is: 'nothing' }]);
  if (name === 'Union') return either(of.map(kindOfAnnotation));
  if (name === 'Literal')
    return of.every((one) => /^(["']\w*["']|-?\d+)$/.test(one)) ? { is: 'choice', written: of } : null;
  if (/^(Annotated|Final)$/.test(name)) return kindOfAnnotation(of[0] ?? '');
  if (/^(dict|Dict|Mapping|MutableMapping)$/.test(name)) {
    const [key, value] = [kindOfAnnotation(of[0] ?? ''), kindOfAnnotation(of[1] ?? '')];
    return key && value ? { is: 'dict', key, value } : null;
  }
  if (/^(tuple|Tuple)$/.test(name)) {
    const kinds = of.filter((one) => one !== '...').map(kindOfAnnotation);
    if (kinds.some((one) => one === null) || kinds.length === 0) return null;
    return of.includes('...') ? { is: 'row', of: kinds[0] as Kind } : { is: 'tuple', of: kinds as Kind[] };
  }
  if (generic === null) return null;
  const item = kindOfAnnotation(of[0] ?? '');
  if (item === null || of.length !== 1) return null;
  if (/^(list|List|Sequence|MutableSequence|Iterable|Collection)$/.test(name)) return { is: 'list', of: item };
  return /^(set|Set|frozenset|FrozenSet|AbstractSet)$/.test(name) ? { is: 'set', of: item } : null;
}

const SIMPLE: Readonly<Record<string, Kind>> = {
  int: { is: 'int' },
  float: { is: 'float' },
  bool: { is: 'bool' },
  str: { is: 'text' },
  bytes: { is: 'bytes' },
  None: { is: 'nothing' },
};

function either(kinds: ReadonlyArray<Kind | null>): Kind | null {
  const known = kinds.filter((one) => one !== null);
  const [first] = known;
  return first === undefined ? null : known.length === 1 ? first : { is: 'either', of: known };
}

/** At the top level of brackets and quotes. */
export function split(text: string, by: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const one of text) {
    if ('[({<'.includes(one)) depth += 1;
    if ('])}>'.includes(one)) depth -= 1;
    if (one === by && depth === 0) parts.push('');
    else parts[parts.length - 1] += one;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** From the default of a parameter. */
export function kindOfDefault(value: string): Kind | null {
  if (/^(True|False)$/.test(value)) return { is: 'bool' };
  if (/^-?\d+$/.test(value)) return { is: 'int' };
  if (/^-?\d*\.\d+$/.test(value)) return { is: 'float' };
  return /^(["']).{0,20}\1$/.test(value) ? { is: 'text' } : null;
}

const TEXT_METHODS =
  'lower|upper|strip|lstrip|rstrip|split|rsplit|splitlines|startswith|endswith|title|capitalize|isdigit|isalpha|isalnum|isspace|isupper|islower|encode|casefold|partition|rpartition|swapcase|zfill|ljust|rjust';

/** From what the body does with an unannotated parameter. */
export function kindOfUse(name: string, body: string): Kind | null {
  const uses = (pattern: string) => new RegExp(pattern.replaceAll('@', `(?<![\\w.])${name}\\b`)).test(body);
  const said = /isinstance\(\s*@\s*,\s*(str|int|float|bytes|bool)\s*\)/.source.replace('@', name);
  const type = new RegExp(said).exec(body)?.[1];
  if (type !== undefined) return SIMPLE[type] ?? null;
  if (uses(`@\\.(${TEXT_METHODS})\\(`)) return { is: 'text' };
  if (uses('range\\(\\s*@\\s*[,)]|range\\([^()]*,\\s*@\\s*\\)|@ % \\d|@ // \\d')) return { is: 'int' };
  return /^(text|string|line|word|sentence)$/.test(name) ? { is: 'text' } : null;
}

/** As Black would write it, with either quote. */
export function pythonSpelling(quote: '"' | "'"): Spelling {
  const text = (value: string) => {
    const mark =
      value.includes(quote) && !value.includes(quote === '"' ? "'" : '"') ? (quote === '"' ? "'" : '"') : quote;
    const escaped = value.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`);
    return `${mark}${escaped.replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\u0000', '\\x00')}${mark}`;
  };
  return {
    int: String,
    float: (value) => (Number.isInteger(value) ? value.toFixed(1) : String(value)),
    bool: (value) => (value ? 'True' : 'False'),
    text,
    bytes: (value) => `b${text(value).replaceAll('ÿ', '\\xff')}`,
    nothing: 'None',
    list: (items) => `[${items.join(', ')}]`,
    set: (items) => (items.length === 0 ? 'set()' : `{${items.join(', ')}}`),
    tuple: (items) => (items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`),
    dict: (pairs) => `{${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')}}`,
  };
}
