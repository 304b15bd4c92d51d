/** Refused patches are kept where the crew was let in, for their owner alone, and give the same answer again. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBundles } from '../../src/store/index.ts';
import { ambient, ambientJson, cliPath, makeInitialised } from '../support/cli.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('cli/debug');

const SECRET = 'token = "not-for-others-42"';
const FILES = { 'src/a.py': 'def one():\n    return 1\n\n\ndef two():\n    return 2\n' };
const REFUSED = `--- a/src/a.py\n+++ b/src/a.py\n@@ -1,2 +1,3 @@\n def eins():\n-    return einsundeins\n+    ${SECRET}\n+    return 1\n`;

function apply(repo: TestRepository, patch: string, args: string[] = []) {
  const result = spawnSync(process.execPath, [cliPath, 'apply', '-', ...args], {
    ...{ cwd: repo.dir, env: repo.env, input: patch, encoding: 'utf8' },
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}
const folder = (repo: TestRepository) => join(repo.dir, '.git/ambient/bundles');

test('where nothing was initialised, nothing is kept', () => {
  const repo = makeRepository({ files: FILES });
  const result = apply(repo, REFUSED);
  assert.is(result.code, 1);
  assert.not.match(result.stderr, 'debug bundle');
  assert.not.ok(existsSync(join(repo.dir, '.git/ambient')));
  assert.equal(ambientJson(repo, ['debug', 'bundle']), []);
  assert.match(ambient(repo, ['debug', 'bundle']).stdout, 'No refused patches');
});

test('a refused patch is kept, listed and replayed to the same answer, also when the file has changed since', () => {
  const repo = makeInitialised(FILES);
  repo.write('src/a.py', `${FILES['src/a.py']}# an edit that git does not store\n`);
  const result = apply(repo, REFUSED);
  assert.match(result.stderr, 'git ambient debug bundle 1');
  const report = JSON.parse(apply(repo, REFUSED, ['--json']).stdout) as { bundle: number; refusals: unknown[] };
  assert.is(report.bundle, 2);
  repo.commit('the change arrives in another way', { 'src/a.py': 'def eins():\n    return einsundeins\n' });
  repo.git('gc', '-q', '--prune=now');
  const rows = ambientJson<Array<{ bundle: number; files: string[]; reason: string }>>(repo, ['debug', 'bundle']);
  assert.equal(
    rows.map(({ bundle, files }) => ({ bundle, files })),
    [
      { bundle: 1, files: ['src/a.py'] },
      { bundle: 2, files: ['src/a.py'] },
    ],
  );
  const replay = ambientJson<{ same: boolean; refusals: unknown[]; patch: string }>(repo, ['debug', 'bundle', '2']);
  assert.ok(replay.same);
  assert.equal(replay.refusals, report.refusals);
  assert.is(replay.patch, REFUSED);
  const text = ambient(repo, ['debug', 'bundle', '1']);
  assert.is(text.code, 0);
  assert.match(text.stdout, 'The same answer today.');
  assert.match(text.stdout, 'src/a.py, hunk 1');
});

test('nobody else can read them, and no object of git holds the patch', () => {
  const repo = makeInitialised(FILES);
  const objects = repo.git('count-objects');
  apply(repo, REFUSED);
  const [name = ''] = readdirSync(folder(repo));
  assert.is(statSync(join(folder(repo), name)).mode & 0o777, 0o600);
  assert.is(statSync(folder(repo)).mode & 0o077, 0);
  assert.is(repo.git('count-objects'), objects);
  assert.not.match(readFileSync(join(folder(repo), name), 'utf8'), SECRET, 'the patch is encoded');
});

test('an unknown number is said; what is no bundle is left out', () => {
  const repo = makeInitialised(FILES);
  const unknown = ambient(repo, ['debug', 'bundle', '7']);
  assert.is(unknown.code, 2);
  assert.match(unknown.stderr, /no bundle 7/);
  repo.write('.git/ambient/bundles/1.json', '{"n": 1, "at"');
  repo.write('.git/ambient/bundles/notes.txt', 'x');
  assert.equal(ambientJson(repo, ['debug', 'bundle']), []);
  assert.is(ambient(repo, ['debug', 'nothing']).code, 2);
  apply(repo, REFUSED);
  assert.equal(
    ambientJson<Array<{ bundle: number }>>(repo, ['debug', 'bundle']).map(({ bundle }) => bundle),
    [2],
  );
});

test('uninstall takes them away', () => {
  const repo = makeInitialised(FILES);
  apply(repo, REFUSED);
  ambient(repo, ['uninstall']);
  assert.not.ok(existsSync(join(repo.dir, '.git/ambient')));
});

test('retention: by count, by age and by size; the newest stays', async () => {
  const dir = temporaryDirectory();
  const now = Date.now();
  const kept = async (bundles: ReturnType<typeof openBundles>) => (await bundles.list()).map(({ n }) => n);
  const few = openBundles(dir, () => now, { count: 3, days: 30, bytes: 1e6 });
  for (let at = 0; at < 5; at += 1) await few.keep({ at });
  assert.equal(await kept(few), [3, 4, 5]);
  const old = new Date(now - 40 * 86_400_000);
  utimesSync(join(dir, 'ambient/bundles/4.json'), old, old);
  assert.is(await few.keep({}), 6);
  assert.equal(
    await kept(few),
    [5, 6].filter((n) => n > 0),
  );
  const small = openBundles(dir, () => now, { count: 50, days: 30, bytes: 100 });
  assert.is(await small.keep({ text: 'x'.repeat(500) }), 7);
  assert.equal(await kept(small), [7]);
});

test.run();
