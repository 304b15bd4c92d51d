/**
 * How often people kept what a rule proposed, as one number. Pure. Rule: few decisions say little: a rule is taken for
 * what its specialist is, and a specialist for what all are, until there is enough of its own; nothing is silenced by it.
 */
import type { SpecialistName } from '../records/index.ts';
import { betaQuantile } from './beta.ts';
import type { RuleRecord } from './outcomes.ts';

/** The keys of `learning:`. */
export interface Learning {
  enabled: boolean;
  /** Reverts, and what was rewritten. */
  track_revert_rate: boolean;
  /** Merges and rejections. */
  track_agent_success: boolean;
}

export interface RuleScore extends RuleRecord {
  /** Expected part of its proposals that is merged and stays, from 0 to 1. */
  score: number;
  /** The score lies in it with 80 % probability. */
  interval: [number, number];
  /** Its record is poor: only one of its fixes is on the table at a time. */
  proposed_less: boolean;
}

export interface Memory {
  /** Every rule that people have decided about. */
  scores: RuleScore[];
  /** Factor of a fix's value: 1 for a rule without a record, at most 1.5. */
  weightOf(specialist: SpecialistName, rule: string): number;
  isProposedLess(specialist: SpecialistName, rule: string): boolean;
}

/** What is taken for granted of a tool that nobody knows yet, and how many decisions that is worth. */
const USUAL = 0.6;
const WORTH = 3;
/** Decisions before a record counts as poor, and the score below which it does. */
const ENOUGH = 3;
const POOR = 0.4;
const MOST_WEIGHT = 1.5;
const LEAST_WEIGHT = 0.05;

/** Scores records; switched off, they are shown and change nothing. */
export function scoreRules(records: readonly RuleRecord[], learning: Learning): Memory {
  const own = new Map(records.map((record) => [keyOf(record.specialist, record.rule), tally(record, learning)]));
  const specialists = new Map<string, Tally>();
  for (const record of records) {
    const sum = specialists.get(record.specialist) ?? NOTHING;
    specialists.set(record.specialist, add(sum, tally(record, learning)));
  }
  const all = [...specialists.values()].reduce(add, NOTHING);
  /** What is known of others: nothing counts twice. */
  const priorOf = (specialist: string, of: Tally = NOTHING) => {
    const sum = specialists.get(specialist) ?? NOTHING;
    return mean(without(sum, of), mean(without(all, sum), USUAL));
  };
  const scores = records.map((record): RuleScore => {
    const sum = own.get(keyOf(record.specialist, record.rule)) ?? NOTHING;
    const prior = priorOf(record.specialist, sum);
    const [a, b] = [sum.kept + WORTH * prior, sum.lost + WORTH * (1 - prior)];
    const score = mean(sum, prior);
    return {
      ...record,
      score: round(score),
      interval: [round(betaQuantile(0.1, a, b)), round(betaQuantile(0.9, a, b))],
      proposed_less: learning.enabled && sum.kept + sum.lost >= ENOUGH && score < POOR,
    };
  });
  const byKey = new Map(scores.map((score) => [keyOf(score.specialist, score.rule), score]));
  return {
    scores,
    weightOf: (specialist, rule) => {
      if (!learning.enabled) return 1;
      const score = byKey.get(keyOf(specialist, rule))?.score ?? priorOf(specialist);
      return round(Math.min(MOST_WEIGHT, Math.max(LEAST_WEIGHT, score / USUAL)));
    },
    isProposedLess: (specialist, rule) => byKey.get(keyOf(specialist, rule))?.proposed_less === true,
  };
}

interface Tally {
  kept: number;
  lost: number;
}

/** Something that was rewritten was half right: it was worth merging. */
function tally(record: RuleRecord, { track_revert_rate, track_agent_success }: Learning): Tally {
  const merged = track_agent_success ? record.merged : 0;
  const rejected = track_agent_success ? record.rejected : 0;
  const reverted = track_revert_rate ? record.reverted : 0;
  const rewritten = track_revert_rate ? Math.min(record.rewritten, Math.max(0, record.merged - reverted)) : 0;
  return {
    kept: Math.max(0, merged - reverted - rewritten / 2),
    lost: rejected + reverted + rewritten / 2,
  };
}

const NOTHING: Tally = { kept: 0, lost: 0 };

const without = (a: Tally, b: Tally): Tally => ({ kept: a.kept - b.kept, lost: a.lost - b.lost });

const add = (a: Tally, b: Tally): Tally => ({ kept: a.kept + b.kept, lost: a.lost + b.lost });

/** Shrunk to `prior`. */
function mean({ kept, lost }: Tally, prior: number): number {
  return (kept + WORTH * prior) / (kept + lost + WORTH);
}

/** Three digits: what depends on more would depend on the processor. */
const round = (value: number) => Math.round(value * 1000) / 1000;

const keyOf = (specialist: string, rule: string) => `${specialist} ${rule}`;
