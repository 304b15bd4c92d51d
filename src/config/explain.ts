/** The configuration for people and editors. Rule: pure; every word about a key comes from the schema. */
import { AmbientError } from '../base/index.ts';
import { variableOf } from './environment.ts';
import { inactive } from './inactive.ts';
import { aliases, defaults, leaves, nearest } from './keys.ts';
import { overlaid, saidKeys } from './overlay.ts';
import { configSchema } from './schema.ts';
import type { Config, Source } from './types.ts';

export interface ExplainedKey {
  key: string;
  value: unknown;
  source: Source;
  default: unknown;
  description: string;
  /** The variable of the environment that sets it. */
  variable: string | null;
  /** Nothing obeys it in this version. */
  inactive: boolean;
}

/** Lists every key with its effective value; keys of the repository's own specialists come last. */
export function explain(loaded: { config: Config; sources: Readonly<Record<string, Source>> }): ExplainedKey[] {
  const rows = leaves().map((leaf): ExplainedKey => {
    const { key, path, schema } = leaf;
    const source = loaded.sources[key] ?? 'default';
    return {
      key,
      value: valueAt(loaded.config, path),
      source,
      default: schema.default,
      description: schema.description ?? '',
      variable: variableOf(leaf),
      inactive: inactive.has(key),
    };
  });
  const known = new Set(rows.map((row) => row.key));
  const added = saidKeys(overlaid(defaults(), loaded.config))
    .filter((key) => key.startsWith('agents.') && !known.has(key))
    .map((key): ExplainedKey => {
      const description = 'Setting of a specialist that the repository adds.';
      return {
        key,
        value: valueAt(loaded.config, key.split('.')),
        source: 'file',
        default: null,
        description,
        variable: null,
        inactive: false,
      };
    });
  return [...rows, ...added];
}

/** The rows of one key, or of a whole block. @throws AmbientError `unknown-key` (user) that names the nearest. */
export function explainKey(rows: readonly ExplainedKey[], key: string): ExplainedKey[] {
  const [block = '', ...rest] = key.split('.');
  const now = [aliases[block] ?? block, ...rest].join('.');
  const found = rows.filter((row) => row.key === now || row.key.startsWith(`${now}.`));
  if (found.length > 0) return found;
  const names = rows.flatMap((row) => row.key.split('.').map((_, index, all) => all.slice(0, index + 1).join('.')));
  const meant = nearest(now, [...new Set(names)]);
  throw new AmbientError('unknown-key', `there is no key ${key}${meant === null ? '' : `; did you mean ${meant}?`}`, {
    kind: 'user',
    hint: 'run `git ambient config` to see every key',
    data: { key, meant },
  });
}

function valueAt(config: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], config);
}

/** Returns the reference table of every key as Markdown. */
export function configTable(): string {
  const rows = leaves().map((leaf) => {
    const { type, enum: values, description, default: fallback } = leaf.schema;
    const kind = values ? values.map((value) => `\`${value}\``).join(', ') : kinds[type ?? ''];
    const meaning = `${escaped(description ?? '')}${inactive.has(leaf.key) ? ' **Not active yet.**' : ''}`;
    return [`\`${leaf.key}\``, kind ?? '', code(fallback), meaning, `\`${variableOf(leaf)}\``];
  });
  const table = [['Key', 'Values', 'Default', 'Meaning', 'Variable'], ['---', '---', '---', '---', '---'], ...rows];
  return `${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}

const kinds: Record<string, string> = {
  boolean: 'true, false',
  integer: 'whole number',
  number: 'number',
  string: 'text',
  array: 'list',
};

function code(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) return value.map((item) => code(item)).join('<br>');
  return `\`${escaped(typeof value === 'string' && value !== '' ? value : JSON.stringify(value))}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Returns the JSON Schema of `.ambient.yml` for editors, old names included. */
export function jsonSchema(): Record<string, unknown> {
  const { properties, ...rest } = configSchema;
  const old = Object.entries(aliases).map(([name, now]) => {
    const description = `Old name of \`${now}\`.`;
    return [name, { ...properties[now as keyof typeof properties], description, deprecated: true }] as const;
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'git-ambient configuration (.ambient.yml)',
    ...rest,
    properties: { ...properties, ...Object.fromEntries(old) },
  };
}
