/** The fault table: what a server may do, over real HTTP, and what comes of it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import { askJson, type ModelConfig, openModel } from '../../src/llm/index.ts';
import { type Behaviour, type ChatServer, says, startServer, streams, whole } from './server.ts';
import { askOptions, config, memoryCache } from './support.ts';

const test = suite('llm/endpoint');

async function withServer(behaviours: Behaviour[], use: (server: ChatServer) => Promise<void>): Promise<void> {
  const server = await startServer(...behaviours);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

async function opened(server: ChatServer, changes: Partial<ModelConfig> = {}, env: Record<string, string> = {}) {
  const model = await openModel(askOptions({ ...config, base_url: server.url, ...changes }, env));
  assert.ok(model);
  return model;
}

async function refusal(asked: Promise<unknown>): Promise<AmbientError> {
  try {
    await asked;
  } catch (error) {
    assert.instance(error, AmbientError, String(error));
    return error as AmbientError;
  }
  throw new Error('it answered');
}

const hello = { messages: [{ role: 'user' as const, text: 'hello' }] };

test('streams, counts what the server counts, and keeps the answer', () =>
  withServer([streams('hello there', { usage: { prompt_tokens: 5, completion_tokens: 2 } })], async (server) => {
    const model = await opened(server);
    let seen = 0;
    const answer = await model.ask({ ...hello, progress: (characters) => (seen = characters) });
    assert.is(answer.text, 'hello there');
    assert.equal(answer.usage, { input: 5, output: 2, estimated: false });
    assert.is(seen, 11);
    assert.is((await model.ask(hello)).kept, true);
    assert.is(server.received.length, 1);
    assert.equal(model.spent(), { calls: 1, kept: 1, tokens: 7, usd: 0 });
  }));

test('a server that does not stream is read in one piece', () =>
  withServer([whole('all at once')], async (server) => {
    assert.is((await (await opened(server)).ask(hello)).text, 'all at once');
  }));

test('sends no key but the one that is named, and nothing about this machine', () =>
  withServer([streams('x')], async (server) => {
    const before = process.env['OPENAI_API_KEY'];
    process.env['OPENAI_API_KEY'] = 'sk-of-another-program';
    try {
      await (await opened(server, { api_key_env: 'MY_KEY' }, { MY_KEY: 'mine' })).ask(hello);
      await (await opened(server)).ask({ messages: [{ role: 'user', text: 'again' }] });
    } finally {
      if (before === undefined) delete process.env['OPENAI_API_KEY'];
      else process.env['OPENAI_API_KEY'] = before;
    }
    const [named, none] = server.received;
    assert.is(named?.headers['authorization'], 'Bearer mine');
    assert.is(none?.headers['authorization'], undefined);
    const told = server.received.flatMap(({ headers }) =>
      Object.keys(headers).filter((name) => /stainless|openai-/.test(name)),
    );
    assert.equal(told, []);
  }));

test('a credential in a message does not leave', () =>
  withServer([streams('x')], async (server) => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    await (await opened(server)).ask({ messages: [{ role: 'user', text: `token = "${secret}"` }] });
    assert.not.match(server.received[0]?.bytes ?? '', secret);
    assert.match(server.received[0]?.bytes ?? '', /\*\*\*/);
  }));

for (const status of [429, 500, 502, 503, 529])
  test(`${status} is tried again`, () =>
    withServer([says(status, 'busy'), says(status, 'busy'), streams('at last')], async (server) => {
      const answer = await (await opened(server)).ask(hello);
      assert.is(answer.text, 'at last');
      assert.is(answer.attempts, 3);
    }));

for (const status of [400, 401, 403, 404, 413, 422])
  test(`${status} is told at once`, () =>
    withServer([says(status, 'no such model')], async (server) => {
      const error = await refusal((await opened(server)).ask(hello));
      assert.is(error.code, 'model-refused');
      assert.match(error.message, 'no such model');
      assert.match(error.hint ?? '', 'model.model_id');
      assert.is(server.received.length, 1);
    }));

test('Retry-After that is too long is an error, not a wait', () =>
  withServer([says(429, 'tomorrow', { 'retry-after': '86400' })], async (server) => {
    const error = await refusal((await opened(server)).ask(hello));
    assert.is(error.code, 'model-overloaded');
    assert.is(server.received.length, 1);
  }));

test('gives up after max_retries', () =>
  withServer([says(500, 'broken')], async (server) => {
    const error = await refusal((await opened(server, { max_retries: 2 })).ask(hello));
    assert.is(error.code, 'model-unreachable');
    assert.match(error.message, '3 attempts');
    assert.is(server.received.length, 3);
  }));

test('a cut stream is tried again, and never taken for an answer', () =>
  withServer([streams('half an ans', { finish: null }), streams('whole')], async (server) => {
    assert.is((await (await opened(server)).ask(hello)).text, 'whole');
    const always = await startServer(streams('half', { finish: null }));
    try {
      const error = await refusal((await opened(always, { max_retries: 1 })).ask(hello));
      assert.is(error.code, 'model-broke-off');
    } finally {
      await always.close();
    }
  }));

test('an endless answer is ended', () =>
  withServer([streams('x'.repeat(3 * 1024 * 1024), { piece: 65536 })], async (server) => {
    const error = await refusal((await opened(server)).ask(hello));
    assert.is(error.code, 'model-too-long');
    assert.is(server.received.length, 1);
  }));

