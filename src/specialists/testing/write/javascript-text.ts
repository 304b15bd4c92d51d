/** Answers as a JavaScript or TypeScript test, as the repository's runner and assertions have it. Pure. */
import type { Case, Chosen, Law, Manner, Subject } from './types.ts';

const WIDE = 96;

/** How a repository asserts. */
interface Voice {
  equal(left: string, right: string, plain: boolean): string;
  close(left: string, right: string): string;
  throws(call: string, error: string): string;
}

const ASSERT: Voice = {
  equal: (left, right, plain) => `assert.${plain ? 'strictEqual' : 'deepStrictEqual'}(${left}, ${right});`,
  close: (left, right) => `assert.ok(Math.abs(${left} - ${right}) < 1e-9);`,
  throws: (call, error) => `assert.throws(() => ${call}, ${error});`,
};
/** Where `assert` itself is strict. */
const STRICT: Voice = {
  ...ASSERT,
  equal: (left, right, plain) => `assert.${plain ? 'equal' : 'deepEqual'}(${left}, ${right});`,
};
const JEST: Voice = {
  equal: (left, right, plain) => `expect(${left}).${plain ? 'toBe' : 'toEqual'}(${right});`,
  close: (left, right) => `expect(${left}).toBeCloseTo(${right});`,
  throws: (call, error) => `expect(() => ${call}).toThrow(${error});`,
};
const CHAI: Voice = {
  equal: (left, right, plain) => `expect(${left}).to.${plain ? '' : 'deep.'}equal(${right});`,
  close: (left, right) => `expect(${left}).to.be.closeTo(${right}, 1e-9);`,
  throws: (call, error) => `expect(() => ${call}).to.throw(${error});`,
};
const UVU: Voice = {
  equal: (left, right, plain) => `assert.${plain ? 'is' : 'equal'}(${left}, ${right});`,
  close: ASSERT.close,
  throws: (call, error) => `assert.throws(() => ${call}, (error) => error instanceof ${error});`,
};

/** The whole file with the tests of `chosen` in it; null where they cannot be put into what is there. */
export function scriptTest(given: readonly Chosen[], manner: Manner): string | null {
  const { existing, like } = manner;
  const voice = voiceOf(manner);
  const heads = existing === null ? headsOf(manner) : [];
  if (voice === null || heads === null) return null;
  const chosen = given.map((one) => ({ ...one, laws: readable(one.laws, voice) }));
  const names = [
    ...new Set(
      chosen.flatMap(({ subject, laws }) => [
        subject.name,
        ...laws.flatMap(({ law }) => ('undo' in law ? [law.undo] : [])),
      ]),
    ),
  ].sort();
  const byDefault = chosen.find(({ subject }) => subject.exported === 'default')?.subject.name ?? null;
  if (byDefault !== null && names.length > 1) return null;
  const bring = broughtIn(manner, names, byDefault);
  const body = chosen.map((one) => blockOf(one, manner, voice)).join('\n\n');
  const text =
    existing === null ? fresh(heads, bring, body, manner) : intoExisting(existing, { bring, body, names, manner });
  return text === null ? null : likeThem(text, existing ?? like);
}

/** Does the case stand on one line? */
export function fitsScript(manner: Manner): (subject: Subject, one: Case) => boolean {
  const voice = voiceOf(manner);
  return ({ name }, one) => voice !== null && lineOf(voice, name, one).length + 4 <= WIDE;
}

