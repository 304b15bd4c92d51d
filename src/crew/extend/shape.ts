/** Does a value have the shape that is asked for? In words that its author understands. */
import type { Violation } from './validate.generated.js';

/** Returns what is wrong, or null. */
export async function wrongShape(
  name: 'specialistAnswer' | 'gateAnswer' | 'event',
  value: unknown,
): Promise<string | null> {
  const { validators } = await import('./validate.generated.js');
  const validate = validators[name];
  if (validate(value)) return null;
  const [first] = validate.errors ?? [];
  return first === undefined ? 'it does not have the right shape' : inWords(first);
}

function inWords({ instancePath, keyword, params, message }: Violation): string {
  const place = instancePath === '' ? 'it' : instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') return `${place} has the unknown key ${String(params['additionalProperty'])}`;
  if (keyword === 'required') return `${place} has no ${String(params['missingProperty'])}`;
  if (keyword === 'enum') return `${place} must be one of ${(params['allowedValues'] as string[]).join(', ')}`;
  if (keyword === 'pattern') return `${place} does not have the form ${String(params['pattern'])}`;
  return `${place} ${message ?? 'is not valid'}`;
}
