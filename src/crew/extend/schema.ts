/**
 * What programs of a repository are told and what they may answer, and what an event may say. Rule: the single source: the
 * validators are compiled from it and the files in templates/schemas/ are its print.
 */
const path = { type: 'string', minLength: 1, maxLength: 1024 } as const;
const line = { type: 'integer', minimum: 1, maximum: 10_000_000 } as const;
const severity = { type: 'string', enum: ['low', 'medium', 'high', 'critical'] } as const;
const rule = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' } as const;

const specialistRequest = {
  title: 'What a specialist program is told on standard input',
  type: 'object',
  required: ['schema', 'specialist', 'settings', 'files'],
  properties: {
    schema: { const: 1 },
    specialist: { description: 'Its name in `agents`.', type: 'string' },
    settings: { description: 'The block of that name, as the configuration has it.', type: 'object' },
    files: {
      description: 'What is to be looked at; each lies at `tree/<path>` as well.',
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'text'],
        properties: { path, text: { description: 'UTF-8, whole.', type: 'string' } },
      },
    },
  },
} as const;

const specialistAnswer = {
  title: 'What a specialist program answers on standard output',
  type: 'object',
  additionalProperties: false,
  required: ['findings'],
  properties: {
    schema: { const: 1 },
    findings: {
      type: 'array',
      maxItems: 500,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['rule', 'path', 'line', 'severity', 'message'],
        properties: {
          rule: { description: 'Shown as `<Specialist>/<rule>`.', ...rule },
          path: { description: 'One of those that were shown.', ...path },
          line: { description: 'From 1.', ...line },
          end_line: { description: 'Inclusive; the same line when absent.', ...line },
          severity,
          message: { description: 'One sentence.', type: 'string', minLength: 1, maxLength: 300 },
          title: { description: 'Subject of the commit, imperative.', type: 'string', minLength: 1, maxLength: 60 },
          rationale: {
            description: 'Why it matters and why the new text is right.',
            type: 'string',
            minLength: 1,
            maxLength: 2000,
          },
          cwe: { type: 'string', pattern: '^CWE-[0-9]{1,6}$' },
          edits: {
            description: 'Together they mend it; none: report only.',
            type: 'array',
            maxItems: 100,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['line', 'end_line', 'text'],
              properties: {
                line: { description: 'First line that is replaced, from 1.', ...line },
                end_line: {
                  description: 'Last one, inclusive; `line` - 1 puts the text before `line`.',
                  type: 'integer',
                  minimum: 0,
                },
                text: { description: 'Whole lines; empty deletes.', type: 'string', maxLength: 262_144 },
              },
            },
          },
        },
      },
    },
  },
} as const;

const gateRequest = {
  title: 'What a gate is told on standard input',
  type: 'object',
  required: ['schema', 'proposal', 'evaluation', 'files', 'diff'],
  properties: {
    schema: { const: 1 },
    proposal: {
      type: 'object',
      required: ['id', 'commit', 'base', 'specialist', 'rule', 'title', 'rationale', 'risk'],
      properties: {
        ...{ id: { type: 'string' }, commit: { type: 'string' }, base: { type: 'string' } },
        ...{
          specialist: { type: 'string' },
          rule: { type: 'string' },
          title: { type: 'string' },
          rationale: { type: 'string' },
        },
        risk: { description: 'Computed from the change.', ...severity },
      },
    },
    evaluation: {
      type: 'object',
      required: ['outcome', 'evidence', 'reasons', 'checks'],
      properties: {
        outcome: { type: 'string', enum: ['passed', 'failed', 'inconclusive'] },
        evidence: { type: 'string', enum: ['witness', 'tests', 'analysis'] },
        reasons: { type: 'array', items: { type: 'string' } },
        checks: { type: 'array', items: { type: 'object' } },
      },
    },
    files: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'status'],
        properties: { path, status: { type: 'string', enum: ['added', 'modified', 'deleted'] } },
      },
    },
    diff: { description: 'Unified, whole.', type: 'string' },
  },
} as const;

const gateAnswer = {
  title: 'What a gate answers on standard output',
  type: 'object',
  additionalProperties: false,
  required: ['allow'],
  properties: {
    schema: { const: 1 },
    allow: { type: 'boolean' },
    reason: { description: 'For people; wanted where it denies.', type: 'string', maxLength: 500 },
  },
} as const;

const event = {
  title: 'What an event may say: a file of the spool, or `git ambient notify`',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'data'],
  properties: {
    kind: { description: 'Who speaks, for the log.', type: 'string', pattern: '^[a-z][a-z0-9._-]{0,63}$' },
    data: {
      description: 'Keys that are not named here are left alone.',
      type: 'object',
      properties: {
        id: { description: 'The same event is worked off once.', type: 'string', minLength: 1, maxLength: 200 },
        paths: {
          description: 'Files and folders of the newest commit to look at; absent: everything.',
          type: 'array',
          minItems: 1,
          maxItems: 100,
          uniqueItems: true,
          items: path,
        },
      },
    },
  },
} as const;

export const extensionSchemas = { specialistRequest, specialistAnswer, gateRequest, gateAnswer, event } as const;
