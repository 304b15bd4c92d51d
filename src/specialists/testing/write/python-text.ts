/** Answers as a Python test, as pytest or unittest has it. Pure. Rule: plain assertions in the order of a reader's thought. */
import type { Case, Chosen, Law, Manner, Subject } from './types.ts';

const WIDE = 88;

/** The whole file with the tests of `chosen` in it; null where they cannot be put into what is there. */
export function pythonTest(given: readonly Chosen[], manner: Manner): string | null {
  const chosen = given.map((one) => ({ ...one, laws: readable(one.laws, 8) }));
  const { existing, like, runner, module } = manner;
  const names = [
    ...new Set(
      chosen.flatMap(({ subject, laws, cases }) => [
        ...[subject.name, ...laws.flatMap(({ law }) => undone(law))],
        ...cases.flatMap(({ raises, own }) => (raises !== undefined && own === true ? [raises] : [])),
      ]),
    ),
  ].sort(byCase);
  const blocks = chosen.map((one) => (runner === 'unittest' ? unittestBlock(one, manner) : pytestBlock(one, manner)));
  const body = blocks.join('\n\n\n');
  const bring = `from ${module} import ${names.join(', ')}`;
  const needed = runner === 'unittest' ? 'unittest' : /\bpytest\./.test(body) ? 'pytest' : null;
  if (existing !== null) return intoExisting(existing, body, { bring, needed, names, module });
  const future = /^from __future__ import annotations$/m.exec(like)?.[0];
  const head = [...(future ? [future, ''] : []), ...(needed ? [`import ${needed}`, ''] : []), bring];
  if (bring.length > WIDE) return null;
  return `${head.join('\n')}\n\n\n${body}\n`;
}

function undone(law: Law): string[] {
  return law.kind === 'round-trip' ? [law.undo] : [];
}

function returnsNone({ like }: Manner): string {
  const tests = [...like.matchAll(/^\s*def test\w*\([^)]*\)(\s*->\s*None)?:/gm)];
  return tests.filter(([, typed]) => typed).length > tests.length / 2 ? ' -> None' : '';
}

function pytestBlock({ subject, cases, laws }: Chosen, manner: Manner): string {
  const [none, call] = [returnsNone(manner), callOf(subject.name)];
  const test = (name: string, lines: readonly string[]) =>
    [`def ${name}()${none}:`, ...lines.map((line) => `    ${line}`)].join('\n');
  const values = cases.filter(({ raises }) => raises === undefined);
  const errors = byError(cases);
  return [
    test(
      `test_${subject.name}`,
      values.map((one) => `assert ${comparison(call(one.input), one, 'pytest.approx')}`),
    ),
    ...errors.map(([error, refused]) =>
      test(
        `test_${subject.name}_raises_${snake(error)}`,
        refused.flatMap(({ input }) => [`with pytest.raises(${error}):`, `    ${call(input)}`]),
      ),
    ),
    ...laws.map(({ law, inputs }) =>
      test(
        lawName(law),
        loop(law, inputs, (left, right) => `assert ${left} == ${right}`),
      ),
    ),
  ].join('\n\n\n');
}

function unittestBlock({ subject, cases, laws }: Chosen, manner: Manner): string {
  const [none, call] = [returnsNone(manner), callOf(subject.name)];
  const test = (name: string, lines: readonly string[]) =>
    [`    def ${name}(self)${none}:`, ...lines.map((line) => `        ${line}`)].join('\n');
  const values = cases.filter(({ raises }) => raises === undefined);
  const equal = (one: Case) => {
    const [left, value] = [call(one.input), one.value ?? ''];
    if (/^(None|True|False)$/.test(value)) return `self.assertIs(${left}, ${value})`;
    return `self.${one.fractional ? 'assertAlmostEqual' : 'assertEqual'}(${left}, ${value})`;
  };
  return [
    `class ${pascal(subject.name)}Test(unittest.TestCase):`,
    [
      test('test_results', values.map(equal)),
      ...byError(cases).map(([error, refused]) =>
        test(
          `test_raises_${snake(error)}`,
          refused.flatMap(({ input }) => [`with self.assertRaises(${error}):`, `    ${call(input)}`]),
        ),
      ),
      ...laws.map(({ law, inputs }) =>
        test(
          lawName(law),
          loop(law, inputs, (left, right) => `self.assertEqual(${left}, ${right})`),
        ),
      ),
    ].join('\n\n'),
  ].join('\n');
}

const callOf = (name: string) => (input: string) => `${name}(${input})`;

/** `is` where Python means the very thing. */
function comparison(left: string, { value = '', fractional }: Case, approx: string): string {
  if (/^(None|True|False)$/.test(value)) return `${left} is ${value}`;
  return `${left} == ${fractional ? `${approx}(${value})` : value}`;
}

