/**
 * A model as the rooms see it: bounded, patient, thrifty. Rule: the order is redact, look into the cache, book, wait for a
 * place, ask, settle; what is not booked is not asked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { AmbientError, redact } from '../base/index.ts';
import { createBudget, promptTokens } from './budget.ts';
import { asAmbientError, ModelFailure } from './failure.ts';
import { digestOf } from './replay.ts';
import { delayBefore } from './retry.ts';
import type { Answer, ChatRequest, Model, ModelConfig, Provider, Reply } from './types.ts';

/** Answers that were given before; a lost one costs a call. */
export interface AnswerCache {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
}

export interface ModelOptions {
  provider: Provider;
  config: ModelConfig;
  cache: AnswerCache;
  /** Keeps an answer for a replay. */
  record?: (request: ChatRequest, text: string) => Promise<void>;
  /** In [0, 1). */
  random?: () => number;
  /** Waits; rejects when `signal` fires. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const ANSWER_TOKENS = 8192;
const pause = async (ms: number, signal?: AbortSignal) => {
  await sleep(ms, undefined, signal ? { signal } : {});
};

export function createModel(options: ModelOptions): Model {
  const { provider, config, cache, record, random = Math.random, wait = pause } = options;
  const budget = createBudget(config);
  const queue = new PQueue({ concurrency: config.max_concurrency });

  // Once nobody listened, the other specialists need not find out for themselves.
  let down: AmbientError | null = null;

  async function repeat(request: ChatRequest): Promise<Reply & { attempts: number }> {
    for (let attempt = 1; ; attempt++)
      try {
        refuseAborted(request);
        if (down !== null) throw down;
        return { ...(await provider.ask(request)), attempts: attempt };
      } catch (error) {
        refuseAborted(request);
        if (!(error instanceof ModelFailure)) throw error;
        const delay = delayBefore(error, attempt, { retries: config.max_retries, random });
        if (delay === null) {
          const said = asAmbientError(error, attempt);
          if (error.kind === 'unreachable' && error.status === null) down = said;
          throw said;
        }
        await wait(delay, request.signal).catch(() => refuseAborted(request));
      }
  }

  return {
    async ask(asked) {
      const request = { ...asked, messages: asked.messages.map(({ role, text }) => ({ role, text: redact(text) })) };
      const key = `chat-${digestOf(request, `${config.provider} ${config.base_url} ${config.model_id} ${config.temperature}`)}`;
      const kept = keptAnswer(await cache.get(key));
      if (kept !== null) {
        budget.kept();
        await record?.(request, kept.text);
        return kept;
      }
      const reply = await queue.add(async () => {
        const booking = budget.book(promptTokens(request.messages), request.maxTokens ?? ANSWER_TOKENS);
        try {
          const answered = await repeat(request);
          booking.settle(answered.usage);
          return answered;
        } finally {
          booking.lost();
        }
      });
      const { text, usage, cut, attempts } = reply;
      if (!cut) await cache.put(key, { text, usage });
      if (!cut) await record?.(request, text);
      return { text, usage, cut, kept: false, attempts };
    },
    spent: budget.spent,
  };
}

function keptAnswer(value: unknown): Answer | null {
  const { text, usage } = (value ?? {}) as Partial<Answer>;
  if (typeof text !== 'string' || typeof usage !== 'object' || usage === null) return null;
  return { text, usage, cut: false, kept: true, attempts: 0 };
}

function refuseAborted({ signal }: ChatRequest): void {
  if (signal?.aborted)
    throw new AmbientError('aborted', 'the model was not waited for any longer', {
      kind: 'environment',
      cause: signal.reason,
    });
}
