/**
 * What a model may answer, and what is kept of it. Rule: only a diff and words for people are taken; what it says about
 * risk, size or files is read by nobody, for all of that is computed from the diff.
 */
import { redact } from '../../base/index.ts';
import type { AnswerShape } from '../../llm/index.ts';
import { fromPlainDiffs } from './plain-diff.ts';

export interface ModelProposal {
  title: string;
  rationale: string;
  diff: string;
}

/** More than this at once is noise. */
export const MOST_PROPOSALS = 5;
const TITLE = 72;
const RATIONALE = 1500;

const text = { type: 'string' } as const;

/** An object, because some endpoints allow no array at the top; an array, as the seed has it, is read too. */
export const proposalsShape: AnswerShape = {
  name: 'proposals',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['proposals'],
    properties: {
      proposals: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['title', 'rationale', 'diff'],
          properties: { title: text, rationale: text, diff: text },
        },
      },
    },
  },
  check: (value) => {
    const list = listOf(value);
    if (list === null) return ['the answer must be {"proposals": [...]}'];
    return list.flatMap((item, at) => wrongWith(item).map((reason) => `proposals[${at}] ${reason}`));
  },
  fromText: fromPlainDiffs,
};

/** The checked value as proposals, at most `MOST_PROPOSALS`. */
export function readProposals(value: unknown): ModelProposal[] {
  return (listOf(value) ?? []).slice(0, MOST_PROPOSALS).flatMap((item) => {
    const { title, rationale, description, diff } = item as Record<string, unknown>;
    // Small models hand the form back as it was shown: that proposes nothing, and there is nothing to mend in it.
    if (typeof diff !== 'string' || /^[\s.…]*$/.test(diff)) return [];
    const why = typeof rationale === 'string' ? rationale : String(description ?? '');
    return [{ title: oneLine(String(title), TITLE), rationale: plain(why).slice(0, RATIONALE), diff }];
  });
}

function listOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  const { proposals } = (value ?? {}) as { proposals?: unknown };
  return Array.isArray(proposals) ? proposals : null;
}

function wrongWith(item: unknown): string[] {
  if (item === null || typeof item !== 'object') return ['must be an object'];
  const { title, diff } = item as Record<string, unknown>;
  return [
    ...(typeof title === 'string' && title.trim() !== '' ? [] : ['must have a "title"']),
    ...(typeof diff === 'string' ? [] : ['must have a "diff" that is a string']),
  ];
}

function oneLine(said: string, most: number): string {
  const line = plain(said).replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}

/** Words for people: no control characters, no text that runs backwards, no credential. */
function plain(said: string): string {
  return redact(said.replace(/\r\n?/g, '\n').replace(/[^\P{C}\n]|[\u2028\u2029]/gu, ''));
}
