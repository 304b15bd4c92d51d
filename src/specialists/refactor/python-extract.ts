/**
 * A block that stands in several functions of a Python file becomes a function. Rule: the statements stay word for word; where
 * the block is not certainly free of its surroundings it is only reported, and that only when it is long.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { lineStart } from '../lines.ts';
import type { RuleContext, RuleImpl, TextEdit } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { freeName, isWorth, wordsFor } from './extracted.ts';
import { signatureOf } from './python-annotations.ts';
import { parametersOf } from './python-bindings.ts';
import { type Shape, shapeOf } from './python-block.ts';
import { dedented, findRepetitions, type Repetition, repeatsLines, type Site } from './repeated.ts';
import { aboveComments, nearest, reindent, syntaxOf } from './source.ts';
import { toldOf } from './told.ts';

export const repeatedBlock: RuleImpl = {
  id: 'python/repeated-block',
  languages: ['python'],
  severity: 'low',
  title: 'Extract a repeated block into a function',
  rationale:
    'The same statements stand in several functions of the file, and whoever changes one of them has to find the others. They become one function that is called instead, word for word: what they read of the function around them is passed in, what is used afterwards is returned. It is done only where every value that goes in or comes out is certain, nothing jumps out of the block and no inner function holds its variables; and it is proposed only when the tests of the repository notice that the replaced lines are broken. The name is taken from the code: a better one is one amend away.',
  fixable: true,
  demandsTests: true,
  aliases: ['R0801', 'duplicate-code'],
  trigger: /\bdef\b[\s\S]*\bdef\b/,
  example: {
    path: 'shop/cart.py',
    before: `import math


def invoice(items, rate):
    total = 0
    for item in items:
        if item.price < 0:
            raise ValueError(item.name)
        total += item.price * item.count
    total = math.ceil(total * (1 + rate))
    print("invoice", total)


def quote(items, rate, discount):
    total = 0
    for item in items:
        if item.price < 0:
            raise ValueError(item.name)
        total += item.price * item.count
    total = math.ceil(total * (1 + rate))
    return total - discount
`,
    after: `import math


def _compute_total(items, rate):
    total = 0
    for item in items:
        if item.price < 0:
            raise ValueError(item.name)
        total += item.price * item.count
    total = math.ceil(total * (1 + rate))
    return total


def invoice(items, rate):
    total = _compute_total(items, rate)
    print("invoice", total)


def quote(items, rate, discount):
    total = _compute_total(items, rate)
    return total - discount
`,
  },
  lookAlikes: lookAlikes(),
  async find(file, context) {
    if (!repeatsLines(file.text)) return [];
    const root = await syntaxOf(file, context);
    if (root === null) return [];
    const blocks = [...root.below()].filter(({ kind }) => kind === 'block').map(({ children }) => children);
    const found = findRepetitions(file.text, blocks).map((repetition) => ({
      repetition,
      edits: extraction(file, context, repetition),
    }));
    return toldOf(file.text, found, context.options.uncapped);
  },
};

function extraction(file: SourceFile, context: RuleContext, { sites, lines }: Repetition): TextEdit[] | null {
  const shapes = sites.map(shapeOf);
  const [first] = shapes;
  if (!first || !sites[0]) return null;
  const same = shapes.every(
    (shape) => shape !== null && shape.inputs.join() === first.inputs.join() && shape.returns === first.returns,
  );
  const all = shapes as Shape[];
  if (!same) return null;
  const outputs = [...new Set(all.flatMap((shape) => shape.outputs))].sort(
    (a, b) => first.outputs.indexOf(a) - first.outputs.indexOf(b),
  );
  // What one of them does not need, it must be able to return all the same.
  if (all.some((shape) => shape.outputs.join() !== outputs.join())) return null;
  const method = methodOf(all);
  if (method === 'mixed') return null;
  const about = { inputs: first.inputs, body: file.text.slice(sites[0].start, sites[0].end) };
  const words = wordsFor({ outputs, returned: returnedName(sites[0], first), ...about });
  const name = words && freeName(words, context.batch, (some) => `_${some.join('_')}`);
  const signature = signatureOf({ ...first, ...about, outputs, owners: all.map(({ owner }) => owner) });
  if (name === null || signature === null) return null;
  const helper = helperOf(file.text, sites[0], { name, signature, outputs, first, method });
  if (helper === null) return null;
  const given = method === 'method' ? first.inputs.slice(1) : first.inputs;
  const callee = method === 'method' ? `${first.inputs[0]}.${name}` : name;
  const call = `${first.returns ? 'return ' : outputs.length > 0 ? `${outputs.join(', ')} = ` : ''}${callee}(${given.join(', ')})`;
  const calls = sites.map(({ indent }) => indent + call);
  if (!isWorth(file, lines, given.length, [...calls, ...helper.text.split('\n').slice(0, 1)], 88)) return null;
  return [helper, ...sites.map(({ start, end }) => ({ start, end, text: call }))];
}

/** 'method': every site is in a method of one class and reads its first parameter, which is no business of a function. */
function methodOf(shapes: readonly Shape[]): 'function' | 'method' | 'mixed' {
  if (!shapes.some(({ inputs }) => inputs.some((name) => /^(self|cls|mcs)$/.test(name)))) return 'function';
  const [first] = shapes.map(({ owner }) => nearest(owner, /^class_definition$/));
  const one = shapes.every(
    ({ owner, inputs }) =>
      inputs[0] === 'self' &&
      owner.parent?.kind !== 'decorated_definition' &&
      parametersOf(owner)?.[0]?.name === 'self' &&
      nearest(owner, /^class_definition$/) === first,
  );
  return one && first ? 'method' : 'mixed';
}

