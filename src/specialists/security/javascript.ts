/** SecurityGuardian's rules for JavaScript and TypeScript, in the order in which they are asked. */
import type { RuleImpl } from '../rule.ts';
import { bufferConstructor } from './javascript-buffer.ts';
import { cryptoRules } from './javascript-crypto.ts';
import { documentRules } from './javascript-documents.ts';
import { hashRules } from './javascript-hashes.ts';
import { htmlRules } from './javascript-html.ts';
import { injectionRules } from './javascript-injection.ts';
import { predictableSecret } from './javascript-random.ts';
import { hardCodedSecret } from './javascript-secrets.ts';
import { sqlFromValues } from './javascript-sql.ts';
import { transportRules } from './javascript-transport.ts';

export const javascriptRules: readonly RuleImpl[] = [
  hardCodedSecret,
  ...transportRules,
  sqlFromValues,
  ...injectionRules,
  ...htmlRules,
  ...cryptoRules,
  ...hashRules,
  ...documentRules,
  predictableSecret,
  bufferConstructor,
];
