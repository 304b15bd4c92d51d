/**
 * What a rule is handed, for whoever reads a single file with the rules' own readers. Rule: nothing is known of the
 * repository here, so no convention holds.
 */
import type { RuleContext } from './rule.ts';
import { parseTree } from './structural.ts';
import type { SourceFile } from './types.ts';

export function contextOf(file: SourceFile): RuleContext {
  const made = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, make: () => Promise<T>): Promise<T> => {
    if (!made.has(key)) made.set(key, make());
    return made.get(key) as Promise<T>;
  };
  return {
    options: { conventions: { python: null, esm: false, tools: [], ignoredRules: [] }, settings: {} },
    batch: [file],
    tree: () => once('tree', () => parseTree(file)),
    perFile: once,
    perRun: once,
  };
}
