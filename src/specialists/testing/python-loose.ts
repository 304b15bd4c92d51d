/**
 * Assertions of unittest that say less than they know. Rule: the new assertion fails in exactly the cases in which the old
 * one fails; tests about the operators themselves are left alone.
 */
import { type Call, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, span, wholeText } from '../structural.ts';
import { inTests, readTests } from './python-tests.ts';

/** Operator → what asserts it, and what asserts its opposite; null where the opposite is another question. */
const OPERATORS: Readonly<Record<string, readonly [string, string | null]>> = {
  '==': ['assertEqual', 'assertNotEqual'],
  '!=': ['assertNotEqual', 'assertEqual'],
  in: ['assertIn', 'assertNotIn'],
  'not in': ['assertNotIn', 'assertIn'],
  is: ['assertIs', 'assertIsNot'],
  'is not': ['assertIsNot', 'assertIs'],
  '>': ['assertGreater', null],
  '>=': ['assertGreaterEqual', null],
  '<': ['assertLess', null],
  '<=': ['assertLessEqual', null],
};
/** More of them in one file are how somebody writes there. */
export const HABIT = 10;
/** Whoever tests an operator writes it out. */
const ABOUT_OPERATORS = /eq\b|eq_|equal|__|compar|identity|hash|contain|order|operator|_(ne|lt|le|gt|ge|in|is)(_|$)/i;

const looseAssertion = inTests({
  id: 'python/loose-assertion',
  severity: 'low',
  taste: true,
  title: 'Assert the comparison itself',
  rationale:
    'An assertion that a comparison is true fails with "False is not true" and keeps both values to itself; the assertion made for the comparison (assertEqual, assertIn, assertIsNone and their like) fails in the same cases and shows them. Orderings are rewritten only where they are asserted, since the opposite of `a > b` is not `a <= b` for every value. Comparisons with True and False, chained ones, tests that are about operators by their name, and files whose habit it is are left alone.',
  fixable: true,
  trigger: /\.assert(?:True|False|Equal|NotEqual)\s*\(/,
  example: {
    path: 'tests/test_a.py',
    before:
      'import unittest\n\n\nclass CartTest(unittest.TestCase):\n    def test_total(self):\n        self.assertTrue(cart().total == 3)\n',
    after:
      'import unittest\n\n\nclass CartTest(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(cart().total, 3)\n',
  },
  lookAlikes: [
    {
      path: 'tests/test_b.py',
      text: 'import unittest\n\n\nclass CartTest(unittest.TestCase):\n    def test_total(self):\n        self.assertTrue(cart().open)\n        self.assertEqual(cart().total, 3)\n',
    },
    {
      path: 'tests/test_c.py',
      text: 'import unittest\n\n\nclass CartTest(unittest.TestCase):\n    def test_equality(self):\n        self.assertFalse(cart() == cart(1))\n',
    },
    {
      path: 'tests/test_d.py',
      text: 'import unittest\n\n\nclass CartTest(unittest.TestCase):\n    def test_size(self):\n        self.assertTrue(1 < cart().size < 3)\n        self.assertFalse(cart().size > 3)\n        self.assertTrue(cart().ok == True)\n',
    },
    {
      path: 'app/checks.py',
      text: 'class Checks:\n    def test_size(self):\n        self.assertTrue(self.size == 3)\n',
    },
  ],
  async find(file, context) {
    const { root } = await readPython(context);
    const ownEquality = /\bdef __(eq|ne)__\b/.test(wholeText(root));
    const found = (await readTests(context))
      .filter(({ name }) => !ABOUT_OPERATORS.test(name.replace(/^test_?/, '_')))
      .flatMap(({ calls }) => calls)
      .flatMap((call): Match[] => {
        const edits = ownEquality && /None/.test(call.node.text()) ? null : mended(call, file.text);
        if (!edits) return [];
        return [{ ...span(call.node), message: 'When this fails, it shows neither of the values.', edits }];
      });
    return found.length > HABIT ? [] : found;
  },
});

function mended({ node, callee, positional, splat }: Call, text: string): TextEdit[] | null {
  const method = callee.is('attribute') ? callee.field('attribute') : null;
  const name = method?.text() ?? '';
  const [first, second] = positional;
  if (!method || callee.field('object')?.text() !== 'self' || !first || splat || node.text().includes('#')) return null;
  if (!enclosing(node, ['class_definition'])) return null;
  const rename = (to: string): TextEdit => ({ ...span(method), text: to });
  if (/^assert(Not)?Equal$/.test(name)) {
    const none = [first, second].find((one) => one?.is('none'));
    const other = none === first ? second : first;
    if (!none || !other || other.is('none')) return null;
    const cut =
      none === first
        ? { start: span(none).start, end: span(other).start, text: '' }
        : { start: span(other).end, end: span(none).end, text: '' };
    return [rename(name === 'assertEqual' ? 'assertIsNone' : 'assertIsNotNone'), cut];
  }
  if (!/^assert(True|False)$/.test(name)) return null;
  const truth = name === 'assertTrue';
  if (first.is('call')) return ofInstance(first, rename, truth);
  return first.is('comparison_operator') ? ofComparison(first, rename, truth, text) : null;
}

function ofInstance(call: Node, rename: (to: string) => TextEdit, truth: boolean): TextEdit[] | null {
  const list = call.field('arguments');
  const given = list?.namedChildren() ?? [];
  if (call.field('function')?.text() !== 'isinstance' || given.length !== 2 || !list) return null;
  const [from, to] = [span(call), span(list)];
  return [
    rename(truth ? 'assertIsInstance' : 'assertNotIsInstance'),
    { start: from.start, end: to.start + 1, text: '' },
    { start: to.end - 1, end: to.end, text: '' },
  ];
}

function ofComparison(
  comparison: Node,
  rename: (to: string) => TextEdit,
  truth: boolean,
  text: string,
): TextEdit[] | null {
  const [left, right, ...others] = comparison.namedChildren();
  if (!left || !right || others.length > 0 || [left, right].some((one) => one.is('true') || one.is('false')))
    return null;
  const gap = { start: span(left).end, end: span(right).start };
  const operator = text.slice(gap.start, gap.end).trim().replace(/\s+/g, ' ');
  const to = OPERATORS[operator]?.[truth ? 0 : 1];
  if (!to || text.slice(gap.start, gap.end).includes('\n') || left.is('none')) return null;
  if (right.is('none')) {
    const word = /^assert(Equal|Is)$/.test(to) ? 'assertIsNone' : /^assert/.test(to) ? 'assertIsNotNone' : '';
    return /^assert(Not)?Equal$|^assertIs(Not)?$/.test(to)
      ? [rename(word), { start: gap.start, end: span(right).end, text: '' }]
      : null;
  }
  return [rename(to), { ...gap, text: ', ' }];
}

export const looseRules: readonly RuleImpl[] = [looseAssertion];
