/** The text of `.ambient.yml`: what loads, and what is said about what does not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import { parseConfig } from '../../src/config/index.ts';

const test = suite('config/parse');

async function refusal(text: string): Promise<AmbientError> {
  try {
    await parseConfig(text, '.ambient.yml');
  } catch (error) {
    assert.instance(error, AmbientError, String(error));
    assert.is((error as AmbientError).kind, 'config');
    return error as AmbientError;
  }
  throw new Error(`this was accepted:\n${text.slice(0, 300)}`);
}

const SEED = `
kimi:
  provider: "ollama"             # ollama, openai-compatible, anthropic (future)
  base_url: "http://localhost:11434/v1"
  model_id: "kimi-k2.5:cloud"
  max_concurrency: 8
  temperature: 0.2
  timeout_seconds: 300
monitoring:
  enabled: true
  watch_paths: ["src/", "tests/"]
  ignore_patterns: ["*.pyc", "__pycache__", ".git"]
  debounce_seconds: 5
  check_interval_seconds: 300
agents:
  enabled: [SecurityGuardian, RefactorArchitect, StyleEnforcer, PerformanceOptimizer, TestEnhancer]
  SecurityGuardian: { severity_threshold: "medium", scan_dependencies: true }
  RefactorArchitect: { complexity_threshold: 15, max_function_lines: 100 }
  StyleEnforcer: { defer_to_formatter: true }
  PerformanceOptimizer: { min_speedup_percent: 10 }
  TestEnhancer:
    coverage_threshold: 80
    prioritize_paths: ["src/auth/", "src/payment/"]
risk_policy:
  auto_apply: ["low", "medium"]
  require_approval: ["high", "critical"]
  file_change_limit: 10
  loc_change_limit: 500
sandbox:
  image: "ambient-sandbox:latest"
  network_mode: "none"
  resources: { memory: "2g", cpus: "2.0", pids_limit: 100 }
  allowed_commands: ["^pytest", "^ruff\\\\s+(check|format)", "^git\\\\s+(status|diff|log|show)"]
telemetry:
  enabled: true
  log_path: ".ambient/telemetry.jsonl"
  include_diffs: false
  retention_days: 30
learning:
  enabled: false
  track_revert_rate: true
  track_agent_success: true
`;

test('a file in the oldest form loads, its old name for the model included', async () => {
  const overlay = await parseConfig(SEED, '.ambient.yml');
  assert.is(overlay.model?.provider, 'ollama');
  assert.not.ok('kimi' in overlay);
  assert.equal(overlay.agents?.TestEnhancer?.prioritize_paths, ['src/auth/', 'src/payment/']);
  assert.equal(overlay.sandbox?.allowed_commands?.[1], '^ruff\\s+(check|format)');
});

test('an empty file, a comment and a byte order mark say nothing', async () => {
  for (const text of ['', '# nothing\n', '---\n', '\uFEFF# nothing\n'])
    assert.equal(await parseConfig(text, '.ambient.yml'), {}, JSON.stringify(text));
});

test('checks are commands or named commands; specialists of the repository keep their own keys', async () => {
  const text =
    'checks:\n  - npm test\n  - {name: types, command: npx tsc, kind: types}\nagents:\n  Licences: {deny: [GPL]}\n';
  const overlay = await parseConfig(text, '.ambient.yml');
  assert.equal(overlay.checks, ['npm test', { name: 'types', command: 'npx tsc', kind: 'types' }]);
  assert.equal(overlay.agents?.['Licences'], { deny: ['GPL'] });
});

/** [what is wrong, text, how the message begins, what else it says] */
const WRONG: Array<[string, string, string, RegExp]> = [
  ['key', 'model: {}\nsandbx: {}\n', '.ambient.yml:2: unknown key sandbx', /did you mean sandbox\?/],
  [
    'deep key',
    'sandbox:\n  resources:\n    memry: 1g\n',
    '.ambient.yml:3: unknown key sandbox.resources.memry',
    /memory\?/,
  ],
  ['key under the old name', 'kimi:\n  provder: none\n', '.ambient.yml:2: unknown key model.provder', /provider\?/],
  ['far key', 'xylophone: 1\n', '.ambient.yml:1: unknown key xylophone', /xylophone$/],
  ['both names', 'model: {}\nkimi: {}\n', '.ambient.yml:2: kimi is the old name of model', /both/],
  ['type', 'commit_on_success: maybe\n', '.ambient.yml:1: commit_on_success must be true or false', /./],
  [
    'unquoted number',
    'sandbox:\n  resources:\n    cpus: 2.0\n',
    '.ambient.yml:3: sandbox.resources.cpus must be text',
    /quotes/,
  ],
  ['value', '\n\nmodel:\n  provider: gpt\n', '.ambient.yml:4: model.provider must be one of none, ollama', /./],
  ['range', 'risk_policy:\n  file_change_limit: 0\n', '.ambient.yml:2: risk_policy.file_change_limit', />= 1/],
  [
    'network',
    'sandbox: {network_mode: all}\n',
    '.ambient.yml:1: sandbox.network_mode must be one of none, bridge, host',
    /./,
  ],
  ['check', 'checks:\n  - npm test\n  - [a]\n', '.ambient.yml:3: checks.1 must be a command', /./],
  ['check key', 'checks:\n  - {command: a, kid: lint}\n', '.ambient.yml:2: unknown key checks.0.kid', /./],
  ['root', '- a\n', '.ambient.yml:1: the configuration must be a block of keys', /./],
  [
    'specialist',
    'agents:\n  enabled: []\n  SecurtyGuardian: {}\n',
    '.ambient.yml:3: unknown specialist',
    /SecurityGuardian\?/,
  ],
  [
    'enabled',
    'agents:\n  enabled:\n    - StyleEnforcr\n',
    '.ambient.yml:3: agents.enabled names StyleEnforcr',
    /StyleEnforcer\?/,
  ],
  ['both lists', 'risk_policy:\n  auto_apply: [high]\n', '.ambient.yml:2: risk_policy: high stands in', /./],
  ['pattern', 'sandbox:\n  allowed_commands:\n    - "^("\n', '.ambient.yml:3: sandbox.allowed_commands', /expression/],
  ['quiet hours', 'monitoring: {quiet_hours: "25:00-07:00"}\n', '.ambient.yml:1: monitoring.quiet_hours', /form/],
  ['key twice', 'model: {}\ntelemetry: {}\nmodel: {}\n', '.ambient.yml:3: the key model is given twice', /./],
  ['tag', 'checks: !!js/function "x"\n', '.ambient.yml:1:', /tag/],
  ['standard tag', 'checks: !!seq []\n', '.ambient.yml:1:', /tag/],
  ['prototype', '__proto__: {enabled: true}\n', '.ambient.yml:1: a key may not be called __proto__', /./],
  ['nested prototype', 'agents:\n  Mine:\n    __proto__: {a: 1}\n', '.ambient.yml:3: a key may not', /./],
  ['list as key', '? [a]\n: 1\n', '.ambient.yml:1: a key must be plain text', /./],
  ['tab', 'model:\n\tprovider: none\n', '.ambient.yml:2: Tabs', /./],
  ['documents', 'model: {}\n---\nmodel: {}\n', '.ambient.yml:2: Source contains multiple documents', /./],
];
for (const [name, text, begins, says] of WRONG)
  test(`wrong ${name}: the place and the way out are named`, async () => {
    const { message, hint } = await refusal(text);
    assert.match(message, /^\.ambient\.yml:\d+:\d+: /);
    assert.ok(message.replace(/^(\S+?:\d+):\d+:/, '$1:').startsWith(begins), message);
    assert.match(message, says);
    assert.ok(hint, 'no next step');
  });

test('several mistakes are told at once, not without end', async () => {
  const { message, data } = await refusal(Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join('\n'));
  assert.is(message.split('\n').length, 6);
  assert.ok((data['problems'] as unknown[]).length <= 50);
});

test('hostile texts end quickly: size, nesting, aliases that multiply', async () => {
  const nine = (name: string) => `[${Array.from({ length: 9 }, () => name).join(',')}]`;
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level}: &l${level} ${nine(level === 0 ? 'x' : `*l${level - 1}`)}`,
  );
  const texts = [
    '#'.repeat(256 * 1024 + 1),
    '['.repeat(200_000),
    `a: ${'{a: '.repeat(50_000)}`,
    '- '.repeat(100_000),
    levels.join('\n'),
    'a: &a [*a]\n',
  ];
  for (const text of texts) {
    const started = performance.now();
    await refusal(text);
    assert.ok(performance.now() - started < 10_000, text.slice(0, 20));
  }
});

test.run();
