/**
 * Python tests whose outcome depends on the moment or on chance. Rule: reported only, and only where the syntax shows that
 * nothing holds the clock or the dice still; what a test is about by its name is its business.
 */
import { type Call, type Imports, readPython, resolve } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span, within } from '../structural.ts';
import { FEW, inLoop, inTests, type PythonTest, readTests, wordsOf } from './python-tests.ts';

/** Seconds that are worth a word. */
const LONG = 0.5;
const ABOUT_TIME =
  /time|sleep|delay|wait|expir|ttl|stale|slow|throttl|rate|retry|interval|schedul|poll|debounce|age|lock|thread|race|concurren|clock|period|cache|benchmark|perf/i;
/** Something holds the clock still, or looks forward in it. */
const HELD = /freez|time_machine|timemachine|monkeypatch|\bpatch\b|\bmock|clock/i;

/** Something stands in for `sleep`. */
const REPLACED =
  /\b(setattr|patch(\.\w+)?)\([^\n]*\bsleep\b|\bsleep\s*=\s*|freeze_time|time_machine|\b(no|fake|mock(ed)?|skip|fast)_?sleep/i;

const sleepInTest = inTests({
  id: 'python/sleep-in-test',
  severity: 'low',
  title: 'Wait for the thing itself, not for a while',
  rationale:
    'A test that sleeps is slow on every run and still fails on a machine that is slower than its author thought: the time that it takes is a guess. Waiting for the event itself with a generous deadline, or a clock that the test moves, is both faster and certain. Reported for constant sleeps of half a second and more in the body of a test that is not about time by its name; loops that poll, and functions that stand in for slow work, are left alone.',
  fixable: false,
  trigger: /\bsleep\s*\(/,
  example: {
    path: 'tests/test_a.py',
    before:
      'import time\n\nfrom app import start\n\n\ndef test_start():\n    server = start()\n    time.sleep(2)\n    assert server.ready\n',
  },
  lookAlikes: [
    {
      path: 'tests/test_b.py',
      text: 'import time\n\n\ndef test_ready():\n    while not server.ready:\n        time.sleep(1)\n    assert server.ready\n',
    },
    {
      path: 'tests/test_c.py',
      text: 'import time\n\n\ndef test_timeout():\n    time.sleep(2)\n    assert server.expired\n',
    },
    {
      path: 'tests/test_d.py',
      text: 'import time\n\n\ndef test_run():\n    def work():\n        time.sleep(2)\n    assert run(work) is None\n',
    },
    {
      path: 'tests/test_e.py',
      text: 'import asyncio\n\n\nasync def test_run():\n    await asyncio.sleep(0)\n    assert f()\n',
    },
    {
      path: 'tests/test_g.py',
      text: 'import time\n\n\ndef test_run(monkeypatch):\n    monkeypatch.setattr(time, "sleep", lambda _: None)\n    time.sleep(2)\n    assert f()\n',
    },
    { path: 'tests/test_f.py', text: 'import time\n\n\ndef test_run():\n    time.sleep(PAUSE)\n    assert f()\n' },
  ],
  async find(file, context) {
    const long = ({ name, positional }: Call) =>
      /^(time|asyncio|trio|anyio|gevent)\.sleep$/.test(name ?? '') && Number(positional[0]?.text()) >= LONG;
    const tests = await readTests(context);
    const found = tests
      .filter((test) => !ABOUT_TIME.test(wordsOf(test)) && !REPLACED.test(textAround(file.text, test, tests)))
      .flatMap(({ calls }) => calls.filter((call) => long(call) && !inLoop(call.node)));
    return found
      .slice(0, FEW)
      .map(({ node }): Match => ({ ...span(node), message: `The test sleeps: ${node.text()}.` }));
  },
});

/** The test and whatever is not inside another one; the import of a library of mocks holds nothing still by itself. */
function textAround(text: string, test: PythonTest, tests: readonly PythonTest[]): string {
  const others = tests.filter((one) => one !== test).map(({ node }) => span(node));
  const rest = others
    .sort((a, b) => b.start - a.start)
    .reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), text);
  return rest.replace(/^(from unittest import mock|import mock|from unittest\.mock import .*)$/gm, '');
}

const NOW = /^(datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today|time\.time|django\.utils\.timezone\.now)$/;