function voiceOf({ runner, like }: Manner): Voice | null {
  if (runner === 'uvu') return UVU;
  const chai = /["']chai["']/.test(like);
  const isStrict = /assert\/strict["']/.test(like) && !/strictEqual|deepStrictEqual/.test(like);
  if (/\bexpect\s*\(/.test(like)) return chai ? CHAI : runner === 'jest' || runner === 'vitest' ? JEST : null;
  return /\bassert\.(strictEqual|equal|deepEqual|deepStrictEqual|ok|is|throws)\b/.test(like) && !chai
    ? isStrict
      ? STRICT
      : ASSERT
    : null;
}

/** The lines by which such tests bring their runner and their assertions, as another test has them. */
function headsOf({ like, runner }: Manner): string[] | null {
  const lines = like.split('\n').filter((line) => /^(import\b.*\bfrom\b|(const|var|let)\b.*\brequire\()/.test(line));
  const brings = (pattern: RegExp) => lines.filter((line) => pattern.test(line));
  const strict = /^['"]use strict['"];?$/m.exec(like)?.[0];
  const found = brings(
    /["'](node:test|vitest|uvu|uvu\/assert|node:assert(\/strict)?|assert(\/strict)?|chai|@jest\/globals)["']/,
  );
  if (runner === 'vitest' && found.length === 0 && !/\bexpect\(/.test(like)) return null;
  const kept = found.map((line) => (/["'](vitest|@jest\/globals|node:test)["']/.test(line) ? onlyNeeded(line) : line));
  return [...(strict ? [strict, ''] : []), ...kept.filter((line) => line !== '')];
}

/** Of a list of names those that we write. */
function onlyNeeded(line: string): string {
  const inside = /\{([^}]*)\}/.exec(line);
  if (!inside) return line;
  const names = (inside[1] ?? '').split(',').map((one) => one.trim());
  const kept = names.filter((one) => /^(test|it|describe|expect)$/.test(one));
  return kept.length === 0 ? '' : line.replace(inside[0], `{ ${kept.join(', ')} }`);
}

const isModule = (text: string) => /^import\b/m.test(text);

function broughtIn({ module, like, quote }: Manner, names: readonly string[], byDefault: string | null): string {
  const what = byDefault ?? `{ ${names.join(', ')} }`;
  const from = `${quote}${module}${quote}`;
  return isModule(like) ? `import ${what} from ${from};` : `const ${what} = require(${from});`;
}

/** The word for a test, and whether tests stand in a group. */
function wordsOf({ like }: Manner): { word: string; grouped: boolean } {
  const [its, tests] = [/^\s*it\(/m.test(like), /^\s*test\(/m.test(like)];
  const word = its && !tests ? 'it' : 'test';
  const brought = /^import\b.*\b(it|test)\b.*from/m.exec(like)?.[0];
  const known = brought === undefined || /\bdescribe\b/.test(brought);
  return { word, grouped: known && /^\s*describe\(/m.test(like) };
}

function blockOf({ subject, cases, laws }: Chosen, manner: Manner, voice: Voice): string {
  const { word, grouped } = wordsOf(manner);
  const { name } = subject;
  const { quote } = manner;
  const test = (title: string, lines: readonly string[]) => {
    const said = grouped ? title.replace(`${name} `, '') : title;
    return [`${word}(${quote}${said}${quote}, () => {`, ...lines.map((line) => `  ${line}`), '});'].join('\n');
  };
  const values = cases.filter(({ raises }) => raises === undefined);
  const errors = new Map<string, Case[]>();
  for (const one of cases)
    if (one.raises !== undefined) errors.set(one.raises, [...(errors.get(one.raises) ?? []), one].slice(0, 2));
  const tests = [
    test(
      `${name} gives the known answers`,
      values.map((one) => lineOf(voice, name, one)),
    ),
    ...[...errors].map(([error, some]) =>
      test(
        `${name} throws ${error}`,
        some.map((one) => lineOf(voice, name, one)),
      ),
    ),
    ...laws.map(({ law, inputs }) => test(lawTitle(law), loopOf(law, inputs, voice))),
  ];
  if (!grouped) return tests.join('\n\n');
  const inside = tests.join('\n\n').replaceAll(/^(?=.)/gm, '  ');
  return `describe(${quote}${name}${quote}, () => {\n${inside}\n});`;
}

function lineOf(voice: Voice, name: string, { input, value = '', raises, fractional }: Case): string {
  const call = `${name}(${input})`;
  if (raises !== undefined) return voice.throws(call, raises);
  return fractional ? voice.close(call, value) : voice.equal(call, value, !/^[[{]/.test(value));
}

function lawTitle(law: Law): string {
  return {
    idempotent: `${law.of} changes nothing the second time`,
    commutative: `${law.of} takes its arguments in either order`,
    'same-length': `${law.of} keeps the length`,
    'round-trip': `${law.of} is undone by ${'undo' in law ? law.undo : ''}`,
  }[law.kind];
}

/** Those that stand on one line each, with as many inputs as go on it. */
function readable(laws: Chosen['laws'], voice: Voice): Chosen['laws'] {
  return laws.flatMap(({ law, inputs }) => {
    const fits = (some: readonly string[]) => loopOf(law, some, voice).every((line) => line.length + 4 <= WIDE);
    const most = [5, 4, 3].find((count) => inputs.length >= count && fits(inputs.slice(0, count)));
    return most === undefined ? [] : [{ law, inputs: inputs.slice(0, most) }];
  });
}

function loopOf(law: Law, inputs: readonly string[], voice: Voice): string[] {
  const { kind, of } = law;
  const plain = inputs.every((one) => !/^[[{]/.test(one));
  if (kind === 'commutative') {
    const pairs = inputs.map((one) => `[${one}]`).join(', ');
    return [`for (const [a, b] of [${pairs}]) {`, `  ${voice.equal(`${of}(a, b)`, `${of}(b, a)`, true)}`, '}'];
  }
  const said = {
    idempotent: voice.equal(`${of}(${of}(value))`, `${of}(value)`, plain),
    'same-length': voice.equal(`${of}(value).length`, 'value.length', true),
    'round-trip': voice.equal(`${'undo' in law ? law.undo : ''}(${of}(value))`, 'value', plain),
  }[kind];
  return [`for (const value of [${inputs.join(', ')}]) {`, `  ${said}`, '}'];
}

function fresh(heads: readonly string[], bring: string, body: string, { runner }: Manner): string {
  const end = runner === 'uvu' ? '\n\ntest.run();' : '';
  return `${[...heads, bring].join('\n')}\n\n${body}${end}\n`;
}

interface Insertion {
  bring: string;
  body: string;
  names: readonly string[];
  manner: Manner;
}

/** At the end; names are added to the import of the module that is there. */
function intoExisting(existing: string, { bring, body, names, manner }: Insertion): string | null {
  if (/\r\n/.test(existing) || names.some((name) => new RegExp(`(?<![\\w$.])${name}\\b`).test(existing))) return null;
  if (manner.runner === 'uvu' && !/\b(const|let) test = suite\(|\btest\b.*from ["']uvu["']/.test(existing)) return null;
  const from = `["']${manner.module.replaceAll(/[.$*+?^()[\]{}|\\]/g, '\\$&')}["']`;
  const own = new RegExp(`^(import|const) \\{ ([\\w$, ]+) \\}( from |( = require\\())${from}`, 'm').exec(existing);
  let text = existing;
  if (own) {
    const before = (own[2] ?? '').split(',').map((one) => one.trim());
    const isSorted = before.every((one, at) => at === 0 || (before[at - 1] ?? '') <= one);
    const all = isSorted ? [...before, ...names].sort() : [...before, ...names];
    const line = own[0].replace(`{ ${own[2]} }`, `{ ${all.join(', ')} }`);
    if (line.length > WIDE) return null;
    text = text.replace(own[0], () => line);
  } else {
    const last = [...text.matchAll(/^(import\b[^\n]* from |const [^\n]* = require\()[^\n]*$/gm)].at(-1);
    if (!last) return null;
    const at = last.index + last[0].length;
    text = `${text.slice(0, at)}\n${bring}${text.slice(at)}`;
  }
  const end = /\n+test\.run\(\);?\s*$/.exec(text);
  const before = (end ? text.slice(0, end.index) : text).trimEnd();
  return `${before}\n\n${body}\n${end ? `\n${end[0].trim()}\n` : ''}`;
}

/** Indented, quoted and ended as the other tests are. */
function likeThem(text: string, like: string): string {
  const lines = like.split('\n').filter((line) => /[)\]'"\w]$|;$/.test(line.trimEnd()));
  const ended = lines.filter((line) => line.trimEnd().endsWith(';')).length;
  const bare = lines.length > 6 && ended < lines.length / 10;
  const indent = /^( +|\t)\S/m.exec(like)?.[1] ?? '  ';
  const kept = like === text ? new Set<string>() : new Set(like.split('\n'));
  return text
    .split('\n')
    .map((line) => {
      if (kept.has(line)) return line;
      const ending = bare ? line.replace(/;$/, '') : line;
      return indent === '  ' ? ending : ending.replace(/^ +/, (blank) => indent.repeat(blank.length / 2));
    })
    .join('\n');
}
