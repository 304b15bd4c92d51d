/**
 * `config --check-rules`: the rule files as they stand in the working tree, before anybody trusts them. Rule: looks only; the
 * examples are tried, and no file of the repository.
 */
import { configurationFiles } from '../../config/index.ts';
import { openWorkers, type Workers } from '../../swarm/index.ts';
import type { Crew } from '../open.ts';
import { checkRules, refusalOf, ruleTexts } from './rules.ts';

export interface RulesReport {
  rules: Array<{ rule: string; where: string; severity: string; fixable: boolean; examples: number }>;
  /** `file:line`, and why. */
  refused: Array<{ where: string; reason: string }>;
}

export async function checkRulesHere(crew: Crew): Promise<RulesReport> {
  let workers: Workers | null = null;
  const open = async () => {
    workers ??= openWorkers({ width: 1 });
    return workers;
  };
  try {
    const { rules, refused } = await checkRules(ruleTexts((await configurationFiles(crew.repository)).files), open);
    return {
      rules: rules.map(({ id, where, severity, fix, valid, invalid }) => ({
        ...{ rule: id, where, severity, fixable: fix !== null, examples: valid.length + invalid.length },
      })),
      refused: refused.map((one) => ({ where: one.where, reason: refusalOf(one) })),
    };
  } finally {
    (workers as Workers | null)?.close();
  }
}
