/** Rounds in which specialists see each other, with a model of a few lines: what is asked, when it ends, who keeps what. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import type { ChatRequest, Model } from '../../src/llm/index.ts';
import type { SpecialistName } from '../../src/records/index.ts';
import { type Participant, proposeWithModel, refine } from '../../src/swarm/index.ts';

const test = suite('swarm/refine');

const PACK = { text: 'the pack', tokens: 2, sections: [], mark: '=====0' };
type Answer = (request: ChatRequest) => unknown;

/** Answers with what `answer` gives, as JSON; an error is thrown. */
function modelOf(answer: Answer): Model & { asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  return {
    asked,
    spent: () => ({ calls: 0, kept: 0, tokens: 0, usd: 0 }),
    ask: async (request) => {
      asked.push(request);
      const value = answer(request);
      if (value instanceof Error) throw value;
      const usage = { input: 0, output: 0, estimated: true };
      return { text: JSON.stringify(value), usage, cut: false, kept: false, attempts: 1 };
    },
  };
}

const listOf = (...diffs: string[]) => ({
  proposals: diffs.map((diff) => ({ title: `title of ${diff}`, rationale: 'r', diff })),
});
const last = ({ messages }: ChatRequest) => messages.at(-1)?.text ?? '';

/** A diff is one word here: it stands in the file of that name; `bad…` cannot be placed. */
const place = async (diff: string) => {
  if (diff.startsWith('bad')) return { ok: false as const, reason: 'no such line' };
  const edit = { path: `${diff[0]}.py`, blob: 'b', start: 0, end: 1, text: diff };
  const touched = [{ path: edit.path, line: 1, endLine: 1, before: '', after: diff }];
  return { ok: true as const, edits: [edit], creates: [], touched };
};

async function proposed(model: Model, specialist: SpecialistName): Promise<Participant> {
  const options = { model, specialist, prompt: `You are ${specialist}`, pack: PACK, place, repairRounds: 1 };
  return { options, drafts: (await proposeWithModel(options)).drafts };
}

async function two(answer: Answer) {
  const model = modelOf((request) => {
    const isFirst = request.messages.length === 2;
    const isStyle = request.messages[0]?.text.includes('StyleEnforcer') === true;
    return isFirst ? listOf(isStyle ? 'beta' : 'alpha') : answer(request);
  });
  const names = ['SecurityGuardian', 'StyleEnforcer'] as const;
  const participants = await Promise.all(names.map((name) => proposed(model, name)));
  model.asked.length = 0;
  return { model, participants };
}

const textsOf = (participants: readonly Participant[]) =>
  participants.map(({ drafts }) => drafts.map(({ fix }) => fix.edits[0]?.text));

test('each sees what the other proposes, and a round without a change is the last', async () => {
  const { model, participants } = await two(() => ({ unchanged: true, proposals: [] }));
  const { rounds, participants: after, failed } = await refine(participants, [], 5);
  assert.equal([rounds, failed], [1, []]);
  assert.equal(textsOf(after), [['alpha'], ['beta']]);
  assert.is(model.asked.length, 2);
  assert.match(last(model.asked[0] as ChatRequest), 'StyleEnforcer: title of beta\nbeta');
  assert.match(last(model.asked[1] as ChatRequest), 'SecurityGuardian: title of alpha\nalpha');
});

test('only who sees something new is asked again', async () => {
  const { model, participants } = await two((request) =>
    last(request).includes('title of beta') ? listOf('alpha2') : { unchanged: true, proposals: [] },
  );
  const { rounds, participants: after } = await refine(participants, [], 5);
  assert.equal(textsOf(after), [['alpha2'], ['beta']]);
  assert.is(rounds, 2);
  assert.is(model.asked.length, 3, 'the first saw nothing new in the second round');
});

test('however much they change, there are no more rounds than allowed; none is none', async () => {
  let count = 0;
  const { model, participants } = await two(() => listOf(`a${count++}`));
  assert.is((await refine(participants, [], 3)).rounds, 3);
  assert.is(model.asked.length, 6);
  assert.is((await refine(participants, [], 0)).rounds, 0);
});

test('one may leave its own to the other', async () => {
  const { participants } = await two((request) =>
    last(request).includes('title of beta') ? listOf() : { unchanged: true, proposals: [] },
  );
  assert.equal(textsOf((await refine(participants, [], 2)).participants), [[], ['beta']]);
});

test('what cannot be placed stays as it was; who fails keeps what it had, and is named', async () => {
  const refusal = await two((request) => {
    const own = listOf('bad');
    for (const one of own.proposals) one.title = 'title of alpha';
    return last(request).includes('title of beta') || last(request).includes('no such line')
      ? own
      : { unchanged: true, proposals: [] };
  });
  assert.equal(textsOf((await refine(refusal.participants, [], 1)).participants), [['alpha'], ['beta']]);
  const broken = await two((request) =>
    last(request).includes('title of beta')
      ? new AmbientError('model-timeout', 'no answer in time', { kind: 'environment' })
      : { unchanged: true, proposals: [] },
  );
  const { participants, failed } = await refine(broken.participants, [], 3);
  assert.equal(textsOf(participants), [['alpha'], ['beta']]);
  assert.equal(
    failed.map(({ specialist, reason }) => [specialist, (reason as Error).message]),
    [['SecurityGuardian', 'no answer in time']],
  );
});

test('who is alone is not asked; a rule in the same file is company', async () => {
  const model = modelOf((request) =>
    request.messages.length === 2 ? listOf('alpha') : { unchanged: true, proposals: [] },
  );
  const one = await proposed(model, 'SecurityGuardian');
  model.asked.length = 0;
  assert.is((await refine([one], [], 2)).rounds, 0);
  const rule = {
    ...(one.drafts[0] as Participant['drafts'][number]).fix,
    rule: 'python/x',
    title: 'What the rule does',
  };
  const elsewhere = { ...rule, edits: [{ path: 'z.py', blob: 'b', start: 0, end: 1, text: '' }] };
  assert.is((await refine([one], [elsewhere], 2)).rounds, 0);
  assert.is((await refine([one], [rule], 2)).rounds, 1);
  assert.match(last(model.asked[0] as ChatRequest), 'What the rule does');
});

test('nothing that is said of risk, size, files or speed is taken', async () => {
  const claims = {
    risk_level: 'low',
    estimated_loc_change: 1,
    files_touched: ['x'],
    speedup: 40,
    severity: 'critical',
  };
  const model = modelOf(() => ({ proposals: listOf('alpha').proposals.map((one) => ({ ...one, ...claims })) }));
  const [draft] = (await proposed(model, 'PerformanceOptimizer')).drafts;
  assert.is(draft?.fix.severity, 'medium', 'of the specialist, not of the model');
  for (const key of Object.keys(claims))
    assert.not.match(
      JSON.stringify({ ...draft, severity: 0 }),
      `"${key}":${JSON.stringify(claims[key as keyof typeof claims])}`,
    );
});

test.run();
