/**
 * Versions as their ecosystems order them: Semantic Versioning for npm and Go, PEP 440 for PyPI. Rule: pure; a text that is no
 * version has no order, and nothing is concluded from it.
 */
export type Ecosystem = 'npm' | 'PyPI' | 'Go';

type Part = number | string;
/** Compared piece by piece. */
type Key = Part[][];

/** Negative, 0 or positive; null when one of them is no version of `ecosystem`. */
export function compareVersions(ecosystem: Ecosystem, a: string, b: string): number | null {
  const [left, right] = [keyOf(ecosystem, a), keyOf(ecosystem, b)];
  return left === null || right === null ? null : compareKeys(left, right);
}

/** No alpha, beta, release candidate or development version. */
export function isRelease(ecosystem: Ecosystem, version: string): boolean {
  if (ecosystem === 'PyPI') return /^v?(\d+!)?\d+(\.\d+)*(\.?post\d*|-\d+)?$/i.test(version.trim());
  return SEMVER.exec(version.trim())?.[4] === undefined && keyOf(ecosystem, version) !== null;
}

/** Does `to` promise to be a replacement for `from`? The same major version; before 1.0 the same minor one. */
export function isCompatible(ecosystem: Ecosystem, from: string, to: string): boolean {
  const [a, b] = [from, to].map((version) => releaseOf(ecosystem, version));
  if (!a || !b || a[0] !== b[0]) return false;
  return a[0] !== 0 || (a[1] ?? 0) === (b[1] ?? 0);
}

function releaseOf(ecosystem: Ecosystem, version: string): number[] | null {
  const key = keyOf(ecosystem, version);
  // An epoch is a promise that nothing before it compares.
  if (key === null || (ecosystem === 'PyPI' && key[0]?.[0] !== 0)) return null;
  const numbers = (ecosystem === 'PyPI' ? key[1] : key[0]) as number[];
  return [numbers[0] ?? 0, numbers[1] ?? 0];
}

function keyOf(ecosystem: Ecosystem, version: string): Key | null {
  if (version.length > 200) return null;
  return ecosystem === 'PyPI' ? pep440(version) : semver(version);
}

const SEMVER = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

function semver(text: string): Key | null {
  const [, major, minor, patch, before] = SEMVER.exec(text.trim()) ?? [];
  if (major === undefined) return null;
  // Without a pre-release it is later; numbers in it come before words.
  const rank: Part[] = [before === undefined ? 1 : 0];
  const parts = before?.split('.').map((part): Part => (/^\d+$/.test(part) ? Number(part) : part)) ?? [];
  return [[Number(major), Number(minor), Number(patch)], rank, parts];
}

const PEP440 = new RegExp(
  [
    /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)/,
    /(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?/,
    /(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?/,
    /(?:[-_.]?(dev)[-_.]?(\d*))?/,
    /(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/,
  ]
    .map(({ source }) => source)
    .join(''),
  'i',
);
const PHASES: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };
const [FIRST, LAST] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** As the `packaging` library orders them. */
function pep440(text: string): Key | null {
  const match = PEP440.exec(text.trim().toLowerCase());
  if (match === null) return null;
  const [, epoch = '0', release = '', phase, phaseNumber, implicitPost, post, postNumber, dev, devNumber, local] =
    match;
  const numbers = release.split('.').map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  const hasPost = post !== undefined || implicitPost !== undefined;
  const before: Part[] =
    phase !== undefined
      ? [1, PHASES[phase] ?? phase, Number(phaseNumber || 0)]
      : [dev !== undefined && !hasPost ? FIRST : LAST];
  const after: Part[] = [hasPost ? Number(implicitPost ?? (postNumber || 0)) : FIRST];
  const development: Part[] = [dev === undefined ? LAST : Number(devNumber || 0)];
  // Numbers come after words in a local version, and any of them after none.
  const own =
    local?.split(/[-_.]/).flatMap((part): Part[] => (/^\d+$/.test(part) ? [1, Number(part)] : [0, part])) ?? [];
  return [[Number(epoch)], numbers, before, after, development, [local === undefined ? 0 : 1], own];
}

function compareKeys(a: Key, b: Key): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = compareParts(a[at] ?? [], b[at] ?? []);
    if (order !== 0) return order;
  }
  return 0;
}

/** What ends first comes first. */
function compareParts(a: readonly Part[], b: readonly Part[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [left, right] = [a[at] as Part, b[at] as Part];
    if (left === right) continue;
    if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
