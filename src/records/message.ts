/**
 * A proposal as a commit message and back. Rule: the facts are trailers in the last paragraph, and no text that came from
 * elsewhere (a title, a rationale) can look like one of ours, there or in a message that quotes it.
 */
import { AmbientError, isoTime } from '../base/index.ts';
import { cut } from './limits.ts';
import type { Proposal, Risk, SpecialistName } from './types.ts';

export type MessageInput = Pick<
  Proposal,
  | 'specialist'
  | 'rule'
  | 'title'
  | 'rationale'
  | 'risk'
  | 'fingerprints'
  | 'configuration'
  | 'supersedes'
  | 'also'
  | 'prompt'
  | 'choice'
  | 'taught_by'
>;

/** What is needed of a commit; `CommitInfo` of `git/` has this shape. */
export interface ProposalCommit {
  oid: string;
  tree: string;
  parents: readonly string[];
  committer: { time: number };
  message: string;
}

export type ReadProposal = { ok: true; proposal: Proposal } | { ok: false; reason: string };

const SCHEMA = '1';
const WIDTH = 72;
const RISKS: readonly string[] = ['low', 'medium', 'high', 'critical'];
const SHAPE = {
  'Ambient-Specialist': /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  'Ambient-Rule': /^[A-Za-z0-9@][\w@./+-]{0,127}$/,
  'Ambient-Risk': /^(?:low|medium|high|critical)$/,
  'Ambient-Fingerprint': /^[0-9a-f]{16}$/,
  'Ambient-Config': /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/,
  'Ambient-Supersedes': /^[0-9a-f]{12,64}$/,
  'Ambient-Also': /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  'Ambient-Prompt': /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/,
  'Ambient-Choice': /^[0-9a-f]{16}$/,
  'Ambient-Taught-By': /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/,
} as const;
type Trailer = keyof typeof SHAPE;
/** How often a trailer may stand there; what is not named: exactly once. */
const SEVERAL: readonly Trailer[] = ['Ambient-Fingerprint', 'Ambient-Supersedes', 'Ambient-Also'];
const OPTIONAL: readonly Trailer[] = ['Ambient-Prompt', 'Ambient-Choice', 'Ambient-Taught-By'];

/**
 * Returns the commit message of a proposal: subject, wrapped rationale, trailers.
 * @throws AmbientError `bad-trailer` (bug) when a fact does not have its shape.
 */
export function proposalMessage(input: MessageInput): string {
  const facts: Array<[Trailer, string]> = [
    ['Ambient-Specialist', input.specialist],
    ['Ambient-Rule', input.rule],
    ['Ambient-Risk', input.risk],
    ...input.fingerprints.map((value): [Trailer, string] => ['Ambient-Fingerprint', value]),
    ['Ambient-Config', input.configuration],
    ...input.supersedes.map((value): [Trailer, string] => ['Ambient-Supersedes', value]),
    ...(input.also ?? []).map((value): [Trailer, string] => ['Ambient-Also', value]),
    ...(input.prompt === undefined ? [] : [['Ambient-Prompt', input.prompt] as [Trailer, string]]),
    ...(input.choice === undefined ? [] : [['Ambient-Choice', input.choice] as [Trailer, string]]),
    ...(input.taught_by === undefined ? [] : [['Ambient-Taught-By', input.taught_by] as [Trailer, string]]),
  ];
  for (const [key, value] of facts)
    if (!SHAPE[key].test(value))
      throw new AmbientError('bad-trailer', `${JSON.stringify(value)} cannot be the value of ${key}`, { kind: 'bug' });
  const trailers = [...facts.map(([key, value]) => `${key}: ${value}`), `Ambient-Schema: ${SCHEMA}`].join('\n');
  const subject = subjectOf(input.title) || input.rule;
  return `${[subject, bodyOf(input.rationale), trailers].filter((part) => part !== '').join('\n\n')}\n`;
}

