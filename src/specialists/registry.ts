/** Which specialists exist in this build. Rule: each is loaded only when asked for; none is pretended. */
import { AmbientError } from '../base/index.ts';
import type { SpecialistName } from '../records/index.ts';
import type { Specialist } from './types.ts';

/** Names of the specialists that work without a model, in the order in which they are asked. */
export const embedded: readonly SpecialistName[] = [
  'SecurityGuardian',
  'RefactorArchitect',
  'StyleEnforcer',
  'PerformanceOptimizer',
  'TestEnhancer',
];

/** Loads an embedded specialist with its rules. @throws AmbientError `specialist-not-embedded` (config). */
export async function loadSpecialist(name: SpecialistName): Promise<Specialist> {
  if (name === 'SecurityGuardian') return (await import('./security/index.ts')).securityGuardian;
  if (name === 'RefactorArchitect') return (await import('./refactor/index.ts')).refactorArchitect;
  if (name === 'StyleEnforcer') return (await import('./style/index.ts')).styleEnforcer;
  if (name === 'PerformanceOptimizer') return (await import('./performance/index.ts')).performanceOptimizer;
  if (name === 'TestEnhancer') return (await import('./testing/index.ts')).testEnhancer;
  if (name === 'CustomRules') return (await import('./custom/index.ts')).customRules;
  throw new AmbientError('specialist-not-embedded', `${name} has no embedded rules in this version`, {
    kind: 'config',
    hint: `remove it from agents.enabled, or choose from ${embedded.join(', ')}`,
  });
}
