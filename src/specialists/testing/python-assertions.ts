/** Python tests that assert nothing. Rule: reported only where everything that the test calls is known to assert nothing. */
import { type Call, readPython, resolve } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { FEW, inTests, type PythonTest, readTests } from './python-tests.ts';

/** Words of what asserts, or of a test that is content when nothing is raised. */
const ASSERTS =
  /assert|check|verif|expect|raises|warns|\bfail|should|ensure|valid|compar|match|approx|snapshot|must|test|roundtrip|round_trip|doctest|benchmark|is_equal|equal/i;
const CONTENT =
  /no_?(error|exception|raise|crash|op\b)|not_(raise|fail|crash|throw)|doesnt|does_not|without_(error|exception)|smoke|import|runs?\b|works|crash|regression|issue|bug|leak|warning|ok\b|no ?exception|does ?n[o']t/i;

const withoutAssertion = inTests({
  id: 'python/test-without-assertion',
  severity: 'low',
  title: 'Assert what the test is about',
  rationale:
    'A test without an assertion passes whatever the code returns: it shows only that nothing is raised, and nobody who reads it knows whether that was meant. Reported where a test asserts nothing by itself and calls nothing that could do so for it: helpers of the file, methods of its own class, whatever comes from a module of tests, fixtures and context managers are given the benefit of the doubt, as are tests that say by their name or a comment that they are content with running.',
  fixable: false,
  trigger: /\bdef test/,
  example: {
    path: 'tests/test_a.py',
    before: 'from app import parse\n\n\ndef test_parse_pair():\n    result = parse("a=1")\n    print(result)\n',
  },
  lookAlikes: [
    {
      path: 'tests/test_b.py',
      text: 'from app import parse\n\n\ndef test_parse():\n    assert parse("a=1") == ("a", 1)\n',
    },
    {
      path: 'tests/test_c.py',
      text: 'import pytest\n\nfrom app import parse\n\n\ndef test_parse():\n    with pytest.raises(ValueError):\n        parse("a")\n',
    },
    {
      path: 'tests/test_d.py',
      text: 'from app import parse\n\n\ndef both(text):\n    assert parse(text)\n\n\ndef test_parse():\n    both("a=1")\n',
    },
    {
      path: 'tests/test_e.py',
      text: 'import numpy as np\n\nfrom app import parse\n\n\ndef test_parse():\n    np.testing.assert_allclose(parse("1"), 1)\n',
    },
    {
      path: 'tests/test_f.py',
      text: 'from app import parse\n\n\ndef test_parse_does_not_raise():\n    parse("a=1")\n',
    },
    {
      path: 'tests/test_g.py',
      text: 'from app import parse\n\n\ndef test_parse(snapshot):\n    snapshot(parse("a=1"))\n',
    },
    {
      path: 'tests/test_h.py',
      text: 'from app import parse\n\n\ndef test_parse():\n    # Raised an error once.\n    parse("a=1")\n',
    },
    {
      path: 'tests/test_i.py',
      text: 'from app import parse\nfrom hypothesis import given, strategies as st\n\n\n@given(st.text())\ndef test_parse(text):\n    parse(text)\n',
    },
    {
      path: 'tests/test_j.py',
      text: 'from app import parse\n\n\ndef test_parse():\n    if parse("a=1") is None:\n        raise AssertionError\n',
    },
    {
      path: 'tests/test_k.py',
      text: 'import unittest\n\nfrom app import parse\n\n\nclass ParseTest(unittest.TestCase):\n    def test_parse(self):\n        self.both(parse("a=1"))\n',
    },
    {
      path: 'tests/test_l.py',
      text: 'import doctest\n\nimport app\n\n\ndef test_docs():\n    doctest.testmod(app, raise_on_error=True)\n',
    },
    {
      path: 'tests/test_m.py',
      text: 'import pytest\n\n\n@pytest.mark.skip(reason="later")\ndef test_later():\n    parse()\n',
    },
  ],
  async find(_file, context) {
    const { imports, root } = await readPython(context);
    const own = new Set(
      ['function_definition', 'class_definition'].flatMap((kind) =>
        nodesOf(root, kind).map((node) => node.field('name')?.text() ?? ''),
      ),
    );
    const helps = ({ callee, name }: Call) => {
      const first = /^\w+/.exec(callee.text())?.[0] ?? '';
      const from = name ?? resolve(callee, imports) ?? '';
      return (
        ASSERTS.test(callee.text()) ||
        own.has(first) ||
        first === 'self' ||
        /^\.|\b(tests?|conftest|support|helpers?|utils?|common|fixtures?)\b/.test(from)
      );
    };
    const silent = (await readTests(context)).filter((test) => isSilent(test) && !test.calls.some(helps));
    return silent.slice(0, FEW).map(({ node, name }): Match => {
      const at = span(node.field('name') ?? node);
      return { ...at, message: `${name} asserts nothing.` };
    });
  },
});

/** By its own words, whatever it calls. */
function isSilent({ node, name, body, decorators, calls }: PythonTest): boolean {
  // A comment at the head of the body stands before it.
  const text = node.text().slice((node.field('parameters')?.text() ?? '').length);
  const parameters = node.field('parameters')?.text() ?? '';
  if (decorators.length > 0 || calls.length === 0 || CONTENT.test(name)) return false;
  if (!/^\(\s*(self)?\s*\)$/.test(parameters) || /#|"""|'''|\byield\b|\breturn\b/.test(text)) return false;
  const speaks = [
    'assert_statement',
    'raise_statement',
    'with_statement',
    'try_statement',
    'function_definition',
    'lambda',
  ];
  return !speaks.some((kind) => has(body, kind));
}

function has(node: Node, kind: string): boolean {
  return node.find({ rule: { kind } }) !== null;
}

export const assertionRules: readonly RuleImpl[] = [withoutAssertion];
