/** The types of the configuration, derived from the schema. Rule: nothing is declared here that the schema says. */
import type { FromSchema } from 'json-schema-to-ts';
import type { configSchema } from './schema.ts';

/** What a file may say: any part. */
export type Overlay = Partial<FromSchema<typeof configSchema>>;

/** Every key of an object is there, at every depth; lists stay as they are. */
type Complete<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]-?: Complete<T[K]> } : T;

/** The effective configuration. */
export type Config = Complete<FromSchema<typeof configSchema>>;

export type Source = 'flag' | `env AMBIENT_${string}` | 'file' | 'default';

export interface TrustState {
  /** Oid of the configuration tree that `git ambient init` recorded, or null. */
  trusted: string | null;
  /** Oid of the configuration tree as it stands in the working tree now. The empty tree when there is none. */
  current: string;
  /** Trusted once, and different now: the trusted version stays in force. */
  changed: boolean;
}
