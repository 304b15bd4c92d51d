/**
 * What a git that we start gets to see. Rule: nothing that a calling git or hook left in the environment (GIT_DIR,
 * GIT_INDEX_FILE, GIT_CONFIG_PARAMETERS …) reaches it; switches go in by GIT_CONFIG_COUNT, where any name fits.
 */
import { OFFLINE } from './promised.ts';

export type Environment = Record<string, string | undefined>;
export type Switches = ReadonlyArray<readonly [key: string, value: string]>;

/** Everything else that starts with GIT_ is dropped: it describes another call, another repository, or a trace file. */
const KEPT = new Set([
  ...['GIT_CONFIG_NOSYSTEM', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_EXEC_PATH'],
  ...['GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM'],
  ...['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_AUTHOR_DATE'],
  ...['GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL', 'GIT_COMMITTER_DATE'],
  ...['GIT_SSH', 'GIT_SSH_COMMAND', 'GIT_SSH_VARIANT', 'GIT_ASKPASS', 'GIT_PROXY_COMMAND', 'GIT_ALLOW_PROTOCOL'],
  ...['GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'GIT_SSL_NO_VERIFY', 'GIT_TEST_INSTALLED'],
]);

/** Nothing configured by the user or by a candidate runs: hooks, fsmonitor, background maintenance, signature checks. */
const NEUTRAL: Switches = [
  ['core.hooksPath', '/dev/null'],
  ['hook.ambient.enabled', 'false'],
  ['hook.ambient-push.enabled', 'false'],
  ['core.fsmonitor', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['log.showSignature', 'false'],
  ['core.quotePath', 'false'],
  ['i18n.commitEncoding', 'UTF-8'],
  ['fastimport.unpackLimit', '0'],
];

/** The user's environment without what belongs to another git call. For the user's own commit. */
export function scrub(env: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_') || KEPT.has(name));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0' };
}

/** The environment of our own calls: scrubbed, C locale, no optional locks, oids mean what they say. */
export function neutral(env: Environment, switches: Switches): Environment {
  const all = [...NEUTRAL, ...switches];
  const pairs = all.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...quiet(env),
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(pairs),
  };
}

/** As `neutral`, but with the user's configuration as it stands: to read it. Nothing here goes to the network. */
export function quiet(env: Environment): Environment {
  return { ...scrub(env), LC_ALL: 'C', LANGUAGE: '', ...OFFLINE, GIT_OPTIONAL_LOCKS: '0', GIT_PAGER: 'cat' };
}
