/** The Python rules of SecurityGuardian, gravest families first. */
import type { RuleImpl } from '../rule.ts';
import { commandRules } from './python-commands.ts';
import { cookieRules } from './python-cookies.ts';
import { deserialiseRules } from './python-deserialise.ts';
import { hashRules } from './python-hashes.ts';
import { htmlRules } from './python-html.ts';
import { pathRules } from './python-paths.ts';
import { randomRules } from './python-random.ts';
import { rawSqlRules } from './python-raw-sql.ts';
import { secretRules } from './python-secrets.ts';
import { settingsRules } from './python-settings.ts';
import { sqlRules } from './python-sql.ts';
import { tlsRules } from './python-tls.ts';
import { transportRules } from './python-transport.ts';

export const pythonRules: readonly RuleImpl[] = [
  ...sqlRules,
  ...rawSqlRules,
  ...commandRules,
  ...deserialiseRules,
  ...pathRules,
  ...htmlRules,
  ...secretRules,
  ...transportRules,
  ...tlsRules,
  ...randomRules,
  ...hashRules,
  ...settingsRules,
  ...cookieRules,
];
