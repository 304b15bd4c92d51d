/**
 * A block that stands in several functions of a script becomes a function. Rule: the statements stay word for word; where the
 * block is not certainly free of its surroundings it is only reported, and that only when it is long.
 */
import { SCRIPT } from '../javascript-source.ts';
import { indentAt, lineStart } from '../lines.ts';
import type { RuleContext, RuleImpl, TextEdit } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { freeName, isWorth, wordsFor } from './extracted.ts';
import { type Declared, declarationsIn } from './javascript-bindings.ts';
import { type Shape, shapeOf } from './javascript-block.ts';
import { dedented, findRepetitions, type Repetition, repeatsLines, type Site } from './repeated.ts';
import { aboveComments, reindent, syntaxOf } from './source.ts';
import { toldOf } from './told.ts';

export const repeatedBlock: RuleImpl = {
  id: 'javascript/repeated-block',
  languages: SCRIPT,
  severity: 'low',
  title: 'Extract a repeated block into a function',
  rationale:
    'The same statements stand in several functions of the file, and whoever changes one of them has to find the others. They become one function that is called instead, word for word: what they read of the functions around them is passed in, what is used afterwards is returned. It is done only where the block gives values to its own variables alone, nothing jumps out of it, it does not read `this`, and in TypeScript every value that goes in has a written type; and it is proposed only when the tests of the repository notice that the replaced lines are broken. The name is taken from the code: a better one is one amend away.',
  fixable: true,
  demandsTests: true,
  aliases: ['sonarjs/no-identical-functions', 'jscpd'],
  trigger: /\{[\s\S]*\{/,
  example: {
    path: 'src/cart.ts',
    before: `import { round } from './round.js';

export function invoice(items: Item[], rate: number) {
  let total = 0;
  for (const item of items) {
    if (item.price < 0) throw new Error(item.name);
    total += item.price * item.count;
  }
  const rounded = round(total * (1 + rate));
  return { rounded, kind: 'invoice' };
}

export function quote(items: Item[], rate: number, discount: number) {
  let total = 0;
  for (const item of items) {
    if (item.price < 0) throw new Error(item.name);
    total += item.price * item.count;
  }
  const rounded = round(total * (1 + rate));
  return rounded - discount;
}
`,
    after: `import { round } from './round.js';

function computeRounded(items: Item[], rate: number) {
  let total = 0;
  for (const item of items) {
    if (item.price < 0) throw new Error(item.name);
    total += item.price * item.count;
  }
  const rounded = round(total * (1 + rate));
  return rounded;
}

export function invoice(items: Item[], rate: number) {
  const rounded = computeRounded(items, rate);
  return { rounded, kind: 'invoice' };
}

export function quote(items: Item[], rate: number, discount: number) {
  const rounded = computeRounded(items, rate);
  return rounded - discount;
}
`,
  },
  lookAlikes: lookAlikes(),
  async find(file, context) {
    if (!repeatsLines(file.text)) return [];
    const root = await syntaxOf(file, context);
    if (root === null) return [];
    const blocks = [...root.below()]
      .filter(({ kind }) => kind === 'statement_block')
      .map(({ children }) => children.filter(({ kind }) => !/^[{}]$/.test(kind)));
    const repetitions = findRepetitions(file.text, blocks);
    const declared = repetitions.length > 0 ? declarationsIn(root) : [];
    const found = repetitions.map((repetition) => ({
      repetition,
      edits: extraction(file, context, repetition, declared),
    }));
    return toldOf(file.text, found, context.options.uncapped);
  },
};

function extraction(
  file: SourceFile,
  context: RuleContext,
  { sites, lines }: Repetition,
  declared: readonly Declared[],
): TextEdit[] | null {
  const shapes = sites.map((site) => shapeOf(site, declared, file.language === 'typescript'));
  const [first, site] = [shapes[0], sites[0]];
  if (!first || !site) return null;
  const signature = (shape: Shape | null) =>
    JSON.stringify(shape && [shape.inputs, shape.outputs, shape.how, shape.returns]);
  if (!shapes.every((shape) => signature(shape) === signature(first))) return null;
  const { inputs, outputs, returns, how } = first;
  const value = returns ? site.statements.at(-1)?.children[1] : undefined;
  const about = { inputs: inputs.map((input) => input.name), body: file.text.slice(site.start, site.end) };
  const words = wordsFor({ outputs, returned: value?.kind === 'identifier' ? value.text : null, ...about });
  const name = words && freeName(words, context.batch, camel);
  if (name === null) return null;
  const semicolon =
    file.text.slice(site.start, site.end).trimEnd().endsWith(';') || /;\s*\n/.test(file.text) ? ';' : '';
  const made = outputs.length === 1 ? outputs[0] : `{ ${outputs.join(', ')} }`;
  const helper = helperOf(file.text, site, first, name, outputs.length > 0 ? `return ${made}${semicolon}` : null);
  if (helper === null) return null;
  const before = returns ? 'return ' : outputs.length > 0 ? `${how} ${made} = ` : '';
  const call = `${before}${name}(${inputs.map((input) => input.name).join(', ')})${semicolon}`;
  const calls = sites.map(({ indent }) => indent + call);
  if (!isWorth(file, lines, inputs.length, [...calls, ...helper.text.split('\n').slice(0, 1)], 80)) return null;
  return [helper, ...sites.map(({ start, end }) => ({ start, end, text: call }))];
}

function camel(words: readonly string[]): string {
  return words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}

function helperOf(
  text: string,
  site: Site,
  { owner, inputs }: Shape,
  name: string,
  end: string | null,
): TextEdit | null {
  let top = owner;
  for (const above of owner.above()) if (above.kind !== 'program') top = above;
  // A module that is one call hides its names in it; beside it they would be everybody's.
  const wraps = /^(call_expression|unary_expression|parenthesized_expression)$/;
  if (top.kind === 'expression_statement' && wraps.test(top.children[0]?.kind ?? '')) return null;
  const body = dedented(text, site);
  const unit = unitOf(text);
  const lines = body === null ? null : reindent(body.split('\n'), '', unit);
  if (lines === null || indentAt(text, top.start) !== '' || lineStart(text, top.start) !== top.start) return null;
  const given = inputs.map((input) => (input.type === null ? input.name : `${input.name}: ${input.type}`)).join(', ');
  const start = aboveComments(text, top.start, '');
  const whole = [`function ${name}(${given}) {`, ...lines, ...(end === null ? [] : [unit + end]), '}'];
  return { start, end: start, text: `${whole.join('\n')}\n\n` };
}

/** What the file moves in by. */
function unitOf(text: string): string {
  return /^(\t| {2}| {4})(?=\S)/m.exec(text)?.[1] ?? '  ';
}

function lookAlikes(): RuleImpl['lookAlikes'] {
  const body =
    '  let total = 0;\n  for (const item of items) {\n    if (item.price < 0) throw new Error(item.name);\n    total += item.price * item.count;\n  }\n  const rounded = round(total * (1 + rate));\n';
  const two = (after: string, text = body) =>
    `export function invoice(items, rate) {\n  begin('invoice');\n${text}${after}}\n\nexport function quote(items, rate, discount) {\n  begin('quote');\n${text}${after}}\n`;
  return [
    { path: 'src/b.js', text: two('  return rounded;\n').replaceAll('round(total', 'this.round(total') },
    // What is counted stands outside.
    {
      path: 'src/c.js',
      text: two('  return total + rounded;\n')
        .replaceAll('  let total = 0;\n', '')
        .replaceAll("('invoice');", "('invoice');\n  let total = 1;")
        .replaceAll("('quote');", "('quote');\n  let total = 2;"),
    },
    // Its variable changes later and is held by a function.
    {
      path: 'src/d.js',
      text: two('  return () => total++;\n')
        .replace('total++', 'total--')
        .replaceAll('const rounded = round(', 'later(() => total);\n  const rounded = round('),
    },
    // Types that nobody has written.
    { path: 'src/e.ts', text: two('  return rounded;\n').replaceAll('(items, rate', '(items: Item[], rate = 1') },
    {
      path: 'src/f.js',
      text: two('  return rounded;\n')
        .replaceAll('round(total', 'await round(total')
        .replaceAll('export function', 'export async function'),
    },
    { path: 'src/h.js', text: `define('cart', () => {\n${two('  log(rounded);\n').replaceAll('export ', '')}});\n` },
    { path: 'src/cart.test.js', text: two('  return rounded;\n') },
    // Nobody could say what it is called.
    {
      path: 'src/i.js',
      text: two('')
        .replaceAll('const rounded = round(', 'return {\n    kind: "cart",\n    rounded: round(')
        .replaceAll('+ rate));\n', '+ rate)),\n  };\n'),
    },
    {
      path: 'src/g.js',
      text: 'function a(x) {\n  const y = f(x);\n  g(y);\n  return y;\n}\nfunction b(x) {\n  const y = f(x);\n  g(y);\n  return y + 1;\n}\n',
    },
  ];
}
