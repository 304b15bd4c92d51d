/**
 * Go and cargo in a sandbox without a network. Rule: they read what was fetched before and write nothing outside of the
 * slot and its temporary folder; what was never fetched is missing, not broken.
 */
import type { HostCaches, Lent, Report } from '../types.ts';

export interface Prepared {
  args: string[];
  env: Record<string, string>;
  lent: Lent[];
  report: Report;
}

const CARGO_HOME = '/tmp/cargo';

/** The arguments and surroundings of `go …`. */
export function prepareGo(rest: readonly string[], caches: HostCaches): Prepared {
  const [command = '', ...args] = rest;
  const given = (flag: string) => args.some((word) => word === flag || word.startsWith(`${flag}=`));
  const test = command === 'test' && !given('-json') && !given('-c') && !given('-bench') ? ['-json'] : [];
  // A result that go remembers from another run would make every run look the same.
  const fresh = command === 'test' && !given('-count') ? ['-count=1'] : [];
  const report: Report = command === 'test' ? 'go' : /^(vet|build)$/.test(command) ? 'complaints' : 'none';
  return { args: [command, ...test, ...fresh, ...args], report, ...goSurroundings(caches) };
}

/** The arguments and surroundings of `cargo …`. */
export function prepareCargo(rest: readonly string[], caches: HostCaches): Prepared {
  const [command = '', ...args] = rest;
  const own = args.indexOf('--');
  const [before, after] = own === -1 ? [args, []] : [args.slice(0, own), args.slice(own)];
  const given = (flag: string) => before.some((word) => word === flag || word.startsWith(`${flag}=`));
  const whole = command === 'test' && !given('--no-fail-fast') ? ['--no-fail-fast'] : [];
  const short = /^(clippy|check)$/.test(command) && !given('--message-format') ? ['--message-format=short'] : [];
  const report: Report = command === 'test' ? 'cargo' : /^(clippy|check)$/.test(command) ? 'clippy' : 'none';
  return { args: [command, ...before, ...whole, ...short, ...after], report, ...cargoSurroundings(caches) };
}

/** What a makefile or a script needs to start either of them. */
export function surroundings(caches: HostCaches): Pick<Prepared, 'env' | 'lent'> {
  const [go, cargo] = [goSurroundings(caches), cargoSurroundings(caches)];
  const any = caches.goModules ?? caches.goBuild ?? Object.keys(caches.cargo)[0];
  return any === undefined
    ? { env: {}, lent: [] }
    : { env: { ...go.env, ...cargo.env }, lent: [...go.lent, ...cargo.lent] };
}

function goSurroundings({ goModules, goBuild }: HostCaches): Pick<Prepared, 'env' | 'lent'> {
  const env = {
    ...{ GOPATH: '/tmp/go', GOMODCACHE: goModules ?? '/tmp/go/pkg/mod', GOCACHE: goBuild ?? '/tmp/go-build' },
    ...{ GOPROXY: 'off', GOSUMDB: 'off', GOTOOLCHAIN: 'local', GOTELEMETRY: 'off', GOFLAGS: '-buildvcs=false' },
  };
  // Its index of modules is the one thing that go insists on writing there (seen with Go 1.26).
  if (goBuild !== null) Object.assign(env, { GODEBUG: 'goindex=0' });
  return { env, lent: [goModules, goBuild].flatMap((path) => (path === null ? [] : [{ path, at: path }])) };
}

function cargoSurroundings({ cargo }: HostCaches): Pick<Prepared, 'env' | 'lent'> {
  const env = {
    ...{ CARGO_HOME, CARGO_NET_OFFLINE: 'true', CARGO_TERM_COLOR: 'never', CARGO_INCREMENTAL: '0' },
    // Symbols for a debugger are most of what a build writes, and nobody debugs here.
    ...{ CARGO_PROFILE_DEV_DEBUG: '0', CARGO_PROFILE_TEST_DEBUG: '0', RUST_BACKTRACE: '0' },
  };
  return { env, lent: Object.entries(cargo).map(([name, path]) => ({ path, at: `${CARGO_HOME}/${name}` })) };
}
