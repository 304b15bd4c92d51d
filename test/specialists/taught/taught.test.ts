/** What small commits teach: a labelled corpus, and what must hold of every lesson. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isFixMessage, learn } from '../../../src/specialists/taught/index.ts';
import { applyAll } from '../../../src/specialists/taught/learn.ts';
import { siblingsIn } from '../../../src/specialists/taught/siblings.ts';
import type { Lesson } from '../../../src/specialists/taught/types.ts';
import { corpus, silent } from './corpus.ts';

const test = suite('specialists/taught');

async function lessonOf(path: string, before: string, after: string): Promise<Lesson> {
  const learned = await learn([{ path, before, after }]);
  assert.ok(learned.ok, `${path}: ${learned.ok ? '' : learned.reason}`);
  // It is kept as JSON.
  return JSON.parse(JSON.stringify(learned.lesson)) as Lesson;
}

async function applied(lesson: Lesson, path: string, text: string): Promise<string> {
  const found = await siblingsIn(lesson, path, text);
  return applyAll(
    text,
    found.flatMap(({ edits }) => edits),
  );
}

for (const { name, path, before, after, siblings, others } of corpus)
  test(name, async () => {
    const lesson = await lessonOf(path, before, after);
    assert.is(await applied(lesson, path, before), after, 'the place that taught it');
    assert.is(await applied(lesson, path, after), after, 'what is mended stays');
    for (const one of siblings) assert.is(await applied(lesson, one.path, one.text), one.gives);
    for (const one of others) assert.is(await applied(lesson, one.path, one.text), one.text);
  });

for (const { name, path, before, after } of silent)
  test(`nothing is learned from ${name}`, async () => {
    const learned = await learn([{ path, before, after }]);
    assert.is(learned.ok, false, JSON.stringify(learned));
  });

test('a function that the new code calls is not made to call itself', async () => {
  const text = (line: string) =>
    `import re\n\n\ndef match(value):\n    return re.search("a b", value.out)\n\n\ndef other(value):\n    ${line}\n`;
  const old = text('return re.search("a b", value.out)');
  const learned = await learn([{ path: 'a.py', before: old, after: text('return match(value.out)') }]);
  if (learned.ok) assert.is(await applied(learned.lesson, 'a.py', old), text('return match(value.out)'));
});

test('at least 25 lessons in three languages', () => {
  assert.ok(corpus.length >= 25, String(corpus.length));
});

test('a message says that something was wrong, or it does not', () => {
  const yes = ['Fix crash on empty input', 'fix(api): x', 'Use safe_load instead of load', 'Avoid the deprecated call'];
  const no = ['feat: a new page', 'Bump requests', 'refactor: error handling', 'Merge branch fix', 'Rename x'];
  for (const one of yes) assert.is(isFixMessage(one), true, one);
  for (const one of no) assert.is(isFixMessage(one), false, one);
});

/** Arguments of every kind, with layout that people write. */
const argument = fc.oneof(
  fc.constantFrom(
    'a',
    'a.b',
    'a[0]',
    'f(a)',
    '"x y"',
    "'it'",
    '[1, 2]',
    'a + b',
    '(a)',
    'a if b else c',
    'lambda: a',
    '*a',
  ),
  fc.constantFrom('"yaml.load(x)"', 'yaml.load(a)', 'a  # yaml.load(a)\n', '"""yaml.load(a)"""', 'f"{yaml.load(a)}"'),
);
const blank = fc.constantFrom('', ' ', '\n        ');

test('properties: edits are exact, touch nothing but code, and what was mended once stays as it is', async () => {
  const lesson = await lessonOf(
    'a.py',
    'import yaml\n\n\ndef f(x):\n    return yaml.load(x)\n',
    'import yaml\n\n\ndef f(x):\n    return yaml.safe_load(x)\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(argument, blank, blank), { maxLength: 5 }), async (calls) => {
      const lines = calls.map(([text, one, other], at) => `v${at} = [yaml.load(${one}${text}${other})]`);
      const text = `import yaml\n\n# yaml.load(a)\n${lines.join('\n')}\ndocs = "yaml.load(a)"\n`;
      const found = await siblingsIn(lesson, 'b.py', text);
      for (const { start, edits } of found) {
        assert.is(text.slice(start, start + 10), 'yaml.load(');
        const lineStart = text.lastIndexOf('\n', start) + 1;
        assert.not.match(text.slice(lineStart, start), /#|"|'/, 'in a comment or a string');
        for (const edit of edits) assert.is(text.slice(edit.start - 5, edit.end), 'yaml.');
      }
      const once = applyAll(
        text,
        found.flatMap(({ edits }) => edits),
      );
      assert.is(once.replaceAll('safe_load', 'load'), text, 'nothing but the name');
      assert.is(await applied(lesson, 'b.py', once), once);
    }),
    { numRuns: 60 },
  );
});

test('properties: what is learned from a replaced call turns the old text into the new one, whatever stands around it', async () => {
  const simple = fc.constantFrom('a', 'a.b', 'f(a)', '"some words"', 'a + b', 'x[1]', 'self.a');
  await fc.assert(
    fc.asyncProperty(fc.array(simple, { minLength: 1, maxLength: 3 }), fc.nat(2), async (args, kind) => {
      const call = (name: string, more: string[] = []) => `lib.${name}(${[...args, ...more].join(', ')})`;
      const after = [call('fresh'), call('old', ['safe=True']), `other.fresh(${args.toReversed().join(', ')})`][kind];
      const text = (line: string) =>
        `import lib, other\n\n\ndef g(self, a, b, x):\n    y = 1\n    return [${line}, y]\n`;
      const learned = await learn([{ path: 'a.py', before: text(call('old')), after: text(after ?? '') }]);
      if (!learned.ok) return;
      assert.is(await applied(learned.lesson, 'a.py', text(call('old'))), text(after ?? ''));
    }),
    { numRuns: 60 },
  );
});

test.run();