function returnedName(site: Site, shape: Shape): string | null {
  const value = shape.returns ? site.statements.at(-1)?.children[1] : undefined;
  return value?.kind === 'identifier' ? value.text : null;
}

interface Helper {
  name: string;
  signature: string;
  outputs: readonly string[];
  first: Shape;
  method: 'function' | 'method';
}

/** The new function, before what holds the first site. */
function helperOf(text: string, site: Site, { name, signature, outputs, first, method }: Helper): TextEdit | null {
  const before = method === 'method' ? first.owner : topOf(first.owner);
  const body = dedented(text, site);
  const holder = first.owner.child('block');
  if (body === null || holder === undefined) return null;
  const inner = text.slice(lineStart(text, holder.start), holder.start);
  const outer = text.slice(lineStart(text, first.owner.start), first.owner.start);
  if (!/^[ \t]+$/.test(inner) || !/^[ \t]*$/.test(outer) || !inner.startsWith(outer)) return null;
  const unit = inner.slice(outer.length);
  const indent = method === 'method' ? outer : '';
  const lines = reindent(body.split('\n'), '', indent + unit);
  if (lines === null || lines.some((line) => line.length > 120)) return null;
  const end = outputs.length > 0 ? [`${indent}${unit}return ${outputs.join(', ')}`] : [];
  const head = `def ${name}${signature}:`;
  const gap = method === 'method' ? '\n\n' : '\n\n\n';
  const start = aboveComments(text, before.start, indent);
  return { start, end: start, text: `${[head, ...lines, ...end].join('\n')}${gap}${indent}` };
}

/** What stands at the top of the file around the function, its decorators included. */
function topOf(owner: SyntaxNode): SyntaxNode {
  let top = owner;
  for (const above of owner.above()) if (above.kind !== 'module') top = above;
  return top;
}

function lookAlikes(): RuleImpl['lookAlikes'] {
  const body = (indent: string) =>
    [
      'total = 0',
      'for item in items:',
      '    if item.price < 0:',
      '        raise ValueError(item.name)',
      '    total += item.price * item.count',
      'total = ceil(total * (1 + rate))',
    ]
      .map((line) => `${indent}${line}\n`)
      .join('');
  const two = (before: string, after: string, more = after) =>
    `${before}def invoice(items, rate):\n    begin("invoice")\n${body('    ')}${after}\n\ndef quote(items, rate):\n    begin("quote")\n${body('    ')}${more}`;
  return [
    // Inner functions hold the variable.
    { path: 'app/b.py', text: two('', '    return lambda: total\n') },
    // Looked at by a frame.
    { path: 'app/c.py', text: two('', '    return total\n').replaceAll('rate))\n', 'rate), **locals())\n') },
    // Without a value for certain.
    {
      path: 'app/d.py',
      text: two('', '    return total\n').replaceAll('total = 0\n', 'if rate:\n        total = 0\n'),
    },
    // Jumps out of the loop around it.
    {
      path: 'app/e.py',
      text: ['a', 'b']
        .map(
          (name) =>
            `def ${name}(rows, out):\n    for row in ${name}.sort(rows):\n        if row.name in out or row.count > 3:\n            continue\n        out[row.name] = row.count\n        log(row.name, row.count)\n        out.save(row.name)\n        out.flush(row.name)\n`,
        )
        .join('\n\n'),
    },
    { path: 'tests/test_a.py', text: two('', '    return total\n') },
    // Short.
    {
      path: 'app/f.py',
      text: 'def a(x):\n    y = f(x)\n    g(y)\n    return y\n\n\ndef b(x):\n    y = f(x)\n    g(y)\n    return y + 1\n',
    },
    // Nothing comes after it.
    {
      path: 'app/i.py',
      text: ['a', 'b']
        .map(
          (name) =>
            `def ${name}(item):\n    if ${name}.open:\n        message = (\n            "nothing in {} of {} that is called {}"\n            " and can be opened with the key of {}"\n        )\n        log(message, item)\n        count(message, item.name)\n        raise ValueError(message.format(item.a, item.b, item.name, item.key))\n    return ${name}\n`,
        )
        .join('\n\n'),
    },
    // Types that nobody has written.
    {
      path: 'app/k.py',
      text: two('', '    return total\n').replaceAll('(items, rate)', '(items: list[Item], rate=1) -> float'),
    },
    // Nobody could say what it is called.
    {
      path: 'app/l.py',
      text: ['a', 'b']
        .map(
          (name) =>
            `def ${name}(cart, sql):\n    ${name}.begin(cart)\n    cursor = cart.cursor()\n    cursor.execute(sql, {"limit": cart.limit, "offset": cart.offset})\n    names = [column.name for column in cursor.description]\n    cart.log(names, sql)\n    cart.count(cursor.rowcount)\n    return [dict(zip(names, row)) for row in cursor.fetchall()]\n`,
        )
        .join('\n\n'),
    },
    // Two classes: neither has the other's method.
    {
      path: 'app/j.py',
      text: ['A', 'B']
        .map(
          (name) =>
            `class ${name}:\n    def enter(self: T) -> T:\n        ${name}.count()\n        if self.state != OPEN:\n            message = self.messages.get(self.state)\n            if message:\n                self.log(message)\n            self.state = OPEN\n        self.entered = True\n`,
        )
        .join('\n\n'),
    },
    // Parts of it may have happened when the handler looks.
    {
      path: 'app/g.py',
      text: ['a', 'b']
        .map(
          (name) =>
            `def ${name}(items, rate):\n    total = ${name}.least\n    try:\n${body('        ')}    except ValueError:\n        ${name}.warn()\n    return total\n`,
        )
        .join('\n\n'),
    },
  ];
}
