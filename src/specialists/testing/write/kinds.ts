/**
 * What a parameter takes, and values at the edges of that. Pure. Rule: few, short, and such as a person would write: the
 * empty, the single, the several, and what stands on either side of every constant that the function compares with.
 */

export type Kind =
  | { is: 'int' | 'float' | 'bool' | 'text' | 'bytes' | 'nothing' }
  | { is: 'list' | 'set' | 'row'; of: Kind }
  | { is: 'tuple'; of: readonly Kind[] }
  | { is: 'dict'; key: Kind; value: Kind }
  | { is: 'choice'; written: readonly string[] }
  | { is: 'record'; fields: ReadonlyArray<readonly [string, Kind]> }
  | { is: 'either'; of: readonly Kind[] };

/** How values are written in a language. */
export interface Spelling {
  int(value: number): string;
  float(value: number): string;
  bool(value: boolean): string;
  text(value: string): string;
  bytes(value: string): string;
  nothing: string;
  list(items: readonly string[]): string;
  set(items: readonly string[]): string;
  tuple(items: readonly string[]): string;
  dict(pairs: ReadonlyArray<readonly [string, string]>): string;
}

/** What the function itself mentions. */
export interface Hints {
  /** Of the parameter. */
  name: string;
  numbers: readonly number[];
  texts: readonly string[];
  /** What it takes apart with. */
  separators: readonly string[];
}

/** Values of `kind`, the most telling first, at most `most`. */
export function valuesOf(kind: Kind, spell: Spelling, hints: Hints, most = 24): string[] {
  return [...new Set(all(kind, spell, hints))].filter((one) => one.length <= 48).slice(0, most);
}

function all(kind: Kind, spell: Spelling, hints: Hints): string[] {
  switch (kind.is) {
    case 'int':
      return integers(hints).map((one) => spell.int(one));
    case 'float':
      return [2.5, 0, 1, -1, 0.5, 10, ...around(hints)].map((one) => spell.float(one));
    case 'bool':
      return [spell.bool(true), spell.bool(false)];
    case 'text':
      return texts(hints).map((one) => spell.text(one));
    case 'bytes':
      return ['abc', '', 'a b', '\u0000ÿ'].map((one) => spell.bytes(one));
    case 'nothing':
      return [spell.nothing];
    case 'choice':
      return [...kind.written];
    case 'either':
      return interleave(kind.of.map((one) => all(one, spell, hints)));
    case 'tuple':
      return [0, 1, 2].map((at) => spell.tuple(kind.of.map((one) => pick(all(one, spell, hints), at))));
    case 'record':
      return [0, 1, 2, 3].map((at) =>
        spell.dict(kind.fields.map(([name, one]) => [spell.text(name), pick(all(one, spell, { ...hints, name }), at)])),
      );
    case 'dict':
      return dicts(kind, spell, hints);
    default:
      return lists(kind.of, hints, spell).map((items) =>
        kind.is === 'list'
          ? spell.list(items)
          : kind.is === 'set'
            ? spell.set([...new Set(items)])
            : spell.tuple(items),
      );
  }
}

function integers(hints: Hints): number[] {
  return [3, 0, 1, -1, 2, ...around(hints), 10, 7, 100];
}

/** On either side of every constant. */
function around({ numbers }: Hints): number[] {
  return numbers.slice(0, 5).flatMap((one) => [one, one - 1, one + 1]);
}

/** Texts that parameters of such a name usually hold. */
const BY_NAME: ReadonlyArray<readonly [RegExp, readonly string[]]> = [
  [/ur[il]|href|link/i, ['https://example.com/a?b=1', 'example.com', '/a/b']],
  [/mail/i, ['ann@example.com', 'ann']],
  [/path|file|dir|folder/i, ['a/b.txt', 'a/../b', '/a/b/', 'a.tar.gz']],
  [/version/i, ['1.2.3', '1.2', '1.2.3-rc1']],
  [/date|day/i, ['2024-02-29', '2023-02-29', '2024-02']],
  [/time|duration|interval/i, ['1h', '90s', '10:30', '00:00']],
  [/size|bytes/i, ['10', '10kb', '2MB']],
  [/colou?r|hex/i, ['#ff0000', '#fff', 'ff0000']],
  [/host|domain/i, ['example.com', 'localhost']],
  [/phone/i, ['+1 555 0100', '5550100']],
  [/header/i, ['text/html; charset=utf-8', 'a=1; b=2']],
  [/query|params/i, ['a=1&b=2', 'a=1']],
  [/bool|flag/i, ['true', 'no']],
  [/num|count|int|amount|price/i, ['12', '-3', '1.5']],
  [/snake|camel|ident|name|key|title|slug/i, ['hello_world', 'helloWorld', 'Hello World']],
];

