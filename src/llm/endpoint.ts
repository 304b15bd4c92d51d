/**
 * A model behind the chat protocol of OpenAI, which Ollama, Moonshot, vLLM, llama.cpp, LM Studio and Anthropic speak too.
 * Rule: one attempt. Nothing is sent that was not asked for: no key from another variable, no facts about this machine,
 * no second address after a redirect.
 */
import OpenAI from 'openai';
import { estimateTokens, promptTokens } from './budget.ts';
import { ModelFailure } from './failure.ts';
import { retryAfter } from './retry.ts';
import type { ChatRequest, Provider, Reply, Usage } from './types.ts';

export interface EndpointOptions {
  baseUrl: string;
  model: string;
  /** Null: none is sent. */
  key: string | null;
  temperature: number;
  /** Milliseconds for the whole answer. */
  timeout: number;
  /** ms since the epoch, for `Retry-After` as a date. */
  now: () => number;
}

/** Characters of an answer; more is no fix. */
const LONGEST = 2 * 1024 * 1024;
const ANSWER_TOKENS = 8192;
/** What the client would tell of this machine. */
const SILENT = ['Lang', 'Package-Version', 'OS', 'Arch', 'Runtime', 'Runtime-Version', 'Retry-Count', 'Timeout'];

/** What this endpoint has turned out not to understand. */
interface Skills {
  shape: 'schema' | 'object' | 'none';
  usage: boolean;
  temperature: boolean;
}

export function createEndpoint(options: EndpointOptions): Provider {
  const client = new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.key ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: options.timeout,
    fetchOptions: { redirect: 'error' },
    defaultHeaders: {
      ...Object.fromEntries(SILENT.map((name) => [`X-Stainless-${name}`, null])),
      ...(options.key === null ? { Authorization: null } : {}),
    },
  });
  const skills: Skills = { shape: 'schema', usage: true, temperature: true };
  return {
    name: `${options.model} at ${new URL(options.baseUrl).host}`,
    async ask(request) {
      for (;;)
        try {
          return await attempt(client, options, skills, request);
        } catch (error) {
          if (!unlearn(skills, error, request)) throw asFailure(error, options, request);
        }
    },
  };
}

async function attempt(client: OpenAI, options: EndpointOptions, skills: Skills, request: ChatRequest): Promise<Reply> {
  const deadline = AbortSignal.timeout(options.timeout);
  const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
  const { data, response } = await client.chat.completions
    .create(bodyOf(options, skills, request), { signal })
    .withResponse();
  if (response.headers.get('content-type')?.includes('application/json')) return readWhole(response, request);
  let text = '';
  let end: string | null = null;
  let usage: Usage | null = null;
  for await (const chunk of data) {
    const [choice] = chunk.choices ?? [];
    text += choice?.delta?.content ?? '';
    end = choice?.finish_reason ?? end;
    usage = usageOf(chunk.usage) ?? usage;
    if (text.length > LONGEST) throw tooLong();
    request.progress?.(text.length);
  }
  // The client takes an abort for the end of the stream.
  if (end === null && deadline.aborted) throw late(options);
  return finish(text, end, usage, request);
}

function bodyOf(options: EndpointOptions, skills: Skills, request: ChatRequest) {
  const format = formatOf(skills, request);
  return {
    model: options.model,
    messages: request.messages.map(({ role, text }) => ({ role, content: text })),
    stream: true as const,
    max_tokens: request.maxTokens ?? ANSWER_TOKENS,
    ...(skills.temperature ? { temperature: options.temperature } : {}),
    ...(skills.usage ? { stream_options: { include_usage: true } } : {}),
    ...(format === null ? {} : { response_format: format }),
  };
}

function formatOf({ shape }: Skills, request: ChatRequest) {
  if (request.shape === undefined || shape === 'none') return null;
  if (shape === 'object') return { type: 'json_object' as const };
  const { name, schema } = request.shape;
  return { type: 'json_schema' as const, json_schema: { name, schema: { ...schema }, strict: true } };
}

