/**
 * The five stories with a model: over HTTP first, recorded; then the recorded answers alone, in the same repository as it
 * was before. What both propose is the same, and lands.
 */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { startServer } from '../../llm/server.ts';
import { temporaryDirectory } from '../../support/repository.ts';
import { modelWith, SPECIALISTS } from './answers.ts';
import { commitAsPerson, diaryOf, type Language, openShop, type Row, type Shop, stories, textOf } from './shop.ts';

interface Cycle {
  proposals: string[];
  missing: string[];
  suppressed: Array<{ rule: string; path: string; reason: string }>;
  spent: { calls: number; tokens: number };
}

export async function tellWithModel(language: Language): Promise<void> {
  const { base, meant, fixes } = stories[language];
  const server = await startServer(modelWith(fixes, { ...base, ...meant }));
  const shop = openShop(language);
  const transcripts = join(temporaryDirectory(), 'answers');
  const settings = `  model_id: reader\n  transcripts: ${transcripts}\n`;
  try {
    shop.configure(`model:\n  provider: openai-compatible\n  base_url: ${server.url}\n${settings}`);
    await shop.ambient('init', '--no-hook');
    commitAsPerson(shop, meant);
    const told = await cycleOf(shop);
    const rows = await proposed(shop, told);
    // Five, the five again when they saw the others, and one whose fix the tests refused.
    assert.is(told.spent.calls, 11);
    assert.is(told.spent.tokens, 11 * 1100);
    assert.is(server.received.length, 11);
    for (const { body } of server.received) assert.is(body['stream'], true);
    const repair = server.received.filter(({ bytes }) => bytes.includes('judged and failed'));
    assert.equal(
      repair.map(({ bytes }) => /You are (\w+)/.exec(bytes)?.[1]),
      ['RefactorArchitect'],
    );
    assert.match(diaryOf(shop), /"model":\{"calls":11,"kept":0,"tokens":12100,/);

    await shop.ambient('uninstall', '--purge');
    shop.configure(`model:\n  provider: replay\n${settings}`);
    await shop.ambient('init', '--no-hook');
    const replayed = await cycleOf(shop);
    const again = await proposed(shop, replayed);
    assert.is(server.received.length, 11, 'nobody is asked over HTTP');
    assert.equal(filesOf(again), filesOf(rows));
    await landed(shop, language, again);
  } finally {
    await server.close();
    shop.close();
  }
}

const filesOf = (rows: readonly Row[]) => Object.fromEntries(rows.map(({ rule, files }) => [rule, files]));
const cycleOf = async (shop: Shop) => (await shop.json<Cycle[]>('run', '--since', 'HEAD~1'))[0] as Cycle;

/** One proposal of each specialist, each with tests behind it, each naming its prompt. */
async function proposed(shop: Shop, cycle: Cycle): Promise<Row[]> {
  const rows = await shop.json<Row[]>('list');
  assert.equal(
    rows.map(({ rule }) => rule).sort(),
    SPECIALISTS.map((name) => `model/${name}`).sort(),
    JSON.stringify(cycle, null, 1),
  );
  for (const { evidence, status } of rows) assert.equal([evidence, status], ['tests', 'validated']);
  assert.equal(cycle.missing, []);
  return rows;
}

async function landed(shop: Shop, language: Language, rows: readonly Row[]): Promise<void> {
  const fast = rows.find(({ rule }) => rule === 'model/PerformanceOptimizer');
  assert.match(await shop.ambient('show', fast?.id ?? ''), /Performance: [\d.]+ times as fast/);
  // What was measured is not measured again when it lands first.
  await shop.mergeAll([...rows].sort((a, b) => Number(b === fast) - Number(a === fast)));
  const messages = shop.repo.git('log', '-5', '--format=%B');
  assert.is(messages.match(/^Ambient-Prompt: [0-9a-f]{40}$/gm)?.length, 5, messages);
  for (const { title, path, to } of Object.values(stories[language].fixes)) {
    assert.match(messages, title);
    assert.ok(textOf(shop, path).includes(to), path);
  }
}
