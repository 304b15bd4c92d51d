/** Programs and recorded answers as the model, and what the configuration lacks. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import { type ModelConfig, openModel } from '../../src/llm/index.ts';
import { digestOf } from '../../src/llm/replay.ts';
import { temporaryDirectory } from '../support/repository.ts';
import { askOptions, config } from './support.ts';

const test = suite('llm/providers');
const messages = [{ role: 'user' as const, text: 'hello' }];

async function ask(changes: Partial<ModelConfig>, env: Record<string, string> = {}) {
  const options = askOptions({ ...config, ...changes }, { PATH: process.env['PATH'] ?? '', ...env });
  const model = await openModel(options);
  assert.ok(model);
  return model.ask({ messages });
}

async function refusal(asked: Promise<unknown>): Promise<AmbientError> {
  const error = await asked.then(
    () => new Error('it answered'),
    (reason: unknown) => reason,
  );
  assert.instance(error, AmbientError, String(error));
  return error as AmbientError;
}

function program(text: string): string {
  const path = join(temporaryDirectory(), 'model.mjs');
  writeFileSync(path, text);
  return `${process.execPath} ${path}`;
}
const READ =
  "let input = ''; for await (const chunk of process.stdin) input += chunk; const asked = JSON.parse(input);\n";

test('a program gets the request and answers', async () => {
  const command = program(
    `${READ}console.log(JSON.stringify({ text: asked.messages[0].content + ' ' + asked.model }));`,
  );
  assert.is((await ask({ provider: 'exec', command })).text, 'hello small');
  const plain = program(`${READ}process.stdout.write('plain');`);
  assert.is((await ask({ provider: 'exec', command: plain })).text, 'plain');
});

test('a program sees the key that is named and nothing else of the environment', async () => {
  const command = program(`${READ}console.log(Object.keys(process.env).sort().join());`);
  const env = { HOME: '/h', LANG: 'C', AMBIENT_API_KEY: 'k', OTHER_SECRET: 's' };
  assert.is((await ask({ provider: 'exec', command }, env)).text.trim(), 'AMBIENT_API_KEY,HOME,LANG,PATH');
});

test('a program that fails, hangs, floods or is absent', async () => {
  const failing = await refusal(
    ask({ provider: 'exec', command: program("console.error('no model here'); process.exit(4);") }),
  );
  assert.is(failing.code, 'model-refused');
  assert.match(failing.message, 'no model here');
  const hanging = { provider: 'exec', command: program('setInterval(() => {}, 1000);'), timeout_seconds: 1 } as const;
  assert.is((await refusal(ask({ ...hanging, max_retries: 0 }))).code, 'model-timeout');
  const flood = program("process.stdout.write('x'.repeat(5 * 1024 * 1024));");
  assert.is((await refusal(ask({ provider: 'exec', command: flood }))).code, 'model-too-long');
  // Ended at its limit, long before its time is over, and not asked again.
  const endless = await refusal(ask({ provider: 'exec', command: 'yes x', timeout_seconds: 600 }));
  assert.equal([endless.code, endless.data['attempts']], ['model-too-long', 1]);
  assert.match(endless.message, 'yes printed more than 4 MiB');
  assert.is((await refusal(ask({ provider: 'exec', command: '/no/such/program' }))).code, 'model-refused');
});

test('a recorded answer is given to the same prompt only', async () => {
  const transcripts = join(temporaryDirectory(), 'answers');
  mkdirSync(transcripts);
  const name = `${digestOf({ messages }, config.model_id)}.json`;
  const replay = { provider: 'replay', transcripts } as const;
  assert.match((await refusal(ask(replay))).message, name);
  writeFileSync(join(transcripts, name), JSON.stringify({ text: 'recorded' }));
  assert.is((await ask(replay)).text, 'recorded');
  assert.is((await refusal(ask({ ...replay, model_id: 'another' }))).code, 'model-refused');
  writeFileSync(join(transcripts, name), '{"text": ');
  assert.is((await refusal(ask(replay))).code, 'model-refused');
});

test('what a provider answers is recorded for a replay, kept answers too; nothing is written to a relative folder', async () => {
  const transcripts = join(temporaryDirectory(), 'made', 'answers');
  const command = program("process.stdout.write('said once');");
  const first = await openModel(askOptions({ ...config, provider: 'exec', command, transcripts }));
  for (const _ of [1, 2]) {
    await first?.ask({ messages });
    assert.is((await ask({ provider: 'replay', transcripts })).text, 'said once');
    rmSync(transcripts, { recursive: true });
  }
  await ask({ provider: 'exec', command, transcripts: 'answers' });
  assert.not.ok(existsSync('answers'));
  writeFileSync(transcripts, 'a file');
  assert.is((await refusal(ask({ provider: 'exec', command, transcripts }))).code, 'answer-not-recorded');
});

test('what the configuration lacks is named', async () => {
  for (const [provider, key] of [
    ['exec', 'model.command'],
    ['replay', 'model.transcripts'],
  ] as const) {
    const error = await refusal(openModel(askOptions({ ...config, provider })));
    assert.is(error.code, 'model-not-configured');
    assert.match(error.message, key);
  }
  assert.is(await openModel(askOptions({ ...config, provider: 'none' })), null);
});

test.run();
