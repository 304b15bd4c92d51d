import type { FromSchema } from 'json-schema-to-ts';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildValidators } from '../../build/validators.ts';
import { type ArchiveLine, decodeRecords, type Evaluation, type TelemetryLine } from '../../src/records/index.ts';
import { recordSchemas } from '../../src/records/schema.ts';
import { validators } from '../../src/records/validate.generated.js';

const test = suite('records/schema');

/** Does not compile when a type holds what its schema refuses. */
type Admits<Schema, Type extends Schema> = [Schema, Type];
/** An interface as a plain type, which may stand where a schema allows further fields. */
type Plain<T> = T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
export type Checked = [
  Admits<FromSchema<typeof recordSchemas.evaluation>, Plain<Evaluation>>,
  Admits<FromSchema<typeof recordSchemas.archive>, Plain<ArchiveLine>>,
  Admits<FromSchema<typeof recordSchemas.telemetry>, Plain<TelemetryLine>>,
];

test('the validators are compiled from the schemas as they are, and compiling again changes nothing', async () => {
  const changed = await buildValidators();
  assert.not.ok(changed.includes('src/records/validate.generated.js'), 'run `npm run build`');
  assert.equal(Object.keys(validators).sort(), Object.keys(recordSchemas).sort());
});

test('every field that a schema requires is missed', () => {
  const oid = '1'.repeat(40);
  const head = { v: 1, id: '0'.repeat(16), seq: 1, at: '2026-01-01T00:00:00Z', proposal: oid };
  const samples = {
    evaluation: {
      ...{ ...head, kind: 'evaluation', base: oid, tree: oid, configuration: oid, outcome: 'passed' },
      ...{ evidence: 'tests', reasons: [], checks: [] },
    },
    archive: { ...head, kind: 'merged', specialist: 'StyleEnforcer', rule: 'python/x', fingerprints: [] },
    telemetry: { ...head, kind: 'cycle', run_id: 'r', data: {} },
  };
  for (const family of ['evaluation', 'archive', 'telemetry'] as const) {
    assert.is(validators[family](samples[family]), true, family);
    for (const key of recordSchemas[family].required) {
      const { [key]: _gone, ...rest } = samples[family] as Record<string, unknown>;
      assert.is(validators[family](rest), false, `${family} without ${key}`);
      assert.equal(decodeRecords(family, JSON.stringify(rest)).records, []);
    }
  }
});

test.run();
