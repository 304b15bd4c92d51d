/** What the repository adds to the specialists, as `diagnose` needs it. Rule: only what the trusted configuration declares. */
import type { TreeEntry } from '../../git/index.ts';
import type { CustomRule, Diagnosed, Rule } from '../../specialists/index.ts';
import type { Workers } from '../../swarm/index.ts';
import { type Crew, once } from '../open.ts';
import { customRulesOf, documentationOf, refusalOf } from './rules.ts';
import { askSpecialists, type ProgramSpecialist, type ProgramsReport, programsOf } from './specialists.ts';

export { CUSTOM } from './rules.ts';
export type { ProgramSpecialist } from './specialists.ts';

export interface OwnRules {
  rules: CustomRule[];
  /** Those that are not used, by where they stand, and why. */
  refused: Array<{ path: string; reason: string }>;
  /** Of every rule of the repository that may have spoken. */
  documentation: Rule[];
}

export async function ownRules(crew: Crew, workers: () => Promise<Workers>): Promise<OwnRules> {
  const { rules, refused } = await customRulesOf(crew, workers);
  const documentation = [...rules.map(documentationOf), ...(await spoken(crew)).values()];
  return { rules, refused: refused.map((rule) => ({ path: rule.where, reason: refusalOf(rule) })), documentation };
}

/** Programs of the configuration in force that are enabled. */
export function ownSpecialists(crew: Crew): ProgramSpecialist[] {
  return programsOf(crew.config);
}

/** Asks them, and keeps what they say of their rules. */
export async function askOwn(
  crew: Crew,
  programs: readonly ProgramSpecialist[],
  entries: readonly TreeEntry[],
): Promise<{ found: Diagnosed[]; missing: ProgramsReport['missing']; files: number }> {
  if (programs.length === 0) return { found: [], missing: [], files: 0 };
  const { found, rules, missing, files } = await askSpecialists(crew, programs, entries);
  const known = await spoken(crew);
  for (const rule of rules) known.set(rule.id, rule);
  return { found, missing, files };
}

function spoken(crew: Crew): Promise<Map<string, Rule>> {
  return once(crew, 'rules of programs', async () => new Map());
}
