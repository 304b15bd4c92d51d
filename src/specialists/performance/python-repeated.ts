/** Work that every round of a Python loop does again. Rule: edited only where the loop does nothing else; what it is for is the author's to know. */
import { plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { FEW } from './few.ts';
import { boundIn, loopAround, mentions, mentionsAny, readValues } from './python-values.ts';
import { holdsAll } from './trigger.ts';

const compileInLoop: RuleImpl = {
  id: 'python/compile-in-loop',
  languages: ['python'],
  severity: 'low',
  title: 'Compile the pattern before the loop',
  rationale:
    '`re.compile` in a loop is asked for the same pattern in every round. The module remembers the last few hundred patterns, so a round costs a look-up and not a compilation, unless others push it out. Expected: some hundred nanoseconds per round; not measured in this program. It is moved in front of the loop where it is written out and the first statement of the body; elsewhere it is reported only. Patterns made of what changes in the loop are left alone.',
  fixable: true,
  trigger: holdsAll(/\bcompile\s*\(/, /\b(?:for|while)\s/),
  example: {
    path: 'app/a.py',
    before:
      'import re\n\n\ndef numbers(lines):\n    for line in lines:\n        digits = re.compile(r"\\d+")\n        yield digits.findall(line)\n',
    after:
      'import re\n\n\ndef numbers(lines):\n    digits = re.compile(r"\\d+")\n    for line in lines:\n        yield digits.findall(line)\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'import re\n\n\ndef f(words):\n    for word in words:\n        use(re.compile(word))\n' },
    { path: 'app/c.py', text: 'import re\n\nDIGITS = re.compile(r"\\d+")\n' },
    {
      path: 'app/d.py',
      text: 'import re\n\n\ndef f(words):\n    for word in words:\n        text = word.lower()\n        use(re.compile(rf"{text}"))\n',
    },
    { path: 'app/e.py', text: 'def f(words):\n    for word in words:\n        use(compile("1", "a", "eval"))\n' },
    {
      path: 'app/f.py',
      text: 'import re\n\n\ndef f(words):\n    for word in words:\n\n        def later():\n            return re.compile(r"a")\n\n        use(later)\n',
    },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    const found = calls.filter((call) => {
      const loop = call.name === 're.compile' ? (loopAround(call.node) ?? comprehensionAround(call.node)) : null;
      const list = call.node.field('arguments');
      if (!loop || !list || call.positional.length === 0 || nodesOf(list, 'call').length > 0) return false;
      return !mentionsAny(list, boundIn(loop)) && !mentionsAny(list, new Set(['self', 'cls']));
    });
    return found.slice(0, FEW).map((call) => ({
      ...span(call.node),
      message: 'The same pattern is compiled in every round.',
      edits: call.positional.every(isWritten) && call.keywords.size === 0 ? beforeLoop(call.node) : [],
    }));
  },
};

/** The comprehension whose element or condition `node` is a part of. */
function comprehensionAround(node: Node): Node | null {
  for (const above of node.ancestors()) {
    if (/^(function_definition|lambda|for_in_clause)$/.test(String(above.kind()))) return null;
    if (/comprehension|generator_expression/.test(String(above.kind()))) return above;
  }
  return null;
}

const isWritten = (node: Node) => plainString(node) !== null || /^r?["'][^{]*["']$|^re\.[A-Z]+$/.test(node.text());

/** Moves the statement that is the first of a loop's body in front of the loop, when nothing else gives its name a value. */
function beforeLoop(call: Node): TextEdit[] {
  const assignment = call.parent();
  const statement = assignment?.parent();
  const loop = loopAround(call);
  const scope = enclosing(call, ['function_definition']);
  const name = assignment?.is('assignment') ? assignment.field('left') : null;
  const [first, second] = loop?.field('body')?.namedChildren() ?? [];
  if (!name?.is('identifier') || !statement || !loop || !scope || first?.id() !== statement.id() || !second) return [];
  const given = nodesOf(scope, 'assignment').filter((one) => one.field('left')?.text() === name.text());
  const earlier = mentions(scope, name.text()).some((one) => span(one).start < span(loop).start);
  if (given.length !== 1 || earlier || loopAround(loop) || second.is('comment') || loop.prev()?.is(':')) return [];
  const { start } = span(loop);
  return [
    { start, end: start, text: `${statement.text()}\n${' '.repeat(loop.range().start.column)}` },
    { start: span(statement).start, end: span(second).start, text: '' },
  ];
}

const textInLoop: RuleImpl = {
  id: 'python/text-in-loop',
  languages: ['python'],
  severity: 'low',
  title: 'Collect the parts and join them',
  rationale:
    'A text that grows by `+=` may be copied in every round, which takes time with the square of its length; parts collected in a list and joined once do not. CPython often grows a local text in place, so the gain is certain only on other interpreters. Expected: from nothing to very much; not measured in this program. It is reported only where a short loop grows the text in every round and does nothing else with it; where the part is a text in quotes, or put together from one, and the loop stands right behind the text that it begins with, `join` takes the place of both. Numbers, lists, texts that the loop looks at or grows at times, and counted rounds are left alone.',
  fixable: true,
  trigger: holdsAll(/\n[ \t]+\w+\s*(?::\s*str\s*)?=\s*[rfRF]?["']/, /\w\s*\+=|=\s*\w+\s*\+/, /\bfor\s/),
  example: {
    path: 'app/a.py',
    before:
      'def page(rows):\n    text = ""\n    for row in rows:\n        text += f"<p>{row.name}</p>"\n    return text\n',
    after: 'def page(rows):\n    text = "".join(f"<p>{row.name}</p>" for row in rows)\n    return text\n',
  },
  lookAlikes: [
    {
      path: 'app/b.py',
      text: 'def total(rows):\n    n = 0\n    for row in rows:\n        n += row.size\n    return n\n',
    },
    {
      path: 'app/c.py',
      text: 'def f(rows):\n    text = ""\n    for row in rows:\n        text += row\n        if len(text) > 80:\n            text = ""\n    return text\n',
    },
    {
      path: 'app/d.py',
      text: 'def f(rows):\n    for row in rows:\n        text = ""\n        text += row\n        use(text)\n',
    },
    {
      path: 'app/e.py',
      text: 'def f():\n    text = ""\n    for letter in "abc":\n        text += letter\n    return text\n',
    },
  ],
  async find(_file, context) {
    const { root, kindOf } = await readValues(context);
    const seen = new Set<string>();
    const found = [...nodesOf(root, 'augmented_assignment'), ...nodesOf(root, 'assignment')].filter((node) => {
      const name = node.field('left');
      const grown = node.is('assignment') ? partOf(node) !== null : node.field('operator')?.text() === '+=';
      const loop = grown && name?.is('identifier') ? loopAround(node) : null;
      if (!loop?.is('for_statement') || !name || !isTextual(node, kindOf(name)) || isShort(loop)) return false;
      const body = loop.field('body');
      const simple = node.parent()?.parent()?.id() === body?.id() && (body?.namedChildren().length ?? 9) <= 3;
      const grows = simple && mentions(loop, name.text()).every((use) => isGrowth(use, node));
      const scope = enclosing(node, ['function_definition', 'module']);
      const key = `${scope?.id()} ${name.text()}`;
      if (!grows || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    return found.slice(0, FEW).map((node) => ({
      ...span(node),
      message: 'A text is put together piece by piece.',
      edits: joined(node),
    }));
  },
};

/** `text = "".join(part for one in many)`, for a loop that does nothing else, right behind `text = ""`. */
function joined(growth: Node): TextEdit[] {
  const loop = loopAround(growth);
  const made = loop?.prev();
  const scope = enclosing(growth, ['function_definition']);
  const [name, part] = [growth.field('left')?.text() ?? '', partOf(growth)];
  const [target, over] = [loop?.field('left'), loop?.field('right')];
  if (!loop || !made || !scope || !part || !target || !over || !loop.parent()?.is('block')) return [];
  const assignment = made.is('expression_statement') ? made.child(0) : null;
  const start =
    assignment?.is('assignment') && assignment.field('left')?.text() === name ? assignment.field('right') : null;
  if (!start?.is('string') || /^[a-zA-Z]*[bBfF]|\n/.test(start.text()) || loop.field('alternative')) return [];
  if (assignment?.field('type') || loop.ancestors().some((one) => one.is('try_statement'))) return [];
  if (loop.field('body')?.namedChildren().length !== 1 || /^async\b/.test(loop.text())) return [];
  if (!isWrittenText(part) || /\b(await|yield|next)\b|:=|\n/.test(part.text())) return [];
  if (
    !/^(identifier|attribute|call|subscript)$/.test(String(over.kind())) ||
    !/^(identifier|pattern_list)$/.test(String(target.kind()))
  )
    return [];
  if (new RegExp(`\\b(global|nonlocal)\\b[^\\n]*\\b${name}\\b`).test(scope.text())) return [];
  const targets = target.is('identifier') ? [target] : target.namedChildren();
  const leaks = targets.some((one) => mentions(scope, one.text()).some((use) => span(use).start > span(loop).end));
  const before = /^["']{2}$/.test(start.text()) ? '' : `${start.text()} + `;
  const text = `${name} = ${before}"".join(${part.text()} for ${target.text()} in ${over.text()})`;
  const whole = scope.text().slice(span(made).start - span(scope).start, span(loop).end - span(scope).start);
  if (leaks || whole.includes('#') || text.length + loop.range().start.column > 99 || text.includes('\n')) return [];
  return [{ start: span(made).start, end: span(loop).end, text }];
}

/** Is the name a text? What is joined with a text by plus can be nothing else. */
function isTextual(growth: Node, kind: string | null): boolean {
  const part = partOf(growth);
  return kind === 'str' || (growth.is('assignment') && part !== null && isWrittenText(part));
}

/** What is added: the right side of `+=`, or what stands behind `text +`. */
function partOf(growth: Node): Node | null {
  const right = growth.field('right');
  if (growth.is('augmented_assignment')) return right;
  const same = right?.is('binary_operator') && right.field('operator')?.text() === '+' ? right.field('left') : null;
  return same?.is('identifier') && same.text() === growth.field('left')?.text()
    ? (right?.field('right') ?? null)
    : null;
}

/** Is it a text in quotes, one that is filled in, or texts joined by plus of which one is in quotes? Else `+` may fail. */
function isWrittenText(node: Node): boolean {
  if (node.is('string')) return !/^[a-zA-Z]*[bB]/.test(node.text());
  if (node.is('parenthesized_expression')) return node.namedChildren().every(isWrittenText);
  if (!node.is('binary_operator')) return false;
  const [left, right] = [node.field('left'), node.field('right')];
  const operator = node.field('operator')?.text();
  if (operator === '%') return left?.is('string') === true && isWrittenText(left);
  return operator === '+' && [left, right].some((one) => one && isWrittenText(one));
}

function isGrowth(use: Node, growth: Node): boolean {
  const parent = use.parent();
  if (growth.is('assignment'))
    return use.id() === growth.field('left')?.id() || parent?.id() === growth.field('right')?.id();
  return parent?.is('augmented_assignment') === true && parent.field('left')?.id() === use.id();
}

/** Does the loop go over something written out, or count its rounds? Then somebody knows how many there are. */
function isShort(loop: Node): boolean {
  const over = loop.field('right');
  return !over || /^(list|tuple|set|string)$/.test(String(over.kind())) || /^x?range\(/.test(over.text());
}

const searchInLoop: RuleImpl = {
  id: 'python/list-search-in-loop',
  languages: ['python'],
  severity: 'low',
  title: 'Collect what was seen in a set',
  rationale:
    'A list that grows in a loop and is searched in the same loop takes time with the square of its length, and so does counting each element of a list; a set beside the list, or `collections.Counter`, answers at once. Expected: nothing for a few dozen elements, very much for thousands; not measured in this program. Whether the elements can be hashed and their order matters is for the author, so nothing is edited. Lists that do not grow in the loop, counted rounds, and loops that run once when the module is loaded are left alone.',
  fixable: false,
  trigger: holdsAll(/\bif\b[^\n]*\bin\s+\w+|\.count\(/, /\.append\(|\.count\(/, /\bfor\s/),
  example: {
    path: 'app/a.py',
    before:
      'def unique(items):\n    seen = []\n    for item in items:\n        if item not in seen:\n            seen.append(item)\n    return seen\n',
  },
  lookAlikes: [
    {
      path: 'app/b.py',
      text: 'def unique(items):\n    seen = set()\n    for item in items:\n        if item not in seen:\n            seen.add(item)\n    return seen\n',
    },
    {
      path: 'app/c.py',
      text: 'def f(items, seen):\n    for item in items:\n        if item not in seen:\n            seen.append(item)\n',
    },
    {
      path: 'app/d.py',
      text: 'def f(items):\n    rows = []\n    for item in items:\n        rows.append(item)\n    return "a" in rows\n',
    },
    {
      path: 'app/e.py',
      text: 'def f(items):\n    rows = []\n    for item in items:\n        if "all" in rows:\n            break\n        rows.append(item)\n    return rows\n',
    },
    {
      path: 'app/f.py',
      text: 'def f(text):\n    for letter in "abc":\n        use(text.count(letter), text.index(letter))\n',
    },
  ],
  async find(file, context) {
    const { root, kindOf } = await readValues(context);
    const searched = nodesOf(root, 'comparison_operator').flatMap((node): Match[] => {
      const [value, list, ...others] = node.namedChildren();
      const loop = loopAround(node);
      if (!value || !list?.is('identifier') || others.length > 0 || !loop || kindOf(list) !== 'list') return [];
      if (!/\bin$/.test(file.text.slice(span(value).end, span(list).start).trim())) return [];
      if (isShort(loop) || !enclosing(loop, ['function_definition'])) return [];
      const bound = boundIn(loop);
      const grows = mentions(loop, list.text()).some((use) => use.parent()?.text() === `${list.text()}.append`);
      if (!grows || bound.has(list.text()) || !mentionsAny(value, bound)) return [];
      return [{ ...span(node), message: 'A list that the loop fills is searched in every round.' }];
    });
    const counted = nodesOf(root, 'call').flatMap((node): Match[] => {
      const callee = node.field('function');
      const loop = callee?.field('attribute')?.text() === 'count' ? roundsOf(node) : null;
      const over = loop?.field('right');
      if (!callee || !loop || over?.text() !== callee.field('object')?.text() || !over?.is('identifier')) return [];
      if (node.field('arguments')?.namedChildren()[0]?.text() !== loop.field('left')?.text()) return [];
      return [{ ...span(node), message: 'Every element is counted by going through the whole list.' }];
    });
    return [...searched, ...counted].slice(0, FEW);
  },
};

/** The loop or clause of a comprehension that binds what `node` is given. */
function roundsOf(node: Node): Node | null {
  for (const above of node.ancestors()) {
    if (above.is('for_statement')) return above;
    if (/comprehension|generator_expression/.test(String(above.kind())))
      return above.children().find((child) => child.is('for_in_clause')) ?? null;
    if (/^(function_definition|lambda)$/.test(String(above.kind()))) return null;
  }
  return null;
}

export const repeatedRules: readonly RuleImpl[] = [compileInLoop, textInLoop, searchInLoop];
