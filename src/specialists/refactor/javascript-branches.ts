/** Branches that the syntax shows to be one. Rule: the same conditions are asked in the same order, and no comment is lost. */
import { SCRIPT } from '../javascript-source.ts';
import { lineStart } from '../lines.ts';
import { bare } from '../performance/javascript-values.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { lintText } from '../style/javascript-eslint.ts';
import { hasLinter } from '../style/javascript-rule.ts';
import { MOST_MOVED } from './habits.ts';

const taste = { languages: SCRIPT, severity: 'low', fixable: true, taste: true } as const;
const hasComment = (node: Node) => node.find({ rule: { kind: 'comment' } }) !== null;

/** The only statement of a block, or the statement itself. */
function onlyOf(node: Node | null): Node | null {
  if (!node?.is('statement_block')) return node;
  const statements = node.namedChildren();
  return statements.length === 1 ? (statements[0] ?? null) : null;
}

/** The condition without its parentheses. */
function conditionOf(branch: Node): Node | null {
  const condition = branch.field('condition');
  return condition ? (condition.namedChildren()[0] ?? null) : null;
}

const nestedIf: RuleImpl = {
  ...taste,
  id: 'javascript/nested-if',
  title: 'Join conditions that stand inside each other',
  rationale:
    'An if that holds nothing but another if asks both conditions, which `&&` says in one line with one level less to read. The conditions are asked in the same order, and the second only when the first holds, as before. An else on either of them, comments, and texts of several lines leave it alone.',
  aliases: ['unicorn/no-lonely-if', 'lint/style/useCollapsedIf', 'sonarjs/no-collapsible-if'],
  trigger: /\bif\s*\([^\n]*\)\s*\{[ \t]*\r?\n\s*if\s*\(/,
  example: {
    path: 'src/a.js',
    before:
      'export function f(a, b) {\n  if (a) {\n    if (b) {\n      g(a);\n      return b;\n    }\n  }\n  return a;\n}\n',
    after: 'export function f(a, b) {\n  if (a && b) {\n    g(a);\n    return b;\n  }\n  return a;\n}\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'if (a) {\n  if (b) {\n    f();\n  } else {\n    g();\n  }\n}\n' },
    { path: 'src/c.js', text: 'if (a) {\n  if (b) {\n    f();\n  }\n} else {\n  g();\n}\n' },
    { path: 'src/d.js', text: 'if (a) {\n  // why\n  if (b) {\n    f();\n  }\n}\n' },
    { path: 'src/e.js', text: 'if (a) {\n  if (b) {\n    f();\n  }\n  g();\n}\n' },
    { path: 'src/f.js', text: 'if (a) {\n  f();\n} else if (b) {\n  if (c) {\n    g();\n  }\n}\n' },
    { path: 'src/g.js', text: 'if (a) {\n  if (b === 1 || b === c) {\n    f();\n  }\n}\n' },
  ],
  async find(file, context) {
    if (hasLinter(context)) return [];
    return nodesOf(await context.tree(), 'if_statement').flatMap((outer): Match[] => {
      const block = outer.field('consequence');
      const inner = block?.is('statement_block') ? onlyOf(block) : null;
      const body = inner?.is('if_statement') ? inner.field('consequence') : null;
      const [first, second] = [conditionOf(outer), inner ? conditionOf(inner) : null];
      if (!inner || !body?.is('statement_block') || !first || !second || outer.parent()?.is('else_clause')) return [];
      if (outer.field('alternative') || inner.field('alternative') || onlyOf(body)?.is('if_statement')) return [];
      const head = file.text.slice(span(outer).start, span(body).start);
      if (hasComment(outer) && /\/\/|\/\*/.test(head)) return [];
      const text = joined(outer, body, [first, second], file.text);
      return text === null
        ? []
        : [{ ...span(first), message: 'An if holds nothing but another if.', edits: [{ ...span(outer), text }] }];
    });
  },
};

/** What formatters allow where nobody says otherwise. */
const LONGEST = 80;

function joined(outer: Node, body: Node, conditions: readonly Node[], text: string): string | null {
  const indent = /[ \t]*$/.exec(text.slice(0, span(outer).start))?.[0] ?? '';
  const lines = text.slice(span(body).start, span(body).end).split('\n');
  const own = /^[ \t]*/.exec(lines.at(-1) ?? '')?.[0] ?? '';
  const step = own.slice(indent.length);
  if (
    lines.length < 3 ||
    !own.startsWith(indent) ||
    step === '' ||
    text.slice(span(body).end, span(outer).end).trim() !== '}'
  )
    return null;
  if (
    body.find({ rule: { kind: 'template_string', regex: '\\n' } }) ||
    body.find({ rule: { kind: 'comment', regex: '\\n' } })
  )
    return null;
  const inner = lines.slice(1);
  // Brackets around one of two questions take back what the join gives.
  if (inner.length > MOST_MOVED || conditions.some((one) => /\|\||\?\?/.test(one.text()))) return null;
  if (!inner.every((line) => line.trim() === '' || line.startsWith(own))) return null;
  const asked = conditions.map((one) =>
    /^(binary_expression|ternary_expression|assignment_expression|sequence_expression|arrow_function|yield_expression)$/.test(
      String(one.kind()),
    ) && !/^(&&|[!=]==?|[<>]=?|instanceof|in)$/.test(one.field('operator')?.text() ?? '')
      ? `(${one.text()})`
      : one.text(),
  );
  const head = `if (${asked.join(' && ')}) {`;
  if (head.includes('\n') || indent.length + head.length > LONGEST) return null;
  return [head, ...inner.map((line) => (line.trim() === '' ? line.trim() : indent + line.slice(own.length)))].join(
    '\n',
  );
}

const BOOLEAN = /^([!=]==?|[<>]=?|instanceof|in)$/;

/** Is it true or false, and nothing else? */
function isBoolean(given: Node): boolean {
  const node = bare(given);
  if (node.is('unary_expression')) return node.text().startsWith('!');
  if (!node.is('binary_expression')) return false;
  const operator = node.field('operator')?.text() ?? '';
  if (BOOLEAN.test(operator)) return true;
  return (
    /^(&&|\|\|)$/.test(operator) &&
    [node.field('left'), node.field('right')].every((one) => one !== null && isBoolean(one))
  );
}

const needlessBranches: RuleImpl = {
  ...taste,
  id: 'javascript/needless-branches',
  title: 'Return the condition itself',
  rationale:
    'Two branches that return true and false say what the condition says already. It is rewritten where the condition is a comparison or a negation, whose value is the same boolean; other conditions, which would have to be turned into one, and branches with comments are left alone.',
  aliases: ['sonarjs/prefer-single-boolean-return', 'lint/complexity/noUselessReturnBranches'],
  trigger: /\breturn (?:true|false)\b/,
  example: {
    path: 'src/a.js',
    before:
      'export function isOpen(door) {\n  if (door.angle > 0) {\n    return true;\n  } else {\n    return false;\n  }\n}\n',
    after: 'export function isOpen(door) {\n  return door.angle > 0;\n}\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'function f(a) {\n  if (a) {\n    return true;\n  }\n  return false;\n}\n' },
    { path: 'src/c.js', text: 'function f(a) {\n  if (a > 1) {\n    return true;\n  }\n  return null;\n}\n' },
    {
      path: 'src/d.js',
      text: 'function f(a) {\n  if (a > 1) return true;\n  if (a < 0) return true;\n  return false;\n}\n',
    },
    {
      path: 'src/e.js',
      text: 'function f(a) {\n  if (a > 1) {\n    // yes\n    return true;\n  }\n  return false;\n}\n',
    },
  ],
  async find(_file, context) {
    if (hasLinter(context)) return [];
    return nodesOf(await context.tree(), 'if_statement').flatMap((branch): Match[] => {
      const condition = conditionOf(branch);
      const clause = branch.field('alternative');
      const other = clause ? onlyOf(clause.namedChildren()[0] ?? null) : branch.next();
      const said = [onlyOf(branch.field('consequence')), other].map(
        (one) => /^return (true|false);?$/.exec(one?.text() ?? '')?.[1],
      );
      if (!condition || !other || !said[0] || !said[1] || said[0] === said[1] || !isBoolean(condition)) return [];
      const before = branch.prev();
      // One of a row of questions reads better as such.
      if (before?.is('if_statement') || branch.parent()?.is('else_clause') || hasComment(branch)) return [];
      const { start } = span(branch);
      const text = said[0] === 'true' ? condition.text() : negated(condition);
      const semicolon = other.text().endsWith(';') ? ';' : '';
      const edit: TextEdit = { start, end: span(clause ? branch : other).end, text: `return ${text}${semicolon}` };
      return text.includes('\n')
        ? []
        : [{ ...span(condition), message: 'Two branches return what the condition is.', edits: [edit] }];
    });
  },
};

function negated(condition: Node): string {
  const operator = condition.is('binary_expression') ? (condition.field('operator')?.text() ?? '') : '';
  const [left, right] = [condition.field('left')?.text(), condition.field('right')?.text()];
  if (/^[!=]==$/.test(operator)) return `${left} ${operator === '===' ? '!==' : '==='} ${right}`;
  if (condition.is('unary_expression') && condition.field('operator')?.text() === '!') return `!${condition.text()}`;
  return `!(${condition.text()})`;
}

const orDefault: RuleImpl = {
  ...taste,
  id: 'javascript/or-default',
  title: 'Write a default with ||',
  rationale:
    '`a ? a : b` names its value twice, and whoever reads it has to compare the two; `a || b` asks the same question once and gives the same value. Only plain names are rewritten, since a member may answer differently each time.',
  aliases: ['no-unneeded-ternary', 'unicorn/prefer-logical-operator-over-ternary'],
  trigger: /\b(\w+)\s*\?\s*\1\s*:/,
  example: {
    path: 'src/a.js',
    before: "export const mode = (name) => (name ? name : 'r');\n",
    after: "export const mode = (name) => (name || 'r');\n",
  },
  lookAlikes: [
    { path: 'src/b.js', text: "export const f = (a, b) => (a ? b : 'r');\n" },
    { path: 'src/c.js', text: "export const f = (a) => (a.b ? a.b : 'r');\n" },
    { path: 'src/d.ts', text: 'export type F<T> = T extends string ? string : T;\n' },
    { path: 'src/e.js', text: "export const f = (a, b) => (a ? a : b ? 'r' : 'w');\n" },
  ],
  async find(_file, context) {
    if (hasLinter(context)) return [];
    return nodesOf(await context.tree(), 'ternary_expression').flatMap((node): Match[] => {
      const [condition, value, other] = ['condition', 'consequence', 'alternative'].map((field) => node.field(field));
      if (!condition?.is('identifier') || value?.text() !== condition.text() || !other || /[\n]|\/\//.test(node.text()))
        return [];
      if (
        !/^(identifier|member_expression|call_expression|string|template_string|number|array|object|null|true|false|undefined|parenthesized_expression|new_expression)$/.test(
          String(other.kind()),
        )
      )
        return [];
      if (/^(binary_expression|unary_expression|spread_element|await_expression)$/.test(String(node.parent()?.kind())))
        return [];
      const at = span(node);
      return [
        {
          ...at,
          message: 'A value is chosen by asking for itself.',
          edits: [{ ...at, text: `${condition.text()} || ${other.text()}` }],
        },
      ];
    });
  },
};

const needlessReturn: RuleImpl = {
  ...taste,
  id: 'javascript/needless-return',
  title: 'Leave out return at the end of a function',
  rationale:
    'A function that ends returns undefined by itself; a bare return as its last statement says it again. It is removed where it stands on a line of its own, and nothing else changes. Returns in branches, and those beside a comment, are left alone.',
  aliases: ['no-useless-return', 'lint/complexity/noUselessReturn'],
  trigger: /^[ \t]*return;?[ \t]*$/m,
  example: {
    path: 'src/a.js',
    before: 'export function reset(table) {\n  table.clear();\n  return;\n}\n',
    after: 'export function reset(table) {\n  table.clear();\n}\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export function f(a) {\n  if (a) return;\n  g();\n}\n' },
    {
      path: 'src/c.js',
      text: 'export function f(a) {\n  switch (a) {\n    case 1:\n      return;\n    default:\n      g();\n  }\n}\n',
    },
    { path: 'src/d.js', text: 'export function f() {\n  return;\n}\n' },
    { path: 'src/e.js', text: 'export function f(a) {\n  if (a) {\n    g();\n    return;\n  }\n}\n' },
  ],
  async find(file, context) {
    if (hasLinter(context)) return [];
    const reports = await lintText(file, file.text, 'no-useless-return', context);
    if (reports.length === 0) return [];
    const returns = nodesOf(await context.tree(), 'return_statement');
    return reports.flatMap((report): Match[] => {
      const statement = returns.find((one) => span(one).start === report.start);
      const block = statement?.parent();
      const owner = block?.parent();
      if (!statement || !block?.is('statement_block') || !/function|method/.test(String(owner?.kind()))) return [];
      const from = lineStart(file.text, report.start);
      const to = file.text.indexOf('\n', report.start) + 1;
      const alone = to > 0 && /^\s*return;?\s*$/.test(file.text.slice(from, to));
      const above = file.text.slice(0, from).trimEnd().split('\n').at(-1) ?? '';
      if (!alone || block.namedChildren().length < 2 || /\/\/|\*\//.test(above)) return [];
      return [
        { ...span(statement), message: 'The function ends here anyway.', edits: [{ start: from, end: to, text: '' }] },
      ];
    });
  },
};

export const branchRules: readonly RuleImpl[] = [nestedIf, needlessBranches, orDefault, needlessReturn];
