/** What a path says about the damage a mistake there can do. Rule: names only raise the risk; only tests and prose lower it. */
import type { Risk } from '../records/index.ts';

export interface PathRisk {
  risk: Risk;
  /** Completes "<path> is …". */
  reason: string;
}

/** [pattern on the lower-cased path, risk, what it is]; all are looked at, the highest counts. */
const PLACES: ReadonlyArray<readonly [RegExp, Risk, string]> = [
  [/^\.ambient(\.yml|\/)/, 'critical', 'what the crew itself is judged by'],
  [/(^|\/)\.github\/(workflows|actions)\//, 'high', 'part of continuous integration'],
  [/(^|\/)\.(circleci|buildkite|ci|woodpecker|gitlab\/ci)\//, 'high', 'part of continuous integration'],
  [
    /(^|\/)(\.gitlab-ci|\.travis|appveyor|\.appveyor|\.drone|\.woodpecker|azure-pipelines|bitbucket-pipelines)[^/]*\.ya?ml$/,
    'high',
    'part of continuous integration',
  ],
  [/(^|\/)jenkinsfile[^/]*$/, 'high', 'part of continuous integration'],
  [/(^|\/)(\.husky|\.githooks|hooks)\//, 'high', 'a hook that runs on machines of people'],
  [
    /(^|\/)(\.gitmodules|\.gitattributes|codeowners|\.npmrc|\.pypirc|pip\.conf)$/,
    'high',
    'about how the repository is trusted',
  ],
  [
    /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|pdm\.lock|uv\.lock|pipfile\.lock|cargo\.lock|go\.sum|gemfile\.lock|composer\.lock)$/,
    'high',
    'a lock file',
  ],
  [
    /(^|\/)(package\.json|pyproject\.toml|setup\.(py|cfg)|pipfile|cargo\.toml|go\.mod|gemfile|composer\.json|pom\.xml|build\.gradle(\.kts)?|(requirements|constraints)[^/]*\.(txt|in))$/,
    'high',
    'about dependencies or packaging',
  ],
  [/(^|\/)requirements\/[^/]+\.(txt|in)$/, 'high', 'about dependencies or packaging'],
  [
    /(^|\/)((dockerfile|containerfile)[^/]*|[^/]*\.dockerfile|(docker-)?compose[^/]*\.ya?ml)$/,
    'high',
    'about how it is deployed',
  ],
  [/\.(tf|tfvars|hcl)$|(^|\/)(k8s|kubernetes|helm|terraform|ansible)\//, 'high', 'about how it is deployed'],
  [/(^|\/)(makefile|justfile|taskfile\.ya?ml|gulpfile[^/]*|webpack[^/]*\.js)$/, 'medium', 'about how it is built'],
  [/\.sql$|(^|\/)(migrations?|alembic)\//, 'high', 'a change of stored data'],
];

const WORDS: ReadonlyArray<readonly [Risk, string, ReadonlySet<string>]> = [
  [
    'critical',
    'authentication',
    new Set(
      'auth authn authz authentication authorization authenticate authorize login logon signin oauth oauth2 saml sso password passwd credential'.split(
        ' ',
      ),
    ),
  ],
  ['critical', 'payment', new Set('payment pay billing checkout invoice refund payout stripe paypal'.split(' '))],
  [
    'critical',
    'cryptography',
    new Set('crypto cryptography encryption encrypt decrypt cipher keystore signing'.split(' ')),
  ],
  ['high', 'stored data', new Set('migration migrate'.split(' '))],
  [
    'high',
    'access',
    new Set('secret session token permission acl rbac privilege sudo sandbox firewall csrf cors jwt'.split(' ')),
  ],
];

const TEST =
  /(^|\/)(tests?|__tests__|testing|specs?|testdata|fixtures)\/|(^|\/)(test_[^/]*|conftest)\.py$|_test\.(py|go)$|[.-](test|spec)\.[cm]?[jt]sx?$/;
const PROSE =
  /\.(md|mdx|markdown|rst|adoc|asciidoc)$|(^|\/)(license|licence|copying|notice|authors|contributors|changelog|changes|readme|news|todo)(\.txt)?$|(^|\/)docs?\/[^/].*\.txt$/;

/** Returns what `path` says: tests and prose are low, ordinary code medium, sensitive places more. */
export function pathRisk(path: string): PathRisk {
  const lower = path.toLowerCase();
  const found: PathRisk[] = PLACES.filter(([pattern]) => pattern.test(lower)).map(([, risk, reason]) => ({
    risk,
    reason,
  }));
  if (TEST.test(lower)) found.push({ risk: 'low', reason: 'a test' });
  else if (PROSE.test(lower)) found.push({ risk: 'low', reason: 'documentation' });
  else {
    const words = wordsOf(path);
    for (const [risk, topic, names] of WORDS)
      if (words.some((word) => names.has(word) || names.has(word.replace(/(?:s|\d+)$/, ''))))
        found.push({ risk, reason: `about ${topic}` });
    found.push({ risk: 'medium', reason: 'code' });
  }
  return found.reduce((worst, one) => (rank(one.risk) > rank(worst.risk) ? one : worst));
}

/** `src/userAuth/HTTPSession.py` → src user auth http session py. */
function wordsOf(path: string): string[] {
  return path
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

const ORDER: readonly Risk[] = ['low', 'medium', 'high', 'critical'];

/** 0 for low to 3 for critical. */
export function rank(risk: Risk): number {
  return ORDER.indexOf(risk);
}
