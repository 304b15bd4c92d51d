/** `config.yaml`: ours in exactly one form, and never a word about any other. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isConvergenceFile } from '../../src/config/convergence-file.ts';
import { loadConfig, parseConfig, trustConfiguration } from '../../src/config/index.ts';
import { openRepository, type Repository } from '../../src/git/index.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('config/convergence-file');
const OURS = `# config.yaml
loop:
  max_iterations: 10
  convergence_threshold: 0.95
  timeout_seconds: 3600

steps:
  diagnose:
    enabled: true
    tool: kimi-security-auditor
    args: [--deep-scan]
  
  fix:
    enabled: true
    tool: kimi-sysadmin-ai
    args: [--auto-apply]
  
  attack:
    enabled: true
    tool: custom-pentest
    args: [--lightweight]
  
  validate:
    enabled: true
    tool: pytest
    args: [-v, --tb=short]

events:
  webhook_url: https://dashboard.example.com/events
  emit_interval: 5
`;
async function opened<T>(dir: string, work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(dir);
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}
const load = (dir: string) => opened(dir, (repository) => loadConfig({ repository, env: {}, flags: {} }));
const trust = (dir: string) => opened(dir, trustConfiguration);

test('the form is accepted in .ambient.yml', async () => {
  const overlay = await parseConfig(OURS, '.ambient.yml');
  assert.is(overlay.loop?.convergence_threshold, 0.95);
  assert.equal(overlay.steps?.validate, { enabled: true, tool: 'pytest', args: ['-v', '--tb=short'] });
  assert.is(overlay.events?.webhook_url, 'https://dashboard.example.com/events');
});

test('config.yaml of this form loads where there is no .ambient.yml, once it is trusted', async () => {
  const repo = makeRepository({ files: { 'config.yaml': OURS.replace('max_iterations: 10', 'max_iterations: 7') } });
  assert.is((await load(repo.dir)).config.loop.max_iterations, 10);
  const oid = await trust(repo.dir);
  const loaded = await load(repo.dir);
  assert.is(loaded.config.loop.max_iterations, 7);
  assert.is(loaded.sources['loop.max_iterations'], 'file');
  assert.is(loaded.config.steps.diagnose.tool, 'kimi-security-auditor');
  assert.is(loaded.trust.trusted, oid);
  // Edited since: the trusted text stays in force.
  repo.write('config.yaml', OURS.replace('max_iterations: 10', 'max_iterations: 9'));
  const edited = await load(repo.dir);
  assert.is(edited.trust.changed, true);
  assert.is(edited.config.loop.max_iterations, 7);
});

test('.ambient.yml wins over it as a whole', async () => {
  const repo = makeRepository({ files: { 'config.yaml': OURS.replace('10', '7'), '.ambient.yml': 'pre_push: off\n' } });
  await trust(repo.dir);
  assert.is((await load(repo.dir)).config.loop.max_iterations, 10);
});

test('a mistake in one of this form is told with its place', async () => {
  const repo = makeRepository({ files: { 'config.yaml': OURS.replace('max_iterations: 10', 'max_iterations: ten') } });
  await load(repo.dir);
  const error = await trust(repo.dir).then(
    () => null,
    (thrown: Error) => thrown,
  );
  assert.match(error?.message ?? '', /^config\.yaml:3:3: loop\.max_iterations must be a whole number/);
});

const THEIRS: Array<[what: string, text: string]> = [
  ['an ordinary one', 'database:\n  host: localhost\n'],
  ['nothing', ''],
  ['comments', '# loop:\n# steps:\n'],
  ['no YAML', '{{{ \t not yaml'],
  ['a pipeline', 'steps:\n  - name: build\n    run: make\n  - name: test\n'],
  ['steps of other names', 'steps:\n  build:\n    tool: make\n  test:\n    tool: pytest\n'],
  ['one key more', `${OURS}logging:\n  level: info\n`],
  ['one step more', OURS.replace('  fix:', '  deploy:')],
  ['one key more in a step', OURS.replace('    args: [--deep-scan]', '    image: alpine')],
  ['only one step', 'steps:\n  diagnose:\n    tool: doctor\n'],
  ['steps without tools', 'steps:\n  diagnose:\n    enabled: true\n  fix:\n    enabled: true\n'],
  ['loop and events alone', 'loop:\n  max_iterations: 3\nevents:\n  emit_interval: 1\n'],
  ['values in the blocks', 'loop: 3\nsteps: 4\nevents: 5\n'],
  ['tabs', OURS.replaceAll('  ', '\t')],
  ['JSON', '{"steps": {"diagnose": {"tool": "a"}, "fix": {"tool": "b"}}}'],
];
for (const [what, text] of THEIRS)
  test(`somebody else's config.yaml: ${what}: never taken, never complained about`, async () => {
    assert.is(isConvergenceFile(text), false);
    const repo = makeRepository({ files: { 'config.yaml': text } });
    const empty = (await load(repo.dir)).trust.current;
    assert.is(await trust(repo.dir), empty);
    assert.equal(new Set(Object.values((await load(repo.dir)).sources)), new Set(['default']));
  });

test('the form is recognised with other indents, comments, quotes and line ends', () => {
  assert.ok(isConvergenceFile(OURS));
  assert.ok(isConvergenceFile(OURS.replaceAll('\n', '\r\n')));
  assert.ok(isConvergenceFile(`\ufeff---\n${OURS.replaceAll('  ', '    ')}`));
  assert.ok(
    isConvergenceFile(OURS.replace('args: [-v, --tb=short]', 'args: # more\n      - -v\n      - "--tb=short"')),
  );
});

test.run();
