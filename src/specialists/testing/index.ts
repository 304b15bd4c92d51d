/**
 * TestEnhancer: tests that say less than they seem to, and tests that are missing. Rule: what hides a test, and an
 * assertion that never runs or keeps its values to itself, are mended; everything else about a test is its author's, so it is reported, rarely.
 */
import { embeddedSpecialist } from '../embedded.ts';
import { idleRules } from './idle-assertions.ts';
import { assertionRules as scriptAssertions } from './javascript-assertions.ts';
import { chanceRules as scriptChance } from './javascript-chance.ts';
import { focusRules as scriptFocus } from './javascript-focus.ts';
import { looseRules as scriptLoose } from './javascript-loose.ts';
import { assertionRules as pythonAssertions } from './python-assertions.ts';
import { chanceRules as pythonChance } from './python-chance.ts';
import { focusRules as pythonFocus } from './python-focus.ts';
import { hiddenRules } from './python-hidden.ts';
import { looseRules as pythonLoose } from './python-loose.ts';
import { untestedRules } from './untested.ts';

export const testEnhancer = embeddedSpecialist('TestEnhancer', [
  ...[...pythonFocus, ...pythonChance, ...pythonAssertions],
  ...[...scriptFocus, ...scriptChance, ...scriptAssertions],
  ...[...pythonLoose, ...hiddenRules, ...scriptLoose],
  ...idleRules,
  ...untestedRules,
]);
