/** The schema as single source: defaults, tables and the editors' schema agree with it and with each other. */
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { configSchema, configTable, defaults, explain, jsonSchema } from '../../src/config/index.ts';
import { editDistance, leaves, nearest } from '../../src/config/keys.ts';
import { contradictions } from '../../src/config/validate.ts';

const test = suite('config/schema');

test('every key has a description and every leaf a default', () => {
  const walk = (schema: Record<string, unknown>, path: string): void => {
    if (path !== '') assert.ok(String(schema['description'] ?? '').length > 10, `${path} has no description`);
    const inner = schema['properties'] as Record<string, Record<string, unknown>> | undefined;
    if (!inner) assert.ok('default' in schema, `${path} has no default`);
    else assert.is(schema['additionalProperties'], false, `${path} accepts unknown keys`);
    for (const [name, one] of Object.entries(inner ?? {})) walk(one, `${path}.${name}`);
  };
  walk(configSchema, '');
});

test('the defaults satisfy the schema and contradict nothing', () => {
  const validate = new Ajv({ strictSchema: false }).compile(configSchema);
  assert.ok(validate(defaults()), JSON.stringify(validate.errors));
  assert.equal(contradictions(defaults()), []);
});

test('the defaults are the documented ones, and fresh each time', () => {
  const config = defaults();
  assert.is(config.commit_on_success, false);
  assert.equal(config.risk_policy.auto_apply, ['low', 'medium']);
  assert.is(config.risk_policy.file_change_limit, 10);
  assert.is(config.risk_policy.loc_change_limit, 500);
  assert.is(config.model.provider, 'none');
  assert.is(config.sandbox.network_mode, 'none');
  assert.is(config.agents.RefactorArchitect.complexity_threshold, 15);
  config.risk_policy.auto_apply.push('critical');
  assert.equal(defaults().risk_policy.auto_apply, ['low', 'medium']);
});

test('the default allowlist compiles and admits no shell', () => {
  const admits = (line: string) =>
    defaults().sandbox.allowed_commands.some((pattern) => new RegExp(pattern).test(line));
  for (const line of [
    'pytest -q',
    'python3 -m unittest',
    'npm test',
    'npx --no-install tsc --noEmit',
    'cargo test',
    'go test ./...',
  ])
    assert.ok(admits(line), line);
  for (const line of ['sh -c pytest', 'bash', 'curl x', 'git push', 'npm install', 'python3 -c 1', 'npx evil'])
    assert.not.ok(admits(line), line);
});

test('the table has one row per key, with nothing that breaks a table', () => {
  const rows = configTable().trimEnd().split('\n').slice(2);
  assert.is(rows.length, leaves().length);
  for (const row of rows) assert.is(row.split(/(?<!\\)\|/).length, 7, row);
  assert.ok(rows.some((row) => row.includes('`AMBIENT_SANDBOX_RESOURCES_MEMORY`')));
});

test("the editors' schema compiles, takes the old name, refuses unknown keys", () => {
  const validate = new Ajv({ strictSchema: false }).compile(jsonSchema());
  assert.ok(validate({ kimi: { provider: 'ollama' } }));
  assert.not.ok(validate({ kimi: { provder: 'ollama' } }));
  assert.not.ok(validate({ other: 1 }));
});

test('explain lists every key with its source, and the keys of added specialists', () => {
  const config = { ...defaults(), agents: { ...defaults().agents, Licences: { deny: ['GPL'] } } };
  const rows = explain({ config, sources: { 'model.provider': 'flag' } });
  assert.is(rows.find((row) => row.key === 'model.provider')?.source, 'flag');
  assert.equal(rows.find((row) => row.key === 'agents.Licences.deny')?.value, ['GPL']);
  assert.is(rows.length, leaves().length + 1);
});

test('the nearest name is the one meant, and a far one is none', () => {
  assert.is(nearest('sandbx', ['share', 'sandbox']), 'sandbox');
  assert.is(nearest('retires', ['retries', 'retention']), 'retries');
  assert.is(nearest('xylophone', ['share', 'sandbox']), null);
  assert.is(editDistance('ab', 'ba'), 1);
  assert.is(editDistance('kitten', 'sitting'), 3);
  assert.is(editDistance('', 'abc'), 3);
});

test.run();
