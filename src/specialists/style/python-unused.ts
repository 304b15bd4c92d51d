/** Names and handlers that say nothing. Rule: what a right side does stays done; only what is plainly without effect goes. */
import { lineStart } from '../lines.ts';
import { isPure, readValues } from '../performance/python-values.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, nodeWhere, span } from '../structural.ts';
import { ruffRule } from './ruff-rule.ts';

const unusedVariable = ruffRule({
  code: 'F841',
  tests: false,
  id: 'python/unused-variable',
  title: 'Remove variables that nothing reads',
  rationale:
    'A local variable that nothing reads makes readers look for its use; often the line that should use it was forgotten. The line is taken out where its right side only names, reads and compares values of its own, and the name of a caught error where the handler does not use it; a right side that calls something unknown may be meant for what it does, so that is reported only. Names with an underscore, parts of a tuple, and functions that read their variables by name are left alone.',
  message: 'Nothing reads this variable.',
  fixable: true,
  trigger: /^\s+\w+\s*(?::[^=\n]+)?=[^=]|\bas\s+\w+\s*:/m,
  accept: async ({ start, end, edits }, file, context) => {
    const name = file.text.slice(start, end);
    if (/^_|unused|dummy|ignore|__tracebackhide__|^(locals|globals)$/.test(name) && name !== 'unused') return 'drop';
    const covers = (range: { start: number; end: number }) => range.start <= start && end <= range.end;
    const clause = await nodeWhere(context, 'except_clause', covers);
    if (clause && /\bas\s*$/.test(file.text.slice(span(clause).start, start)))
      return edits.length > 0 ? 'edit' : 'report';
    const assignment = await nodeWhere(context, 'assignment', (range) => range.start === start);
    const value = assignment?.field('right');
    if (!assignment || !value || assignment.field('left')?.text() !== name) return 'drop';
    if (/\b(locals|vars|eval|exec)\s*\(/.test(enclosing(assignment, ['function_definition'])?.text() ?? ''))
      return 'drop';
    return value.is('assignment') || !(await isInert(value, readValues(context))) ? 'report' : 'edit';
  },
  write: async ({ start, edits }, file, context) => {
    const assignment = await nodeWhere(context, 'assignment', (range) => range.start === start);
    const statement = assignment?.parent();
    if (!assignment || !statement?.is('expression_statement')) return edits;
    const others =
      statement
        .parent()
        ?.namedChildren()
        .filter((one) => !one.is('comment')) ?? [];
    const from = lineStart(file.text, start);
    const to = file.text.indexOf('\n', span(statement).end) + 1;
    const alone = to > 0 && file.text.slice(from, to).trim() === statement.text().trim();
    const explained = /^\s*#/.test(file.text.slice(0, from).trimEnd().split('\n').at(-1) ?? '');
    if (!alone || others.length < 2 || explained) return [];
    return [{ start: from, end: to, text: '' }];
  },
  example: {
    path: 'app/a.py',
    before: 'def load(name):\n    limit = 3\n    return read(name)\n',
    after: 'def load(name):\n    return read(name)\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def load(name):\n    _limit = 3\n    first, rest = read(name)\n    return first\n' },
    { path: 'app/c.py', text: 'def load(name):\n    limit = 3\n    return read(name, **locals())\n' },
    { path: 'app/d.py', text: 'limit = 3\n\n\nclass A:\n    size = 4\n' },
    {
      path: 'app/e.py',
      text: 'def load(name):\n    limit = 3\n\n    def inner():\n        return limit\n\n    return inner\n',
    },
  ],
});

/** Constants, plain names, and what only compares them: an attribute or an element may have to be computed. */
async function isInert(node: Node, values: ReturnType<typeof readValues>): Promise<boolean> {
  if (/^(list|tuple|dictionary|set)$/.test(String(node.kind())) && node.namedChildren().length === 0) return true;
  const plain = node.is('integer') || node.is('float') || (node.is('string') && !/^[a-zA-Z]*[fF]/.test(node.text()));
  if (plain || /^(true|false|none|identifier|lambda)$/.test(String(node.kind()))) return true;
  if (node.is('call')) {
    const [only, ...others] = node.field('arguments')?.namedChildren() ?? [];
    const { isBuiltin } = await values;
    const word = node.field('function')?.text() ?? '';
    if (/^(list|dict|set|tuple|len)$/.test(word) && isBuiltin(word) && others.length === 0)
      return !only || (word === 'len' && /^[\w.]+$/.test(only.text()));
    return false;
  }
  const deep = nodesOf(node, 'attribute').length + nodesOf(node, 'call').length + nodesOf(node, 'identifier').length;
  return deep === 0 && isPure(node, await values);
}