/** Reads a proposal from its commit. `ok: false` says why it is not one that this version can read. */
export function proposalFromCommit(commit: ProposalCommit, options: { draft: boolean }): ReadProposal {
  const no = (reason: string): ReadProposal => ({ ok: false, reason });
  const [base] = commit.parents;
  if (base === undefined || commit.parents.length !== 1) return no('it does not have exactly one parent');
  const paragraphs = commit.message.trimEnd().split('\n\n');
  const trailers = readTrailers(paragraphs.length > 1 ? (paragraphs.pop() ?? '') : '');
  if (trailers === null) return no('it has no Ambient trailers');
  const schema = trailers.get('Ambient-Schema')?.join();
  if (schema !== SCHEMA) return no(`its schema is ${schema ?? 'missing'}, not ${SCHEMA}`);
  for (const [key, shape] of Object.entries(SHAPE) as Array<[Trailer, RegExp]>) {
    const values = trailers.get(key) ?? [];
    const isFine = SEVERAL.includes(key) || values.length === 1 || (OPTIONAL.includes(key) && values.length === 0);
    if (!isFine) return no(`it has ${values.length} trailers ${key}`);
    if (!values.every((value) => shape.test(value))) return no(`its ${key} is malformed`);
  }
  const only = (key: Trailer) => trailers.get(key)?.[0] ?? '';
  const [title = '', ...body] = paragraphs;
  const proposal: Proposal = {
    id: commit.oid.slice(0, 12),
    commit: commit.oid,
    base,
    tree: commit.tree,
    specialist: only('Ambient-Specialist') as SpecialistName,
    rule: only('Ambient-Rule'),
    title: subjectOf(title),
    rationale: bodyOf(body.join('\n\n')),
    risk: only('Ambient-Risk') as Risk,
    fingerprints: trailers.get('Ambient-Fingerprint') ?? [],
    configuration: only('Ambient-Config'),
    supersedes: trailers.get('Ambient-Supersedes') ?? [],
    ...(trailers.has('Ambient-Also') ? { also: trailers.get('Ambient-Also') as SpecialistName[] } : {}),
    ...(trailers.has('Ambient-Prompt') ? { prompt: only('Ambient-Prompt') } : {}),
    ...(trailers.has('Ambient-Choice') ? { choice: only('Ambient-Choice') } : {}),
    ...(trailers.has('Ambient-Taught-By') ? { taught_by: only('Ambient-Taught-By') } : {}),
    draft: options.draft,
    created_at: isoTime(commit.committer.time * 1000),
  };
  return RISKS.includes(proposal.risk) ? { ok: true, proposal } : no('its risk is unknown');
}

/** Returns the trailer that a landed commit carries. */
export function landedTrailer(id: string): string {
  return `Ambient-Proposal: ${id}`;
}

/** Returns the ids of the proposals that a commit message says it lands; squash merges indent their trailers. */
export function findLanded(message: string): string[] {
  const found = message.matchAll(/^[^\S\n]*Ambient-Proposal:[^\S\n]*([0-9a-f]{12,64})[^\S\n]*$/gm);
  return [...new Set([...found].map((match) => match[1] ?? ''))];
}

/** Null when a line of the paragraph is not one of our trailers. */
function readTrailers(paragraph: string): Map<string, string[]> | null {
  const found = new Map<string, string[]>();
  for (const line of paragraph.split('\n')) {
    const match = /^(Ambient-[A-Za-z-]+): (.*)$/.exec(line);
    if (!match?.[1]) return null;
    found.set(match[1], [...(found.get(match[1]) ?? []), match[2] ?? '']);
  }
  return found;
}

function subjectOf(title: string): string {
  return defuse(cut(clean(title).replace(/\s+/g, ' ').trim(), WIDTH).trim());
}

function bodyOf(rationale: string): string {
  const paragraphs = clean(rationale).split(/\n(?:[^\S\n]*\n)+/);
  return paragraphs
    .map((paragraph) => paragraph.split('\n').flatMap(wrap).map(defuse).join('\n'))
    .filter((paragraph) => paragraph.trim() !== '')
    .join('\n\n');
}

/** Breaks a line at spaces; a word that is longer than a line stays whole. Indentation of a line that fits is kept. */
function wrap(line: string): string[] {
  const text = line.trimEnd();
  if (text.length <= WIDTH) return text === '' ? [] : [text];
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** One kind of newline; no control characters, no directional overrides, nothing that is not valid UTF-8. */
function clean(text: string): string {
  // Nearly all text: lists read thousands of messages.
  if (/^[ -~\n]*$/.test(text)) return text;
  return Buffer.from(text)
    .toString()
    .replace(/\r\n?|[\u2028\u2029\u0085\v\f]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
}

/** A line that begins like one of our trailers loses the hyphen: readable, and nobody's trailer. */
function defuse(line: string): string {
  return line.replace(/^(\s*ambient)-/i, '$1 ');
}
