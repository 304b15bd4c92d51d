/** JSON in what models write. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findJson } from '../../src/llm/index.ts';

const test = suite('llm/find-json');

const FOUND: ReadonlyArray<[string, string, unknown]> = [
  ['plain', '{"a": [1, 2]}', { a: [1, 2] }],
  ['an array', ' [ {"a": 1} ] ', [{ a: 1 }]],
  ['fenced', 'Here you are:\n```json\n{"a": 1}\n```\nDone.', { a: 1 }],
  ['fenced without a word', '```\n{"a": 1}\n```', { a: 1 }],
  ['in prose', 'The answer is {"a": "}{"} as you asked.', { a: '}{' }],
  ['an example and the answer', 'Form: `{"a": 0}`.\n```json\n{"a": 1, "b": [2, 3]}\n```', { a: 1, b: [2, 3] }],
  ['after thoughts', '<think>maybe {"a": 0}?</think>\n{"a": 1}', { a: 1 }],
  ['trailing commas', '{"a": [1, 2,], "b": ",}",}', { a: [1, 2], b: ',}' }],
  ['a fence inside a string', '{"diff": "```\\n-a\\n+b\\n```"}', { diff: '```\n-a\n+b\n```' }],
];
for (const [name, text, value] of FOUND)
  test(`found: ${name}`, () => assert.equal(findJson(text), { ok: true, value }));

for (const [name, text, reason] of [
  ['nothing', '', 'empty'],
  ['only thoughts', '<think>{"a": 1}</think>', 'empty'],
  ['prose', 'I would rather not.', 'no JSON'],
  ['cut off', '{"a": [1, 2', 'cut off'],
  ['single quotes', "{'a': 1}", 'not valid'],
  ['a bare number', '42', 'no JSON'],
] as const)
  test(`none: ${name}`, () => {
    const found = findJson(text);
    assert.is(found.ok, false);
    if (!found.ok) assert.match(found.reason, reason);
  });

test('any JSON object is found again, whatever stands around it', () => {
  const prose = fc.string().map((text) => text.replace(/[[\]{}`"<>]/g, ' '));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), prose, prose, (value, before, after) => {
      const text = JSON.stringify(value);
      assert.equal(findJson(`${before}\n${text}\n${after}`), { ok: true, value: JSON.parse(text) });
    }),
  );
});

test('never throws, and stays quick on brackets', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => typeof findJson(text).ok === 'boolean'));
  assert.is(findJson('{'.repeat(200_000)).ok, false);
  assert.is(findJson('[{"a":'.repeat(50_000)).ok, false);
});

test.run();