/** A server that does not stream answers in one piece. */
async function readWhole(response: Response, request: ChatRequest): Promise<Reply> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > 2 * LONGEST) throw tooLong();
    chunks.push(chunk);
  }
  const whole = parseOrNull(Buffer.concat(chunks).toString()) as Partial<OpenAI.ChatCompletion> | null;
  const [choice] = whole?.choices ?? [];
  if (typeof choice?.message?.content !== 'string') throw new ModelFailure('broke-off', 'the answer has no text');
  return finish(choice.message.content, choice.finish_reason, usageOf(whole?.usage), request);
}

function finish(text: string, end: string | null, usage: Usage | null, request: ChatRequest): Reply {
  if (text.length > LONGEST) throw tooLong();
  if (end === null) throw new ModelFailure('broke-off', `the answer broke off after ${text.length} characters`);
  const guess = { input: promptTokens(request.messages), output: estimateTokens(text), estimated: true };
  return { text, usage: usage ?? guess, cut: end === 'length' };
}

function usageOf(usage: OpenAI.CompletionUsage | null | undefined): Usage | null {
  const { prompt_tokens: input, completion_tokens: output } = usage ?? {};
  return typeof input === 'number' && typeof output === 'number' ? { input, output, estimated: false } : null;
}

/** Forgets what the endpoint refused by name; true: ask again without it. */
function unlearn(skills: Skills, error: unknown, request: ChatRequest): boolean {
  if (!(error instanceof OpenAI.APIError) || ![400, 404, 415, 422, 501].includes(error.status ?? 0)) return false;
  const said = `${error.message} ${JSON.stringify(error.error ?? '')}`;
  if (skills.usage && /stream_options|include_usage/i.test(said)) skills.usage = false;
  else if (skills.temperature && /temperature/i.test(said)) skills.temperature = false;
  else if (
    request.shape &&
    skills.shape !== 'none' &&
    /response_format|json_schema|json_object|schema|grammar/i.test(said)
  )
    skills.shape = skills.shape === 'schema' ? 'object' : 'none';
  else return false;
  return true;
}

function asFailure(error: unknown, options: EndpointOptions, { signal }: ChatRequest): unknown {
  if (error instanceof ModelFailure || signal?.aborted) return error;
  if (error instanceof OpenAI.APIConnectionTimeoutError || isTimeout(error)) return late(options, error);
  if (error instanceof OpenAI.APIConnectionError)
    return new ModelFailure('unreachable', `${options.baseUrl} cannot be reached: ${rootMessage(error)}`, {
      cause: error,
    });
  if (error instanceof OpenAI.APIError && error.status !== undefined) return fromStatus(error, options);
  // The connection broke while the answer came, or it is no event stream.
  return new ModelFailure('broke-off', `the answer broke off: ${rootMessage(error)}`, { cause: error });
}

function fromStatus(error: InstanceType<typeof OpenAI.APIError>, { now }: EndpointOptions): ModelFailure {
  const status = error.status as number;
  const facts = { status, retryAfter: error.headers ? retryAfter(error.headers, now()) : null, cause: error };
  const said = error.message.slice(0, 300);
  if (status === 429 || status === 503 || status === 529) return new ModelFailure('overloaded', said, facts);
  if (status >= 500) return new ModelFailure('unreachable', said, facts);
  return new ModelFailure('refused', said, facts);
}

function late({ timeout }: EndpointOptions, cause?: unknown): ModelFailure {
  return new ModelFailure('timeout', `it did not end within ${timeout / 1000} s`, { cause });
}

function isTimeout(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (at.name === 'TimeoutError' || at.name === 'APIUserAbortError' || at.name === 'AbortError') return true;
  return false;
}

function rootMessage(error: unknown): string {
  let message = String(error);
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    message = at.message || message;
  return message.slice(0, 300);
}

function tooLong(): ModelFailure {
  return new ModelFailure('too-long', `its answer is longer than ${LONGEST / 1024 / 1024} MiB`);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
