/**
 * A list that a loop fills by append. Rule: rewritten only where the list is empty right before the loop, nothing can
 * see it half filled, and no name that the loop binds is used afterwards.
 */
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span, within } from '../structural.ts';
import { mayRunOnPython2, mentions } from './python-values.ts';

/** What a comprehension would do differently: other frames, other scopes, other moments. */
const UNLIKE =
  /\b(await|yield|lambda|super|locals|vars|dir|eval|exec|globals|async|next)\b|:=|__class__|_getframe|stacklevel|currentframe/;
const LINE = 88;

interface Filling {
  loop: Node;
  assignment: Node;
  name: string;
  target: Node;
  over: Node;
  value: Node;
  condition: Node | null;
}

/** Reads `name = []` followed by a loop that does nothing but append to it. */
function readFilling(loop: Node): Filling | null {
  const [target, over, body] = [loop.field('left'), loop.field('right'), loop.field('body')];
  const before = loop.prev();
  const assignment = before?.is('expression_statement') ? before.child(0) : null;
  if (!target || !over || !body || loop.field('alternative') || loop.child(0)?.text() === 'async') return null;
  if (!assignment?.is('assignment') || !/^\[\s*\]$/.test(assignment.field('right')?.text() ?? '')) return null;
  const name = assignment.field('left');
  if (!name?.is('identifier')) return null;
  const inner = onlyStatement(body);
  const conditional = inner?.is('if_statement') ? inner : null;
  if (conditional?.field('alternative')) return null;
  const consequence = conditional?.field('consequence');
  const statement = conditional ? (consequence ? onlyStatement(consequence) : null) : inner;
  const call = statement?.is('expression_statement') ? statement.child(0) : null;
  const callee = call?.is('call') ? call.field('function') : null;
  const [value, ...others] = call?.field('arguments')?.namedChildren() ?? [];
  if (callee?.text() !== `${name.text()}.append` || !value || others.length > 0) return null;
  if (/^(keyword_argument|.*splat.*|generator_expression)$/.test(String(value.kind()))) return null;
  const condition = conditional?.field('condition') ?? null;
  // A copy of what is gone over is no comprehension, and `list()` would ask it for its length.
  if (!condition && value.text() === target.text()) return null;
  return { loop, assignment, name: name.text(), target, over, value, condition };
}

function onlyStatement(block: Node): Node | null {
  const statements = block.namedChildren();
  return statements.length === 1 ? (statements[0] ?? null) : null;
}

