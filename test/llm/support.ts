/** A model's configuration with quick retries, and what opening one needs. */

import type { ModelConfig, OpenModelOptions } from '../../src/llm/index.ts';
import type { AnswerCache } from '../../src/llm/model.ts';

export const config: ModelConfig = {
  provider: 'openai-compatible',
  base_url: 'http://127.0.0.1:1/v1',
  model_id: 'small',
  max_concurrency: 4,
  temperature: 0.2,
  timeout_seconds: 30,
  max_retries: 3,
  api_key_env: 'AMBIENT_API_KEY',
  command: '',
  transcripts: '',
  max_tokens_per_cycle: 0,
  max_usd_per_cycle: 0,
  usd_per_million_input: 0,
  usd_per_million_output: 0,
};

export function memoryCache(): AnswerCache {
  const kept = new Map<string, unknown>();
  return {
    get: async (key) => kept.get(key),
    put: async (key, value) => {
      kept.set(key, value);
    },
  };
}

export function askOptions(changes: ModelConfig, env: Record<string, string> = {}): OpenModelOptions {
  const parseCommand = (line: string) => line.split(' ');
  // Retries wait for no time: their length is a table in retry.test.ts.
  return { config: changes, cache: memoryCache(), env, parseCommand, random: () => 0 };
}