test('a server that never ends runs into the timeout', () =>
  withServer(
    [(response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()],
    async (server) => {
      const error = await refusal((await opened(server, { timeout_seconds: 0.2, max_retries: 1 })).ask(hello));
      assert.is(error.code, 'model-timeout');
      assert.is(server.received.length, 2);
    },
  ));

test('nobody listens', async () => {
  const server = await startServer(streams('x'));
  await server.close();
  const error = await refusal((await opened(server, { max_retries: 1 })).ask(hello));
  assert.is(error.code, 'model-unreachable');
  assert.match(error.hint ?? '', 'model.base_url');
});

test('a redirect is not followed: the prompt goes to the configured address or nowhere', () =>
  withServer([streams('stolen')], async (thief) => {
    await withServer(
      [(response) => response.writeHead(307, { location: `${thief.url}/chat/completions` }).end()],
      async (server) => {
        await refusal((await opened(server, { max_retries: 0 })).ask(hello));
        assert.is(thief.received.length, 0);
      },
    );
  }));

test('Ctrl-C ends a call that waits', () =>
  withServer([() => {}], async (server) => {
    const stop = new AbortController();
    const asked = (await opened(server)).ask({ ...hello, signal: stop.signal });
    stop.abort();
    assert.is((await refusal(asked)).code, 'aborted');
  }));

test('an endpoint without JSON Schema is asked again without it, once for all', () =>
  withServer(
    [
      says(400, 'response_format json_schema is not supported'),
      says(400, "'response_format' unknown"),
      streams('{"a": 1}'),
    ],
    async (server) => {
      const model = await opened(server);
      assert.equal(await askJson(model, { ...hello, shape: SHAPE }), { a: 1 });
      assert.equal(await askJson(model, { messages: [{ role: 'user', text: 'two' }], shape: SHAPE }), { a: 1 });
      const formats = server.received.map(
        ({ body }) => (body['response_format'] as { type: string } | undefined)?.type,
      );
      assert.equal(formats, ['json_schema', 'json_object', undefined, undefined]);
    },
  ));

const SHAPE = {
  name: 'answer',
  schema: { type: 'object', required: ['a'], properties: { a: { type: 'number' } } },
  check: (value: unknown) => (typeof (value as { a?: unknown }).a === 'number' ? [] : ['"a" must be a number']),
};

test('a bad answer is sent back once with what is wrong', () =>
  withServer([streams('{"a": "one"}'), streams('Sure!\n```json\n{"a": 1,}\n```')], async (server) => {
    assert.equal(await askJson(await opened(server), { ...hello, shape: SHAPE }), { a: 1 });
    assert.match(server.received[1]?.bytes ?? '', 'must be a number');
  }));

for (const [name, text] of [
  ['nothing', ''],
  ['prose', 'I cannot help with that.'],
  ['half of it', '{"a": '],
  ['the wrong type', '{"a": null}'],
] as const)
  test(`twice ${name} is an error with the reason`, () =>
    withServer([streams(text)], async (server) => {
      const error = await refusal(askJson(await opened(server), { ...hello, shape: SHAPE }));
      assert.is(error.code, 'model-bad-answer');
      assert.is(server.received.length, 2);
    }));

test('a budget stops before the call that would pass it, also with many at once', () =>
  withServer([streams('x', { usage: { prompt_tokens: 10, completion_tokens: 10 } })], async (server) => {
    const model = await opened(server, { max_tokens_per_cycle: 250 });
    const asked = Array.from({ length: 8 }, (_, at) =>
      model.ask({ messages: [{ role: 'user', text: `question ${at}` }], maxTokens: 100 }),
    );
    const settled = await Promise.allSettled(asked);
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as AmbientError] : []));
    assert.ok(refused.length > 0);
    assert.ok(refused.every(({ code }) => code === 'budget-spent'));
    assert.match(refused[0]?.message ?? '', 'model.max_tokens_per_cycle is 250');
    assert.ok(model.spent().tokens <= 250);
    assert.is(server.received.length + refused.length, 8);
  }));

test('money is a budget of its own', () =>
  withServer([streams('x')], async (server) => {
    const prices = { max_usd_per_cycle: 0.001, usd_per_million_input: 1, usd_per_million_output: 10 };
    const error = await refusal((await opened(server, prices)).ask(hello));
    assert.match(error.message, 'model.max_usd_per_cycle is 0.001');
    assert.is(server.received.length, 0);
  }));

test('no more calls at once than max_concurrency', async () => {
  let open = 0;
  let most = 0;
  const slow: Behaviour = (response, received) => {
    open += 1;
    most = Math.max(most, open);
    setImmediate(() => {
      open -= 1;
      streams('x')(response, received);
    });
  };
  await withServer([slow], async (server) => {
    const model = await opened(server, { max_concurrency: 2 });
    await Promise.all(Array.from({ length: 9 }, (_, at) => model.ask({ messages: [{ role: 'user', text: `${at}` }] })));
    assert.is(server.received.length, 9);
    assert.ok(most <= 2, String(most));
  });
});

test('a cut-off answer is not kept', () =>
  withServer([streams('{"a": 1', { finish: 'length' }), streams('{"a": 1}')], async (server) => {
    const cache = memoryCache();
    const model = await openModel({ ...askOptions({ ...config, base_url: server.url }), cache });
    assert.is((await model?.ask(hello))?.cut, true);
    assert.is((await model?.ask(hello))?.text, '{"a": 1}');
  }));

test.run();
