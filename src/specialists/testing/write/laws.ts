/** What holds for every input, by what functions are called. Pure. Rule: a name only makes it worth a try; every input decides. */
import type { Law, Subject } from './types.ts';

const NORMALISES =
  /^(normali[sz]e|clean|strip|slugify|canonical|sanitize|trim|dedupe|dedup|unique|uniq|sort|sorted|collapse|squash|lower|upper|to_?lower|to_?upper|simplify|flatten|abs|clamp|round)/i;
const COMMUTES =
  /^(add|sum|plus|multiply|mul|gcd|lcm|max|min|distance|hamming|levenshtein|similarity|overlaps?|intersect(s|ion)?|union|jaccard|equal|equals|same|is_?same|common)(_|[A-Z]|$)/;
const KEEPS_LENGTH = /^(reverse|rotate|shuffle|sort|sorted|swap|pad_none|caesar|rot13|mask|invert)/i;
const UNDOES: ReadonlyArray<readonly [string, string]> = [
  ...([
    ['encode', 'decode'],
    ['escape', 'unescape'],
    ['quote', 'unquote'],
    ['dump', 'load'],
    ['dumps', 'loads'],
  ] as const),
  ...([
    ['serialize', 'deserialize'],
    ['serialise', 'deserialise'],
    ['pack', 'unpack'],
    ['compress', 'decompress'],
  ] as const),
  ...([
    ['encrypt', 'decrypt'],
    ['format', 'parse'],
    ['stringify', 'parse'],
    ['to', 'from'],
    ['join', 'split'],
  ] as const),
  ...([
    ['flatten', 'unflatten'],
    ['wrap', 'unwrap'],
    ['marshal', 'unmarshal'],
  ] as const),
];

/** What is worth a try among `subjects`. */
export function lawsOf(subjects: readonly Subject[]): Law[] {
  return subjects.flatMap((subject): Law[] => {
    const { name: of, parameters } = subject;
    const undo = parameters.length === 1 ? undoes(of, subjects) : null;
    return [
      ...(undo === null ? [] : [{ kind: 'round-trip', of, undo } as const]),
      ...(parameters.length === 1 && NORMALISES.test(of) ? [{ kind: 'idempotent', of } as const] : []),
      ...(parameters.length === 1 && KEEPS_LENGTH.test(of) ? [{ kind: 'same-length', of } as const] : []),
      ...(parameters.length === 2 && COMMUTES.test(of) ? [{ kind: 'commutative', of } as const] : []),
    ];
  });
}

/** `encode_base58` and `decode_base58`, `toHex` and `fromHex`. */
function undoes(name: string, subjects: readonly Subject[]): string | null {
  for (const [one, other] of UNDOES) {
    const words = name.split(/(?<=[a-z\d])(?=[A-Z])|_/);
    const at = words.findIndex((word) => word.toLowerCase() === one);
    if (at === -1) continue;
    const wanted = words.map((word, index) => (index === at ? other : word).toLowerCase()).join('');
    const found = subjects.find(
      (subject) => subject.parameters.length === 1 && subject.name.replaceAll('_', '').toLowerCase() === wanted,
    );
    if (found) return found.name;
  }
  return null;
}
