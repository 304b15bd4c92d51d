/**
 * What a line in git must look like before it is believed. Rule: plain data, the single source of the validators that
 * `build/validators.ts` compiles; unknown extra fields are allowed, so that a later minor version can add some.
 */
const head = {
  v: { const: 1 },
  id: { type: 'string', pattern: '^[0-9a-f]{16}$' },
  seq: { type: 'integer', minimum: 1 },
  at: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
} as const;

const oid = { type: 'string', pattern: '^(?:[0-9a-f]{40}|[0-9a-f]{64})$' } as const;
const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
/** A name, not one of a list: a specialist that this version does not know is shown, not lost. */
const specialist = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' } as const;
const digest = { type: 'string', pattern: '^[0-9a-f]{16}$' } as const;
/** What a failing input did to a tree. */
const shown = { enum: ['exploited', 'refused', 'unclear'] } as const;
const checkOutcome = { enum: ['passed', 'failed', 'timeout', 'oom', 'absent', 'error'] } as const;

const evaluation = {
  type: 'object',
  required: [
    ...['v', 'id', 'seq', 'at', 'kind', 'proposal', 'base', 'tree', 'configuration'],
    ...['outcome', 'evidence', 'reasons', 'checks'],
  ],
  properties: {
    ...head,
    kind: { const: 'evaluation' },
    proposal: oid,
    base: oid,
    tree: oid,
    configuration: oid,
    outcome: { enum: ['passed', 'failed', 'inconclusive'] },
    evidence: { enum: ['witness', 'tests', 'analysis'] },
    reasons: texts,
    checks: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'base', 'candidate', 'duration_ms', 'flaky'],
        properties: {
          name: text,
          base: checkOutcome,
          candidate: checkOutcome,
          duration_ms: { type: 'number', minimum: 0 },
          flaky: { type: 'boolean' },
          note: text,
          digest,
        },
      },
    },
    sandbox: digest,
    witness: {
      type: 'object',
      required: ['title', 'before', 'after', 'digest'],
      properties: { title: text, before: shown, after: shown, digest },
    },
    performance: {
      type: 'object',
      required: ['ratio', 'ci', 'significant', 'pairs', 'unit', 'what'],
      properties: {
        ratio: { type: 'number', exclusiveMinimum: 0 },
        ci: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
        significant: { type: 'boolean' },
        pairs: { type: 'integer', minimum: 1 },
        unit: { enum: ['time', 'instructions'] },
        what: text,
      },
    },
    gates: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'allowed', 'reason'],
        properties: { name: text, allowed: { type: 'boolean' }, reason: text },
      },
    },
  },
} as const;

const archive = {
  type: 'object',
  required: ['v', 'id', 'seq', 'at', 'kind', 'proposal', 'specialist', 'rule', 'fingerprints'],
  properties: {
    ...head,
    kind: {
      enum: [
        'merged',
        'rejected',
        'approved',
        'reverted',
        'superseded',
        'expired',
        'promoted',
        'rolled_back',
        'rewritten',
      ],
    },
    proposal: oid,
    specialist,
    rule: text,
    fingerprints: texts,
    commit: oid,
    reason: text,
  },
} as const;

const telemetry = {
  type: 'object',
  required: ['v', 'id', 'seq', 'at', 'kind', 'run_id', 'data'],
  properties: { ...head, kind: text, run_id: text, data: { type: 'object' } },
} as const;

/** JSON Schemas by family; each family has its own ref, so a kind never has to tell the families apart. */
export const recordSchemas = { evaluation, archive, telemetry } as const;
