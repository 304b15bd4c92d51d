/**
 * The contract of a model. Rule: what goes out has been redacted here, what comes in is text that nobody believes yet,
 * and every call is counted before it is made.
 */
export interface Message {
  role: 'system' | 'user' | 'assistant';
  text: string;
}

/** The shape that an answer is asked for in. */
export interface AnswerShape {
  /** Letters, digits, `_`. */
  name: string;
  /** JSON Schema of the answer. */
  schema: Readonly<Record<string, unknown>>;
  /** What is wrong with a parsed answer, in words that the model can act on; empty: nothing. */
  check(value: unknown): string[];
  /** What an answer without such JSON says in another form; null: nothing. */
  fromText?(text: string): unknown;
}

export interface ChatRequest {
  messages: readonly Message[];
  shape?: AnswerShape;
  /** Tokens of the answer; default 8192. */
  maxTokens?: number;
  signal?: AbortSignal;
  /** Told how many characters have come so far. */
  progress?: (characters: number) => void;
}

/** As the provider counts, or estimated where it does not say. */
export interface Usage {
  input: number;
  output: number;
  estimated: boolean;
}

export interface Reply {
  text: string;
  usage: Usage;
  /** The provider cut the answer at `maxTokens`. */
  cut: boolean;
}

/** One way to reach a model: one attempt, no retry, no count. */
export interface Provider {
  readonly name: string;
  /** @throws ModelFailure */
  ask(request: ChatRequest): Promise<Reply>;
}

export interface Answer {
  text: string;
  usage: Usage;
  cut: boolean;
  /** It was kept from an earlier call with the same prompt. */
  kept: boolean;
  attempts: number;
}

/** What has been spent by this client. */
export interface Spent {
  calls: number;
  kept: number;
  tokens: number;
  /** US dollars, by the configured prices. */
  usd: number;
}

export interface Model {
  /**
   * Asks once, with retries.
   * @throws AmbientError `model-unreachable`, `model-overloaded`, `model-refused`, `model-timeout`, `model-broke-off`,
   * `model-too-long` (environment); `budget-spent` (environment) that says which; `aborted`.
   */
  ask(request: ChatRequest): Promise<Answer>;
  spent(): Spent;
}

export interface ModelConfig {
  provider: 'none' | 'ollama' | 'openai-compatible' | 'anthropic' | 'exec' | 'replay';
  base_url: string;
  model_id: string;
  max_concurrency: number;
  temperature: number;
  timeout_seconds: number;
  max_retries: number;
  /** Name of the variable that holds the key. */
  api_key_env: string;
  /** argv of the program that answers (`exec`). */
  command: string;
  /** Folder of recorded answers (`replay`). */
  transcripts: string;
  /** 0: no bound. */
  max_tokens_per_cycle: number;
  max_usd_per_cycle: number;
  usd_per_million_input: number;
  usd_per_million_output: number;
}
