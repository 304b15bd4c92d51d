/**
 * The rule files of the configuration in force. Rule: the examples of a rule are tried in a worker before the rule is used;
 * one that fails is refused by name, and the others keep working.
 */
import { type CustomRule, custom, type RefusedRule, type Rule, type RuleText } from '../../specialists/index.ts';
import type { Workers } from '../../swarm/index.ts';
import { type Crew, once } from '../open.ts';
import { configurationFilesOf } from './configuration.ts';

export interface CheckedRules {
  rules: CustomRule[];
  refused: RefusedRule[];
}

export const CUSTOM = 'CustomRules';
const IN_RULES = /^\.ambient\/rules\/.+\.ya?ml$/;
/** Milliseconds for the examples of all rules, and then of each. */
const PATIENCE = 20_000;

/** Rules that are used, and those that are not. */
export function customRulesOf(crew: Crew, workers: () => Promise<Workers>): Promise<CheckedRules> {
  return once(crew, 'custom rules', async () => checkRules(ruleTexts(await configurationFilesOf(crew)), workers));
}

/** The rule files among `files`. */
export function ruleTexts(files: ReadonlyArray<{ path: string; content: Buffer }>): RuleText[] {
  return files
    .filter(({ path }) => IN_RULES.test(path))
    .map(({ path, content }) => ({ path, text: content.toString('utf8') }));
}

export async function checkRules(texts: readonly RuleText[], workers: () => Promise<Workers>): Promise<CheckedRules> {
  if (texts.length === 0) return { rules: [], refused: [] };
  const { rules, refused } = await custom.readRules(texts);
  if (rules.length === 0) return { rules, refused };
  const pool = await workers();
  const faults = await tryExamples(rules, pool);
  const bad = new Map(faults.map((fault) => [fault.id, fault]));
  return { rules: rules.filter(({ id }) => !bad.has(id)), refused: [...refused, ...faults] };
}

/** One that brings the worker down costs itself only. */
async function tryExamples(rules: readonly CustomRule[], workers: Workers): Promise<RefusedRule[]> {
  const ask = (some: readonly CustomRule[]) =>
    workers.ask(
      {
        specialist: CUSTOM,
        files: [],
        options: { conventions: NONE, settings: custom.settings({ rules: some, check: true }) },
      },
      PATIENCE,
      undefined,
    );
  const reply = await ask(rules);
  if (!('error' in reply))
    return reply.diagnosis.skipped.map(({ path: id, reason }) => {
      const [where = '', why = ''] = reason.split('\0');
      return { where, id, reason: why };
    });
  const [only, ...others] = rules;
  if (only && others.length === 0)
    return [{ where: only.where, id: only.id, reason: `its examples could not be tried: ${reply.error}` }];
  const refused: RefusedRule[] = [];
  for (const rule of rules) refused.push(...(await tryExamples([rule], workers)));
  return refused;
}

const NONE = { python: null, esm: false, tools: [], ignoredRules: [] };

/** Without the place. */
export function refusalOf({ id, reason }: RefusedRule): string {
  return `${id === null ? 'this rule' : id} is not used: ${reason}`;
}

/** What a proposal of a rule says. */
export function documentationOf({
  id,
  languages,
  severity,
  title,
  rationale,
  cwe,
  fix,
  invalid,
  valid,
}: CustomRule): Rule {
  return {
    ...{ id, languages, severity, title, rationale, fixable: fix !== null },
    ...(cwe === undefined ? {} : { cwe }),
    example: { path: invalid[0]?.path ?? '', before: invalid[0]?.code ?? '' },
    lookAlikes: valid.map(({ path, code }) => ({ path, text: code })),
  };
}
