/**
 * What people made of each rule's proposals, and what follows from it. Rule: a rule with a poor record speaks less, never
 * not at all: its findings stay, one of its fixes is offered at a time, and whoever looks is told.
 */
import { type Memory, type RuleScore, scoreRules, trackRecord } from '../memory/index.ts';
import { rank } from '../policy/index.ts';
import type { ArchiveLine, Fix, SpecialistName } from '../records/index.ts';
import type { Crew } from './open.ts';

/** The record of every rule, over the archive of all replicas. */
export async function memoryOf(crew: Crew): Promise<Memory> {
  return scoreRules(trackRecord((await crew.store.archive()).map(({ line }) => line)), crew.config.learning);
}

/** One row of `status --agents`. */
export interface AgentRow extends Omit<RuleScore, 'score' | 'interval'> {
  proposed: number;
  /** Null: nobody has decided about it yet. */
  score: number | null;
  interval: [number, number] | null;
}

export interface AgentsReport {
  /** `learning.enabled`: whether the record changes what is proposed. */
  learning: boolean;
  rules: AgentRow[];
}

/** Per specialist and rule, what came of its proposals; sorted by specialist and rule. */
export async function agentsReport(crew: Crew): Promise<AgentsReport> {
  const { heads, archive } = await crew.store.proposals.standing();
  const lines = archive.map(({ line }) => line);
  const standing = heads.map(({ proposal: { commit, specialist, rule } }) => ({ proposal: commit, specialist, rule }));
  const proposed = countProposed([...standing, ...lines]);
  const scored = new Map(
    scoreRules(trackRecord(lines), crew.config.learning).scores.map((row) => [keyOf(row), row] as const),
  );
  const rules = [...proposed].map(([key, { specialist, rule, commits }]): AgentRow => {
    const known = scored.get(key);
    const { merged, rejected, reverted, rewritten } = known ?? NOTHING;
    return {
      ...{ specialist, rule, proposed: commits.size, merged, rejected, reverted, rewritten },
      ...{ score: known?.score ?? null, interval: known?.interval ?? null },
      proposed_less: known?.proposed_less ?? false,
    };
  });
  rules.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { learning: crew.config.learning.enabled, rules };
}

const NOTHING = { merged: 0, rejected: 0, reverted: 0, rewritten: 0 };

type Counted = Pick<ArchiveLine, 'proposal' | 'specialist' | 'rule'>;

function countProposed(all: readonly Counted[]) {
  const counts = new Map<string, { specialist: SpecialistName; rule: string; commits: Set<string> }>();
  for (const { specialist, rule, proposal } of all) {
    const key = keyOf({ specialist, rule });
    const known = counts.get(key) ?? { specialist, rule, commits: new Set() };
    counts.set(key, known);
    known.commits.add(proposal);
  }
  return counts;
}

const keyOf = ({ specialist, rule }: Pick<Counted, 'specialist' | 'rule'>) => `${specialist} ${rule}`;

export interface Held {
  fixes: Fix[];
  /** Fixes whose rule has another one on the table, or a graver one now, and the reason. */
  held: Array<{ fix: Fix; reason: string }>;
}

/** Holds back all but the gravest fix of each rule with a poor record, and that too while one of its proposals is open. */
export function holdBack(fixes: readonly Fix[], memory: Memory, open: ReadonlyArray<{ rule: string }>): Held {
  const result: Held = { fixes: [], held: [] };
  const taken = new Set(open.map(({ rule }) => rule));
  for (const fix of [...fixes].sort(byGravity)) {
    const less = memory.isProposedLess(fix.specialist, fix.rule);
    if (less && taken.has(fix.rule)) {
      const score = memory.scores.find((one) => keyOf(one) === keyOf(fix));
      result.held.push({ fix, reason: `${PROPOSED_LESS} (${score === undefined ? '' : inWords(score)})` });
      continue;
    }
    if (less) taken.add(fix.rule);
    result.fixes.push(fix);
  }
  return result;
}

/** How the reason begins, for whoever counts. */
export const PROPOSED_LESS = 'its rule is proposed less: one at a time';

function byGravity(a: Fix, b: Fix): number {
  const key = ({ rule, findings: [first] }: Fix) => `${rule}\0${first?.path ?? ''}\0${first?.fingerprint ?? ''}`;
  return rank(b.severity) - rank(a.severity) || (key(a) < key(b) ? -1 : 1);
}

function inWords({ merged, rejected, reverted, rewritten }: RuleScore): string {
  const parts = [`${merged} merged`, `${rejected} rejected`];
  if (reverted > 0) parts.push(`${reverted} reverted`);
  if (rewritten > 0) parts.push(`${rewritten} rewritten`);
  return parts.join(', ');
}