/** May nobody notice that the list is there only when it is full? */
function isUnseen({ loop, assignment, name, target, over, value, condition }: Filling): boolean {
  const scope = enclosing(loop, ['function_definition', 'class_definition', 'lambda']);
  if (!scope?.is('function_definition') || /\b(locals|vars|eval|exec)\s*\(/.test(scope.text())) return false;
  if (loop.ancestors().some((above) => /^(try|with)_statement$/.test(String(above.kind())) && within(above, scope)))
    return false;
  const parts = [over, value, ...(condition ? [condition] : [])];
  if (parts.some((part) => UNLIKE.test(part.text()) || mentions(part, name).length > 0)) return false;
  if (mentions(scope, name).some((node) => isShared(node, scope) || within(node, target))) return false;
  if (mentions(scope, name).filter((node) => within(node, assignment)).length !== 1) return false;
  if (!/^(identifier|pattern_list|tuple_pattern)$/.test(String(target.kind()))) return false;
  const names = target.is('identifier') ? [target] : nodesOf(target, 'identifier');
  if (nodesOf(target, 'attribute').length > 0 || nodesOf(target, 'subscript').length > 0) return false;
  return names.every((bound) => mentions(scope, bound.text()).every((node) => within(node, loop) || isRebound(node)));
}

/** Is the name used by an inner function, or not the function's own? Then others may see the list while it fills. */
function isShared(node: Node, scope: Node): boolean {
  if (/^(global|nonlocal)_statement$/.test(String(node.parent()?.kind()))) return true;
  return (
    enclosing(node, ['function_definition', 'lambda', 'class_definition', 'generator_expression'])?.id() !== scope.id()
  );
}

/** Does the name stand in a comprehension or another loop that binds it anew? */
function isRebound(node: Node): boolean {
  return node.ancestors().some((above) => {
    const clauses = above.is('for_statement')
      ? [above]
      : /comprehension|generator_expression/.test(String(above.kind()))
        ? above.children().filter((child) => child.is('for_in_clause'))
        : [];
    return clauses.some((clause) => {
      const left = clause.field('left');
      const right = clause.field('right');
      return left && mentions(left, node.text()).length > 0 && !(right && within(node, right));
    });
  });
}

function rewritten(filling: Filling, text: string): TextEdit | null {
  const { assignment, loop, target, over, value, condition } = filling;
  const range = { start: span(assignment).start, end: span(loop).end };
  const parts = [value, over, condition].filter((part) => part !== null);
  const gap = text.slice(span(assignment).end, span(loop).start);
  // A comment, a blank line or a second line would be lost or would have to be laid out anew.
  const loose = text.slice(range.start, range.end).replace(/(["'])(?:(?!\1|\\|\n).|\\.)*\1/g, '');
  if (loose.includes('#') || !/^\s*?\r?\n[ \t]*$/.test(gap) || parts.some((part) => part.text().includes('\n')))
    return null;
  const left = text.slice(range.start, span(assignment.field('right') ?? assignment).start);
  const bare =
    over.is('conditional_expression') || over.is('expression_list') || over.is('lambda')
      ? `(${over.text()})`
      : over.text();
  const element = value.is('named_expression') ? `(${value.text()})` : value.text();
  const test = condition?.is('conditional_expression') ? `(${condition.text()})` : condition?.text();
  const heads = [element, `for ${target.text()} in ${bare}`, ...(test ? [`if ${test}`] : [])];
  const indent = /[ \t]*$/.exec(text.slice(0, range.start))?.[0] ?? '';
  const one = `${left}[${heads.join(' ')}]`;
  if (indent.length + one.length <= LINE) return { ...range, text: one };
  const newline = gap.includes('\r\n') ? '\r\n' : '\n';
  const step = `${indent}${indent.includes('\t') ? '\t' : '    '}`;
  return { ...range, text: [`${left}[`, ...heads.map((head) => step + head), `${indent}]`].join(newline) };
}

const appendInLoop: RuleImpl = {
  id: 'python/append-in-loop',
  python3: 'drop',
  languages: ['python'],
  severity: 'low',
  title: 'Fill the list by a comprehension',
  rationale:
    'A loop that does nothing but append looks `append` up and calls it in every round; a list comprehension does the same rounds in the same order without the call. It is rewritten only inside functions, where the list is empty right before the loop and local, no handler or inner function could see it half filled, and no name that the loop binds is used afterwards. Expected: about a tenth less time for the loop itself on Python 3.11 and more on older ones, nothing for what the elements cost; not measured in this program. Loops with else, await, yield, comments, or anything beside the append are left alone.',
  fixable: true,
  taste: true,
  aliases: ['PERF401'],
  trigger: /=\s*\[\s*\][ \t]*\r?\n[ \t]*for\b/,
  example: {
    path: 'app/a.py',
    before:
      'def active(users):\n    names = []\n    for user in users:\n        if user.active:\n            names.append(user.name)\n    return names\n',
    after: 'def active(users):\n    names = [user.name for user in users if user.active]\n    return names\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'names = []\nfor user in users:\n    names.append(user.name)\n' },
    {
      path: 'app/j.py',
      text: 'import six\n\n\ndef f(users):\n    names = []\n    for user in users:\n        names.append(user.name)\n    return names\n',
    },
    {
      path: 'app/c.py',
      text: 'def f(users):\n    names = []\n    for user in users:\n        names.append(user.name)\n    return names, user\n',
    },
    {
      path: 'app/d.py',
      text: 'def f(users):\n    names = []\n    for user in users:\n        if user.name not in names:\n            names.append(user.name)\n    return names\n',
    },
    {
      path: 'app/e.py',
      text: 'def f(users):\n    try:\n        names = []\n        for user in users:\n            names.append(load(user))\n    except OSError:\n        return names\n    return None\n',
    },
    {
      path: 'app/j.py',
      text: 'def f(bucket):\n    keys = []\n    for key in bucket:\n        keys.append(key)\n    return keys\n',
    },
    {
      path: 'app/f.py',
      text: 'async def f(users):\n    names = []\n    for user in users:\n        names.append(await load(user))\n    return names\n',
    },
    {
      path: 'app/g.py',
      text: 'def f(users):\n    names = []\n    for user in users:\n        # only the loud ones\n        names.append(user.name)\n    return names\n',
    },
    {
      path: 'app/h.py',
      text: 'def f(users):\n    names = []\n    for user in users:\n        names.append(load(user, lambda: names))\n    return names\n',
    },
    {
      path: 'app/i.py',
      text: 'def f(self, users):\n    names = []\n    for self.user in users:\n        names.append(self.user)\n    for a in users:\n        names.append(a)\n    else:\n        names.append(1)\n    return names\n',
    },
  ],
  async find(file, context) {
    if (mayRunOnPython2(file, context)) return [];
    return nodesOf(await context.tree(), 'for_statement').flatMap((loop): Match[] => {
      const filling = readFilling(loop);
      const edit = filling && isUnseen(filling) ? rewritten(filling, file.text) : null;
      if (!edit) return [];
      return [{ start: edit.start, end: edit.end, message: 'A loop only appends to a list.', edits: [edit] }];
    });
  },
};

export const appendRules: readonly RuleImpl[] = [appendInLoop];
