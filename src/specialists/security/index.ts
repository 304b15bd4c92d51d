/** SecurityGuardian: defects with a security consequence. Rule: an edit only where it is right in every context. */
import { embeddedSpecialist } from '../embedded.ts';
import { javascriptRules } from './javascript.ts';
import { pythonRules } from './python.ts';

export const securityGuardian = embeddedSpecialist('SecurityGuardian', [...pythonRules, ...javascriptRules]);
