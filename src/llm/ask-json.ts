/** An answer as data. Rule: one question, and one more with what was wrong; what is wrong then is an error, not a guess. */
import { AmbientError } from '../base/index.ts';
import { findJson } from './find-json.ts';
import type { AnswerShape, ChatRequest, Message, Model } from './types.ts';

/** What is quoted of a bad answer when the model is asked to mend it. */
const QUOTED = 20_000;

/**
 * Asks for JSON of `shape` and returns the parsed, checked value.
 * @throws AmbientError `model-bad-answer` (environment) after the second bad answer; what `Model.ask` throws.
 */
export async function askJson(model: Model, request: ChatRequest & { shape: AnswerShape }): Promise<unknown> {
  const first = await model.ask(request);
  const answer = read(first.text, request.shape, first.cut);
  if (answer.ok) return answer.value;
  const repair: Message[] = [
    ...request.messages,
    { role: 'assistant', text: first.text.slice(0, QUOTED) },
    {
      role: 'user',
      text: `That answer cannot be used: ${answer.reason}. Answer again with the whole JSON value and nothing else.`,
    },
  ];
  const second = await model.ask({ ...request, messages: repair });
  const mended = read(second.text, request.shape, second.cut);
  if (mended.ok) return mended.value;
  throw new AmbientError(
    'model-bad-answer',
    `the model answered twice in a form that cannot be used: ${mended.reason}`,
    {
      kind: 'environment',
      hint: 'nothing was changed; a model that follows JSON Schema answers more often',
      data: { first: answer.reason, second: mended.reason },
    },
  );
}

type Read = { ok: true; value: unknown } | { ok: false; reason: string };

function read(text: string, shape: AnswerShape, cut: boolean): Read {
  const found = findJson(text);
  const wrong = found.ok ? shape.check(found.value) : [];
  const other = cut ? null : (shape.fromText?.(text) ?? null);
  // Code has brackets too: `number[]` is no empty list.
  const isByChance = other !== null && found.ok && Array.isArray(found.value) && found.value.length === 0;
  if (found.ok && wrong.length === 0 && !isByChance) return found;
  if (other !== null && shape.check(other).length === 0) return { ok: true, value: other };
  if (!found.ok) return cut ? { ok: false, reason: 'it was cut off: it is too long' } : found;
  return { ok: false, reason: wrong.slice(0, 5).join('; ') };
}
