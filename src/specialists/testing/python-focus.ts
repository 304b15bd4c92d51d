/** Python tests that hide others, or that are left out and nobody says why. Rule: a comment beside it is a reason. */
import { lineStart } from '../lines.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { FEW, inTests } from './python-tests.ts';

const FOCUS = /^@\s*pytest\.mark\.(only|focus|solo)(\(\s*\))?$/;

const focusedTest = inTests({
  id: 'python/focused-test',
  severity: 'medium',
  title: 'Run the other tests again',
  rationale:
    'A test that is marked to run alone is a help while one works on it; once committed, every other test is silently left out, and the run is green whatever they would say. Only the mark is removed; the test stays as it is. What the other tests say now is part of the verification.',
  fixable: true,
  trigger: /@\s*pytest\.mark\.(?:only|focus|solo)\b/,
  example: {
    path: 'tests/test_a.py',
    before:
      'import pytest\n\n\n@pytest.mark.only\ndef test_one():\n    assert pytest\n\n\ndef test_two():\n    assert 1 + 1 == 2\n',
    after: 'import pytest\n\n\ndef test_one():\n    assert pytest\n\n\ndef test_two():\n    assert 1 + 1 == 2\n',
  },
  lookAlikes: [
    { path: 'tests/test_b.py', text: 'import pytest\n\n\n@pytest.mark.slow\ndef test_one():\n    assert f()\n' },
    {
      path: 'tests/test_c.py',
      text: 'import pytest\n\n\n@pytest.mark.only_on("linux")\ndef test_one():\n    assert f()\n',
    },
    { path: 'app/plugin.py', text: 'import pytest\n\n\n@pytest.mark.only\ndef test_one():\n    assert f()\n' },
    { path: 'tests/test_d.py', text: 'TEXT = """\n@pytest.mark.only\n"""\n\n\ndef test_one():\n    assert TEXT\n' },
  ],
  async find(file, context) {
    const root = await context.tree();
    const marks = nodesOf(root, 'decorator').filter((node) => FOCUS.test(node.text().trim()));
    const uses = nodesOf(root, 'identifier').filter((node) => node.text() === 'pytest').length;
    // An import that nothing uses any more would be the next finding.
    const mends = uses > marks.length + 1;
    return marks.map((node): Match => {
      const { start, end } = span(node);
      const from = lineStart(file.text, start);
      const to = file.text.indexOf('\n', end) + 1;
      const alone = file.text.slice(from, start).trim() === '' && file.text.slice(end, to).trim() === '' && to > 0;
      const message = 'Only this test runs: the others are left out.';
      return { start, end, message, ...(mends && alone ? { edits: [{ start: from, end: to, text: '' }] } : {}) };
    });
  },
});

const BARE =
  /^@\s*(?:pytest\.mark\.(?:skip|xfail)(?:\(\s*\))?|unittest\.skip(?:\(\s*(?:""|'')?\s*\))?|unittest\.expectedFailure)$/;

const skipWithoutReason = inTests({
  id: 'python/skip-without-reason',
  severity: 'low',
  title: 'Say why the test is skipped',
  rationale:
    'A test that is skipped without a reason is never run again: nobody can tell whether it waits for a fix, for another platform, or for nothing at all. A reason in the mark stands in every report of a run; a comment beside it counts as one. Nothing is edited, for only its author knows it.',
  fixable: false,
  trigger: /@\s*(?:pytest\.mark\.(?:skip|xfail)|unittest\.(?:skip|expectedFailure))\b/,
  example: {
    path: 'tests/test_a.py',
    before: 'import pytest\n\n\n@pytest.mark.skip\ndef test_one():\n    assert load() == 1\n',
  },
  lookAlikes: [
    {
      path: 'tests/test_b.py',
      text: 'import pytest\n\n\n@pytest.mark.skip(reason="needs the network")\ndef test_one():\n    assert f()\n',
    },
    {
      path: 'tests/test_c.py',
      text: 'import pytest\n\n\n# Needs the network.\n@pytest.mark.skip\ndef test_one():\n    assert f()\n',
    },
    {
      path: 'tests/test_d.py',
      text: 'import pytest\n\n\n@pytest.mark.skip  # issue 12\ndef test_one():\n    assert f()\n',
    },
    {
      path: 'tests/test_e.py',
      text: 'import unittest\n\n\nclass ATest(unittest.TestCase):\n    @unittest.skip("later")\n    def test_one(self):\n        self.assertTrue(f())\n',
    },
    {
      path: 'tests/test_f.py',
      text: 'import pytest\n\n\n@pytest.mark.xfail(strict=True)\ndef test_one():\n    assert f()\n',
    },
    {
      path: 'tests/test_g.py',
      text: 'import pytest\n\n\n@pytest.mark.skip\ndef test_one():\n    # The server is gone.\n    assert f()\n',
    },
    {
      path: 'tests/test_h.py',
      text: 'import pytest\n\n\n@pytest.mark.skip\ndef test_one():\n    """Waits for the new server."""\n    assert f()\n',
    },
  ],
  async find(file, context) {
    const lines = file.text.split('\n');
    const bare = nodesOf(await context.tree(), 'decorator').filter(
      (node) => BARE.test(node.text().trim()) && !isExplained(node, lines),
    );
    return bare.slice(0, FEW).map((node): Match => {
      const fails = /xfail|expectedFailure/.test(node.text());
      const message = `The test is ${fails ? 'expected to fail' : 'skipped'}, and nothing says why.`;
      return { ...span(node), message };
    });
  },
});

/** A comment on the line or above it, at the head of what is skipped, or a docstring. */
function isExplained(decorator: Node, lines: readonly string[]): boolean {
  const { start } = decorator.range();
  const all = decorator.parent();
  const definition = all?.field('definition');
  const head = definition?.field('body')?.range().start.line ?? start.line;
  const first = all?.range().start.line ?? start.line;
  const near = lines.slice(Math.max(0, first - 1), head + 1);
  return near.some((line) => /#/.test(line) || /^\s*[rRbBuU]?("""|'''|"|')/.test(line));
}

export const focusRules: readonly RuleImpl[] = [focusedTest, skipWithoutReason];
