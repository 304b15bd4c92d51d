/** Chooses how the model is reached. Rule: only from trusted configuration; what is missing is said before anything is sent. */
import { isAbsolute } from 'node:path';
import { AmbientError, systemClock } from '../base/index.ts';
import { type AnswerCache, createModel } from './model.ts';
import type { Model, ModelConfig, Provider } from './types.ts';

export interface OpenModelOptions {
  config: ModelConfig;
  cache: AnswerCache;
  env: Record<string, string | undefined>;
  /** Splits a command line without a shell. */
  parseCommand: (line: string) => string[];
  /** In [0, 1), for the jitter of retries. */
  random?: () => number;
}

/**
 * The model of the configuration, or null with `provider: none`.
 * @throws AmbientError `model-not-configured` (config) that names the key.
 */
export async function openModel(options: OpenModelOptions): Promise<Model | null> {
  const { config, cache, random = Math.random } = options;
  const provider = await openProvider(options);
  if (provider === null) return null;
  const record = await recorderOf(config);
  return createModel({ provider, config, cache, random, ...(record ? { record } : {}) });
}

/** A relative folder might lie in the working tree, where nothing is written. */
async function recorderOf({ provider, transcripts, model_id }: ModelConfig) {
  if (provider === 'replay' || !isAbsolute(transcripts)) return null;
  return (await import('./replay.ts')).createRecorder(transcripts, model_id);
}

async function openProvider({ config, env, parseCommand }: OpenModelOptions): Promise<Provider | null> {
  const { model_id: model, temperature } = config;
  const timeout = config.timeout_seconds * 1000;
  switch (config.provider) {
    case 'none':
      return null;
    case 'replay': {
      const folder = required('transcripts', config.transcripts);
      return (await import('./replay.ts')).createReplay({ folder, model });
    }
    case 'exec': {
      const argv = parseCommand(required('command', config.command));
      const { PATH, HOME, LANG } = env;
      const given = { PATH, HOME, LANG, [config.api_key_env]: env[config.api_key_env] };
      return (await import('./exec.ts')).createExec({ argv, model, temperature, timeout, env: given });
    }
    default: {
      const baseUrl = required('base_url', config.base_url);
      const key = env[config.api_key_env] || null;
      const { createEndpoint } = await import('./endpoint.ts');
      return createEndpoint({ baseUrl, model, key, temperature, timeout, now: systemClock.now });
    }
  }
}

function required(key: 'transcripts' | 'command' | 'base_url', value: string): string {
  if (value !== '') return value;
  throw new AmbientError('model-not-configured', `model.${key} is empty`, {
    kind: 'config',
    hint: `set model.${key} in .ambient.yml, or model.provider to none`,
  });
}
