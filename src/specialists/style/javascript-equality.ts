/** Comparisons and names that say more than they mean. Rule: the value stays the same for everything that can stand there. */
import { isText } from '../performance/javascript-values.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { hasLinter } from './javascript-rule.ts';

/** A query may hold an array of one text, which `==` takes for the text. */
const FROM_OUTSIDE = /\b(req|request|query|params|argv|search|ctx|event)\b/i;

type Kind = 'text' | 'number' | 'empty' | null;

function kindOf(node: Node): Kind {
  const text = node.text();
  if (/^(null|undefined|void 0)$/.test(text)) return 'empty';
  if (node.is('number') || /^-\d/.test(text)) return 'number';
  if (node.is('member_expression') && /^(length|size)$/.test(node.field('property')?.text() ?? '')) return 'number';
  return isText(node) ? 'text' : null;
}

/** A text that no number, truth value or missing value equals. */
function isWord(node: Node): boolean {
  return (
    node.is('string') &&
    /^["'](?=.*[A-Za-z_])[\w :/.-]+["']$/.test(node.text()) &&
    Number.isNaN(Number(node.text().slice(1, -1)))
  );
}

const looseEquality: RuleImpl = {
  id: 'javascript/loose-equality',
  languages: ['javascript', 'typescript'],
  severity: 'low',
  title: 'Compare without converting',
  rationale:
    '`==` converts its sides until they have one kind, by rules that few people know by heart; `===` asks what is meant. It is put in where both sides have the same kind as far as the syntax says, and where one of them is a written word: only an object that turns into that very word would be equal by `==` alone, so values that come from a request are left alone. Comparisons with null and undefined, with values of unknown kind, repositories with a linter of their own, and files whose habit is `==` are left alone.',
  fixable: true,
  aliases: ['eqeqeq', 'lint/suspicious/noDoubleEquals'],
  trigger: /[^=!<>][!=]=[^=]/,
  example: {
    path: 'src/a.js',
    before: "export const f = (x) => typeof x == 'string' && x.kind === 'a';\n",
    after: "export const f = (x) => typeof x === 'string' && x.kind === 'a';\n",
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (x) => x == null || x === 1;\n' },
    { path: 'src/c.js', text: 'export const f = (x, y) => x == y || x === 1;\n' },
    { path: 'src/d.js', text: "export const f = (x) => x == 1 || x == '' || x == '1' || x === 2;\n" },
    { path: 'src/e.js', text: "export const f = (req) => req.query.kind == 'a' || req.a === 1;\n" },
    { path: 'src/f.js', text: "export const f = (x) => x.kind == 'a' || x.kind == 'b' || x.size == 1;\n" },
    {
      path: 'src/g.js',
      text: "export function configure(envs, fn) {\n  const args = [].slice.call(arguments);\n  if (args.length === 2) envs = args;\n  if ('all' == envs) fn();\n}\n",
    },
  ],
  async find(file, context) {
    // The wrapper of modules of all kinds is pasted, not written.
    if (hasLinter(context) || /\btypeof define\b/.test(file.text)) return [];
    const all = nodesOf(await context.tree(), 'binary_expression').flatMap((node) => {
      const [left, right] = [node.field('left'), node.field('right')];
      const operator = node.field('operator');
      return left && right && operator && /^[!=]==?$/.test(operator.text()) ? [{ left, right, operator }] : [];
    });
    const loose = all.filter(({ left, right, operator }) => {
      return operator.text().length === 2 && kindOf(left) !== 'empty' && kindOf(right) !== 'empty';
    });
    const strict = all.filter(({ operator }) => operator.text().length === 3).length;
    if (loose.length > strict + 2) return [];
    return loose.filter(isCertain).map(({ operator }): Match => {
      const at = span(operator);
      return { ...at, message: 'The comparison converts its sides.', edits: [{ ...at, text: `${operator.text()}=` }] };
    });
  },
};

function isCertain({ left, right }: { left: Node; right: Node }): boolean {
  const kinds = [kindOf(left), kindOf(right)];
  if (kinds[0] !== null && kinds[0] === kinds[1]) return true;
  const word = [left, right].find(isWord);
  const other = word === left ? right : left;
  if (!word || FROM_OUTSIDE.test(other.text())) return false;
  if (/^process\.env\.\w+$/.test(other.text())) return true;
  // A list of one text equals the text: a plain name may be one wherever lists are made of what is handed over.
  return /^([\w$]+\.)+(kind|type|nodeName|tagName|method|status|state|role|name|key|code|encoding|format|mode)$/.test(
    other.text(),
  );
}

const shorthand: RuleImpl = {
  id: 'javascript/object-shorthand',
  languages: ['javascript', 'typescript'],
  severity: 'low',
  title: 'Write the property by its name alone',
  rationale:
    '`{ name: name }` says the same word twice; `{ name }` is the same property with the same value. It is written so in files that use the short form at least as often. Quoted and computed keys, `__proto__`, which means something else in the long form, and repositories with a linter of their own are left alone.',
  fixable: true,
  aliases: ['object-shorthand', 'lint/style/useConsistentObjectDefinitions'],
  trigger: /([A-Za-z_$][\w$]*)\s*:\s*\1\b/,
  example: {
    path: 'src/a.js',
    before: 'export const f = (name, size) => ({ name: name, size });\n',
    after: 'export const f = (name, size) => ({ name, size });\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (name) => ({ name: name });\n' },
    { path: 'src/c.js', text: 'export const f = (__proto__, a) => ({ __proto__: __proto__, a });\n' },
    { path: 'src/d.js', text: "export const f = (name, a) => ({ 'name': name, [a]: a, a, b: name });\n" },
    { path: 'src/e.ts', text: 'export const f = ({ name: name, a }: T) => ({ a });\n' },
  ],
  async find(_file, context) {
    if (hasLinter(context)) return [];
    const root = await context.tree();
    const short = nodesOf(root, 'shorthand_property_identifier').length;
    const found = nodesOf(root, 'pair').flatMap((pair): Match[] => {
      const [key, value] = [pair.field('key'), pair.field('value')];
      if (!key?.is('property_identifier') || !value?.is('identifier') || key.text() !== value.text()) return [];
      if (key.text() === '__proto__' || pair.namedChildren().length !== 2) return [];
      return [
        { ...span(pair), message: 'The property repeats its name.', edits: [{ ...span(pair), text: key.text() }] },
      ];
    });
    return found.length > short ? [] : found;
  },
};

export const equalityRules: readonly RuleImpl[] = [looseEquality, shorthand];
