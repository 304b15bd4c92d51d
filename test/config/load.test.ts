/** Trust and precedence on real repositories. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import {
  configurationOid,
  loadConfig,
  type TrustState,
  trustConfiguration,
  trustWarning,
} from '../../src/config/index.ts';
import { openRepository, type Repository } from '../../src/git/index.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('config/load');
const EMPTY = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

async function opened<T>(dir: string, work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(dir);
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}
const load = (dir: string, env: Record<string, string> = {}, flags: Record<string, string> = {}) =>
  opened(dir, (repository) => loadConfig({ repository, env, flags }));
const trust = (dir: string) => opened(dir, trustConfiguration);
async function refusal(promise: Promise<unknown>): Promise<AmbientError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, AmbientError, String(error));
  return error as AmbientError;
}
async function warning(dir: string, state: TrustState): Promise<string | null> {
  const repository = await openRepository(dir);
  try {
    return await trustWarning(repository, state);
  } finally {
    await repository.close();
  }
}
const withFile = (text: string): TestRepository => makeRepository({ files: { '.ambient.yml': text, 'a.txt': 'a\n' } });

test('without a configuration: defaults, the empty tree, nothing to report', async () => {
  const repo = makeRepository();
  const loaded = await load(repo.dir);
  assert.equal(loaded.trust, { trusted: null, current: EMPTY, changed: false });
  assert.is(loaded.inForce, EMPTY);
  assert.is(await warning(repo.dir, loaded.trust), null);
  assert.equal(new Set(Object.values(loaded.sources)), new Set(['default']));
});

test('a configuration that came with a clone does nothing until it is trusted', async () => {
  const repo = withFile('commit_on_success: true\n');
  const before = await load(repo.dir);
  assert.is(before.config.commit_on_success, false);
  assert.is(before.inForce, EMPTY);
  assert.match((await warning(repo.dir, before.trust)) ?? '', /does nothing until `git ambient init`$/);
  const oid = await trust(repo.dir);
  const after = await load(repo.dir);
  assert.is(after.config.commit_on_success, true);
  assert.is(after.sources['commit_on_success'], 'file');
  assert.equal(after.trust, { trusted: oid, current: oid, changed: false });
});

test('a broken file in an untrusted clone breaks nothing', async () => {
  const repo = withFile('commit_on_success: [\n');
  const { config, trust: state } = await load(repo.dir);
  assert.is(config.commit_on_success, false);
  const says = /does nothing until `git ambient init`; it is invalid as it stands: \.ambient\.yml:\d+:/;
  assert.match((await warning(repo.dir, state)) ?? '', says);
  const error = await refusal(trust(repo.dir));
  assert.is(error.kind, 'config');
  assert.is(repo.git('config', '--default', 'none', 'ambient.trust'), 'none');
});

test('an edited configuration: the trusted version stays in force, even after a prune', async () => {
  const repo = withFile('commit_on_success: true\n');
  const oid = await trust(repo.dir);
  repo.commit('edit', { '.ambient.yml': 'commit_on_success: false\nmodel: {provider: ollama}\n' });
  repo.git('reflog', 'expire', '--expire=now', '--all');
  repo.git('gc', '--prune=now', '--quiet');
  const { config, trust: state, inForce } = await load(repo.dir);
  assert.is(config.commit_on_success, true);
  assert.is(config.model.provider, 'none');
  assert.ok(state.changed);
  assert.is(inForce, oid);
  assert.match((await warning(repo.dir, state)) ?? '', /has changed/);
  const now = await trust(repo.dir);
  assert.is.not(now, oid);
  assert.is((await load(repo.dir)).config.model.provider, 'ollama');
});

test('a file added to .ambient/ is a change of the configuration; the log of old versions is not', async () => {
  const repo = withFile('model: {provider: none}\n');
  const oid = await trust(repo.dir);
  repo.write('.ambient/telemetry.jsonl', '{}\n');
  assert.is(await opened(repo.dir, configurationOid), oid);
  repo.write('.ambient/rules/deep/one.yml', 'x\n');
  assert.ok((await load(repo.dir)).trust.changed);
});

test('the oid is what git computes for the same tree, in both object formats', async () => {
  for (const format of ['sha1', 'sha256']) {
    const repo = makeRepository({ empty: true });
    rmSync(join(repo.dir, '.git'), { recursive: true });
    repo.git('init', '-q', '-b', 'main', `--object-format=${format}`);
    repo.git('config', 'user.name', 'T');
    repo.git('config', 'user.email', 't@example.test');
    repo.commit('files', {
      '.ambient.yml': 'model: {provider: none}\n',
      '.ambient/a.md': 'a',
      '.ambient/a/b.md': 'b',
      '.ambient/a-b/ü.md': '',
      '.ambient/a0': 'x\n',
    });
    assert.is(await opened(repo.dir, configurationOid), repo.git('rev-parse', 'HEAD^{tree}'));
    assert.is(await trust(repo.dir), repo.git('rev-parse', 'refs/ambient/trusted'));
    assert.is(repo.git('config', '--local', 'ambient.trust'), repo.git('rev-parse', 'HEAD^{tree}'));
  }
});

test('a symbolic link is never followed: not part of the configuration, and init says so', async () => {
  const repo = makeRepository();
  repo.write('elsewhere.yml', 'commit_on_success: true\n');
  symlinkSync('elsewhere.yml', join(repo.dir, '.ambient.yml'));
  assert.is((await load(repo.dir)).trust.current, EMPTY);
  assert.match((await refusal(trust(repo.dir))).message, /\.ambient\.yml cannot be trusted: it is not a regular file/);
  rmSync(join(repo.dir, '.ambient.yml'));
  symlinkSync('/', join(repo.dir, '.ambient'));
  assert.is((await load(repo.dir)).trust.current, EMPTY);
});

test('a nested repository in .ambient/ is refused', async () => {
  const repo = makeRepository();
  mkdirSync(join(repo.dir, '.ambient/.git'), { recursive: true });
  repo.write('.ambient/.git/config', '[core]\n');
  assert.match((await refusal(trust(repo.dir))).message, /may not contain a repository/);
});

test('flag > variable > file > default, each named as the source', async () => {
  const repo = withFile('risk_policy: {file_change_limit: 3, loc_change_limit: 30, max_open_proposals: 3}\n');
  await trust(repo.dir);
  const env = { AMBIENT_RISK_POLICY_FILE_CHANGE_LIMIT: '4', AMBIENT_RISK_POLICY_LOC_CHANGE_LIMIT: '40' };
  const { config, sources } = await load(repo.dir, env, { 'risk_policy.file_change_limit': '5' });
  assert.is(config.risk_policy.file_change_limit, 5);
  assert.is(config.risk_policy.loc_change_limit, 40);
  assert.is(config.risk_policy.max_open_proposals, 3);
  assert.equal(
    ['file_change_limit', 'loc_change_limit', 'max_open_proposals', 'auto_apply'].map(
      (key) => sources[`risk_policy.${key}`],
    ),
    ['flag', 'env AMBIENT_RISK_POLICY_LOC_CHANGE_LIMIT', 'file', 'default'],
  );
});

test('variables are read by the type of their key; foreign and empty ones are left alone', async () => {
  const repo = makeRepository();
  const { config } = await load(repo.dir, {
    AMBIENT_COMMIT_ON_SUCCESS: 'yes',
    AMBIENT_AGENTS_SECURITYGUARDIAN_SEVERITY_THRESHOLD: 'low',
    AMBIENT_MONITORING_WATCH_PATHS: 'src/, tests/',
    AMBIENT_CHECKS: '["npm test"]',
    AMBIENT_MODEL_TEMPERATURE: '0.5',
    AMBIENT_MODEL_PROVIDER: '',
    AMBIENT_CLOCK: '1',
    MODEL_PROVIDER: 'ollama',
  });
  assert.is(config.commit_on_success, true);
  assert.is(config.agents.SecurityGuardian.severity_threshold, 'low');
  assert.equal(config.monitoring.watch_paths, ['src/', 'tests/']);
  assert.equal(config.checks, ['npm test']);
  assert.is(config.model.temperature, 0.5);
  assert.is(config.model.provider, 'none');
});

test('a wrong variable or flag is an error that names it', async () => {
  const repo = makeRepository();
  const cases: Array<[Record<string, string>, Record<string, string>, RegExp]> = [
    [
      { AMBIENT_MODEL_PROVIDR: 'x' },
      {},
      /unknown setting AMBIENT_MODEL_PROVIDR; did you mean AMBIENT_MODEL_PROVIDER\?/,
    ],
    [{ AMBIENT_MODEL_PROVIDER: 'x' }, {}, /^AMBIENT_MODEL_PROVIDER: model\.provider must be one of/],
    [{ AMBIENT_COMMIT_ON_SUCCESS: 'maybe' }, {}, /AMBIENT_COMMIT_ON_SUCCESS: "maybe" is not true or false/],
    [{ AMBIENT_CHECKS: '[1' }, {}, /AMBIENT_CHECKS/],
    [{ AMBIENT_RISK_POLICY_AUTO_APPLY: 'high' }, {}, /AMBIENT_RISK_POLICY_AUTO_APPLY: risk_policy: high stands in/],
    [{}, { 'model.tmperature': '1' }, /model\.tmperature; did you mean model\.temperature\?/],
    [{}, { 'model.temperature': 'warm' }, /is not a number/],
  ];
  for (const [env, flags, says] of cases) {
    const error = await refusal(load(repo.dir, env, flags));
    assert.is(error.kind, 'config');
    assert.match(error.message, says);
  }
});

test('a linked worktree has the configuration of the main checkout; a bare repository that of HEAD', async () => {
  const repo = withFile('commit_on_success: true\n');
  const oid = await trust(repo.dir);
  const linked = join(repo.dir, '..', 'linked');
  repo.git('worktree', 'add', '-q', linked, '-b', 'side');
  rmSync(join(linked, '.ambient.yml'));
  assert.is((await load(linked)).trust.current, oid);
  const bare = join(repo.dir, '..', 'bare.git');
  repo.git('clone', '-q', '--bare', repo.dir, bare);
  assert.equal((await load(bare)).trust, { trusted: null, current: oid, changed: false });
  assert.is(await trust(bare), oid);
  assert.is((await load(bare)).config.commit_on_success, true);
});

test('a trusted tree that is gone or a damaged trust is said, not taken for no configuration', async () => {
  const repo = withFile('commit_on_success: true\n');
  repo.git('config', 'ambient.trust', 'f'.repeat(40));
  assert.is((await refusal(load(repo.dir))).code, 'trusted-configuration-missing');
  repo.git('config', 'ambient.trust', 'HEAD');
  assert.is((await refusal(load(repo.dir))).code, 'damaged-trust');
});

test('a cached configuration is used for exactly its tree', async () => {
  const repo = withFile('model: {provider: ollama}\n');
  await trust(repo.dir);
  const kept = new Map<string, unknown>();
  const cache = {
    get: async (key: string) => kept.get(key) ?? null,
    put: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const read = () => opened(repo.dir, (repository) => loadConfig({ repository, env: {}, flags: {}, cache }));
  assert.is((await read()).config.model.provider, 'ollama');
  const [key] = kept.keys();
  kept.set(key as string, { model: { provider: 'anthropic' } });
  assert.is((await read()).config.model.provider, 'anthropic');
  repo.write('.ambient.yml', 'model: {provider: openai-compatible}\n');
  await trust(repo.dir);
  assert.is((await read()).config.model.provider, 'openai-compatible');
});

test.run();
