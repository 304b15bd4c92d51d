/** Work that every round of a Python loop does again. Rule: reported only; what the loop is for is the author's to know. */
import { readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { boundIn, loopAround, mentions, mentionsAny, readValues } from './python-values.ts';
import { holdsAll } from './trigger.ts';

/** Reports of one rule in a file; the rest say nothing new. */
const FEW = 5;

const compileInLoop: RuleImpl = {
  id: 'python/compile-in-loop',
  languages: ['python'],
  severity: 'low',
  title: 'Compile the pattern before the loop',
  rationale:
    '`re.compile` in a loop is asked for the same pattern in every round. The module remembers the last few hundred patterns, so a round costs a look-up and not a compilation, unless others push it out. Expected: some hundred nanoseconds per round; not measured in this program. Where the pattern belongs is for the author, so nothing is edited. Patterns made of what changes in the loop are left alone.',
  fixable: false,
  trigger: holdsAll(/\bcompile\s*\(/, /\b(?:for|while)\s/),
  example: {
    path: 'app/a.py',
    before:
      'import re\n\n\ndef numbers(lines):\n    for line in lines:\n        digits = re.compile(r"\\d+")\n        yield digits.findall(line)\n',
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
      const loop = call.name === 're.compile' ? loopAround(call.node) : null;
      const list = call.node.field('arguments');
      if (!loop || !list || call.positional.length === 0 || nodesOf(list, 'call').length > 0) return false;
      return !mentionsAny(list, boundIn(loop)) && !mentionsAny(list, new Set(['self', 'cls']));
    });
    return found
      .slice(0, FEW)
      .map(({ node }) => ({ ...span(node), message: 'The same pattern is compiled in every round.' }));
  },
};

const textInLoop: RuleImpl = {
  id: 'python/text-in-loop',
  languages: ['python'],
  severity: 'low',
  title: 'Collect the parts and join them',
  rationale:
    'A text that grows by `+=` may be copied in every round, which takes time with the square of its length; parts collected in a list and joined once do not. CPython often grows a local text in place, so the gain is certain only on other interpreters. Expected: from nothing to very much; not measured in this program. It is reported only where a short loop grows the text in every round and does nothing else with it, and not edited. Numbers, lists, texts that the loop looks at or grows at times, and counted rounds are left alone.',
  fixable: false,
  trigger: holdsAll(/\n[ \t]+\w+\s*(?::\s*str\s*)?=\s*[rfRF]?["']/, /\w\s*\+=/, /\bfor\s/),
  example: {
    path: 'app/a.py',
    before: 'def page(rows):\n    text = ""\n    for row in rows:\n        text += row.html\n    return text\n',
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
    const found = nodesOf(root, 'augmented_assignment').filter((node) => {
      const name = node.field('left');
      const loop = node.field('operator')?.text() === '+=' && name?.is('identifier') ? loopAround(node) : null;
      if (!loop?.is('for_statement') || !name || kindOf(name) !== 'str' || isShort(loop)) return false;
      const body = loop.field('body');
      const simple = node.parent()?.parent()?.id() === body?.id() && (body?.namedChildren().length ?? 9) <= 3;
      const grows = simple && mentions(loop, name.text()).every((use) => isGrowth(use));
      const scope = enclosing(node, ['function_definition', 'module']);
      const key = `${scope?.id()} ${name.text()}`;
      if (!grows || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    return found.slice(0, FEW).map((node) => ({ ...span(node), message: 'A text is put together piece by piece.' }));
  },
};

function isGrowth(use: Node): boolean {
  const parent = use.parent();
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
