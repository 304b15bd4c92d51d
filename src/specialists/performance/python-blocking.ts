/**
 * Python that waits where others have to wait with it, or asks for more than it uses. Rule: edited only where the same
 * wait, or the same answer, comes out.
 */
import { readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { FEW } from './few.ts';
import { emptiedLoops } from './python-iterables.ts';
import { loopAround, mayRunOnPython2, mentions, type PythonValues, readValues } from './python-values.ts';
import { holdsAll } from './trigger.ts';

const blocking: RuleImpl = {
  id: 'python/blocking-call-in-async',
  languages: ['python'],
  severity: 'medium',
  title: 'Do not block the event loop',
  rationale:
    'A call that blocks inside an `async def` stops every other task of the program until it returns. `time.sleep` becomes `await asyncio.sleep` where asyncio is imported and the call is a statement of the coroutine itself: the same wait, during which others go on. Requests and programs, which need another client or a thread, are reported only. Expected: nothing for this task, the whole wait for the others; not measured in this program. Functions that are not coroutines, and calls handed to a thread, are left alone.',
  fixable: true,
  aliases: ['ASYNC210', 'ASYNC251', 'ASYNC101'],
  trigger: holdsAll(/\basync\s+def\b/, /\btime\b|\brequests\b|\burlopen\b|\bsubprocess\b/),
  example: {
    path: 'app/a.py',
    before:
      'import asyncio\nimport time\n\n\nasync def poll(job):\n    while not job.done:\n        time.sleep(1)\n        await job.refresh()\n',
    after:
      'import asyncio\nimport time\n\n\nasync def poll(job):\n    while not job.done:\n        await asyncio.sleep(1)\n        await job.refresh()\n',
  },
  lookAlikes: [
    {
      path: 'app/b.py',
      text: 'import time\n\n\ndef poll(job):\n    time.sleep(1)\n\n\nasync def other():\n    pass\n',
    },
    {
      path: 'app/c.py',
      text: 'import asyncio\n\n\nasync def poll(job):\n    await asyncio.sleep(1)  # not time.sleep\n',
    },
    {
      path: 'app/d.py',
      text: 'import asyncio\nimport time\n\n\nasync def poll(job):\n    await asyncio.to_thread(time.sleep, 1)\n',
    },
    {
      path: 'app/e.py',
      text: 'import requests\n\n\nasync def load(loop, url):\n    return await loop.run_in_executor(None, lambda: requests.get(url))\n',
    },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    const found = calls.flatMap((call): Match[] => {
      const sleeps = call.name === 'time.sleep';
      if (
        !sleeps &&
        !/^requests\.(get|post|put|patch|delete|head|request)$|^urllib\.request\.urlopen$|^subprocess\.(run|call|check_call|check_output)$/.test(
          call.name ?? '',
        )
      )
        return [];
      const owner = enclosing(call.node, ['function_definition', 'lambda']);
      if (!owner?.is('function_definition') || owner.child(0)?.text() !== 'async') return [];
      const statement = call.node.parent()?.is('expression_statement') && call.positional.length === 1 && !call.splat;
      const edits =
        sleeps && statement && imports.get('asyncio') === 'asyncio'
          ? [{ ...span(call.callee), text: 'await asyncio.sleep' }]
          : [];
      return [{ ...span(call.node), message: 'Every other task waits until this call returns.', edits }];
    });
    return found.slice(0, FEW);
  },
};

const countedRows: RuleImpl = {
  id: 'python/rows-fetched-to-count',
  languages: ['python'],
  severity: 'medium',
  title: 'Ask the database whether there is a row',
  rationale:
    '`len` of a new query set fetches every row and builds an object of each, only to compare their number with nothing, and `count()` makes the database count them; `exists()` asks the database for one row. The answer is the same, and the query set is not used again because it has no name. Expected: one row instead of all of them; not measured in this program. Query sets that have a name, which may keep their rows for later, and counts that are used as numbers are left alone.',
  fixable: true,
  trigger: holdsAll(/\blen\s*\(|\.count\(\)/, /\.objects\b/),
  example: {
    path: 'app/a.py',
    before: 'def has_books(author):\n    return len(Book.objects.filter(author=author)) > 0\n',
    after: 'def has_books(author):\n    return Book.objects.filter(author=author).exists()\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def count(author):\n    return len(Book.objects.filter(author=author))\n' },
    {
      path: 'app/c.py',
      text: 'def f(author):\n    books = Book.objects.filter(author=author)\n    return len(books) > 0, books\n',
    },
    { path: 'app/d.py', text: 'def f(author):\n    return len(Book.objects.filter(author=author)) > 1\n' },
    { path: 'app/e.py', text: 'def f(author):\n    return len(Book.objects.filter(author=author)[:5]) > 0\n' },
  ],
  async find(_file, context) {
    const { root, isBuiltin } = await readValues(context);
    if (!isBuiltin('len')) return [];
    return nodesOf(root, 'comparison_operator').flatMap((node): Match[] => {
      const said = /^(?:len\([\s\S]*\)|[\s\S]*\.count\(\))\s*(> 0|!= 0|>= 1|== 0|< 1)$/.exec(node.text());
      const [call] = node.namedChildren();
      const set = call?.is('call') ? countedBy(call) : null;
      if (!said || !set?.is('call') || node.namedChildren().length !== 2) return [];
      if (
        !/^(\w+\.)*[A-Z]\w*\.objects\.(filter|exclude|all)\(/.test(set.text()) ||
        !/^(filter|exclude|all|select_related|order_by)$/.test(set.field('function')?.field('attribute')?.text() ?? '')
      )
        return [];
      const none = said[1] === '== 0' || said[1] === '< 1';
      return [
        {
          ...span(node),
          message: 'Every row is fetched to know whether there is one.',
          edits: [{ ...span(node), text: `${none ? 'not ' : ''}${set.text()}.exists()` }],
        },
      ];
    });
  },
};

/** The query set of `len(set)` or `set.count()`. */
function countedBy(call: Node): Node | null {
  const given = call.field('arguments')?.namedChildren() ?? [];
  const callee = call.field('function');
  if (callee?.text() === 'len') return given.length === 1 ? (given[0] ?? null) : null;
  return callee?.field('attribute')?.text() === 'count' && given.length === 0 ? callee.field('object') : null;
}

const popFront: RuleImpl = {
  id: 'python/first-taken-from-list',
  languages: ['python'],
  severity: 'low',
  title: 'Take from the front of a deque',
  rationale:
    '`pop(0)` moves every other element of a list one place down, so a loop that empties a list from the front takes time with the square of its length; `collections.deque` has `popleft`, which moves nothing. Whether the rest of the program treats the list as a list is for the author, so nothing is edited. Expected: nothing for a few hundred elements, very much for many thousands; not measured in this program. Only `while` loops that go on as long as the list has elements are reported; a deque, another index and a single `pop(0)` are left alone.',
  fixable: false,
  trigger: holdsAll(/\.pop\(0\)/, /\bwhile\s/),
  example: {
    path: 'app/a.py',
    before: 'def drain(queue):\n    while queue:\n        queue.pop(0).run()\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def drain(queue):\n    while queue:\n        queue.popleft().run()\n' },
    { path: 'app/c.py', text: 'def first(queue):\n    return queue.pop(0)\n' },
    {
      path: 'app/d.py',
      text: 'def drain(queue, other):\n    while queue:\n        other.pop(0)\n        queue.pop()\n',
    },
    { path: 'app/e.py', text: 'import sys\n\nargv = sys.argv[1:]\nwhile argv:\n    use(argv.pop(0))\n' },
  ],
  async find(file, context) {
    const { calls } = await readPython(context);
    const mended = new Set((await emptiedLoops(file, context)).map(({ end }) => end));
    const found = calls.filter((call) => {
      if (mended.has(span(call.node).end)) return false;
      const object =
        call.callee.is('attribute') && call.callee.field('attribute')?.text() === 'pop'
          ? call.callee.field('object')
          : null;
      const loop = loopAround(call.node);
      if (!object || call.positional.length !== 1 || call.positional[0]?.text() !== '0' || !loop?.is('while_statement'))
        return false;
      if (/arg|opt|token|param|part|word|line|path/i.test(object.text())) return false;
      const condition = loop.field('condition')?.text() ?? '';
      return (
        condition === object.text() ||
        new RegExp(`^len\\(${object.text().replace(/\./g, '\\.')}\\)( > 0| != 0)?$`).test(condition)
      );
    });
    return found
      .slice(0, FEW)
      .map(({ node }) => ({ ...span(node), message: 'Every other element moves in every round.' }));
  },
};

const listAsked: RuleImpl = {
  id: 'python/list-asked-per-element',
  languages: ['python'],
  severity: 'low',
  title: 'Look elements up in a set',
  rationale:
    '`in` on a list, asked once for each element of another one, takes time with the product of their lengths; a set answers at once. It is reported where a list that a comprehension makes is asked nothing but `in`, inside a loop or a comprehension. A set refuses what cannot be hashed, so the list becomes a set only where its elements, and all that is looked up in it, are plainly texts or integers; the rest is for the author. Expected: nothing for a few dozen elements, very much for thousands; not measured in this program. Lists that are written out, used in another way, or asked once are left alone.',
  fixable: true,
  trigger: holdsAll(/=\s*\[[^\n]*\sfor\s/, /\bin\s+\w+/),
  example: {
    path: 'app/a.py',
    before:
      'def missing(wanted, rows):\n    known = [row.name.lower() for row in rows]\n    return [one for one in wanted if one.strip() not in known]\n',
    after:
      'def missing(wanted, rows):\n    known = {row.name.lower() for row in rows}\n    return [one for one in wanted if one.strip() not in known]\n',
  },
  lookAlikes: [
    {
      path: 'app/b.py',
      text: 'def f(wanted, rows):\n    known = {row.id for row in rows}\n    return [one for one in wanted if one not in known]\n',
    },
    { path: 'app/c.py', text: 'def f(one, rows):\n    known = [row.id for row in rows]\n    return one in known\n' },
    {
      path: 'app/d.py',
      text: 'def f(wanted, rows):\n    known = [row.id for row in rows]\n    for one in known:\n        use(one)\n    return [one for one in wanted if one in known]\n',
    },
    {
      path: 'app/h.py',
      text: 'def f(wanted, rows):\n    known = [dict(row) for row in rows]\n    return [one for one in wanted if one not in known]\n',
    },
    {
      path: 'app/e.py',
      text: 'def f(rows):\n    known = [row.id for row in rows]\n    return [one for one in known]\n',
    },
  ],
  async find(file, context) {
    const values = await readValues(context);
    const mayBeEdited = !mayRunOnPython2(file, context);
    const found = nodesOf(values.root, 'assignment').flatMap((node): Match[] => {
      const [left, right] = [node.field('left'), node.field('right')];
      const scope = enclosing(node, ['function_definition']);
      if (!left?.is('identifier') || !right?.is('list_comprehension') || !scope || loopAround(node)) return [];
      if (UNHASHABLE.test(right.field('body')?.text() ?? '')) return [];
      const uses = mentions(scope, left.text()).filter((use) => use.id() !== left.id());
      const asked = uses.filter(isAskedFor);
      const repeated = asked.find((use) => isRepeated(use, node));
      if (asked.length !== uses.length || !repeated) return [];
      const certain = mayBeEdited && !node.field('type') && holdsHashable(right, asked, values);
      return [
        {
          ...span(repeated.parent() ?? repeated),
          message: 'The whole list is searched for every element of another one.',
          edits: certain ? [{ ...span(right), text: `{${right.text().slice(1, -1)}}` }] : [],
        },
      ];
    });
    return found.slice(0, FEW);
  },
};

/** No set takes these. */
const UNHASHABLE =
  /^(dict|list|set|bytearray|(collections\.)?(defaultdict|OrderedDict|Counter|deque))\(|^[[{]|\.(split|splitlines|copy|to_dict|model_dump|asdict)\([^()]*\)$|^(dataclasses\.)?asdict\(/;

/** Are the elements, and all that is looked up, plainly texts or integers? */
function holdsHashable(list: Node, asked: readonly Node[], { kindOf }: PythonValues): boolean {
  const isPlain = (node: Node | null | undefined) => /^(str|int)$/.test(kindOf(node ?? null) ?? '');
  return isPlain(list.field('body')) && asked.every((use) => isPlain(use.parent()?.namedChildren()[0]));
}

function isAskedFor(use: Node): boolean {
  const parent = use.parent();
  if (!parent?.is('comparison_operator') || parent.namedChildren().length !== 2) return false;
  return (
    parent.namedChildren()[1]?.id() === use.id() &&
    /\bin\s*$/.test(parent.text().slice(0, span(use).start - span(parent).start))
  );
}

/** In the body of a loop, or in the condition of a comprehension, that begins after the list was made. */
function isRepeated(use: Node, made: Node): boolean {
  const comprehension = use
    .ancestors()
    .find((above) => /^(list|set|dictionary)_comprehension$|^generator_expression$/.test(String(above.kind())));
  const around = loopAround(use) ?? comprehension;
  return !!around && span(around).start > span(made).start;
}

export const blockingRules: readonly RuleImpl[] = [blocking, countedRows, popFront, listAsked];
