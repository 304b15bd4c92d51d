/** The Python rules of SecurityGuardian, gravest families first. */
import type { RuleImpl } from '../rule.ts';
import { commandRules } from './python-commands.ts';
import { cookieRules } from './python-cookies.ts';
import { deserialiseRules } from './python-deserialise.ts';
import { randomRules } from './python-random.ts';
import { secretRules } from './python-secrets.ts';
import { settingsRules } from './python-settings.ts';
import { sqlRules } from './python-sql.ts';
import { transportRules } from './python-transport.ts';

export const pythonRules: readonly RuleImpl[] = [
  ...sqlRules,
  ...commandRules,
  ...deserialiseRules,
  ...secretRules,
  ...transportRules,
  ...randomRules,
  ...settingsRules,
  ...cookieRules,
];
