/** The variables that a command sees. Rule: the same on every machine; nothing of the host's environment is handed in. */
import { HOME } from './places.ts';

/** @param path the folders of PATH, first come first served. */
export function environment(path: readonly string[]): Record<string, string> {
  return {
    PATH: path.join(':'),
    HOME,
    TMPDIR: '/tmp',
    USER: 'sandbox',
    LOGNAME: 'sandbox',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    TERM: 'dumb',
    NO_COLOR: '1',
    CI: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    npm_config_update_notifier: 'false',
    npm_config_cache: '/tmp/npm',
    CARGO_NET_OFFLINE: 'true',
    GOTOOLCHAIN: 'local',
    GOPROXY: 'off',
  };
}
