/**
 * The effective configuration and where each value came from. Rule: flag > AMBIENT_* > trusted file > default; only a
 * trusted file is parsed, and the parser is loaded only when there is one that is not in the cache.
 */
import { canonicalJson, digest } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import { fromEnvironment, fromFlags, type Given, overlayOf } from './environment.ts';
import { defaults, leaves } from './keys.ts';
import { isBlock, overlaid, saidKeys } from './overlay.ts';
import { configSchema } from './schema.ts';
import { treeOid } from './tree-oid.ts';
import { readTrust, recordTrust, type Standing, trustedText } from './trust.ts';
import type { Config, Overlay, Source, TrustState } from './types.ts';

/** Keeps parsed configurations; losing it costs time only. */
export interface ParsedCache {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
}

export interface LoadInput {
  repository: Repository;
  env: Readonly<Record<string, string | undefined>>;
  /** Dotted key → text. */
  flags: Readonly<Record<string, string>>;
  cache?: ParsedCache;
}

export interface Loaded {
  config: Config;
  /** By dotted key. */
  sources: Record<string, Source>;
  trust: TrustState;
  /** Oid of the configuration in force: the trusted tree; the empty tree where nothing is trusted. */
  inForce: string;
}

/** Reads everything that decides how the crew behaves here. @throws AmbientError kind `config`. */
export async function loadConfig({ repository, env, flags, cache }: LoadInput): Promise<Loaded> {
  const standing = await readTrust(repository);
  const file = await fileOverlay(repository, standing, cache);
  const given: Given[] = [...fromEnvironment(env), ...fromFlags(flags)];
  const fromFile = overlaid(defaults(), file);
  const config = given.length === 0 ? fromFile : overlaid(fromFile, await overlayOf(given, fromFile));
  const sources: Record<string, Source> = Object.fromEntries(leaves().map(({ key }) => [key, 'default' as const]));
  for (const key of saidKeys(file)) sources[key] = 'file';
  for (const { leaf, source } of given) sources[leaf.key] = source;
  const inForce = standing.trust.trusted ?? treeOid([], repository.info.objectFormat);
  return { config, sources, trust: standing.trust, inForce };
}

/**
 * Trusts the configuration as it stands in the working tree now; returns its oid. `vet` may refuse what the schema admits.
 * @throws AmbientError kind `config`.
 */
export async function trustConfiguration(
  repository: Repository,
  vet: (overlay: Overlay, path: string) => void = () => {},
): Promise<string> {
  return recordTrust(repository, async ({ text, path }) => vet(await parseConfig(text, path), path));
}

/** Reads the text of a configuration file. @throws AmbientError kind `config`; its message begins with `path:line:column`. */
export async function parseConfig(text: string, path: string): Promise<Overlay> {
  const { parseYaml } = await import('./parse.ts');
  return parseYaml(text, path);
}

async function fileOverlay(repository: Repository, standing: Standing, cache?: ParsedCache): Promise<Overlay> {
  const { trusted } = standing.trust;
  if (trusted === null) return {};
  const key = `configuration-${trusted}-${digest([canonicalJson(configSchema)])}`;
  const known = await cache?.get(key);
  if (isBlock(known)) return known as Overlay;
  const file = await trustedText(repository, standing);
  if (file === null) return {};
  const overlay = await parseConfig(file.text, file.path);
  await cache?.put(key, overlay);
  return overlay;
}
