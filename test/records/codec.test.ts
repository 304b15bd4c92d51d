import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AmbientError } from '../../src/base/index.ts';
import {
  type ArchiveContent,
  decodeRecords,
  type EvaluationContent,
  encodeRecord,
  fingerprint,
  makeRecord,
  type TelemetryContent,
} from '../../src/records/index.ts';

const test = suite('records/codec');
const oid = (digit: string) => digit.repeat(40);
const evaluation: EvaluationContent = {
  kind: 'evaluation',
  proposal: oid('1'),
  base: oid('2'),
  tree: oid('3'),
  configuration: oid('4'),
  outcome: 'passed',
  evidence: 'tests',
  reasons: ['all checks pass'],
  checks: [{ name: 'pytest', base: 'passed', candidate: 'passed', duration_ms: 12.5, flaky: false }],
};
const head = { seq: 1, at: Date.UTC(2026, 0, 2, 3, 4, 5, 678) };

test('a record comes back as it was written', () => {
  const record = makeRecord(evaluation, head);
  assert.is(record.at, '2026-01-02T03:04:05Z');
  assert.match(record.id, /^[0-9a-f]{16}$/);
  assert.equal(decodeRecords('evaluation', `${encodeRecord(record)}\n`), { records: [record], unknown: 0, broken: 0 });
});

test('the id is of the content: time and sequence do not change it, a field does', () => {
  const first = makeRecord(evaluation, head);
  assert.is(makeRecord({ ...evaluation }, { seq: 9, at: '2027-01-01T00:00:00Z' }).id, first.id);
  assert.is.not(makeRecord({ ...evaluation, outcome: 'failed' as const }, head).id, first.id);
});

test('the order of keys and fields that are undefined do not change the id', () => {
  const reversed = Object.fromEntries(Object.entries(evaluation).reverse()) as unknown as EvaluationContent;
  assert.is(makeRecord(reversed, head).id, makeRecord(evaluation, head).id);
  assert.is(makeRecord({ ...evaluation, note: undefined }, head).id, makeRecord(evaluation, head).id);
});

test('prose is cut visibly to one line of 4 KiB, checks and facts stay, the id still holds', () => {
  const long = 'é'.repeat(3000);
  const checks = Array.from({ length: 12 }, (_, index) => ({
    ...{ name: `check ${index}`, base: 'passed' as const, candidate: 'failed' as const },
    ...{ duration_ms: 1, flaky: false, note: long },
  }));
  const record = makeRecord({ ...evaluation, reasons: [long, long], checks }, head);
  const line = encodeRecord(record);
  assert.ok(Buffer.byteLength(line) <= 4096);
  assert.is(record.checks.length, 12);
  assert.ok(record.checks.every((check) => check.note?.endsWith('…')));
  assert.ok(record.reasons.every((reason) => reason.endsWith('…')));
  assert.is(decodeRecords('evaluation', line).records.length, 1);
});

test('a great many reasons: the first stay, the rest are counted', () => {
  const reasons = Array.from({ length: 500 }, (_, index) => `reason number ${index}`);
  const record = makeRecord({ ...evaluation, reasons }, head);
  assert.ok(Buffer.byteLength(encodeRecord(record)) <= 4096);
  assert.is(record.reasons[0], 'reason number 0');
  assert.match(record.reasons.at(-1) ?? '', /^… and \d+ more$/);
});

test('what cannot be cut is our bug, never silently dropped', () => {
  const checks = Array.from({ length: 200 }, () => evaluation.checks[0]!);
  try {
    makeRecord({ ...evaluation, checks }, head);
    assert.unreachable();
  } catch (error) {
    assert.is((error as AmbientError).code, 'record-too-large');
    assert.is((error as AmbientError).kind, 'bug');
  }
  assert.throws(() => encodeRecord({ ...makeRecord(evaluation, head), note: 'x'.repeat(5000) } as never), /4096/);
});

test('every string of telemetry data may be cut', () => {
  const content: TelemetryContent = { kind: 'cycle', run_id: 'c1', data: { files: ['x'.repeat(9000)], count: 3 } };
  const record = makeRecord(content, head);
  assert.ok(Buffer.byteLength(encodeRecord(record)) <= 4096);
  assert.is(record.data['count'], 3);
});

