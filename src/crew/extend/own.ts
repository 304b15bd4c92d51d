/** What the repository adds to the specialists, as `diagnose` needs it. Rule: only what the trusted configuration declares. */
import type { TreeEntry } from '../../git/index.ts';
import type { CustomRule, Diagnosed, Rule } from '../../specialists/index.ts';
import type { Workers } from '../../swarm/index.ts';
import { type Crew, once } from '../open.ts';
import { adviseOnLocks } from './advisories.ts';
import { askCompilers } from './compiled.ts';
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

/** Asks them and the tools of Go and Rust, looks up what lock files pin, and keeps what is said of the rules. */
export async function askOwn(
  crew: Crew,
  programs: readonly ProgramSpecialist[],
  { tree, entries, mend }: { tree: string; entries: readonly TreeEntry[]; mend: boolean },
): Promise<{ found: Diagnosed[]; missing: ProgramsReport['missing']; notes: string[]; files: number }> {
  const advice = await adviseOnLocks(crew, entries, mend ? tree : null);
  const compiled = await askCompilers(crew, tree, entries);
  const said = await askSpecialists(crew, programs, entries);
  const known = await spoken(crew);
  for (const rule of [...advice.rules, ...compiled.rules, ...said.rules]) known.set(rule.id, rule);
  return {
    found: [...advice.found, ...compiled.found, ...said.found],
    missing: [...advice.missing, ...compiled.missing, ...said.missing],
    notes: compiled.notes,
    files: Math.max(said.files, advice.files, compiled.files),
  };
}

function spoken(crew: Crew): Promise<Map<string, Rule>> {
  return once(crew, 'rules of programs', async () => new Map());
}
