/**
 * Python tests that never run, and assertions that cannot fail. Rule: the mend is what was plainly meant; whatever it finds
 * is a finding of the test and not of ours.
 */
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { decoratorsOf, FEW, inTests, readTests } from './python-tests.ts';

const hiddenTest = inTests({
  id: 'python/hidden-test',
  severity: 'medium',
  title: 'Give each test a name of its own',
  rationale:
    'The second function of a name takes the place of the first: the first is never collected and says nothing, whatever it would find. The second gets a number behind its name, so that both run; what the first says now is part of the verification. Definitions in different branches, decorated ones that may be meant to replace each other, and copies that are the same to the letter are not renamed.',
  fixable: true,
  aliases: ['F811'],
  trigger: /\bdef (test\w*)\([\s\S]*\bdef \1\(/,
  example: {
    path: 'tests/test_a.py',
    before: 'def test_load():\n    assert load(1) == 1\n\n\ndef test_load():\n    assert load(2) == 2\n',
    after: 'def test_load():\n    assert load(1) == 1\n\n\ndef test_load_2():\n    assert load(2) == 2\n',
  },
  lookAlikes: [
    {
      path: 'tests/test_b.py',
      text: 'class ATest:\n    def test_load(self):\n        assert load(1) == 1\n\n\nclass BTest:\n    def test_load(self):\n        assert load(2) == 2\n',
    },
    {
      path: 'tests/test_c.py',
      text: 'import sys\n\nif sys.platform == "linux":\n\n    def test_load():\n        assert load(1) == 1\n\nelse:\n\n    def test_load():\n        assert load(2) == 2\n',
    },
    {
      path: 'tests/test_d.py',
      text: 'def test_load():\n    assert load(1) == 1\n\n\ntest_first = test_load\n\n\ndef test_load():\n    assert load(2) == 2\n',
    },
  ],
  async find(file, context) {
    const tests = await readTests(context);
    const names = new Set(nodesOf(await context.tree(), 'identifier').map((node) => node.text()));
    return tests.flatMap(({ node, name, decorators }, at): Match[] => {
      const word = node.field('name');
      const [own, ...before] = [node, ...tests.slice(0, at).map((one) => one.node)].map((one) => ({
        one,
        block: holderOf(one)?.id(),
      }));
      const hidden = before.filter(
        ({ one, block }) =>
          block === own?.block && one.field('name')?.text() === name && decoratorsOf(one).length === 0,
      );
      const between = hidden.at(-1);
      if (!word || !between || decorators.length > 0) return [];
      if (isMentioned(file.text.slice(span(between.one).end, span(node).start), name)) return [];
      const free = [2, 3, 4, 5].map((count) => `${name}_${count + hidden.length - 1}`).find((one) => !names.has(one));
      const copy = hidden.some(({ one }) => one.field('body')?.text() === node.field('body')?.text());
      const edits =
        free && !copy && !isMentioned(outside(file.text, span(word)), name, hidden.length)
          ? [{ ...span(word), text: free }]
          : [];
      return [{ ...span(word), message: 'The test of this name above never runs.', edits }];
    });
  },
});

/** The block, or the file, that the definition stands in. */
function holderOf(node: Node): Node | null {
  const parent = node.parent();
  return parent?.is('decorated_definition') ? parent.parent() : parent;
}

function isMentioned(text: string, name: string, allowed = 0): boolean {
  return (text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0) > allowed;
}

function outside(text: string, { start, end }: { start: number; end: number }): string {
  return text.slice(0, start) + text.slice(end);
}

const MOCKS = /\b(mock|Mock|MagicMock|AsyncMock|mocker|patch)\b/;
const FORGOTTEN = /^(called_once|called_once_with|called_with|not_called|has_calls|any_call)$/;

const mockedTruth = inTests({
  id: 'python/assertion-of-a-mock-attribute',
  severity: 'medium',
  title: 'Assert the call of the mock',
  rationale:
    'A mock has every attribute that it is asked for, so `mock.called_once_with(1)` is a call of one more mock, which is true and proves nothing. `assert_called_once_with` is what asserts it; if it fails now, it has found something. Real attributes (`called`, `call_count`, `call_args`), and names of other objects in files without mocks, are left alone.',
  fixable: true,
  aliases: ['PGH005'],
  trigger: /\.(?:called_once|called_once_with|called_with|not_called|has_calls|any_call)\b/,
  example: {
    path: 'tests/test_a.py',
    before:
      'from unittest import mock\n\n\ndef test_sends():\n    mailer = mock.Mock()\n    send(mailer)\n    assert mailer.send.called_once_with("a")\n',
    after:
      'from unittest import mock\n\n\ndef test_sends():\n    mailer = mock.Mock()\n    send(mailer)\n    mailer.send.assert_called_once_with("a")\n',
  },
  lookAlikes: [
    {
      path: 'tests/test_b.py',
      text: 'from unittest import mock\n\n\ndef test_sends():\n    mailer = mock.Mock()\n    send(mailer)\n    assert mailer.send.called\n',
    },
    { path: 'tests/test_c.py', text: 'def test_sends(log):\n    send(log)\n    assert log.called_with("a")\n' },
    {
      path: 'tests/test_d.py',
      text: 'from unittest import mock\n\n\ndef test_sends():\n    mailer = mock.Mock()\n    mailer.send.assert_called_with("a")\n',
    },
  ],
  async find(file, context) {
    if (!MOCKS.test(file.text)) return [];
    const root = await context.tree();
    const asserted = nodesOf(root, 'assert_statement').filter((node) => node.namedChildren().length === 1);
    const alone = nodesOf(root, 'expression_statement').filter((node) => node.child(0)?.is('call'));
    return [...asserted, ...alone].flatMap((statement): Match[] => {
      const [said] = statement.namedChildren();
      const callee = said?.is('call') ? said.field('function') : said;
      const word = callee?.is('attribute') ? callee.field('attribute') : null;
      if (!said || !word || !FORGOTTEN.test(word.text()) || statement.text().includes('#')) return [];
      const called = said.is('call');
      if (!called && !/^(called_once|not_called)$/.test(word.text())) return [];
      const { start, end } = span(statement);
      const text = `${callee?.field('object')?.text()}.assert_${word.text()}${called ? said.field('arguments')?.text() : '()'}`;
      return [
        { start, end, message: 'The attribute is a mock itself: this never fails.', edits: [{ start, end, text }] },
      ];
    });
  },
});

const LITERAL = /^(true|integer|string|float)$/;

const constantAssertion = inTests({
  id: 'python/constant-assertion',
  severity: 'low',
  title: 'Assert something that can fail',
  rationale:
    'An assertion of a constant holds whatever the code does: the test looks as if it checked something. Reported where it is the only assertion of its test; what was to be asserted is for the author. Constants that are meant to fail, and those that stand beside another assertion or in a handler, are left alone.',
  fixable: false,
  aliases: ['PT015', 'B011', 'PLR0133'],
  trigger: /\bassert\s+(?:True|1|["'])|assertTrue\(\s*True|assertEqual\(\s*(?:True|\d+|["'])/,
  example: { path: 'tests/test_a.py', before: 'def test_load():\n    load()\n    assert True\n' },
  lookAlikes: [
    { path: 'tests/test_b.py', text: 'def test_load():\n    load()\n    assert False, "not reached"\n' },
    { path: 'tests/test_c.py', text: 'def test_load():\n    assert load() == 1\n    assert True\n' },
    {
      path: 'tests/test_d.py',
      text: 'def test_load():\n    try:\n        load()\n    except ValueError:\n        assert True\n',
    },
  ],
  async find(_file, context) {
    const found = (await readTests(context)).flatMap(({ body, calls }): Node[] => {
      const asserts = nodesOf(body, 'assert_statement');
      const called = calls.filter(({ callee }) => /assert|check|verif|expect|raises|warns|fail/i.test(callee.text()));
      const said = [
        ...asserts.map((node) => ({ node, values: [node.namedChildren()[0]] })),
        ...called.map(({ node, callee, positional }) => ({
          node,
          values: /^self\.assert(True|Equal)$/.test(callee.text()) ? positional.slice(0, 2) : [],
        })),
      ];
      const [only] = said;
      const constant = only !== undefined && isSaid(only.values);
      return said.length === 1 &&
        constant &&
        only.node.ancestors().every((one) => !/try|except/.test(String(one.kind())))
        ? [only.node]
        : [];
    });
    return found.slice(0, FEW).map((node): Match => ({ ...span(node), message: 'This holds whatever the code does.' }));
  },
});

/** `True`, or the same constant twice. */
function isSaid([first, second]: ReadonlyArray<Node | null | undefined>): boolean {
  return isConstant(first) && (!second || second.text() === first?.text());
}

function isConstant(node: Node | null | undefined): boolean {
  if (!node) return false;
  if (node.is('comparison_operator')) {
    const [left, right, ...others] = node.namedChildren();
    return others.length === 0 && left?.text() === right?.text() && LITERAL.test(String(left?.kind()));
  }
  return LITERAL.test(String(node.kind())) && !/^f|^0$|^["']{2}$/.test(node.text());
}

export const hiddenRules: readonly RuleImpl[] = [hiddenTest, mockedTruth, constantAssertion];