test('unknown versions and kinds are kept apart from broken lines, and none of them is fatal', () => {
  const good = encodeRecord(makeRecord(evaluation, head));
  const change = (fields: object) => JSON.stringify({ ...JSON.parse(good), ...fields });
  const text = [
    ...[good, '', '   ', change({ v: 2 }), change({ kind: 'evaluation2' })],
    ...['{', 'null', '[]', '7', '"x"', good.slice(0, 50), change({ outcome: 'maybe' }), change({ seq: 0 })],
    ...[change({ at: 'yesterday' }), change({ proposal: '../../etc' }), change({ id: 'zz' }), change({ v: '1' })],
    ...[change({ outcome: 'failed' }), `${good.slice(0, -1)},"note":"${'x'.repeat(5000)}"}`, good],
  ].join('\n');
  const result = decodeRecords('evaluation', text);
  assert.is(result.records.length, 1);
  assert.is(result.unknown, 2);
  assert.is(result.broken, 14);
});

test('fields that a later version added do not hide a record', () => {
  const record = makeRecord({ ...evaluation, colour: 'blue' }, head);
  assert.is(decodeRecords('evaluation', encodeRecord(record)).records.length, 1);
});

test('an archive line of a specialist that this version does not know is read', () => {
  const content = { kind: 'rejected', proposal: oid('1'), specialist: 'Newcomer', rule: 'go/x', fingerprints: [] };
  const record = makeRecord(content as unknown as ArchiveContent, head);
  assert.is(decodeRecords('archive', encodeRecord(record)).records.length, 1);
  const gone = makeRecord({ ...content, kind: 'vanished' } as unknown as ArchiveContent, head);
  assert.equal(decodeRecords('archive', encodeRecord(gone)), { records: [], unknown: 1, broken: 0 });
});

test('any telemetry round-trips, any text is survived', () => {
  const kind = fc.string({ maxLength: 20 });
  const data = fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  fc.assert(
    fc.property(fc.record({ kind, run_id: fc.string({ maxLength: 12 }), data }), (content) => {
      const line = encodeRecord(makeRecord(content, head));
      assert.not.ok(line.includes('\n'));
      const { records, broken } = decodeRecords('telemetry', line);
      assert.is(broken, 0);
      assert.is(encodeRecord(records[0]!), line);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const family of ['evaluation', 'archive', 'telemetry'] as const) decodeRecords(family, text);
    }),
  );
});

test('a fingerprint survives moves and indentation, and tells rules and texts apart', () => {
  const base = {
    specialist: 'StyleEnforcer',
    rule: 'python/none',
    path: 'a.py',
    before: 'if x == None:\n    pass',
    after: 'is',
  };
  const same = fingerprint({ ...base, before: '\r\n  if x == None:\r\n\tpass  ' });
  assert.is(same, fingerprint(base));
  assert.match(same, /^[0-9a-f]{16}$/);
  const others = [
    fingerprint({ ...base, rule: 'python/other' }),
    fingerprint({ ...base, specialist: 'SecurityGuardian' }),
    fingerprint({ ...base, before: 'if y == None: pass' }),
    fingerprint({ ...base, path: 'b.py' }),
    fingerprint({ ...base, after: 'is not' }),
    fingerprint({ ...base, before: `${base.before} is`, after: '' }),
  ];
  assert.is(new Set([same, ...others]).size, 7);
});

test('no credential enters a record, neither in its prose nor below data', () => {
  const secret = `gh${'p_'}${'q8Zr2vLx0TnB5kWd'.repeat(3).slice(0, 36)}`;
  const record = makeRecord(
    {
      kind: 'error',
      data: { message: `refused ${secret}`, deep: [{ detail: `x ${secret}` }] },
      reasons: [secret],
      name: 'pytest',
    },
    { seq: 1, at: 0 },
  );
  const line = encodeRecord(record);
  assert.not(line.includes(secret));
  assert.is(line.split('***').length, 4);
  assert.match(line, '"name":"pytest"');
});

test.run();
