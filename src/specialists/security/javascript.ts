/** SecurityGuardian's rules for JavaScript and TypeScript, in the order in which they are asked. */
import type { RuleImpl } from '../rule.ts';
import { accessRules } from './javascript-access.ts';
import { browserRules } from './javascript-browser.ts';
import { bufferConstructor } from './javascript-buffer.ts';
import { cipherRules } from './javascript-ciphers.ts';
import { commandRules } from './javascript-commands.ts';
import { cookieRules } from './javascript-cookies.ts';
import { cryptoRules } from './javascript-crypto.ts';
import { documentRules } from './javascript-documents.ts';
import { hashRules } from './javascript-hashes.ts';
import { htmlRules } from './javascript-html.ts';
import { injectionRules } from './javascript-injection.ts';
import { ivRules } from './javascript-iv.ts';
import { logRules } from './javascript-log.ts';
import { pathRules } from './javascript-paths.ts';
import { prototypeRules } from './javascript-prototypes.ts';
import { queryBuilderRules } from './javascript-query-builder.ts';
import { predictableSecret } from './javascript-random.ts';
import { hardCodedSecret } from './javascript-secrets.ts';
import { sqlFromValues } from './javascript-sql.ts';
import { transportRules } from './javascript-transport.ts';

export const javascriptRules: readonly RuleImpl[] = [
  hardCodedSecret,
  ...transportRules,
  ...cookieRules,
  sqlFromValues,
  ...queryBuilderRules,
  ...commandRules,
  ...injectionRules,
  ...pathRules,
  ...htmlRules,
  ...accessRules,
  ...prototypeRules,
  ...browserRules,
  ...cipherRules,
  ...ivRules,
  ...logRules,
  ...cryptoRules,
  ...hashRules,
  ...documentRules,
  predictableSecret,
  bufferConstructor,
];
