/** The Python rules of SecurityGuardian, gravest families first. */
import type { RuleImpl } from '../rule.ts';
import { accessRules } from './python-access.ts';
import { cipherRules } from './python-ciphers.ts';
import { commandRules } from './python-commands.ts';
import { cookieRules } from './python-cookies.ts';
import { deserialiseRules } from './python-deserialise.ts';
import { documentRules } from './python-documents.ts';
import { hashRules } from './python-hashes.ts';
import { htmlRules } from './python-html.ts';
import { pathRules } from './python-paths.ts';
import { randomRules } from './python-random.ts';
import { rawSqlRules } from './python-raw-sql.ts';
import { secretRules } from './python-secrets.ts';
import { settingsRules } from './python-settings.ts';
import { webRules } from './python-settings-web.ts';
import { sqlRules } from './python-sql.ts';
import { tlsRules } from './python-tls.ts';
import { tokenRules } from './python-tokens.ts';
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
  ...accessRules,
  ...tokenRules,
  ...cipherRules,
  ...documentRules,
  ...webRules,
];
