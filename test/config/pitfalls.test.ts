/** What YAML does to people: exact places, several mistakes at once, and texts that are no YAML at all. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import { decode } from '../../src/config/decode.ts';
import { fromEnvironment } from '../../src/config/environment.ts';
import { parseConfig } from '../../src/config/index.ts';

const test = suite('config/pitfalls');
async function refusal(work: () => unknown): Promise<AmbientError> {
  try {
    await work();
  } catch (error) {
    assert.instance(error, AmbientError, String(error));
    assert.is((error as AmbientError).kind, 'config');
    assert.ok((error as AmbientError).hint);
    return error as AmbientError;
  }
  throw new Error('this was accepted');
}
const wrong = (text: string) => refusal(() => parseConfig(text, '.ambient.yml'));

const PLACES: Array<[what: string, text: string, message: string | RegExp]> = [
  [
    'key',
    'sandbox:\n  resources: {memry: 1g}\n',
    '.ambient.yml:2:15: unknown key sandbox.resources.memry; did you mean memory?',
  ],
  [
    'value in a list',
    'risk_policy:\n  auto_apply: [low, huge]\n',
    /^\.ambient\.yml:2:21: risk_policy\.auto_apply\.1 must be one of/,
  ],
  ['tab', 'model:\n\tprovider: none\n', '.ambient.yml:2:1: Tabs are not allowed as indentation'],
  [
    'tab between',
    'model: {provider:\tnone}\ntelemetry: {enabled: maybe}\n',
    /^\.ambient\.yml:2:13: telemetry\.enabled/,
  ],
  ['quote that does not end', 'model:\n  provider: "none\n', /^\.ambient\.yml:\d+:\d+: Missing closing "quote/],
  [
    'yes',
    'monitoring: {enabled: yes}\n',
    '.ambient.yml:1:14: monitoring.enabled must be true or false: yes is text in YAML 1.2, write true',
  ],
  ['Off', 'share:\n  enabled: Off\n', /write false$/],
  ['octal', 'risk_policy:\n  file_change_limit: 010\n', /^\.ambient\.yml:2:22: 010 is octal for some readers/],
  ['merge key', 'a: &a {enabled: true}\nshare:\n  <<: *a\n', /^\.ambient\.yml:3:3: merge keys \(<<\) are not accepted/],
  ['key twice', 'share: {enabled: true, enabled: false}\n', '.ambient.yml:1:24: the key enabled is given twice'],
  ['number that is none', 'model: {temperature: .nan}\n', /^\.ambient\.yml:1:9: model\.temperature/],
  ['number that never ends', 'model: {temperature: .inf}\n', /^\.ambient\.yml:1:9: model\.temperature/],
  ['text', 'just words\n', '.ambient.yml:1:1: the configuration must be a block of keys'],
  ['a number', '42\n', /must be a block of keys/],
  ['a list at the top', '- model: {}\n', '.ambient.yml:1:1: the configuration must be a block of keys'],
  ['an unknown alias', 'share: *nothing\n', '.ambient.yml:1:8: there is no anchor &nothing'],
  ['Windows lines', 'model: {}\r\nsandbx: {}\r\n', /^\.ambient\.yml:2:1: unknown key sandbx; did you mean sandbox\?/],
  ['a name with a colon', 'monitoring:\n  watch_paths: src: lib\n', /^\.ambient\.yml:2:\d+: /],
];
for (const [what, text, message] of PLACES)
  test(`${what}: the exact place`, async () => {
    const said = (await wrong(text)).message;
    if (typeof message === 'string') assert.is(said, message);
    else assert.match(said, message);
  });

test('what only looks like a pitfall is taken as it is meant', async () => {
  const text =
    'pre_push: off\nmonitoring: {quiet_hours: 22:00-07:00, watch_paths: [yes, "010", null-safe]}\nmodel: &m {model_id: 0x10-model}\nrisk_policy: {file_change_limit: 0x10, loc_change_limit: 1e2}\n';
  const overlay = await parseConfig(text, '.ambient.yml');
  assert.is(overlay.pre_push, 'off');
  assert.is(overlay.monitoring?.quiet_hours, '22:00-07:00');
  assert.equal(overlay.monitoring?.watch_paths, ['yes', '010', 'null-safe']);
  assert.is(overlay.risk_policy?.file_change_limit, 16);
  assert.is(overlay.risk_policy?.loc_change_limit, 100);
});

test('every kind of mistake is told in one go, for people and for programs', async () => {
  const { message, data } = await wrong(
    'sandbx: {}\nrisk_policy:\n  auto_apply: [high]\n  file_change_limit: many\nagents: {enabled: [StyleEnforcr]}\n',
  );
  assert.match(message, /:1:1: unknown key sandbx/);
  assert.match(message, /:4:3: risk_policy\.file_change_limit must be a whole number/);
  assert.match(message, /:3:3: risk_policy: high stands in auto_apply and in require_approval/);
  assert.match(message, /:5:20: agents\.enabled names StyleEnforcr/);
  const [first] = data['problems'] as Array<Record<string, unknown>>;
  assert.is(first?.['where'], '.ambient.yml:1:1');
  assert.is(first?.['line'], 1);
  assert.is(first?.['column'], 1);
  assert.is(first?.['meant'], 'sandbox');
});

test('several faults of the syntax, and several oddities, are told at once', async () => {
  const syntax = (await wrong('model: b: c\nshare: e: f\n')).message.split('\n');
  assert.ok(syntax.length >= 2, syntax.join('\n'));
  const odd = (await wrong('model: !!map {}\nshare: {enabled: 01}\nshare: {}\n')).message;
  assert.match(odd, /:1:14: YAML tags[\s\S]*01 is octal[\s\S]*the key share is given twice/);
});

test('bytes that are no text: what they are, and where', async () => {
  const cases: Array<[Buffer, RegExp]> = [
    [Buffer.from('\ufeffmodel: {}\n', 'utf16le'), /^\.ambient\.yml:1:1: the file is UTF-16/],
    [Buffer.from([0xfe, 0xff, 0, 0x61]), /UTF-16/],
    [Buffer.from('a: 1\nb: caf\xe9\n', 'latin1'), /^\.ambient\.yml:2:7: not UTF-8/],
    [Buffer.concat([Buffer.from('# \ufffd ü\nx: '), Buffer.from([0xc3])]), /^\.ambient\.yml:2:4: not UTF-8/],
    [Buffer.from('model: {}\n# \0\n'), /^\.ambient\.yml:2:3: a NUL byte/],
    [Buffer.concat([Buffer.alloc(200_000, 'ü'), Buffer.from([0xff])]), /^\.ambient\.yml:1:100001: not UTF-8/],
  ];
  for (const [content, message] of cases)
    assert.match((await refusal(() => decode(content, '.ambient.yml'))).message, message);
  assert.is(decode(Buffer.from('# \ufffd\n'), 'x'), '# \ufffd\n');
});

test('all wrong variables are told at once', async () => {
  const env = {
    AMBIENT_MODEL_PROVDER: 'x',
    AMBIENT_SHARE_ENABLED: 'perhaps',
    AMBIENT_OTHER: 'not ours',
    AMBIENT_MODEL_MODEL_ID: 'm',
  };
  const { message } = await refusal(() => fromEnvironment(env));
  assert.match(
    message,
    /AMBIENT_MODEL_PROVDER; did you mean AMBIENT_MODEL_PROVIDER\?\nAMBIENT_SHARE_ENABLED: "perhaps" is not true or false/,
  );
});

test.run();
