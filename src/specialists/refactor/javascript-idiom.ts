/**
 * Branches and assignments in fewer words, on top of ESLint. Rule: ESLint says where and that it is safe; the text is ours
 * where ESLint would leave it badly laid out.
 */
import { SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleContext, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { lintText } from '../style/javascript-eslint.ts';
import { hasLinter, match } from '../style/javascript-rule.ts';
import { MOST_MOVED, saysElse } from './habits.ts';

const taste = { languages: SCRIPT, severity: 'low', fixable: true, taste: true } as const;

const elseAfterReturn: RuleImpl = {
  ...taste,
  id: 'javascript/else-after-return',
  title: 'Leave out else after return',
  rationale:
    'A branch that returns needs no else: what follows runs only when it did not. One level less, and the way through the function is a straight line. It is rewritten where the else declares nothing that would clash with its surroundings, and holds no text of several lines and no comment beside its braces.',
  aliases: ['no-else-return', '@typescript-eslint/no-else-return'],
  trigger: /\breturn\b[^\n]*\n\s*\}\s*else\s*\{/,
  example: {
    path: 'src/a.js',
    before:
      'export function price(item) {\n  if (item.free) {\n    return 0;\n  } else {\n    const total = item.price * item.count;\n    return total;\n  }\n}\n',
    after:
      'export function price(item) {\n  if (item.free) {\n    return 0;\n  }\n  const total = item.price * item.count;\n  return total;\n}\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'function f(a) {\n  if (a) {\n    g();\n  } else {\n    return 1;\n  }\n}\n' },
    {
      path: 'src/c.js',
      text: 'function f(a) {\n  const b = 1;\n  if (a) {\n    return b;\n  } else {\n    const b = 2;\n    return b;\n  }\n}\n',
    },
    {
      path: 'src/d.js',
      text: 'function f(a) {\n  if (a) {\n    return `x`;\n  } else {\n    return `a\n    b`;\n  }\n}\n',
    },
    {
      path: 'src/e.js',
      text: 'function f(a) {\n  if (a) {\n    return 1;\n  } else if (a === 2) {\n    return 2;\n  }\n  return 3;\n}\n',
    },
    {
      path: 'src/f.js',
      text: 'function f(a) {\n  if (a) {\n    return 1;\n  } // not a\n  else {\n    return 2;\n  }\n}\n',
    },
    // So it is said here.
    {
      path: 'src/g.js',
      text: ['f', 'g', 'h', 'i', 'j', 'k']
        .map((name) => `function ${name}(a) {\n  if (a) {\n    return 1;\n  } else {\n    return ${name}.b;\n  }\n}\n`)
        .join('\n'),
    },
    {
      path: 'src/h.js',
      text: `function f(a) {\n  if (a) {\n    return 1;\n  } else {\n${'    g(a);\n'.repeat(21)}    return 2;\n  }\n}\n`,
    },
  ],
  async find(file, context) {
    if (hasLinter(context)) return [];
    const reports = (await lintText(file, file.text, 'no-else-return', context)).filter(({ fix }) => fix !== null);
    if (reports.length === 0) return [];
    const clauses = nodesOf(await context.tree(), 'else_clause');
    const usual = await saysElse(file, context);
    return reports.flatMap((report): Match[] => {
      const clause = clauses.find((one) => holds(one, report.start));
      if (clause && ((usual && isOneAnswer(clause)) || isChoiceOfBooleans(clause))) return [];
      const edit = clause ? withoutElse(clause, file.text) : null;
      return edit ? [{ start: report.start, end: report.start + 1, message: MESSAGE, edits: [edit] }] : [];
    });
  },
};

/** `return true` here and `return false` there: the condition itself is the answer, which another rule says. */
function isChoiceOfBooleans(clause: Node): boolean {
  const other = clause.children().find((child) => child.is('statement_block'));
  return [clause.prev(), other].every((block) => /^\{\s*return (true|false);?\s*\}$/.test(block?.text() ?? ''));
}

/** Does it hold nothing but a return or a throw? */
function isOneAnswer(clause: Node): boolean {
  const block = clause.children().find((child) => child.is('statement_block'));
  const inside = block?.namedChildren().filter((child) => !child.is('comment')) ?? [];
  return inside.length === 1 && inside.every((one) => one.is('return_statement') || one.is('throw_statement'));
}

const MESSAGE = 'An else follows a branch that returns.';

/** Is the report at the block of this clause? */
function holds(clause: Node, at: number): boolean {
  const block = clause.children().find((child) => child.is('statement_block'));
  return block !== undefined && span(block).start === at;
}

/** From the end of the branch to the end of the else: its statements, one level further out. */
function withoutElse(clause: Node, text: string): TextEdit | null {
  const block = clause.children().find((child) => child.is('statement_block'));
  const before = clause.prev();
  if (!block || !before?.is('statement_block')) return null;
  const [from, to] = [span(before).end, span(clause).end];
  const gap = text.slice(from, span(block).start + 1);
  if (!/^\s*else\s*\{$/.test(gap)) return null;
  const inner = text.slice(span(block).start + 1, span(block).end - 1);
  const lines = inner.split('\n');
  const statement = clause.parent();
  if (!statement || lines.length < 3 || lines[0]?.trim() !== '' || lines.at(-1)?.trim() !== '') return null;
  if (block.findAll({ rule: { kind: 'template_string' } }).some((one) => one.text().includes('\n'))) return null;
  const outer = /[ \t]*$/.exec(text.slice(0, span(statement).start))?.[0] ?? '';
  const body = lines.slice(1, -1);
  if (body.length > MOST_MOVED) return null;
  const own = /^[ \t]*/.exec(body.find((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  if (!own.startsWith(outer) || own === outer) return null;
  if (text[span(statement).start - outer.length - 1] !== '\n') return null;
  if (!body.every((line) => line.trim() === '' || line.startsWith(own))) return null;
  const moved = body.map((line) => (line.trim() === '' ? line.trim() : outer + line.slice(own.length)));
  return { start: from, end: to, text: `\n${moved.join('\n')}` };
}

function assignmentRule(
  eslint: string,
  rule: Pick<RuleImpl, 'id' | 'title' | 'rationale' | 'trigger' | 'example' | 'lookAlikes' | 'conventions'>,
  message: string,
  only: (context: RuleContext, before: string) => boolean,
): RuleImpl {
  return {
    ...taste,
    ...rule,
    aliases: [eslint],
    async find(file, context) {
      if (hasLinter(context)) return [];
      const reports = await lintText(file, file.text, eslint, context);
      return reports
        .filter(({ fix, start, end }) => fix !== null && only(context, file.text.slice(start, end)))
        .map((report) => match(report, file, message))
        .filter(({ edits }) => edits.length > 0);
    },
  };
}

const operatorAssignment = assignmentRule(
  'operator-assignment',
  {
    id: 'javascript/operator-assignment',
    title: 'Assign with the operator',
    rationale:
      '`x = x + y` names its target twice, and whoever reads it has to compare the two; `x += y` does the same. Only plain variables are rewritten, since a member that is read through a getter may answer differently each time.',
    trigger: /(?<![\w$.])([\w$]+)\s*=\s*\1\s*[-+*/%&|^]/,
    example: {
      path: 'src/a.js',
      before:
        'export const sum = (xs) => {\n  let total = 0;\n  for (const x of xs) total = total + x;\n  return total;\n};\n',
      after: 'export const sum = (xs) => {\n  let total = 0;\n  for (const x of xs) total += x;\n  return total;\n};\n',
    },
    lookAlikes: [
      { path: 'src/b.js', text: 'let total = 0;\nexport const add = (x) => (total = x - total);\n' },
      { path: 'src/c.js', text: 'let name = "";\nexport const add = (x) => (name = x + name);\n' },
      { path: 'src/d.js', text: 'export const add = (a, x) => (a.b = a.b + x);\n' },
      { path: 'src/e.js', text: 'let a = 1;\nconst b = a + 1;\nexport { a, b };\n' },
    ],
  },
  'A variable is assigned what an operator makes of it.',
  (_, before) => /^[\w$]+\s*=/.test(before),
);

const logicalAssignment = assignmentRule(
  'logical-assignment-operators',
  {
    id: 'javascript/logical-assignment',
    title: 'Assign a default with ??= or ||=',
    rationale:
      '`x = x || y` assigns a default; `x ||= y` does the same and names the variable once. Only plain variables are rewritten, and only where the repository says that it needs a Node which knows the operator (15 and later).',
    trigger: /(?<![\w$.])([\w$]+)\s*=\s*\1\s*(?:\|\||&&|\?\?)/,
    conventions: { oldestNode: 18 },
    example: {
      path: 'src/a.js',
      before: 'export function greet(name) {\n  name = name ?? "you";\n  return name;\n}\n',
      after: 'export function greet(name) {\n  name ??= "you";\n  return name;\n}\n',
    },
    lookAlikes: [
      { path: 'src/b.js', text: 'export function f(a, b) {\n  a = b || a;\n  return a;\n}\n' },
      { path: 'src/c.js', text: 'export function f(a) {\n  a.b = a.b || 1;\n  return a;\n}\n' },
      { path: 'src/d.js', text: 'export const f = (a, b) => a === a || b;\n' },
    ],
  },
  'A default is assigned the long way round.',
  (context, before) => (context.options.conventions.oldestNode ?? 0) >= 15 && /^[\w$]+\s*=/.test(before),
);

export const idiomRules: readonly RuleImpl[] = [elseAfterReturn, operatorAssignment, logicalAssignment];
