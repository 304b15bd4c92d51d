/**
 * A program of this machine as the model. Rule: it gets the request as JSON on stdin and answers with text, or with
 * `{"text": …}`, on stdout; it comes from trusted configuration and gets the key's variable only.
 */
import { AmbientError, spawn } from '../base/index.ts';
import { estimateTokens, promptTokens } from './budget.ts';
import { ModelFailure } from './failure.ts';
import type { Provider } from './types.ts';

export interface ExecOptions {
  argv: readonly string[];
  model: string;
  temperature: number;
  /** Milliseconds. */
  timeout: number;
  env: Record<string, string | undefined>;
}

const MOST = 4 * 1024 * 1024;

export function createExec({ argv, model, temperature, timeout, env }: ExecOptions): Provider {
  return {
    name: argv[0] ?? 'exec',
    async ask(request) {
      const messages = request.messages.map(({ role, text }) => ({ role, content: text }));
      const asked = { model, temperature, messages, max_tokens: request.maxTokens, schema: request.shape?.schema };
      const result = await started(argv, {
        env,
        timeout,
        input: `${JSON.stringify(asked)}\n`,
        maxOutput: MOST,
        endAtMost: true,
        ...(request.signal ? { signal: request.signal } : {}),
      });
      if (result.truncated)
        throw new ModelFailure('too-long', `${argv[0]} printed more than ${MOST / 1024 / 1024} MiB`);
      if (result.timedOut) throw new ModelFailure('timeout', `${argv[0]} did not end within ${timeout / 1000} s`);
      if (result.code !== 0) {
        const why = result.stderr.toString().trim().slice(-300);
        throw new ModelFailure(
          'refused',
          `${argv[0]} ended with ${result.code ?? result.signal}${why ? `: ${why}` : ''}`,
        );
      }
      const text = textOf(result.stdout.toString());
      const usage = { input: promptTokens(request.messages), output: estimateTokens(text), estimated: true };
      return { text, usage, cut: false };
    },
  };
}

async function started(...call: Parameters<typeof spawn>) {
  try {
    return await spawn(...call);
  } catch (error) {
    if (!(error instanceof AmbientError) || error.code !== 'command-not-found') throw error;
    throw new ModelFailure('refused', error.message, { cause: error });
  }
}

function textOf(output: string): string {
  try {
    const value: unknown = JSON.parse(output);
    if (value !== null && typeof value === 'object' && 'text' in value && typeof value.text === 'string')
      return value.text;
  } catch {
    // Plain text is an answer too.
  }
  return output;
}
