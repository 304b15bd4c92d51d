/** The Python rules of StyleEnforcer. Each is one ruff code, judged again by what we know of the code around it. */
import type { RuleImpl } from '../rule.ts';
import { comparisonRules } from './python-comparisons.ts';
import { documentationRules } from './python-documentation.ts';
import { formatRules } from './python-format.ts';
import { importOrderRules } from './python-import-order.ts';
import { importRules } from './python-imports.ts';
import { leftoverRules } from './python-leftovers.ts';
import { slipRules } from './python-slips.ts';
import { undefinedRules } from './python-undefined.ts';
import { unusedRules } from './python-unused.ts';
import { upgradeRules } from './python-upgrades.ts';
import { callUpgradeRules } from './python-upgrades-calls.ts';
import { pythonTypos } from './typos.ts';

export const pythonRules: readonly RuleImpl[] = [
  ...importRules,
  ...comparisonRules,
  ...leftoverRules,
  ...slipRules,
  ...unusedRules,
  ...undefinedRules,
  ...upgradeRules,
  ...callUpgradeRules,
  ...importOrderRules,
  pythonTypos,
  ...documentationRules,
  ...formatRules,
];
