/** The crew as a lodger: it gives way, takes what is out of date off the table, and leaves nothing lying about. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, cliPath, hasSandbox, makeInitialised } from '../support/cli.ts';
import { injection, sound, unusedImport } from '../support/defects.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('scenario/manners');
const SECRET = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';

interface Row {
  id: string;
  files: string[];
  status: string;
  title: string;
}
const open = (repo: TestRepository) => ambientJson<Row[]>(repo, ['list']);
const statusOf = (repo: TestRepository, id: string) =>
  ambientJson<Row[]>(repo, ['list', '--all']).find((row) => row.id === id)?.status;

/** Does any object of the clone hold `text`, when git has thrown away what nothing leads to? */
function holds(repo: TestRepository, text: string): boolean {
  repo.git('reflog', 'expire', '--expire=now', '--all');
  repo.git('gc', '-q', '--prune=now');
  const found = spawnSync(
    'sh',
    [
      '-c',
      'git cat-file --batch-all-objects --batch-check="%(objectname) %(objecttype)" | while read oid type; do [ "$type" = blob ] && git cat-file blob $oid; done',
    ],
    { cwd: repo.dir, env: repo.env, maxBuffer: 1 << 28 },
  );
  return found.stdout.includes(text);
}

function filesWith(dir: string, text: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test('a secret that was amended away really goes, once its proposal is closed; nothing of it lies about before', () => {
    const repo = makeInitialised(sound);
    repo.commit('search', { 'shop/search.py': injection, 'shop/settings.py': `TOKEN = "${SECRET}"\n` });
    ambient(repo, ['run']);
    const [row] = open(repo).filter(({ files }) => files.includes('shop/search.py'));
    assert.ok(row);
    assert.equal(filesWith(join(repo.dir, '.git/ambient'), SECRET), []);
    assert.equal(filesWith(join(repo.dir, '.git/ambient/slots'), ''), []);
    repo.write('shop/settings.py', 'TOKEN = None\n');
    repo.git('commit', '-qa', '--amend', '--no-edit');
    assert.ok(holds(repo, SECRET), 'an open proposal still stands on the commit');
    for (const { id } of open(repo)) assert.is(ambient(repo, ['reject', id, '--reason', 'not now']).code, 0);
    assert.not.ok(holds(repo, SECRET));
    const shown = ambient(repo, ['show', row.id]);
    assert.is(shown.code, 2);
    assert.match(shown.stderr, /is rejected \(not now\); its commit was let go/);
    assert.is(ambientJson<{ proposals: { rejected: number } }>(repo, ['status']).proposals.rejected >= 1, true);
    ambient(repo, ['run', '--all']);
    assert.equal(
      open(repo).filter(({ title }) => title === row.title),
      [],
      'what was rejected stays away',
    );
  });

  test('after a rename and the merge of the old proposals, their twins close by themselves', () => {
    const repo = makeInitialised(sound);
    repo.commit('search', { 'shop/search.py': injection, 'shop/report.py': unusedImport });
    ambient(repo, ['run']);
    const old = open(repo);
    repo.git('mv', 'shop/search.py', 'shop/find.py');
    repo.commit('rename');
    ambient(repo, ['run']);
    const twins = open(repo).filter(({ files }) => files.includes('shop/find.py'));
    assert.ok(twins.length > 0, JSON.stringify(open(repo)));
    for (const { id } of old) {
      const merged = ambient(repo, ['merge', id]);
      assert.is(merged.code, 0, merged.stderr);
    }
    for (const { id } of twins) {
      assert.is(statusOf(repo, id), 'superseded');
      assert.not.match(ambient(repo, ['show', id]).stdout, /git ambient merge/);
      const refused = ambient(repo, ['merge', id]);
      assert.is(refused.code, 1);
      assert.match(refused.stderr, /is closed: .*there already/);
    }
    assert.equal(open(repo), []);
  });

  test('code that is gone from every branch expires; on another branch it stays, and comes back when the branch does', () => {
    const repo = makeInitialised(sound);
    repo.git('switch', '-q', '-c', 'feature');
    const tip = repo.commit('search', { 'shop/search.py': unusedImport });
    ambient(repo, ['run']);
    const [row] = open(repo);
    assert.ok(row);
    repo.git('switch', '-q', 'main');
    repo.commit('other', { 'shop/other.py': 'OTHER = 1\n' });
    ambient(repo, ['run']);
    assert.equal(
      open(repo).map(({ id }) => id),
      [row.id],
    );
    assert.not.match(ambient(repo, ['show', row.id]).stdout, /git ambient merge/);
    repo.git('branch', '-qD', 'feature');
    ambient(repo, ['run']);
    assert.equal(open(repo), []);
    assert.match(ambient(repo, ['show', row.id]).stderr, /is expired \(the code that it mends is gone/);
    repo.git('branch', '-q', 'feature', tip);
    repo.git('switch', '-q', 'feature');
    ambient(repo, ['run', '--all']);
    assert.is(open(repo).filter(({ title }) => title === row.title).length, 1);
  });

  test('a newer commit breaks off the cycle that it makes obsolete, and nothing of that is lost', async () => {
    const slow =
      'import time\nimport unittest\n\n\nclass SlowTest(unittest.TestCase):\n    def test_slow(self):\n        time.sleep(40)\n';
    const repo = makeInitialised({ ...sound, 'tests/test_slow.py': slow });
    repo.commit('search', { 'shop/search.py': unusedImport });
    const started = performance.now();
    const run = spawn(process.execPath, [cliPath, 'run', '--json'], { cwd: repo.dir, env: repo.env });
    let output = '';
    run.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    const ended = new Promise((resolve) => run.on('close', resolve));
    while (!existsSync(join(repo.dir, '.git/ambient/slots/0/tests/test_slow.py'))) {
      assert.ok(performance.now() - started < 60_000, 'no check began');
      await sleep(50);
    }
    const head = repo.commit('no slow test, and a report', {
      'tests/test_slow.py': null,
      'shop/report.py': unusedImport,
    });
    await ended;
    assert.ok(performance.now() - started < 60_000);
    const reports = JSON.parse(output) as Array<{ base: string }>;
    assert.equal(
      reports.map(({ base }) => base),
      [head],
    );
    const files = open(repo).flatMap((row) => row.files);
    assert.ok(files.includes('shop/search.py') && files.includes('shop/report.py'), files.join());
    const log = ambient(repo, ['telemetry', '--type', 'cycle_completed']).stdout;
    assert.match(log, /abandoned.*a newer commit made it obsolete/);
    assert.is(repo.git('for-each-ref', 'refs/ambient/drafts'), '');
    assert.equal(filesWith(join(repo.dir, '.git/ambient/slots'), ''), []);
  });
}

test('in quiet hours a commit waits, status says so, and who asks is served', async () => {
  const repo = makeRepository({
    files: { 'a.py': 'A = 1\n', '.ambient.yml': 'monitoring: { quiet_hours: "00:00-23:59" }\n' },
  });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  repo.commit('b', { 'b.py': 'B = 1\n' });
  writeFileSync(join(repo.dir, '.git/ambient/wake'), '');
  assert.is(ambient(repo, ['run', '--background']).code, 0);
  const waking = join(repo.dir, '.git/ambient/waking');
  for (let tries = 0; !existsSync(waking) && tries < 100; tries += 1) await sleep(50);
  const [pid, start] = readFileSync(waking, 'utf8').split('\n');
  try {
    assert.match(start ?? '', /^\d*$/);
    process.kill(Number(pid), 0);
    ambient(repo, ['run', '--background']);
    assert.is(readFileSync(waking, 'utf8').split('\n')[0], pid, 'one is enough');
    assert.match(ambient(repo, ['status']).stdout, /quiet hours \(00:00-23:59\)/);
    const asked = ambient(repo, ['run']);
    assert.match(asked.stdout, /1 file, 0 findings/);
    assert.match(asked.stderr, /quiet hours .* working all the same/);
  } finally {
    process.kill(-Number(pid), 'SIGKILL');
  }
});

test('who watches steps behind others', async () => {
  const repo = makeInitialised({ 'a.py': 'A = 1\n' });
  const watching = spawn(process.execPath, [cliPath, 'watch'], { cwd: repo.dir, env: repo.env });
  const niceness = () => Number(readFileSync(`/proc/${watching.pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[16]);
  try {
    for (let tries = 0; niceness() < 10 && tries < 200; tries += 1) await sleep(50);
    assert.is(niceness(), 10);
  } finally {
    watching.kill('SIGINT');
  }
});

test.run();
