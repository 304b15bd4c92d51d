/** Walks the schema. Rule: everything that lists keys (defaults, environment, tables, suggestions) lists them from here. */
import { configSchema } from './schema.ts';
import type { Config } from './types.ts';

/** The part of JSON Schema that the configuration uses, as data. */
export interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
}

/** A key that has a value of its own. */
export interface Leaf {
  /** Dotted, for example `sandbox.resources.memory`. */
  key: string;
  path: readonly string[];
  schema: Schema;
}

export const aliases: Readonly<Record<string, string>> = { kimi: 'model' };
export const builtInAgents: readonly string[] = Object.keys(configSchema.properties.agents.properties).slice(1);

/** Lists every leaf in the order of the schema. */
export function leaves(schema: Schema = configSchema, path: readonly string[] = []): Leaf[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const here = [...path, name];
    return inner.properties ? leaves(inner, here) : [{ key: here.join('.'), path: here, schema: inner }];
  });
}

/** Returns the configuration of a repository that says nothing; a fresh value each time. */
export function defaults(): Config {
  return fill(configSchema) as Config;
}

function fill(schema: Schema): unknown {
  if (!schema.properties) return structuredClone(schema.default);
  return Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, fill(inner)]));
}

/** The names that may stand in the object at `path`. */
export function namesAt(path: readonly string[]): string[] {
  let schema: Schema | undefined = configSchema;
  for (const name of path) schema = schema?.properties?.[name];
  return Object.keys(schema?.properties ?? {});
}

/** Returns the candidate that a person most likely meant, or null when none is close. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | null = null;
  let least = limit + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance, with two neighbours swapped counting once. */
export function editDistance(a: string, b: string): number {
  let [older, old] = [[] as number[], Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min((old[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1, (old[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (older[column - 2] ?? 0) + 1);
      now.push(cost);
    }
    [older, old] = [old, now];
  }
  return old[b.length] ?? 0;
}
