export { configTable, type ExplainedKey, explain, explainKey, jsonSchema } from './explain.ts';
export { configurationFiles } from './files.ts';
export { trustWarning, whatIsInForce } from './in-force.ts';
export { inactiveAmong } from './inactive.ts';
export { defaults, nearest } from './keys.ts';
export { type Loaded, type LoadInput, loadConfig, type ParsedCache, parseConfig, trustConfiguration } from './load.ts';
export { configSchema } from './schema.ts';
export { configurationOid } from './trust.ts';
export type { Config, Overlay, Source, TrustState } from './types.ts';
