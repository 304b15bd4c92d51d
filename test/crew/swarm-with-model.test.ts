/**
 * Specialists with a model in one process: what fails goes back, what several propose is one proposal, what one does wrong
 * costs only itself. The model is a server that answers by what it is asked.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Crew, type CycleReport, proposals, run, statusOf, withCrew } from '../../src/crew/index.ts';
import { type Behaviour, type ChatServer, says, startServer, streams } from '../llm/server.ts';
import { ambient, hasSandbox } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { startGitAmbient } from '../support/through-git.ts';

const test = suite('crew/swarm-with-model');

const CART =
  'def total(prices):\n    result = 0\n    for price in prices:\n        result = result + price\n    return result\n\n\ndef mean(prices):\n    return total(prices) / len(prices)\n';
const TESTS =
  'import unittest\n\nfrom shop.cart import mean, total\n\n\nclass CartTest(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(total([1, 2]), 3)\n\n    def test_mean(self):\n        self.assertEqual(mean([1, 3]), 2)\n';
const head = '--- a/shop/cart.py\n+++ b/shop/cart.py\n';
const changed = (at: number, old: string[], fresh: string[]) =>
  `${head}@@ -${at},${old.length} +${at},${fresh.length} @@\n${[...old.map((line) => `-${line}`), ...fresh.map((line) => `+${line}`)].join('\n')}\n`;
const LOOP = ['    result = 0', '    for price in prices:', '        result = result + price', '    return result'];
const SUM = changed(2, LOOP, ['    return sum(prices)']);
const TYPED = changed(2, LOOP, ['    return sum(price for price in prices)']);
const MEAN = ['    return total(prices) / len(prices)'];
const BROKEN = changed(9, MEAN, ['    return total(prices)']);
const GOOD = changed(9, MEAN, ['    count = len(prices)', '    return total(prices) / count']);

const propose = (...diffs: string[]) =>
  streams(JSON.stringify({ proposals: diffs.map((diff) => ({ title: 'Say it in one line', rationale: 'r', diff })) }));
const nothing = propose();
const unchanged = streams('{"unchanged": true, "proposals": []}');
type Answers = Partial<Record<string, Behaviour>>;

/** First answers by specialist; what comes after by what is asked. */
function swarm(answers: Answers, later: { judged?: Behaviour; refined?: Behaviour } = {}): Behaviour {
  return (response, received) => {
    const { messages } = received.body as { messages: Array<{ content: string }> };
    const asked = messages.at(-1)?.content ?? '';
    const name = /You are (\w+)/.exec(messages[0]?.content ?? '')?.[1] ?? '';
    const behave = asked.includes('judged and failed')
      ? later.judged
      : asked.includes('what the others propose')
        ? (later.refined ?? unchanged)
        : answers[name];
    (behave ?? nothing)(response, received);
  };
}

async function withModel(
  behaviour: Behaviour,
  use: (
    repo: TestRepository,
    server: ChatServer,
    inCrew: <T>(work: (crew: Crew) => Promise<T>) => Promise<T>,
  ) => Promise<void>,
): Promise<void> {
  const server = await startServer(behaviour);
  const settings = `provider: openai-compatible\n  base_url: ${server.url}\n  max_retries: 0`;
  const repo = makeRepository({
    files: {
      '.ambient.yml': `agents:\n  enabled: [SecurityGuardian, RefactorArchitect, TestEnhancer]\nmodel:\n  ${settings}\n`,
      'shop/__init__.py': '',
      'tests/__init__.py': '',
      'tests/test_cart.py': TESTS,
    },
  });
  const environment = { ...process.env };
  Object.assign(process.env, repo.env);
  try {
    assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
    repo.commit('cart', { 'shop/cart.py': CART });
    // One for the whole story: its workers are kept.
    await withCrew({ dir: repo.dir }, (crew) => use(repo, server, (work) => work(crew)));
  } finally {
    for (const key of Object.keys(process.env)) if (!(key in environment)) delete process.env[key];
    Object.assign(process.env, environment);
    await server.close();
    repo.remove();
  }
}

