/**
 * TestEnhancer: tests that say less than they seem to, and tests that are missing. Rule: a mark that hides other tests and
 * an assertion that never runs are mended; everything else about a test is its author's, so it is reported, rarely.
 */
import { embeddedSpecialist } from '../embedded.ts';
import { idleRules } from './idle-assertions.ts';
import { assertionRules as scriptAssertions } from './javascript-assertions.ts';
import { chanceRules as scriptChance } from './javascript-chance.ts';
import { focusRules as scriptFocus } from './javascript-focus.ts';
import { assertionRules as pythonAssertions } from './python-assertions.ts';
import { chanceRules as pythonChance } from './python-chance.ts';
import { focusRules as pythonFocus } from './python-focus.ts';
import { untestedRules } from './untested.ts';

export const testEnhancer = embeddedSpecialist('TestEnhancer', [
  ...[...pythonFocus, ...pythonChance, ...pythonAssertions],
  ...[...scriptFocus, ...scriptChance, ...scriptAssertions],
  ...idleRules,
  ...untestedRules,
]);
