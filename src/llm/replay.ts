/**
 * Recorded answers as the model. Rule: an answer is found by the digest of what was asked and nothing else, so a replay
 * gives what was recorded or says that nothing was. One file a call: `<digest>.json`.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError, canonicalJson, digest } from '../base/index.ts';
import { estimateTokens, promptTokens } from './budget.ts';
import { ModelFailure } from './failure.ts';
import type { ChatRequest, Provider } from './types.ts';

/** Digest of everything that decides an answer besides chance. 32 hex digits. */
export function digestOf(request: Pick<ChatRequest, 'messages' | 'shape' | 'maxTokens'>, model: string): string {
  const { messages, shape, maxTokens = 0 } = request;
  const asked = {
    messages: messages.map(({ role, text }) => [role, text]),
    schema: shape?.schema ?? null,
    maxTokens,
    model,
  };
  return digest(['chat 1', canonicalJson(asked)], 32);
}

export function createReplay({ folder, model }: { folder: string; model: string }): Provider {
  return {
    name: `recorded answers in ${folder}`,
    async ask(request) {
      const name = `${digestOf(request, model)}.json`;
      const text = textOf(await read(join(folder, name)));
      if (text === null)
        throw new ModelFailure('refused', `no answer was recorded for this prompt (${name} in ${folder})`);
      const usage = { input: promptTokens(request.messages), output: estimateTokens(text), estimated: true };
      return { text, usage, cut: false };
    },
  };
}

/** Keeps what was answered, for a replay. The question is not kept: its digest names the file. */
export function createRecorder(folder: string, model: string): (request: ChatRequest, text: string) => Promise<void> {
  return async (request, text) => {
    const path = join(folder, `${digestOf(request, model)}.json`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(`${path}.${process.pid}`, `${JSON.stringify({ text }, null, 1)}\n`);
      await rename(`${path}.${process.pid}`, path);
    } catch (cause) {
      throw new AmbientError('answer-not-recorded', `an answer could not be recorded: ${(cause as Error).message}`, {
        kind: 'environment',
        hint: `make ${folder} (model.transcripts) writable, or leave model.transcripts empty`,
        cause,
      });
    }
  };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new ModelFailure('refused', `the recorded answer cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function textOf(recorded: string): string | null {
  try {
    const value: unknown = JSON.parse(recorded);
    return value !== null && typeof value === 'object' && 'text' in value && typeof value.text === 'string'
      ? value.text
      : null;
  } catch {
    return null;
  }
}