const lambdaName = ruffRule({
  code: 'E731',
  taste: true,
  id: 'python/named-lambda',
  title: 'Define functions by def',
  rationale:
    'A lambda that is given a name is a function whose name no traceback shows, and that has no room for a docstring; `def` makes the same function with its name. It is rewritten in functions; at the top of a file, where def wants blank lines around it, attributes of classes, names with an annotation, and names that get another value elsewhere are left alone.',
  message: 'A lambda is only given a name.',
  fixable: true,
  trigger: /=\s*lambda\b/,
  accept: async ({ start, edits }, file, context) => {
    const assignment = await nodeWhere(context, 'assignment', (range) => range.start === start);
    const name = assignment?.field('left')?.text() ?? '';
    const holder = assignment && enclosing(assignment, ['function_definition', 'class_definition', 'module']);
    const block = assignment?.parent()?.parent();
    if (!assignment || !holder?.is('function_definition') || assignment.field('type') || edits.length === 0)
      return 'drop';
    if (block?.parent()?.id() !== holder.id() || assignment.text().includes('\n')) return 'drop';
    const given = file.text.match(new RegExp(`^[ \\t]*(${name}\\s*=(?!=)|(def|class) ${name}\\b)`, 'gm'))?.length ?? 0;
    return given === 1 ? 'edit' : 'drop';
  },
  example: {
    path: 'app/a.py',
    before: 'def order(rows):\n    key = lambda row: row.name\n    return sorted(rows, key=key)\n',
    after: 'def order(rows):\n    def key(row):\n        return row.name\n    return sorted(rows, key=key)\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def order(rows):\n    return sorted(rows, key=lambda row: row.name)\n' },
    { path: 'app/c.py', text: 'class A:\n    key = lambda self: self.name\n' },
    { path: 'app/e.py', text: 'key = lambda row: row.name\nrows = sorted(rows, key=key)\n' },
    { path: 'app/d.py', text: 'if fast:\n    key = lambda row: row.name\nelse:\n    key = lambda row: row.size\n' },
  ],
});

/** What a handler may do and be content: nothing, a word to the log, another value. */
const CONTENT =
  /^(pass|continue|return( (None|True|False|-?\d+|[\w.]+|\[\]|\{\}|\(\)|["'][^"'\n]*["']))?|[\w.]+ = (None|True|False|-?\d+|\[\]|\{\}|["'][^"'\n]*["'])|(print|[\w.]*(log|logger|logging|LOG|_log|warnings)\.\w+)\([^\n]*\))$/;
/** Whoever waits, or ends the program, may mean the interruption as well. */
const INTERRUPTED =
  /\b(KeyboardInterrupt|SystemExit|GeneratorExit|input|serve_forever|run_forever|mainloop|sleep|join|wait|acquire|select|accept|recv|yield|exit|_exit|quit|while)\b/;

/** More of them in one file are nobody's slip. */
const HABIT = 5;

const bareExcept: RuleImpl = {
  id: 'python/bare-except',
  languages: ['python'],
  severity: 'low',
  title: 'Catch errors, not the end of the program',
  rationale:
    'A handler without a class also catches what is no error: Ctrl-C, sys.exit and the end of a generator or a task, which then do not end anything. `except Exception` catches every error and lets those through. It is put in where the handler only goes on (with nothing, another value, or a word to the log) and nothing in the block waits or ends the program; handlers that tidy up, which may be meant for an interruption too, are reported only, and those that raise again, and files whose habit such handlers are, are left alone.',
  fixable: true,
  aliases: ['E722', 'B001', 'bare-except'],
  trigger: /\bexcept\s*:/,
  example: {
    path: 'app/a.py',
    before: 'def size(text):\n    try:\n        return int(text)\n    except:\n        return 0\n',
    after: 'def size(text):\n    try:\n        return int(text)\n    except Exception:\n        return 0\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def f():\n    try:\n        g()\n    except Exception:\n        return 0\n' },
    { path: 'app/c.py', text: 'def f():\n    try:\n        g()\n    except:\n        h()\n        raise\n' },
    { path: 'app/d.py', text: 'def f():\n    try:\n        g()\n    except (ValueError, OSError):\n        pass\n' },
  ],
  async find(_file, context) {
    const found = nodesOf(await context.tree(), 'except_clause').flatMap((clause): Match[] => {
      const body = clause.children().find((child) => child.is('block'));
      const head = clause.child(0);
      if (!body || !head || clause.child(1)?.text() !== ':' || nodesOf(body, 'raise_statement').length > 0) return [];
      const statement = clause.parent();
      const content = body.namedChildren().every((one) => one.is('comment') || CONTENT.test(one.text()));
      const edits =
        content && !INTERRUPTED.test(statement?.field('body')?.text() ?? '')
          ? [{ start: span(head).end, end: span(head).end, text: ' Exception' }]
          : [];
      return [
        {
          start: span(clause).start,
          end: span(head).end + 1,
          message: 'This also catches the end of the program.',
          edits,
        },
      ];
    });
    return found.length > HABIT ? [] : found;
  },
};

export const unusedRules: readonly RuleImpl[] = [unusedVariable, lambdaName, bareExcept];
