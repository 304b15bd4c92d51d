/** From a commit to a push: the crew keeps the list that the hook reads, through every decision and configuration. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox, waitForCrew } from '../support/cli.ts';
import { injection, sound, unusedImport } from '../support/defects.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('scenario/pre-push');

function withRemote(): TestRepository {
  const repo = makeRepository({ files: sound });
  const remote = join(temporaryDirectory(), 'remote.git');
  repo.exec(['git', 'init', '-q', '--bare', remote]);
  repo.git('remote', 'add', 'origin', remote);
  repo.git('push', '-q', 'origin', 'main');
  return repo;
}

function push(repo: TestRepository): { code: number | null; named: string[] } {
  const result = spawnSync('git', ['push', 'origin', 'main'], { cwd: repo.dir, env: repo.env, encoding: 'utf8' });
  return { code: result.status, named: [...result.stderr.matchAll(/git ambient merge (\w+)/g)].map((m) => m[1] ?? '') };
}

/** Commits a configuration and trusts it. */
function configure(repo: TestRepository, text: string): void {
  repo.commit('configuration', { '.ambient.yml': text });
  const init = ambient(repo, ['init']);
  assert.is(init.code, 0, init.stderr);
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test('warned, blocked, decided, switched off', () => {
    const repo = withRemote();
    const list = join(repo.dir, '.git/ambient/pre-push');
    ambient(repo, ['init']);
    assert.not(existsSync(list), 'no proposal, no list');
    repo.commit('search', { 'shop/search.py': injection, 'shop/report.py': unusedImport });
    waitForCrew(repo);
    const rows = ambientJson<Array<{ id: string; specialist: string }>>(repo, ['list']);
    assert.is(rows.length, 2);
    const security = rows.filter((row) => row.specialist === 'SecurityGuardian').map((row) => row.id);
    assert.is(security.length, 1);
    assert.match(readFileSync(list, 'utf8'), /^mode warn\nproposal \w+ critical /);

    configure(repo, 'pre_push: block\n');
    assert.equal(push(repo), { code: 1, named: security });
    rmSync(list);
    assert.equal(push(repo), { code: 0, named: [] }, 'a list that is gone stops nothing');
    repo.git('push', '-q', '--no-verify', '-f', 'origin', 'HEAD~2:refs/heads/main');

    ambient(repo, ['init']);
    assert.equal(push(repo), { code: 1, named: security }, 'init writes the list again');
    assert.is(ambient(repo, ['reject', security[0] ?? '', '--reason', 'not here']).code, 0);
    assert.not(existsSync(list));
    assert.equal(push(repo), { code: 0, named: [] });

    repo.commit('another', { 'shop/more.py': injection.replaceAll('items', 'orders') });
    waitForCrew(repo);
    const [next] = ambientJson<Array<{ id: string }>>(repo, ['list']);
    assert.equal(push(repo).code, 1);
    assert.is(ambient(repo, ['merge', next?.id ?? '']).code, 0);
    assert.equal(push(repo), { code: 0, named: [] });
    const doctor = () => ambient(repo, ['doctor']).stdout;
    assert.match(doctor(), /^ok +pre-push .*pre_push: block/m);
    configure(repo, 'pre_push: off\n');
    assert.not(existsSync(join(repo.dir, '.git/hooks/pre-push')));
    assert.match(doctor(), /^ok +pre-push +off/m);
  });

  test('below the threshold nothing is said, and a list that cannot be written fails nothing', () => {
    const repo = withRemote();
    const list = join(repo.dir, '.git/ambient/pre-push');
    ambient(repo, ['init']);
    // Weaker than critical: a proposal for it stays open when the threshold rises.
    repo.commit('load', { 'shop/load.py': 'import yaml\n\n\ndef load(text):\n    return yaml.load(text)\n' });
    mkdirSync(join(list, 'in the way'), { recursive: true });
    waitForCrew(repo);
    const [row] = ambientJson<Array<{ id: string; rule: string }>>(repo, ['list']);
    assert.ok(row, 'the cycle went on');
    const again = ambient(repo, ['run', '--all']);
    assert.is(again.code, 0, again.stderr);
    rmSync(list, { recursive: true });
    ambient(repo, ['init']);
    assert.match(readFileSync(list, 'utf8'), row?.id ?? '');
    configure(repo, 'agents: { SecurityGuardian: { severity_threshold: critical } }\n');
    assert.not(existsSync(list));
    assert.equal(push(repo), { code: 0, named: [] });
  });
}

test.run();
