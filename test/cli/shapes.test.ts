/** The shapes of `--json` are frozen: programs depend on them. And `watch`, which has no `--json`. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFlakeMemory } from '../../src/evaluate/index.ts';
import { openRepository } from '../../src/git/index.ts';
import { openStore } from '../../src/store/index.ts';
import { ambient, ambientJson, cliPath, hasSandbox, makeInitialised, waitForCrew } from '../support/cli.ts';
import { injection, sound } from '../support/defects.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('cli/shapes');
const keys = (value: unknown) => Object.keys((Array.isArray(value) ? value[0] : value) as object).join(' ');

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  const repo = makeRepository({ files: { ...sound, 'shop/search.py': injection } });
  ambient(repo, ['init']);

  test('run, findings, list, show, verify, status, config, doctor, telemetry', () => {
    const row = 'id commit base specialist rule title risk status evidence files created_at evaluation';
    assert.is(
      keys(ambientJson(repo, ['run', '--all'])),
      'cycle base files findings unfixable proposals landed suppressed missing',
    );
    assert.is(
      keys(ambientJson(repo, ['findings', '--all'])),
      'rule specialist severity path line end_line message fixable fingerprint',
    );
    const [first] = ambientJson<Array<{ id: string; evaluation: { checks: unknown[] } }>>(repo, ['list']);
    assert.is(keys(first), row);
    assert.is(keys(first?.evaluation), 'outcome reasons checks witness performance gates');
    assert.is(keys(first?.evaluation.checks), 'name base candidate duration_ms flaky digest');
    assert.is(keys(ambientJson(repo, ['show', first?.id ?? ''])), `${row} rationale decisions verified_by diff next`);
    const verified = ambientJson<{ recorded: unknown }>(repo, ['verify', first?.id ?? '']);
    assert.is(keys(verified), 'commit base outcome evidence reasons checks witness recorded');
    assert.is(keys(verified.recorded), 'at by outcome agrees changed');
    assert.is(
      keys(ambientJson(repo, ['status'])),
      'repository initialised configuration hook runner pending proposals last_cycle last_error notes',
    );
    const agents = ambientJson<{ rules: unknown[] }>(repo, ['status', '--agents']);
    assert.is(keys(agents), 'learning rules');
    assert.is(
      keys(agents.rules),
      'specialist rule proposed merged rejected reverted rewritten score interval proposed_less',
    );
    assert.is(keys(ambientJson(repo, ['config'])), 'key value source default description variable inactive');
    assert.is(keys(ambientJson(repo, ['doctor'])), 'name level message hint');
    assert.is(keys(ambientJson(repo, ['telemetry'])), 'v id seq at kind run_id data');
    assert.is(keys(ambientJson(repo, ['merge', first?.id ?? ''])), 'id merged commit title replaced evidence');
  });

  test('notify, config --check-rules', () => {
    assert.is(keys(ambientJson(repo, ['notify', 'scan', '--data', '{"id": "1"}'])), 'kind event wakes');
    waitForCrew(repo);
    const rule = 'language: python\nseverity: low\nmessage: m\nrationale: r\nrule: {pattern: x = 1}\nvalid: [y]\n';
    repo.write('.ambient/rules/a.yml', `id: a\n${rule}invalid: [x = 1]\n---\nid: b\n${rule}invalid: [y]\n`);
    const { code, stdout } = ambient(repo, ['config', '--check-rules', '--json']);
    const report = JSON.parse(stdout) as { rules: unknown; refused: unknown };
    assert.equal([code, keys(report)], [1, 'rules refused']);
    assert.equal([keys(report.rules), keys(report.refused)], ['rule where severity fixable examples', 'where reason']);
    rmSync(join(repo.dir, '.ambient'), { recursive: true });
  });

  test('flaky', async () => {
    assert.equal(ambientJson(repo, ['flaky']), []);
    assert.match(ambient(repo, ['flaky']).stdout, 'No flaky test is known here');
    await rememberFlaky(repo);
    const rows = ambientJson<Array<Record<string, unknown>>>(repo, ['flaky']);
    assert.is(keys(rows), 'test check passed failed flip_rate last_seen tree');
    assert.equal(
      rows.map(({ test: name, passed, failed }) => [name, passed, failed]),
      [['tests.test_a::test_clock', 2, 1]],
    );
    assert.match(ambient(repo, ['flaky']).stdout, /20 % +1 of 3 .*pytest +tests.test_a::test_clock/);
  });

  /** As an evaluation does that sees a test both ways. */
  async function rememberFlaky(place: TestRepository) {
    const repository = await openRepository(place.dir, { env: place.env });
    const run = (state: 'passed' | 'failed') => ({
      ...{ outcome: state, tests: { 'tests.test_a::test_clock': state }, findings: [], detail: '', duration: 1 },
    });
    const flakes = openFlakeMemory(openStore(repository).cache, Date.now);
    await flakes.learn(
      { name: 'pytest', kind: 'tests' },
      {
        ...{ baseTree: 'b'.repeat(40), candidateTree: 'c'.repeat(40) },
        ...{ bases: [run('passed'), run('failed')], candidates: [run('passed')] },
      },
    );
    await repository.close();
  }

  test('sandbox passes the exit code on', () => {
    assert.is(ambient(repo, ['sandbox', '--', 'python3', '-m', 'unittest', '-q']).code, 0);
    assert.is(ambient(repo, ['sandbox', '--', 'python3', '-m', 'unittest', 'no_such_module']).code, 1);
  });

  /** Runs `git ambient watch` until `done` says so of its output, ends it by `signal` and returns the output. */
  async function watching(place: TestRepository, signal: 'SIGINT' | 'SIGHUP', done: (output: string) => boolean) {
    const child = spawn(process.execPath, [cliPath, 'watch'], {
      cwd: place.dir,
      env: { ...place.env, AMBIENT_MONITORING_DEBOUNCE_SECONDS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    for (let wait = 0; wait < 1000 && !done(output); wait++) await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill(signal);
    await ended;
    return output;
  }

  test('watch works on a commit and ends on SIGINT', async () => {
    const place = makeInitialised(sound);
    place.commit('search', { 'shop/search.py': injection });
    place.write('.git/ambient/wake', '');
    assert.match(await watching(place, 'SIGINT', (output) => output.includes('1 proposal')), '1 proposal');
  });

  test('watch takes up a configuration that is trusted meanwhile, and ends with its terminal', async () => {
    const place = makeInitialised(sound);
    let stage = 0;
    const output = await watching(place, 'SIGHUP', (said) => {
      const cycles = said.split(/ findings?, /).length - 1;
      if (stage === 0 && said.includes('Watching')) {
        stage = 1;
        place.commit('search', { 'shop/search.py': injection });
        place.write('.git/ambient/wake', '');
      } else if (stage === 1 && cycles > 0) {
        // Not before the first cycle has ended: it works under what was trusted when it began.
        stage = 2;
        place.write('.ambient.yml', 'agents: { enabled: [StyleEnforcer] }\n');
        ambient(place, ['init', '--no-hook']);
        place.commit('again', { 'shop/again.py': injection });
        place.write('.git/ambient/wake', '');
      }
      return cycles > 1;
    });
    assert.match(output, '1 finding, 1 proposal', output);
    assert.match(output, '0 findings, 0 proposals', output);
  });
}

test.run();