const one = async (crew: Crew, request = {}): Promise<CycleReport> => (await run(crew, request))[0] as CycleReport;
const rows = async (crew: Crew) => (await proposals.list(crew)).rows;

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test('what fails its checks goes back with what they printed; the same fix by three is one; one that breaks costs itself', () =>
    withModel(
      swarm(
        { SecurityGuardian: propose(BROKEN), RefactorArchitect: propose(SUM), TestEnhancer: propose(SUM) },
        { judged: propose(GOOD) },
      ),
      async (_repo, server, inCrew) => {
        const report = await inCrew((crew) => one(crew));
        const list = await inCrew(rows);
        assert.equal(
          list.map(({ rule, also }) => [rule, also]).sort(),
          [
            ['model/RefactorArchitect', ['TestEnhancer']],
            ['model/SecurityGuardian', undefined],
          ],
          JSON.stringify(report, null, 1),
        );
        const repair = server.received.find(({ bytes }) => bytes.includes('judged and failed'));
        assert.match(repair?.bytes ?? '', 'AssertionError');
        assert.match(repair?.bytes ?? '', 'test_mean');
        const asked = server.received.length;
        const again = await inCrew((crew) => one(crew, { since: 'HEAD~1' }));
        assert.equal([again.proposals, await inCrew(rows).then((now) => now.length)], [[], 2]);
        assert.is(server.received.length, asked, 'the same questions are not asked again');
        // What a person turned down stays away, under every name that it had.
        for (const { id } of list) await inCrew((crew) => proposals.reject(crew, id, 'no'));
        const third = await inCrew((crew) => one(crew, { since: 'HEAD~1' }));
        assert.equal(third.proposals, []);
        assert.match(third.suppressed.map(({ reason }) => reason).join('\n'), 'rejected before');
        const shown = await inCrew((crew) => proposals.show(crew, list[0]?.id ?? ''));
        assert.match(shown.prompt ?? '', /^[0-9a-f]{40}$/);
      },
    ));

  test('the same lines for different reasons are alternatives; merging one supersedes the other', () =>
    withModel(
      swarm({ RefactorArchitect: propose(SUM), TestEnhancer: propose(TYPED) }),
      async (_repo, _server, inCrew) => {
        await inCrew((crew) => one(crew));
        const list = await inCrew(rows);
        assert.equal(list.map(({ rule }) => rule).sort(), ['model/RefactorArchitect', 'model/TestEnhancer']);
        const [first, second] = list;
        assert.equal([first?.alternatives, second?.alternatives], [[second?.id], [first?.id]]);
        await inCrew(async (crew) => {
          const { merge } = await import('../../src/crew/index.ts');
          assert.ok((await merge(crew, first?.id ?? '')).merged);
        });
        const closed = await inCrew((crew) => proposals.show(crew, second?.id ?? ''));
        assert.is(closed.status, 'superseded');
        assert.match(closed.decisions.at(-1)?.reason ?? '', `${first?.id} changes the same lines and was merged`);
      },
    ));

  test('what overlaps and can be put on top of the winner by git is judged and offered beside it', () => {
    const imported = (diff: string) =>
      diff.replace(head, `${head}@@ -1,1 +1,4 @@\n+import math\n+\n+\n def total(prices):\n`);
    const first = imported(GOOD.replace('total(prices) / count', 'math.fsum(prices) / count'));
    const second = imported(SUM.replace('sum(prices)', 'math.fsum(prices)'));
    return withModel(
      swarm({ SecurityGuardian: propose(first), RefactorArchitect: propose(second) }),
      async (_repo, _server, inCrew) => {
        const report = await inCrew((crew) => one(crew));
        const list = await inCrew(rows);
        assert.equal(
          list.map(({ rule }) => rule).sort(),
          ['model/RefactorArchitect', 'model/SecurityGuardian'],
          JSON.stringify(report, null, 1),
        );
        assert.equal(
          list.map(({ alternatives }) => alternatives),
          [undefined, undefined],
        );
      },
    );
  });

  test('killed after the verdict, and again after the repair: nobody is asked twice for the same', () =>
    withModel(swarm({ SecurityGuardian: propose(BROKEN) }, { judged: propose(GOOD) }), async (repo, server, inCrew) => {
      // started, diagnosed, placed, evaluated; then repaired
      for (const steps of ['4', '5']) {
        const env = { ...repo.env, AMBIENT_CRASH_AFTER: steps };
        // Behind git a signal is an exit code.
        assert.is((await startGitAmbient({ ...repo, env }, 'run').ended).code, 137, steps);
      }
      await inCrew((crew) => one(crew));
      assert.equal(
        (await inCrew(rows)).map(({ rule }) => rule),
        ['model/SecurityGuardian'],
      );
      assert.is(server.received.length, 4, 'three specialists, and one of them again');
    }));

  test('a specialist that fails in three cycles rests, is named, and costs the others nothing', () =>
    withModel(swarm({ SecurityGuardian: says(400, 'broken') }), async (repo, server, inCrew) => {
      for (let round = 0; round < 3; round++) {
        repo.commit(`round ${round}`, { 'shop/cart.py': `${CART}\n\nROUND = ${round}\n` });
        const { missing } = await inCrew((crew) => one(crew));
        assert.match(missing.join('\n'), 'SecurityGuardian with the model');
      }
      const guardian = () => server.received.filter(({ bytes }) => bytes.includes('You are SecurityGuardian')).length;
      const before = guardian();
      repo.commit('another', { 'shop/cart.py': `${CART}\n\nROUND = "last"\n` });
      const { missing } = await inCrew((crew) => one(crew));
      assert.match(missing.join('\n'), /SecurityGuardian with the model: rests until .*3 cycles in a row/);
      assert.is(guardian(), before);
      const { notes } = await inCrew((crew) => statusOf(crew, Promise.resolve('installed')));
      assert.match(notes.join('\n'), 'SecurityGuardian with the model rests until');
      const { lines } = { lines: await inCrew((crew) => crew.store.telemetry.read({ kind: 'cycle_completed' })) };
      assert.match(JSON.stringify(lines.at(-1)?.data['missing']), 'rests until');
    }));
}

test.run();
