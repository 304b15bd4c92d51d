/** The five stories without a model: the hook wakes the crew, and what it proposes lands. */
import * as assert from 'uvu/assert';
import { waitForCrew } from '../../support/cli.ts';
import { commitAsPerson, type Language, openShop, type Row, type Shop, stories, textOf } from './shop.ts';

/** Who proposes what, where, and with which evidence; then a piece of what lands. */
type Told = Record<string, { rule: string; evidence: string; path: string; lands: RegExp }>;

export async function tellEmbedded(language: Language, told: Told): Promise<void> {
  const shop = openShop(language);
  try {
    await shop.ambient('init');
    commitAsPerson(shop, stories[language].defects);
    waitForCrew(shop.repo);
    const rows = await shop.json<Row[]>('list');
    assert.equal(
      Object.fromEntries(rows.map(({ rule, evidence, files }) => [rule, [evidence, ...files]])),
      Object.fromEntries(Object.values(told).map(({ rule, evidence, path }) => [rule, [evidence, path]])),
    );
    const fast = rows.find(({ rule }) => rule === told['PerformanceOptimizer']?.rule);
    assert.match(await shop.ambient('show', fast?.id ?? ''), /Performance: [\d.]+ times as fast/);
    // A commit of a proposal wakes nobody twice: from here on the hook is not wanted.
    await shop.ambient('uninstall');
    await shop.ambient('init', '--no-hook');
    // What was measured is not measured again when it lands first.
    await shop.mergeAll([...rows].sort((a, b) => Number(b === fast) - Number(a === fast)));
    for (const { path, lands } of Object.values(told)) assert.match(textOf(shop, path), lands);
    await staysQuiet(shop, rows);
  } finally {
    shop.close();
  }
}

/** The same once more: everything has landed. */
async function staysQuiet(shop: Shop, rows: readonly Row[]): Promise<void> {
  await shop.ambient('run', '--since', `HEAD~${rows.length + 1}`);
  assert.equal(await shop.json<Row[]>('list'), []);
}
