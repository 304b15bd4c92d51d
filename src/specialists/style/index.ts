/** StyleEnforcer: idiom and leftovers. Rule: behaviour stays the same, and the repository's own conventions win. */
import { embeddedSpecialist } from '../embedded.ts';
import { javascriptRules } from './javascript.ts';
import { pythonRules } from './python.ts';

export const styleEnforcer = embeddedSpecialist('StyleEnforcer', [...pythonRules, ...javascriptRules], { lints: true });
