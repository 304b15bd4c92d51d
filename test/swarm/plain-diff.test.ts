/** Answers that are diffs and no JSON. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askJson } from '../../src/llm/index.ts';
import { proposalsShape, readProposals } from '../../src/swarm/propose/answer.ts';
import { fromPlainDiffs } from '../../src/swarm/propose/plain-diff.ts';

const test = suite('swarm/plain-diff');
const diff = (path: string) => `--- a/${path}\n+++ b/${path}\n@@ -1,1 +1,1 @@\n-x = {"a": 1}\n+x = {"b": [2]}\n`;
const read = (text: string) => readProposals(fromPlainDiffs(text));

test('fenced, with prose: a title and a reason', () => {
  assert.equal(
    read(`## Check the owner.\n\nAnybody could cancel.\n\n\`\`\`diff\n${diff('a.py')}\`\`\`\nThat is all.\n`),
    [{ title: 'Check the owner', rationale: 'Anybody could cancel.', diff: diff('a.py') }],
  );
});

test('bare, and after thoughts', () => {
  for (const before of ['', '<think>\n--- a/x\n+++ b/x\n</think>\n'])
    assert.equal(read(`${before}${diff('a.py')}`), [{ title: 'Change a.py', rationale: '', diff: diff('a.py') }]);
});

test('several blocks are several proposals; a block without a diff belongs to what is said', () => {
  const text = `1. First:\n\`\`\`python\nx = 1\n\`\`\`\n\`\`\`diff\n${diff('a.py')}\`\`\`\n2. **Second**\n~~~\n${diff('b.py')}~~~\n`;
  assert.equal(
    read(text).map(({ title }) => title),
    ['First', 'Second'],
  );
});

test('brackets in a diff are no answer; an answer with diffs in it is', async () => {
  const asked = async (text: string) => {
    const reply = { text, usage: { input: 1, output: 1, estimated: true }, cut: false, kept: false, attempts: 1 };
    const model = { ask: async () => reply, spent: () => ({ calls: 1, kept: 0, tokens: 2, usd: 0 }) };
    return readProposals(await askJson(model, { messages: [], shape: proposalsShape })).map(({ title }) => title);
  };
  const typed = diff('a.ts').replaceAll('{"a": 1}', 'f(x: number[])');
  assert.equal(await asked(`Say it.\n${typed}`), ['Say it']);
  assert.equal(await asked(JSON.stringify([{ title: 'In JSON', diff: typed }])), ['In JSON']);
  assert.equal(await asked('[]'), []);
  // What a model of 270 million parameters answers.
  assert.equal(await asked('{ "proposals": [{"title": "...", "rationale": "...", "diff": "..."}]\n}'), []);
});

test('no diff: nothing, and the model is asked again', () => {
  for (const text of ['', 'The code is fine.', '--- \nrule\n--- \n', '{"proposals": 3}'])
    assert.is(proposalsShape.fromText?.(text), null, text);
});

test.run();