/** As isort has it: constants, classes, then the rest. */
function byCase(a: string, b: string): number {
  const rank = (name: string) => (/^[A-Z_\d]+$/.test(name) ? 0 : /^[A-Z]/.test(name) ? 1 : 2);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** Does the case stand on one line, as the runner has it? */
export function fitsPython({ runner }: Manner): (subject: Subject, one: Case) => boolean {
  return ({ name }, { input, value = '', fractional }) => {
    if (runner === 'unittest' && fractional === true && !/^-?[\d.e+-]+$/.test(value)) return false;
    return `        self.assertAlmostEqual(${name}(${input}), ${value})`.length <= WIDE;
  };
}

/** Two of each are enough to see what they have in common. */
function byError(cases: readonly Case[]): Array<[string, Case[]]> {
  const errors = new Map<string, Case[]>();
  for (const one of cases)
    if (one.raises !== undefined) errors.set(one.raises, [...(errors.get(one.raises) ?? []), one].slice(0, 2));
  return [...errors];
}

/** Those that stand on one line each, with as many inputs as go on it. */
function readable(laws: Chosen['laws'], indent: number): Chosen['laws'] {
  return laws.flatMap(({ law, inputs }) => {
    const fits = (some: readonly string[]) =>
      [lawName(law), ...loop(law, some, (left, right) => `self.assertEqual(${left}, ${right})`)].every(
        (line) => line.length + indent + 4 <= WIDE,
      );
    const most = [5, 4, 3].find((count) => inputs.length >= count && fits(inputs.slice(0, count)));
    return most === undefined ? [] : [{ law, inputs: inputs.slice(0, most) }];
  });
}

function loop(
  { kind, of, ...law }: Law,
  inputs: readonly string[],
  equal: (left: string, right: string) => string,
): string[] {
  const undo = 'undo' in law ? law.undo : '';
  const many = `(${inputs.map((one) => (kind === 'commutative' ? `(${one})` : one)).join(', ')})`;
  if (kind === 'commutative') return [`for a, b in ${many}:`, `    ${equal(`${of}(a, b)`, `${of}(b, a)`)}`];
  const said = {
    idempotent: equal(`${of}(${of}(value))`, `${of}(value)`),
    'round-trip': equal(`${undo}(${of}(value))`, 'value'),
    'same-length': equal(`len(${of}(value))`, 'len(value)'),
  }[kind];
  return [`for value in ${many}:`, `    ${said}`];
}

function lawName({ kind, of, ...law }: Law): string {
  const undo = 'undo' in law ? law.undo : '';
  return {
    idempotent: `test_${of}_twice_is_${of}_once`,
    commutative: `test_${of}_in_either_order`,
    'same-length': `test_${of}_keeps_the_length`,
    'round-trip': `test_${undo}_undoes_${of}`,
  }[kind];
}

const snake = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
const pascal = (name: string) => name.replaceAll(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

interface Insertion {
  bring: string;
  needed: string | null;
  names: readonly string[];
  module: string;
}

/** At the end, before `if __name__`; names are added to the import of the module that is there. */
function intoExisting(existing: string, body: string, { bring, needed, names, module }: Insertion): string | null {
  if (/\r\n/.test(existing) || names.some((name) => new RegExp(`\\b(test_)?${name}\\b`).test(existing))) return null;
  let text = existing;
  if (needed !== null && !new RegExp(`^import ${needed}$`, 'm').test(text)) return null;
  const own = new RegExp(`^from ${module.replaceAll('.', '\\.')} import ([\\w, ]+)$`, 'm').exec(text);
  const block = new RegExp(`^from ${module.replaceAll('.', '\\.')} import \\(\\n((?: +\\w+,\\n)+)\\)$`, 'm').exec(text);
  if (own) {
    const all = (own[1] ?? '').split(',').map((one) => one.trim());
    const line = `from ${module} import ${ordered([...all, ...names], all).join(', ')}`;
    if (line.length > WIDE) return null;
    text = text.replace(own[0], line);
  } else if (block) {
    const all = [...(block[1] ?? '').matchAll(/\w+/g)].map(([one]) => one);
    const lines = ordered([...all, ...names], all).map((one) => `    ${one},\n`);
    text = text.replace(block[0], `from ${module} import (\n${lines.join('')})`);
  } else {
    const imports = [...text.matchAll(/^(from|import) [^\n(]+$/gm)];
    const last = imports.findLast(([line]) => line.startsWith('from ')) ?? imports.at(-1);
    if (!last) return null;
    const at = last.index + last[0].length;
    text = `${text.slice(0, at)}\n${bring}${text.slice(at)}`;
  }
  const main = /\n+if __name__ ==[\s\S]*$/.exec(text);
  const before = (main ? text.slice(0, main.index) : text).trimEnd();
  return `${before}\n\n\n${body}\n${main ? `\n\n${main[0].trimStart()}` : ''}`;
}

/** Sorted where they were. */
function ordered(all: readonly string[], before: readonly string[]): string[] {
  const isSorted = before.every((one, at) => at === 0 || byCase(before[at - 1] ?? '', one) <= 0);
  return isSorted ? [...all].sort(byCase) : [...all];
}