const clockInTest = inTests({
  id: 'python/clock-in-test',
  severity: 'low',
  title: 'Do not compare with the time of the test',
  rationale:
    'What is compared for equality with the present moment differs whenever the clock moves on between the two: at the next microsecond, or at midnight on the first of January. A test that fixes the clock, or gives the moment to the code, says the same on every day. Reported where an assertion compares with `now()` or `today()` by equality and nothing in the file holds the clock still.',
  fixable: false,
  trigger: /\b(?:now|utcnow|today|time)\s*\(/,
  example: {
    path: 'tests/test_a.py',
    before:
      'from datetime import date\n\n\ndef test_created():\n    order = make()\n    assert order.created == date.today()\n',
  },
  lookAlikes: [
    {
      path: 'tests/test_b.py',
      text: 'from datetime import datetime\n\n\ndef test_created():\n    assert make().created <= datetime.now()\n',
    },
    {
      path: 'tests/test_c.py',
      text: 'from datetime import date\nfrom freezegun import freeze_time\n\n\n@freeze_time("2024-01-01")\ndef test_created():\n    assert make().created == date.today()\n',
    },
    {
      path: 'tests/test_d.py',
      text: 'from datetime import datetime\n\n\ndef test_created():\n    now = datetime.now()\n    assert make(now).created == now\n',
    },
    {
      path: 'tests/test_e.py',
      text: 'from datetime import date\n\n\ndef test_same():\n    assert parse(str(date.today())) == date.today()\n',
    },
  ],
  async find(file, context) {
    const { imports } = await readPython(context);
    const tests = await readTests(context);
    const found = tests
      .filter((test) => !HELD.test(textAround(file.text, test, tests)))
      .flatMap(({ body }) => equalities(body).filter((one) => onePresent(one, imports)));
    return found
      .slice(0, FEW)
      .map(([side]): Match => ({ ...span(side), message: 'Equality with the present moment holds only by luck.' }));
  },
});

/** Both sides of every assertion of equality. */
function equalities(body: Node): Array<[Node, Node]> {
  const plain = nodesOf(body, 'comparison_operator').flatMap((node): Array<[Node, Node]> => {
    const [left, operator, right] = node.children();
    const asserted = enclosing(node, ['assert_statement', 'block'])?.is('assert_statement');
    return asserted && left && right && operator?.text() === '==' ? [[left, right]] : [];
  });
  const called = nodesOf(body, 'call').flatMap((node): Array<[Node, Node]> => {
    const [left, right] = node.field('arguments')?.namedChildren() ?? [];
    const equal = /\.assertEquals?$/.test(node.field('function')?.text() ?? '');
    return equal && left && right ? [[left, right]] : [];
  });
  return [...plain, ...called];
}

function onePresent([left, right]: [Node, Node], imports: Imports): boolean {
  return asks(left, imports) !== asks(right, imports);
}

function asks(node: Node, imports: Imports): boolean {
  const calls = node.is('call') ? [node, ...nodesOf(node, 'call')] : nodesOf(node, 'call');
  return calls.some((call) => NOW.test(resolve(call.field('function'), imports) ?? ''));
}

const SEEDED = /\bseed\b|\bRandom\(|default_rng|hypothesis|monkeypatch|\bpatch\b|\bmock/i;
const DRAWS =
  /^(random|numpy\.random|np\.random)\.(random|randint|randrange|uniform|gauss|choice|choices|sample|shuffle|rand|randn|normal|permutation)$/;

const randomInTest = inTests({
  id: 'python/unseeded-random-in-test',
  severity: 'low',
  title: 'Seed the random numbers of tests',
  rationale:
    'A test that draws its input anew on every run fails on some day with an input that nobody can draw again. A seed keeps the variety and makes the failure repeatable; a property-based library prints the input that fails. Reported where a test draws without a seed anywhere in the file; names, ports and the like that only have to differ are left alone.',
  fixable: false,
  trigger: /\brandom\b/,
  example: {
    path: 'tests/test_a.py',
    before:
      'import random\n\nfrom app import double\n\n\ndef test_double():\n    value = random.randint(0, 100)\n    assert double(value) == value * 2\n',
  },
  lookAlikes: [
    {
      path: 'tests/test_b.py',
      text: 'import random\n\nrandom.seed(3)\n\n\ndef test_double():\n    value = random.randint(0, 100)\n    assert double(value) == value * 2\n',
    },
    {
      path: 'tests/test_c.py',
      text: 'import random\n\n\ndef test_user():\n    name = f"user{random.randint(0, 10000)}"\n    assert make(name).name == name\n',
    },
    {
      path: 'tests/test_d.py',
      text: 'import random\n\n\ndef test_port():\n    port = random.randint(20000, 30000)\n    assert serve(port)\n',
    },
    {
      path: 'tests/test_e.py',
      text: 'import random\n\n\ndef test_double():\n    order = random.Random(3)\n    assert double(order.randint(0, 3)) < 7\n',
    },
  ],
  async find(file, context) {
    const tests = await readTests(context);
    const found = tests
      .filter((test) => !SEEDED.test(textAround(file.text, test, tests)))
      .flatMap((test) => test.calls.filter((call) => DRAWS.test(call.name ?? '') && !isName(call.node, test)));
    return found
      .slice(0, FEW)
      .map(
        ({ node }): Match => ({ ...span(node), message: 'The test draws another input on every run, without a seed.' }),
      );
  },
});

/** Only has to differ from others: part of a text, or named for what it is. */
function isName(node: Node, { body }: PythonTest): boolean {
  const around = node.ancestors().filter((above) => within(above, body));
  if (around.some((above) => /^(string|interpolation|binary_operator)$/.test(String(above.kind())))) return true;
  if (
    around.some(
      (above) => above.is('call') && /^(str|chr|.*\.(join|format))$/.test(above.field('function')?.text() ?? ''),
    )
  )
    return true;
  const assigned =
    around
      .find((above) => above.is('assignment'))
      ?.field('left')
      ?.text() ?? '';
  return /name|port|id|key|token|path|user|email|suffix|prefix|slug|tag|salt|nonce|password/i.test(assigned);
}

export const chanceRules: readonly RuleImpl[] = [sleepInTest, clockInTest, randomInTest];
