/** The five stories without a model: the hook or a person wakes the crew, and what it proposes lands. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { pause } from '../../support/through-git.ts';
import { commitAsPerson, type Language, openShop, type Row, type Shop, stories, textOf } from './shop.ts';

/** Who proposes what, where, and with which evidence; then a piece of what lands. */
type Told = Record<string, { rule: string; evidence: string; path: string; lands: RegExp }>;

export async function tellEmbedded(language: Language, woken: 'by the hook' | 'by hand', told: Told): Promise<void> {
  const shop = openShop(language);
  try {
    await shop.ambient('init', ...(woken === 'by hand' ? ['--no-hook'] : []));
    commitAsPerson(shop, stories[language].defects);
    if (woken === 'by hand') await shop.ambient('run');
    else await settled(shop);
    const rows = await shop.json<Row[]>('list');
    assert.equal(
      Object.fromEntries(rows.map(({ rule, evidence, files }) => [rule, [evidence, ...files]])),
      Object.fromEntries(Object.values(told).map(({ rule, evidence, path }) => [rule, [evidence, path]])),
    );
    const fast = rows.find(({ rule }) => rule === told['PerformanceOptimizer']?.rule);
    assert.match(await shop.ambient('show', fast?.id ?? ''), /Performance: [\d.]+ times as fast/);
    // Each merge would wake the crew as any commit does; the cycle at the end looks at all of them at once.
    shop.repo.git('config', 'core.hooksPath', '/dev/null');
    // What was measured is not measured again when it lands first.
    await shop.mergeAll([...rows].sort((a, b) => Number(b === fast) - Number(a === fast)));
    for (const { path, lands } of Object.values(told)) assert.match(textOf(shop, path), lands);
    // Everything has landed, and what has landed is the beginning of nothing. Once is enough: it costs a whole cycle.
    if (woken === 'by hand') return;
    await shop.ambient('run', '--since', `HEAD~${rows.length + 1}`);
    assert.equal(await shop.json<Row[]>('list'), []);
  } finally {
    shop.close();
  }
}

/** The hook has returned long ago; what it woke has proposed something and is gone. */
async function settled({ repo }: Shop, seconds = 120): Promise<void> {
  const own = join(repo.dir, '.git/ambient');
  const proposals = join(repo.dir, '.git/refs/ambient/proposals');
  const isBusy = () => ['wake', 'lock'].some((name) => existsSync(join(own, name)));
  const isDone = () => !isBusy() && existsSync(proposals) && readdirSync(proposals).length > 0;
  for (const until = Date.now() + seconds * 1000; !isDone(); await pause(50))
    assert.ok(Date.now() < until, 'the crew did not finish');
}
