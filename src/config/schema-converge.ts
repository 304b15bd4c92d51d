/**
 * The keys of the convergence loop, in the form that its own `config.yaml` has had from the beginning. Rule: as for the
 * rest of the schema: every key described, every leaf with a default, nothing else accepted.
 */
const args = { type: 'array', items: { type: 'string', maxLength: 1000 }, maxItems: 100 } as const;
const enabled = { description: 'Whether the step is taken.', type: 'boolean', default: true } as const;
const properties = {
  enabled,
  tool: {
    description: 'Program that does it; empty means our own way.',
    type: 'string',
    pattern: '^\\P{Cc}*$',
    maxLength: 1000,
    default: '',
  },
  args: { description: 'Arguments of the program.', ...args, default: [] },
} as const;
const step = { type: 'object', additionalProperties: false, properties } as const;

export const loop = {
  type: 'object',
  description: 'When `converge` stops.',
  additionalProperties: false,
  properties: {
    max_iterations: {
      description: 'Rounds after which it gives up.',
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 10,
    },
    convergence_threshold: {
      description: 'Share of the checks that must agree before it counts as converged.',
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.95,
    },
    timeout_seconds: {
      description: 'Longest run of all rounds.',
      type: 'integer',
      minimum: 1,
      maximum: 604800,
      default: 3600,
    },
  },
} as const;

export const steps = {
  type: 'object',
  description: 'What `converge` does in each round.',
  additionalProperties: false,
  properties: {
    diagnose: { ...step, description: 'Looks for problems.' },
    fix: { ...step, description: 'Mends what was found.' },
    attack: { ...step, description: 'Tries to break what was mended.' },
    validate: { ...step, description: 'Says whether everything still works.' },
  },
} as const;

export const events = {
  type: 'object',
  description: 'Where `converge` tells what it does.',
  additionalProperties: false,
  properties: {
    webhook_url: {
      description: 'Address that each event is sent to; empty means nowhere.',
      type: 'string',
      pattern: '^(https?://.*)?$',
      default: '',
    },
    emit_interval: {
      description: 'Seconds between two reports of progress.',
      type: 'number',
      minimum: 0,
      maximum: 86400,
      default: 5,
    },
  },
} as const;
