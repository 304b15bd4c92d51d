/**
 * What may be spent. Rule: a call is booked with what it may cost at most before it is made, and settled with what it
 * did cost; so calls that run at the same time cannot pass a bound together.
 */
import { AmbientError } from '../base/index.ts';
import type { Message, ModelConfig, Spent, Usage } from './types.ts';

type Prices = Pick<
  ModelConfig,
  'max_tokens_per_cycle' | 'max_usd_per_cycle' | 'usd_per_million_input' | 'usd_per_million_output'
>;

export interface Budget {
  /** @throws AmbientError `budget-spent` (environment). */
  book(input: number, output: number): Booking;
  kept(): void;
  spent(): Spent;
}

export interface Booking {
  settle(usage: Usage): void;
  /** Nothing came: what was sent is counted all the same. */
  lost(): void;
}

/** About four bytes to a token for code and English; only bounds rest on it. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3.6);
}

/** Of a whole prompt, with the few tokens that frame each message. */
export function promptTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, { text }) => sum + estimateTokens(text) + 4, 0);
}

export function createBudget(prices: Prices): Budget {
  const spent: Spent = { calls: 0, kept: 0, tokens: 0, usd: 0 };
  const booked = { tokens: 0, usd: 0 };
  const cost = (input: number, output: number) =>
    (input * prices.usd_per_million_input + output * prices.usd_per_million_output) / 1e6;
  return {
    book(input, output) {
      const usd = cost(input, output);
      const tokens = input + output;
      check('tokens', spent.tokens + booked.tokens + tokens, prices.max_tokens_per_cycle);
      check('usd', spent.usd + booked.usd + usd, prices.max_usd_per_cycle);
      booked.tokens += tokens;
      booked.usd += usd;
      let open = true;
      const close = (used: { input: number; output: number }) => {
        if (!open) return;
        open = false;
        booked.tokens -= tokens;
        booked.usd -= usd;
        spent.calls += 1;
        spent.tokens += used.input + used.output;
        spent.usd += cost(used.input, used.output);
      };
      return { settle: close, lost: () => close({ input, output: 0 }) };
    },
    kept: () => {
      spent.kept += 1;
    },
    spent: () => ({ ...spent, usd: Math.round(spent.usd * 1e6) / 1e6 }),
  };
}

function check(what: 'tokens' | 'usd', needed: number, bound: number): void {
  if (bound === 0 || needed <= bound) return;
  const key = what === 'tokens' ? 'model.max_tokens_per_cycle' : 'model.max_usd_per_cycle';
  const amount = what === 'tokens' ? `${Math.ceil(needed)} tokens` : `${needed.toFixed(4)} US dollars`;
  throw new AmbientError(
    'budget-spent',
    `the model is not asked any more: the next call would come to ${amount} in this cycle, and ${key} is ${bound}`,
    { kind: 'environment', hint: `raise ${key}, or let the next cycle go on`, data: { budget: what, needed, bound } },
  );
}
