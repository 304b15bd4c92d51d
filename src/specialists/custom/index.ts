/**
 * CustomRules: the rules of the repository's own files. Rule: they come as plain data, from the trusted configuration; one
 * whose examples do not hold never runs.
 */
import { embeddedSpecialist } from '../embedded.ts';
import type { Diagnosis, Specialist } from '../types.ts';
import { compileRule } from './compile.ts';
import { faultOf } from './examples.ts';
import type { CustomRule } from './types.ts';

/** What is handed over as settings. */
export interface CustomSettings {
  rules: readonly CustomRule[];
  /** Try the examples instead of looking at files: each rule that fails is listed as skipped, by where it stands. */
  check?: boolean;
}

export const customRules: Specialist = {
  name: 'CustomRules',
  rules: [],
  async diagnose(files, options) {
    const { rules = [], check = false } = options.settings as Partial<CustomSettings>;
    if (check) return tryExamples(rules);
    return embeddedSpecialist('CustomRules', rules.map(compileRule)).diagnose(files, options);
  },
};

async function tryExamples(rules: readonly CustomRule[]): Promise<Diagnosis> {
  const diagnosis: Diagnosis = { found: [], skipped: [] };
  for (const rule of rules) {
    const fault = await faultOf(rule);
    if (fault !== null) diagnosis.skipped.push({ path: rule.id, reason: `${fault.where}\0${fault.reason}` });
  }
  return diagnosis;
}
