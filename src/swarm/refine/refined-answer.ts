/** What a specialist may answer when it has seen the others. Rule: the shape of proposals, and one word that spares them. */
import type { AnswerShape } from '../../llm/index.ts';
import { proposalsShape } from '../propose/answer.ts';

const { schema } = proposalsShape;

export const refinedShape: AnswerShape = {
  name: 'refined',
  schema: {
    ...schema,
    required: ['unchanged', 'proposals'],
    properties: { unchanged: { type: 'boolean' }, ...(schema['properties'] as object) },
  },
  check: (value) => (saysUnchanged(value) ? [] : proposalsShape.check(value)),
  ...(proposalsShape.fromText ? { fromText: proposalsShape.fromText } : {}),
};

/** Its proposals stay as they are. */
export function saysUnchanged(value: unknown): boolean {
  return value !== null && typeof value === 'object' && (value as { unchanged?: unknown }).unchanged === true;
}
