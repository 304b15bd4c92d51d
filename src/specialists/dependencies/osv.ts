/**
 * Advisories as OSV writes them (https://ossf.github.io/osv-schema/). Rule: pure; what is withdrawn, of another ecosystem or not
 * understood says nothing.
 */
import type { Severity } from '../../records/index.ts';
import { compareVersions, type Ecosystem } from './versions.ts';

export interface Advisory {
  id: string;
  aliases: string[];
  summary: string;
  severity: Severity;
  cwe: string | null;
  ecosystem: Ecosystem;
  /** As the ecosystem compares names. */
  name: string;
  /** Named one by one. */
  versions: string[];
  ranges: Event[][];
}

interface Event {
  kind: 'introduced' | 'fixed' | 'last_affected';
  version: string;
}

const ECOSYSTEMS: readonly string[] = ['npm', 'PyPI', 'Go'];
const SEVERITIES: Readonly<Record<string, Severity>> = {
  ...{ LOW: 'low', MODERATE: 'medium', MEDIUM: 'medium', HIGH: 'high', CRITICAL: 'critical' },
};
type Block = Record<string, unknown>;

/** What one record says of the packages that are understood; none for anything else. */
export function readAdvisory(record: unknown): Advisory[] {
  if (!isBlock(record) || typeof record['id'] !== 'string' || record['withdrawn'] !== undefined) return [];
  const own = isBlock(record['database_specific']) ? record['database_specific'] : {};
  const shared = {
    id: record['id'].slice(0, 60),
    aliases: texts(record['aliases']).slice(0, 10),
    summary: String(record['summary'] ?? '')
      .replace(/\s+/g, ' ')
      .slice(0, 200),
    severity: SEVERITIES[String(own['severity'] ?? '').toUpperCase()] ?? 'medium',
    cwe: texts(own['cwe_ids']).find((id) => /^CWE-\d{1,6}$/.test(id)) ?? null,
  };
  return blocks(record['affected']).flatMap((affected): Advisory[] => {
    const { ecosystem, name } = isBlock(affected['package']) ? affected['package'] : ({} as Block);
    if (typeof name !== 'string' || typeof ecosystem !== 'string' || !ECOSYSTEMS.includes(ecosystem)) return [];
    const known = ecosystem as Ecosystem;
    const ranges = blocks(affected['ranges'])
      .filter(({ type }) => type === 'SEMVER' || type === 'ECOSYSTEM')
      .map(({ events }) => eventsOf(known, events))
      .filter((events) => events !== null);
    return [
      { ...shared, ecosystem: known, name: plainName(known, name), versions: texts(affected['versions']), ranges },
    ];
  });
}

/** One name for all spellings of it. */
export function plainName(ecosystem: Ecosystem, name: string): string {
  return ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
}

/** Is `version` one that the advisory is about? */
export function isAffected({ ecosystem, versions, ranges }: Advisory, version: string): boolean {
  if (versions.some((one) => one === version || compareVersions(ecosystem, one, version) === 0)) return true;
  return ranges.some((events) => isWithin(ecosystem, events, version));
}

/** Versions in which it is mended. */
export function fixedIn({ ranges }: Advisory): string[] {
  return ranges.flatMap((events) => events.flatMap(({ kind, version }) => (kind === 'fixed' ? [version] : [])));
}

function isWithin(ecosystem: Ecosystem, events: readonly Event[], version: string): boolean {
  let affected = false;
  for (const { kind, version: at } of events) {
    const order = at === '0' ? 1 : compareVersions(ecosystem, version, at);
    if (order === null) return false;
    if (kind === 'introduced' && order >= 0) affected = true;
    if (kind === 'fixed' && order >= 0) affected = false;
    if (kind === 'last_affected' && order > 0) affected = false;
  }
  return affected;
}

/** In the order of their versions; null: one of them is none. */
function eventsOf(ecosystem: Ecosystem, value: unknown): Event[] | null {
  const events: Event[] = [];
  for (const event of blocks(value)) {
    const kind = (['introduced', 'fixed', 'last_affected'] as const).find((name) => typeof event[name] === 'string');
    if (kind === undefined) continue;
    const version = event[kind] as string;
    if (version !== '0' && compareVersions(ecosystem, version, version) === null) return null;
    events.push({ kind, version });
  }
  const order = ({ version: a }: Event, { version: b }: Event) =>
    a === b ? 0 : a === '0' ? -1 : b === '0' ? 1 : (compareVersions(ecosystem, a, b) ?? 0);
  return events.sort(order);
}

const isBlock = (value: unknown): value is Block =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const blocks = (value: unknown) => (Array.isArray(value) ? value.filter(isBlock) : []);
const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
