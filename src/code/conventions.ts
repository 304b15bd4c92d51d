/** The repository's own rules, gathered. Rule: reads configuration as text and runs none of it. */
import { readExclusions } from './exclusions.ts';
import { readJavascriptConventions } from './javascript-conventions.ts';
import { type Read, readPythonConventions } from './python-conventions.ts';
import type { Conventions } from './types.ts';

/**
 * Reads what the repository says about itself from the configuration files at its top.
 * @param read gives the text of a path, or null when there is no such file.
 */
export async function readConventions(read: Read): Promise<Conventions> {
  const [python, javascript, everywhere] = await Promise.all([
    readPythonConventions(read),
    readJavascriptConventions(read),
    readExclusions(read),
  ]);
  return {
    python: python.python,
    esm: javascript.esm,
    ...(javascript.oldestNode === undefined ? {} : { oldestNode: javascript.oldestNode }),
    tools: [...new Set([...python.tools, ...javascript.tools])],
    ignoredRules: [...new Set([...python.ignoredRules, ...javascript.ignoredRules])],
    ...(python.selectedRules.length > 0 ? { selectedRules: python.selectedRules } : {}),
    ignoredByPath: python.ignoredByPath,
    ...(everywhere.generated.length > 0 ? { generated: everywhere.generated } : {}),
    ...(python.ruff ? { ruff: python.ruff } : {}),
    excluded: {
      python: [...python.excluded, ...everywhere.unkept],
      javascript: [...javascript.excluded, ...everywhere.unkept],
    },
  };
}
