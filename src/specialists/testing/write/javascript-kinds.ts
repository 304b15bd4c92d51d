/** What a TypeScript or JavaScript parameter takes, from its type, its default or its JSDoc. Pure. Rule: in doubt, null. */
import type { Kind, Spelling } from './kinds.ts';
import { split } from './python-kinds.ts';

/** @param resolve the text of a type of the module, by its name. Null: nothing that we can make. */
export function kindOfType(type: string, resolve: (name: string) => string | null, depth = 0): Kind | null {
  const text = type
    .trim()
    .replace(/^[|]\s*/, '')
    .replace(/^readonly\s+/, '');
  if (depth > 4) return null;
  const again = (one: string) => kindOfType(one, resolve, depth + 1);
  const parts = split(text, '|');
  if (parts.length > 1) return union(parts, again);
  const simple = SIMPLE[text];
  if (simple !== undefined) return simple;
  if (/^(["'])[^"'\\]*\1$|^-?\d+$/.test(text)) return { is: 'choice', written: [text] };
  const array = /^([\s\S]*)\[\]$/.exec(text);
  if (array) return listOf(again((array[1] ?? '').replace(/^\(([\s\S]*)\)$/, '$1')));
  const generic = /^(\w+)<([\s\S]*)>$/.exec(text);
  if (generic) {
    const [, name = '', inside = ''] = generic;
    if (/^(Array|ReadonlyArray|Iterable)$/.test(name)) return listOf(again(inside));
    if (/^(Readonly|NonNullable|Required)$/.test(name)) return again(inside);
    const [key, value] = split(inside, ',').map(again);
    return name === 'Record' && key?.is === 'text' && value ? { is: 'dict', key, value } : null;
  }
  if (text.startsWith('[') && text.endsWith(']')) {
    const kinds = split(text.slice(1, -1), ',').map((one) => again(one.replace(/^\w+\??:\s*/, '')));
    return kinds.length > 0 && kinds.every((one) => one !== null) ? { is: 'tuple', of: kinds } : null;
  }
  if (text.startsWith('{') && text.endsWith('}')) return recordOf(text.slice(1, -1), again);
  const own = /^[A-Z]\w*$/.test(text) ? resolve(text) : null;
  return own === null ? null : again(own);
}

const SIMPLE: Readonly<Record<string, Kind>> = {
  string: { is: 'text' },
  String: { is: 'text' },
  number: { is: 'int' },
  Number: { is: 'int' },
  boolean: { is: 'bool' },
  Boolean: { is: 'bool' },
  undefined: { is: 'nothing' },
};

function union(parts: readonly string[], again: (one: string) => Kind | null): Kind | null {
  if (parts.every((one) => /^(["'])[^"'\\]*\1$|^-?\d+$/.test(one))) return { is: 'choice', written: [...parts] };
  const known = parts
    .map((one) => (one === 'null' ? ({ is: 'choice', written: ['null'] } as const) : again(one)))
    .filter((one) => one !== null);
  const [first] = known;
  return first === undefined ? null : known.length === 1 ? first : { is: 'either', of: known };
}

function listOf(of: Kind | null): Kind | null {
  return of === null ? null : { is: 'list', of };
}

/** `a: string; b?: number`: what may be left out is left out. */
function recordOf(inside: string, again: (one: string) => Kind | null): Kind | null {
  const fields: Array<readonly [string, Kind]> = [];
  for (const member of split(inside.replaceAll(/[\n;]/g, ','), ',')) {
    const [, name = '', optional, type = ''] = /^(?:readonly\s+)?(\w+)(\?)?:\s*([\s\S]+)$/.exec(member) ?? [];
    if (name === '') return null;
    const kind = again(type);
    if (kind === null && optional === undefined) return null;
    if (kind !== null && optional === undefined) fields.push([name, kind]);
  }
  return fields.length === 0 || fields.length > 4 ? null : { is: 'record', fields };
}

export function kindOfScriptDefault(value: string): Kind | null {
  if (/^(true|false)$/.test(value)) return { is: 'bool' };
  if (/^-?\d+$/.test(value)) return { is: 'int' };
  if (/^-?\d*\.\d+$/.test(value)) return { is: 'float' };
  return /^(["'`])[^$]{0,20}\1$/.test(value) ? { is: 'text' } : null;
}

const TEXT_METHODS =
  'toLowerCase|toUpperCase|trim|trimStart|trimEnd|split|startsWith|endsWith|charAt|charCodeAt|codePointAt|replace|replaceAll|padStart|padEnd|match|substring|substr|normalize|localeCompare';

/** From what the body does with an untyped parameter. */
export function kindOfScriptUse(name: string, body: string): Kind | null {
  const uses = (pattern: string) =>
    new RegExp(pattern.replaceAll('@', `(?<![\\w.$])${name.replaceAll('$', '\\$')}\\b`)).test(body);
  if (uses('typeof @ ={2,3} [\'"]string') || uses(`@\\.(${TEXT_METHODS})\\(`)) return { is: 'text' };
  return uses('typeof @ ={2,3} [\'"]number') || uses('@ % \\d|Math\\.\\w+\\(@\\)') ? { is: 'int' } : null;
}

/** As Prettier would write it. */
export function scriptSpelling(quote: '"' | "'"): Spelling {
  const text = (value: string) => {
    const other = quote === '"' ? "'" : '"';
    const mark = value.includes(quote) && !value.includes(other) ? other : quote;
    const escaped = value.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`);
    return `${mark}${escaped.replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\u0000', '\\0')}${mark}`;
  };
  const object = (pairs: ReadonlyArray<readonly [string, string]>) => {
    const key = (one: string) => (/^(["'])[A-Za-z_$][\w$]*\1$/.test(one) ? one.slice(1, -1) : one);
    return pairs.length === 0 ? '{}' : `{ ${pairs.map(([name, value]) => `${key(name)}: ${value}`).join(', ')} }`;
  };
  const list = (items: readonly string[]) => `[${items.join(', ')}]`;
  return {
    ...{ int: String, float: String, bool: String, text, list, tuple: list, dict: object },
    bytes: text,
    nothing: 'undefined',
    set: (items) => `new Set(${list(items)})`,
  };
}
