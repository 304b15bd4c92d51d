/** Five hundred findings of before: a commit that has nothing to do with them proposes nothing, with a model or without. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CycleReport, findings, run, withCrew } from '../../src/crew/index.ts';
import { startServer, streams } from '../llm/server.ts';
import { ambient } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/legacy');
const FILES = 25;
const EACH = 20;

const legacy = (file: number) =>
  Array.from(
    { length: EACH },
    (_, at) => `def is_${file}_${at}(value):\n    if value == None:\n        return 1\n    return 2\n`,
  ).join('\n\n');
const paths = Array.from({ length: FILES }, (_, at) => `shop/old${at}.py`);

test('500 findings of before: none is proposed on an unrelated commit, nor on a commit to other lines of their files', async () => {
  const server = await startServer(streams('{"proposals": []}'));
  const config = `agents:\n  enabled: [StyleEnforcer, SecurityGuardian]\nmodel:\n  provider: openai-compatible\n  base_url: ${server.url}\n`;
  const old = Object.fromEntries(paths.map((path, at) => [path, legacy(at)]));
  const repo = makeRepository({ files: { '.ambient.yml': config, 'shop/__init__.py': '', ...old } });
  try {
    assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
    await withCrew({ dir: repo.dir }, async (crew) => {
      const known = await findings(crew, { all: true });
      assert.is(known.findings.filter(({ rule }) => rule === 'python/compare-to-none').length, FILES * EACH);
      repo.commit('unrelated', { 'shop/new.py': 'NEW = 1\n' });
      const cycle = async () => (await run(crew, {}))[0] as CycleReport;
      const shortOf = ({ files, findings: found, proposals, suppressed, spent }: CycleReport) => [
        ...[files, found, proposals.length, suppressed.length, spent?.calls],
      ];
      assert.equal(shortOf(await cycle()), [1, 0, 0, 0, 2]);
      const more = Object.fromEntries(paths.map((path, at) => [path, `OLD_${at} = 1\n\n\n${legacy(at)}`]));
      repo.commit('other lines of the same files', more);
      assert.equal(shortOf(await cycle()), [FILES, 0, 0, 0, 2]);
      assert.equal(await run(crew, {}), [], 'the same once more: there is nothing to look at');
      assert.is(server.received.length, 4, 'two specialists, two commits');
    });
  } finally {
    await server.close();
    repo.remove();
  }
});

test.run();
