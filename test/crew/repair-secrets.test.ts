/** What goes back to a model holds no secret: neither what it is shown of a file nor what is said of its own diff. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withCrew } from '../../src/crew/index.ts';
import { diffPlacer } from '../../src/crew/model-diff.ts';
import { readerOf } from '../../src/crew/model-view.ts';
import { listingOf } from '../../src/crew/sources.ts';
import { openModel } from '../../src/llm/index.ts';
import { answerOf, buildPack, proposeWithModel } from '../../src/swarm/index.ts';
import { startServer, streams } from '../llm/server.ts';
import { askOptions, config } from '../llm/support.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/repair-secrets');
const SECRET = 'hunter2Hunter2xx';
const SOURCE = `API_KEY = "${SECRET}"\n\n\ndef mean(prices):\n    return sum(prices) / len(prices)\n`;
/** As a model writes it that was shown `***`. */
const MASKED =
  '--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -1,5 +1,5 @@\n API_KEY = "***"\n \n \n-def mean(values, weights):\n-    return 0\n+def mean(prices, weights):\n+    return 1\n';

test('a repair is asked for without the secret that the file holds', async () => {
  const proposals = [{ title: 'Say it', rationale: 'r', diff: MASKED }];
  const server = await startServer(streams(JSON.stringify({ proposals })), streams('{"proposals": []}'));
  const repo = makeRepository({ files: { 'shop/cart.py': SOURCE } });
  try {
    await withCrew({ dir: repo.dir }, async (crew) => {
      const { tree } = await crew.repository.objects.commit(repo.git('rev-parse', 'HEAD'));
      const entries = await listingOf(crew, tree);
      const model = await openModel(askOptions({ ...config, base_url: server.url }));
      assert.ok(model);
      // A draft that failed its checks goes back as git shows it, with the true lines.
      const diff = `--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -1,3 +1,4 @@\n API_KEY = "${SECRET}"\n+OTHER = 1\n \n \n`;
      const pack = await buildPack({
        task: { specialist: 'RefactorArchitect', goal: 'g', findings: [] },
        ...{ entries, read: readerOf(crew, entries), changed: ['shop/cart.py'], diff },
        ...{ logs: `API_KEY = "${SECRET}"\n`, reached: [], conventions: [], budget: 8000 },
      });
      const { refused } = await proposeWithModel({
        ...{ model, pack, specialist: 'RefactorArchitect', prompt: 'You are RefactorArchitect', repairRounds: 1 },
        earlier: [answerOf([{ title: 't', rationale: 'r', diff }]), { role: 'user', text: 'It failed.' }],
        place: diffPlacer(crew, entries),
      });
      assert.equal(refused, []);
    });
    const sent = server.received.map(({ bytes }) => bytes);
    assert.is(sent.length, 2);
    assert.match(sent[1] ?? '', 'could not be used');
    assert.match(sent[1] ?? '', '***');
    for (const bytes of sent) assert.not.match(bytes, SECRET);
  } finally {
    await server.close();
    repo.remove();
  }
});

test.run();
