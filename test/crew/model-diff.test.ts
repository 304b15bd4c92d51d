/** The one edit that a model's diff becomes: whole lines, and applied it gives what the diff gave. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editBetween } from '../../src/crew/model-diff.ts';

const test = suite('crew/model-diff');

function applied(before: string, after: string): { text: string; start: number; end: number; result: string } {
  const bytes = Buffer.from(before);
  const { start, end, text } = editBetween('a.py', 'b', bytes, Buffer.from(after));
  const result = Buffer.concat([bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)]).toString();
  return { text, start, end, result };
}

test('lines that are added before the first one stand there', () => {
  const { start, end, text } = applied('def f():\n    pass\n', 'import os\ndef f():\n    pass\n');
  assert.equal([start, text.startsWith('import os\n')], [0, true]);
  assert.ok(end < 18);
});

test('applied, it gives what the diff gave, in whole lines', () => {
  const lines = fc.array(fc.constantFrom('', 'a', 'ab', 'é', '    b'), { maxLength: 6 }).map((list) => list.join('\n'));
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      fc.pre(before !== after);
      const { start, result } = applied(before, after);
      assert.is(result, after);
      assert.ok(start === 0 || Buffer.from(before)[start - 1] === 10, 'begins with a line');
    }),
  );
});

test.run();