function texts({ name, texts: mentioned, separators, numbers }: Hints): string[] {
  const named = BY_NAME.filter(([pattern]) => pattern.test(name)).flatMap(([, values]) => values);
  const plain = mentioned.filter((one) => one.length > 0 && one.length <= 16);
  const units = plain.filter((one) => /^[A-Za-z%]{1,5}$/.test(one)).slice(0, 6);
  const sides = separators.slice(0, 3).flatMap((one) => [`a${one}b`, `1${one}2`, `a${one}b${one}c`]);
  return [
    ...named,
    ...sides,
    ...plain
      .filter((one) => /^[^\w\s]{1,2}$/.test(one))
      .slice(0, 3)
      .map((one) => `${one}a${one}`),
    ...['Hello World', '', 'a', '  a b  '],
    ...units.flatMap((one) => [`10${one}`, one]),
    // A mark alone is an input that nobody meant.
    ...plain
      .filter((one) => /\w/.test(one))
      .slice(0, 10)
      .flatMap((one) => [one, `a${one}`, `${one}a`]),
    ...plain
      .filter((one) => !/\w/.test(one))
      .slice(0, 5)
      .flatMap((one) => [`a${one}b`, `${one}a`, `a${one}`]),
    ...['12', '-1', '1.5', 'abc', 'HELLO', 'a-b_c', 'a,b', 'a  b\n\tc', 'été', 'aa bb aa'],
    ...numbers
      .filter((one) => one > 3 && one <= 40 && Number.isInteger(one))
      .slice(0, 2)
      .flatMap((one) => ['a'.repeat(one), 'a'.repeat(one + 1)]),
  ];
}

function lists(of: Kind, hints: Hints, spell: Spelling): string[][] {
  const items = all(of, spell, hints);
  const [a = '', b = a, c = b, d = c] = [...new Set(items)];
  return [[a, b, c], [], [a], [a, a, b], [c, b, a], [d, a, d, c]];
}

function dicts(kind: Extract<Kind, { is: 'dict' }>, spell: Spelling, hints: Hints): string[] {
  const mentioned = hints.texts.filter((one) => /^[\w-]{1,16}$/.test(one));
  const keys =
    kind.key.is === 'text'
      ? [...new Set([...mentioned, 'a', 'b', 'c'])].map((one) => spell.text(one))
      : all(kind.key, spell, hints);
  const values = [...new Set(all(kind.value, spell, hints))];
  const pairs = keys.slice(0, 6).map((key, at) => [key, pick(values, at)] as const);
  const few = pairs.slice(0, 3);
  return [few, [], few.slice(0, 1), few.slice(0, 2), pairs.slice(1, 2), pairs.slice(2, 4)].map((one) =>
    spell.dict(one),
  );
}

function pick(values: readonly string[], at: number): string {
  return values[at % Math.max(1, values.length)] ?? '';
}

function interleave(lists: readonly string[][]): string[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((one) => one[at] ?? [])).flat();
}

/** One parameter of a call. */
export interface Slot {
  /** How it is given: by its place, or as `name=`. */
  prefix: string;
  values: readonly string[];
  optional: boolean;
}

/** Most calls of one function that are tried. */
const MOST = 150;

/** Argument lists: every combination where there are few, else those that differ in one place from a typical one. */
export function inputsOf(slots: readonly Slot[]): string[] {
  const needed = slots.filter(({ optional }) => !optional);
  const write = (values: readonly string[], from: readonly Slot[]) =>
    values.map((value, at) => `${from[at]?.prefix ?? ''}${value}`);
  const product = needed.reduce<string[][]>(
    (found, { values }) =>
      found.flatMap((one) => values.slice(0, needed.length > 2 ? 4 : 8).map((value) => [...one, value])),
    [[]],
  );
  const typical = (at: number) => needed.map(({ values }) => pick(values, at));
  const varied = [0, 1, 2, 3].flatMap((at) =>
    needed.flatMap(({ values }, place) => values.map((value) => typical(at).with(place, value))),
  );
  const calls = (product.length <= MOST ? [...varied, ...product] : varied).map((one) => write(one, needed));
  const optional = slots.filter((slot) => slot.optional);
  const extended = optional.flatMap(({ prefix, values }) =>
    values.slice(0, 4).flatMap((value) => calls.slice(0, 4).map((one) => [...one, `${prefix}${value}`])),
  );
  return [
    ...new Set(
      [...calls.slice(0, MOST - Math.min(30, extended.length)), ...extended.slice(0, 30)].map((one) => one.join(', ')),
    ),
  ];
}
