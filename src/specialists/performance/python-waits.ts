/** Rounds of a Python loop that wait for a database or for each other. Rule: reported only. */
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { FEW } from './few.ts';
import { boundIn, loopAround, mentionsAny } from './python-values.ts';
import { holdsAll } from './trigger.ts';

/** Commands and changes of the database that somebody starts by hand, once. */
const BY_HAND = /(^|\/)(management\/commands|migrations?|upgrades?|seeds?|seeders|fixtures|scripts|bin|importers?)\//;
const SELECT = /^[rRfFbBuU]*("""|'''|"|')\s*select\b[\s\S]*\bfrom\b/i;
const SESSION = /(^|\.|_)(session|db)$/i;
const STORES = /\.(get|filter|exclude|first|count|exists|aggregate|values|values_list|get_or_none)$/;

const queryInLoop: RuleImpl = {
  id: 'python/query-in-loop',
  languages: ['python'],
  severity: 'medium',
  title: 'Ask the database once instead of per element',
  rationale:
    'A query per element of a list costs a round trip each (the N+1 problem); one query for all of them (`IN`, a join, `select_related`, `in_bulk`) costs one. It is reported where a call that reads from a database stands in a for loop and is given what changes from round to round. Expected: about one round trip instead of as many as there are elements; not measured in this program. How the queries are joined depends on the data, so nothing is edited. Writes, queries that stay the same in every round, loops that break off, and scripts that somebody starts by hand are left alone.',
  fixable: false,
  trigger: holdsAll(/\.objects\b|\.execute\s*\(|\bsession\.|\.session\b/, /\bfor\s/),
  example: {
    path: 'app/a.py',
    before:
      'def names(cursor, ids):\n    result = []\n    for user_id in ids:\n        cursor.execute("SELECT name FROM users WHERE id = ?", (user_id,))\n        result.append(cursor.fetchone()[0])\n    return result\n',
  },
  lookAlikes: [
    {
      path: 'app/b.py',
      text: 'def f(cursor, rows):\n    for row in rows:\n        cursor.execute("INSERT INTO t SELECT ? FROM s", (row,))\n',
    },
    {
      path: 'app/c.py',
      text: 'def f(cursor, user_id):\n    for attempt in range(3):\n        cursor.execute("SELECT name FROM users WHERE id = ?", (user_id,))\n',
    },
    {
      path: 'app/d.py',
      text: 'def f(ids):\n    for user in User.objects.filter(id__in=ids):\n        print(user.name)\n',
    },
    {
      path: 'app/e.py',
      text: 'def f(urls):\n    for url in urls:\n        requests.Session().get(url)\n        session.get(url)\n',
    },
    {
      path: 'app/g.py',
      text: 'def f(rows):\n    for row in rows:\n        User.objects.filter(id=row.id).exclude(name="").update(name=row.name)\n',
    },
    {
      path: 'app/h.py',
      text: 'def f(mails):\n    user = None\n    for mail in mails:\n        user = User.objects.filter(email=mail).first()\n        if user:\n            break\n    return user\n',
    },
    {
      path: 'app/management/commands/dump.py',
      text: 'def f(ids):\n    for one in ids:\n        use(User.objects.get(id=one))\n',
    },
    {
      path: 'app/f.py',
      text: 'def f(names):\n    for name in names:\n        cache.objects[name].get("SELECT")\n',
    },
  ],
  async find(file, context) {
    if (BY_HAND.test(file.path)) return [];
    const calls = nodesOf(await context.tree(), 'call').filter((call) => {
      const loop = isQuery(call) && !isWritten(call) ? loopAround(call) : null;
      // Whoever breaks off looks for the first that is there: one query for all would ask for too much.
      if (loop && nodesOf(loop, 'break_statement').length > 0) return false;
      const list = call.field('arguments');
      return !!list && loop?.is('for_statement') && mentionsAny(list, boundIn(loop));
    });
    return calls
      .slice(0, FEW)
      .map((call) => ({ ...span(call), message: 'The database is asked once per element of a list.' }));
  },
};

/** Does the chain of calls end in a write? Then nothing is fetched. */
function isWritten(call: Node): boolean {
  const callee = call.parent()?.is('attribute') ? call.parent() : null;
  const next = callee?.parent()?.is('call') ? callee.parent() : null;
  if (!callee || !next) return false;
  return (
    /^(update|delete|create|bulk_create|get_or_create|update_or_create)$/.test(
      callee.field('attribute')?.text() ?? '',
    ) || isWritten(next)
  );
}

function isQuery(call: Node): boolean {
  const callee = call.field('function');
  const [first] = call.field('arguments')?.namedChildren() ?? [];
  const method = callee?.field('attribute')?.text() ?? '';
  const object = callee?.field('object');
  if (/^execute$/.test(method)) {
    if (SELECT.test(first?.text() ?? '')) return true;
    return (
      first?.is('call') === true && /^(\w+\.)?select$/.test(firstCallee(first)) && SESSION.test(object?.text() ?? '')
    );
  }
  if (method === 'query') return SESSION.test(object?.text() ?? '') && /^[A-Z]\w*(\.\w+)?$/.test(first?.text() ?? '');
  if (method === 'get' && SESSION.test(object?.text() ?? ''))
    return /^[A-Z][A-Za-z0-9]*[a-z]\w*$/.test(first?.text() ?? '');
  return STORES.test(callee?.text() ?? '') && /^(\w+\.)*[A-Z]\w*\.objects\b(?!\[)/.test(object?.text() ?? '');
}

/** `select` of `select(User).where(…)`. */
function firstCallee(call: Node): string {
  const callee = call.field('function');
  const object = callee?.is('attribute') ? callee.field('object') : null;
  return object?.is('call') ? firstCallee(object) : (callee?.text() ?? '');
}

const READS = /^(fetch|get|load|read|find|lookup|query|select|resolve|stat|head|download|request)(_\w+)?$/;
const COLLECTS =
  /^(append|add|extend|update|setdefault|items|keys|values|strip|lower|upper|split|join|format|json|text)$/;
const DECIDES =
  /^(break|continue|return|raise|try|if|with|while|for|delete|assert|match)_statement$|^(yield|conditional_expression|named_expression|boolean_operator)$/;

const awaitInLoop: RuleImpl = {
  id: 'python/await-in-loop',
  languages: ['python'],
  severity: 'low',
  title: 'Start independent reads together',
  rationale:
    'A loop that awaits in every round takes the sum of all waits; `asyncio.gather` over the same calls takes the longest. It is reported where the rounds are independent as far as the syntax says: each only collects what a reading function returns for its own element. Expected: up to as many times faster as there are elements; not measured in this program. Whether the other side bears so many requests at once, whether the connection can be shared, and what should happen when one fails, is for the author, so nothing is edited. Loops that stop early, write, retry or depend on earlier rounds are left alone.',
  fixable: false,
  trigger: holdsAll(/\bawait\b/, /\bfor\s/),
  example: {
    path: 'app/a.py',
    before:
      'async def load(ids):\n    users = []\n    for user_id in ids:\n        users.append(await fetch_user(user_id))\n    return users\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'async def f(ids):\n    for user_id in ids:\n        await save(user_id)\n' },
    {
      path: 'app/c.py',
      text: 'async def f(ids):\n    for user_id in ids:\n        user = await fetch_user(user_id)\n        if user:\n            return user\n    return None\n',
    },
    {
      path: 'app/d.py',
      text: 'async def f(ids):\n    result = []\n    async for user_id in ids:\n        result.append(await fetch_user(user_id))\n    return result\n',
    },
    {
      path: 'app/e.py',
      text: 'async def f(ids):\n    last = None\n    rows = []\n    for user_id in ids:\n        last = await fetch_user(user_id, last)\n        rows.append(last)\n    return rows\n',
    },
    {
      path: 'app/g.py',
      text: 'async def f():\n    rows = []\n    for name in ("a", "b"):\n        rows.append(await fetch(name))\n    return rows\n',
    },
    { path: 'app/f.py', text: 'async def f(ids):\n    return await asyncio.gather(*(fetch_user(i) for i in ids))\n' },
  ],
  async find(_file, context) {
    const loops = nodesOf(await context.tree(), 'for_statement').filter(isIndependent);
    return loops.slice(0, FEW).map((loop): Match => {
      // From the head of the loop to the last wait in it: either may be where somebody looks.
      const end = Math.max(...nodesOf(loop, 'await').map((one) => span(one).end));
      return { start: span(loop).start, end, message: 'Every round waits for the one before, though none needs it.' };
    });
  },
};

function isIndependent(loop: Node): boolean {
  const body = loop.field('body');
  // A list that is written out is short, and its order may be meant.
  if (/^(list|tuple|set|string)$/.test(String(loop.field('right')?.kind()))) return false;
  if (!body || loop.child(0)?.text() === 'async' || loop.field('alternative')) return false;
  if (body.children().some((child) => hasKind(child, DECIDES))) return false;
  const awaits = nodesOf(body, 'await');
  const own = boundIn(loop);
  const before = enclosing(loop, ['function_definition'])?.field('body');
  // A name that had a value before the loop and gets one inside carries something from round to round.
  const carried = nodesOf(body, 'assignment')
    .flatMap((one) => one.field('left') ?? [])
    .filter((left) => left.is('identifier'));
  if (
    !before ||
    carried.some((left) =>
      nodesOf(before, 'assignment').some(
        (one) => one.field('left')?.text() === left.text() && span(one).start < span(loop).start,
      ),
    )
  )
    return false;
  if (nodesOf(body, 'augmented_assignment').length > 0) return false;
  const collects = /\.(append|add)\(|\]\s*=/.test(body.text());
  const reads = awaits.map((one) => one.namedChildren()[0] ?? one);
  return awaits.length > 0 && collects && reads.every((call) => isRead(call, own)) && onlyReads(body, reads);
}

function hasKind(node: Node, kinds: RegExp): boolean {
  return kinds.test(String(node.kind())) || node.children().some((child) => hasKind(child, kinds));
}

function isRead(call: Node, own: ReadonlySet<string>): boolean {
  const callee = call.is('call') ? call.field('function') : null;
  const name = callee?.is('attribute') ? callee.field('attribute')?.text() : callee?.text();
  const list = call.is('call') ? call.field('arguments') : null;
  return READS.test(name ?? '') && !!list && mentionsAny(list, own);
}

function onlyReads(body: Node, reads: readonly Node[]): boolean {
  const known = new Set(reads.map((call) => call.id()));
  return nodesOf(body, 'call').every((call) => {
    const callee = call.field('function');
    const name = callee?.is('attribute') ? callee.field('attribute')?.text() : callee?.text();
    return known.has(call.id()) || COLLECTS.test(name ?? '') || /^(str|int|len|dict|list|tuple)$/.test(name ?? '');
  });
}

export const waitRules: readonly RuleImpl[] = [queryInLoop, awaitInLoop];
