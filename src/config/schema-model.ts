/** The part of the schema that says how a model is reached. */
import { count } from './schema-shapes.ts';

export const model = {
  type: 'object',
  description: 'The language model. Everything that needs none works with `provider: none`.',
  additionalProperties: false,
  properties: {
    provider: {
      description: 'Who answers; `none` never asks a model.',
      type: 'string',
      enum: ['none', 'ollama', 'openai-compatible', 'anthropic', 'exec', 'replay'],
      default: 'none',
    },
    base_url: {
      description: 'Address of the provider.',
      type: 'string',
      pattern: '^https?://',
      default: 'http://localhost:11434/v1',
    },
    model_id: {
      description: 'Name of the model at the provider.',
      type: 'string',
      minLength: 1,
      default: 'kimi-k2.5:cloud',
    },
    max_concurrency: { description: 'Calls that may run at the same time.', ...count, maximum: 64, default: 8 },
    temperature: {
      description: 'Low values repeat themselves, which is wanted here.',
      type: 'number',
      minimum: 0,
      maximum: 2,
      default: 0.2,
    },
    timeout_seconds: { description: 'Longest wait for one answer.', ...count, maximum: 86400, default: 300 },
    max_retries: {
      description: 'How often a failed call is repeated.',
      type: 'integer',
      minimum: 0,
      maximum: 20,
      default: 6,
    },
    api_key_env: {
      description: 'Environment variable that holds the key; no other one is looked at.',
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      default: 'AMBIENT_API_KEY',
    },
    command: {
      description: 'Program that answers with `provider: exec`: a request as JSON on stdin, an answer on stdout.',
      type: 'string',
      maxLength: 4096,
      default: '',
    },
    transcripts: {
      description:
        'Folder of recorded answers: `provider: replay` reads them, any other adds its own where the path is absolute.',
      type: 'string',
      maxLength: 4096,
      default: '',
    },
    context_tokens: {
      description: 'Tokens of a prompt: no more than the model reads.',
      type: 'integer',
      minimum: 2000,
      maximum: 1000000,
      default: 24000,
    },
    max_tokens_per_cycle: {
      description: 'Tokens that one cycle may send and receive; 0 means no bound.',
      type: 'integer',
      minimum: 0,
      default: 500000,
    },
    max_usd_per_cycle: {
      description: 'US dollars that one cycle may cost by the prices below; 0 means no bound.',
      type: 'number',
      minimum: 0,
      default: 0,
    },
    usd_per_million_input: {
      description: 'Price of a million tokens that are sent.',
      type: 'number',
      minimum: 0,
      default: 0,
    },
    usd_per_million_output: {
      description: 'Price of a million tokens that are received.',
      type: 'number',
      minimum: 0,
      default: 0,
    },
  },
} as const;

export const refine = {
  type: 'object',
  description: 'How often specialists with a model look at their own proposals again.',
  additionalProperties: false,
  properties: {
    max_rounds: {
      description: "Rounds in which each sees the others' proposals and may change its own; 0: none.",
      type: 'integer',
      minimum: 0,
      maximum: 10,
      default: 2,
    },
    max_repair_rounds: {
      description: 'How often a proposal that cannot be placed, or fails its checks, goes back with the reason.',
      type: 'integer',
      minimum: 0,
      maximum: 10,
      default: 2,
    },
  },
} as const;
