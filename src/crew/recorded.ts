/**
 * What an evaluation says now against what was recorded of the same proposal. Rule: the recorded line is compared as it
 * stands; where only a digest differs, the facts behind it are named as far as this clone still knows them.
 */
import type { Check } from '../evaluate/index.ts';
import type { Evaluation, EvaluationContent } from '../records/index.ts';
import type { ProposalView } from '../store/index.ts';
import type { Crew } from './open.ts';

export interface Difference {
  /** 'outcome', 'pytest', 'pytest: toolchain', 'sandbox', 'configuration'. */
  what: string;
  before: string;
  now: string;
}

export interface Recorded {
  /** ISO 8601: when it was recorded. */
  at: string;
  /** The replica that recorded it; null: this clone. */
  by: string | null;
  outcome: Evaluation['outcome'];
  /** The same answer from the same checks, each with the same digest. */
  agrees: boolean;
  changed: Difference[];
}

/** The newest evaluation of this clone, else of another. */
export function newestOf(view: Pick<ProposalView, 'evaluations' | 'foreign'>) {
  const own = view.evaluations.at(-1);
  if (own !== undefined) return { by: null, evaluation: own };
  return view.foreign.toSorted((a, b) => (a.evaluation.at < b.evaluation.at ? -1 : 1)).at(-1) ?? null;
}

export async function compareWithRecorded(
  crew: Crew,
  recorded: { by: string | null; evaluation: Evaluation },
  now: EvaluationContent,
): Promise<Recorded> {
  const { by, evaluation: before } = recorded;
  const facts = new Map<string, Record<string, string>>();
  for (const { digest } of [...before.checks, ...now.checks])
    if (digest !== undefined) facts.set(digest, factsFrom(await crew.store.cache.get(keyOf(digest))));
  const changed = differences(before, now, facts);
  return { at: before.at, by, outcome: before.outcome, agrees: changed.length === 0, changed };
}

/** Remembers what the digests of `checks` were made of. */
export async function rememberFacts(crew: Crew, checks: readonly Check[]): Promise<void> {
  for (const { digest, facts } of checks) {
    const key = keyOf(digest.slice(0, 16));
    if (facts !== undefined && (await crew.store.cache.get(key)) === undefined) await crew.store.cache.put(key, facts);
  }
}

/** Pure. `facts` by digest. */
export function differences(
  before: EvaluationContent,
  now: EvaluationContent,
  facts: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Difference[] {
  const changed: Difference[] = [];
  const add = (what: string, old: string | undefined, fresh: string | undefined) => {
    if (old !== fresh) changed.push({ what, before: short(old), now: short(fresh) });
  };
  for (const key of ['outcome', 'evidence', 'base', 'tree', 'configuration'] as const) add(key, before[key], now[key]);
  // An older line does not say in which sandbox it was made.
  if (before.sandbox !== undefined) add('sandbox', before.sandbox, now.sandbox);
  const names = new Set([...before.checks, ...now.checks].map(({ name }) => name));
  for (const name of names) {
    const [old, fresh] = [before, now].map(({ checks }) => checks.find((check) => check.name === name));
    if (old === undefined || fresh === undefined) {
      add(name, old && 'was run', fresh && 'was run');
      continue;
    }
    add(`${name} on the base`, old.base, fresh.base);
    add(name, old.candidate, fresh.candidate);
    if (old.digest === undefined || old.digest === fresh.digest) continue;
    const [known, new_] = [facts.get(old.digest) ?? {}, facts.get(fresh.digest ?? '') ?? {}];
    const told = Object.keys(new_).filter((key) => key in known && known[key] !== new_[key] && key !== 'sandbox');
    for (const key of told) add(`${name}: ${key}`, known[key], new_[key]);
    if (told.length === 0) add(`${name}: digest`, old.digest, fresh.digest);
  }
  return changed;
}

/** What differs stands rarely at the beginning, but a line is all that people read. */
function short(text: string | undefined): string {
  if (text === undefined) return '-';
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

function keyOf(digest: string): string {
  return `facts 1 ${digest}`;
}

/** The cache is a file that anything may have cut. */
function factsFrom(value: unknown): Record<string, string> {
  if (value === null || typeof value !== 'object') return {};
  return Object.fromEntries(Object.entries(value).filter((one): one is [string, string] => typeof one[1] === 'string'));
}
