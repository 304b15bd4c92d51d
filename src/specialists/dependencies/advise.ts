/**
 * Pinned versions and advisories → findings. Rule: pure; an upgrade is offered only to a released version that no advisory is
 * about, that promises to be compatible, and where one text is all that changes.
 */
import type { Severity } from '../../records/index.ts';
import { diagnosed } from '../diagnosed.ts';
import { lineSuppressed } from '../suppress.ts';
import type { Diagnosed, Rule, SourceFile } from '../types.ts';
import { isLockFile, type Pinned, readPins } from './locks.ts';
import type { Lift } from './npm-lock.ts';
import { type Advisory, fixedIn, isAffected, plainName, readAdvisory } from './osv.ts';
import { compareVersions, isCompatible, isRelease } from './versions.ts';

export type Advisories = ReadonlyMap<string, readonly Advisory[]>;

/** Advisories by package: what `adviseOn` looks things up in. */
export function indexAdvisories(): { add(record: unknown): boolean; all: Map<string, Advisory[]> } {
  const all = new Map<string, Advisory[]>();
  return {
    all,
    add(record) {
      const read = readAdvisory(record);
      for (const one of read) all.set(keyOf(one), [...(all.get(keyOf(one)) ?? []), one]);
      return read.length > 0;
    },
  };
}

export interface Advice {
  found: Diagnosed[];
  rules: Rule[];
  /** What npm may be able to lift: the place in `found`, and what it would say then. */
  lifts: Array<{ at: number; lift: Lift; done: { message: string; rule: Rule } }>;
  /** The file could not be read. */
  unread: boolean;
}

/** What is known of the versions that `file` pins. */
export function adviseOn(file: Pick<SourceFile, 'path' | 'blob' | 'text'>, advisories: Advisories): Advice {
  const pins = readPins(file.path, file.text);
  const advice: Advice = { found: [], rules: [], lifts: [], unread: pins === null };
  const lines = file.text.split('\n');
  for (const pin of pins ?? []) {
    const known = advisories.get(keyOf(pin)) ?? [];
    const about = known.filter((one) => isAffected(one, pin.version));
    if (about.length === 0) continue;
    const to = upgradeOf(pin, known);
    const { rule, message, edits, lifted } = judge(pin, about, to);
    const match = { start: pin.start, end: pin.end, message, edits };
    const one = diagnosed({
      specialist: 'SecurityGuardian',
      rule,
      file: { ...file, language: 'python', test: false },
      match,
    });
    if (lineSuppressed(lines, one.finding.line, one.finding.line, 'python', { id: rule.id })) continue;
    advice.found.push(one);
    advice.rules.push(rule);
    if (lifted !== null && to !== null)
      advice.lifts.push({
        at: advice.found.length - 1,
        lift: { name: pin.name, from: pin.version, to },
        done: { message: lifted, rule: { ...rule, fixable: true } },
      });
  }
  return advice;
}

/** Is an advisory about this version? */
export function isKnownBad(
  advisories: Advisories,
  { ecosystem, name, version }: Pick<Pinned, 'ecosystem' | 'name' | 'version'>,
): boolean {
  return (advisories.get(keyOf({ ecosystem, name })) ?? []).some((one) => isAffected(one, version));
}

export { isLockFile };

function judge(pin: Pinned, about: readonly Advisory[], to: string | null) {
  const { name, version, edit, ecosystem } = pin;
  const ids = distinct(about);
  const named = `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`;
  const summary = about.find((one) => one.summary !== '')?.summary ?? '';
  const what = `${name} ${version} has known weaknesses (${named})${summary === '' ? '' : `: ${summary}`}`;
  const compatible = to !== null && isCompatible(ecosystem, version, to);
  const fixable = compatible && !('not' in edit);
  const next =
    to === null
      ? 'no safe version is known'
      : !compatible
        ? `${to} is safe, and may not be compatible`
        : 'not' in edit
          ? `${to} is safe; the file is left alone, because ${edit.not}: ${edit.command(to)}`
          : `${to} is safe`;
  const cwe = about.find((one) => one.cwe !== null)?.cwe;
  const title = to === null ? `Replace ${name} ${version}` : `Upgrade ${name} to ${to}`;
  const rule: Rule = {
    ...{ id: `dependency/${ruleName(name)}`, languages: [], severity: worst(about), fixable },
    title: title.length <= 60 ? title : 'Upgrade a dependency with a known weakness',
    rationale: `${what}. ${to ?? ''} is the smallest version that no advisory of the snapshot is about and that keeps the promise of its version number. Checks run with what is installed here, not with the new version: install it and run your tests before you merge.`,
    ...(cwe ? { cwe } : {}),
    ...{ example: { path: '', before: '' }, lookAlikes: [] },
  };
  const edits = fixable && to !== null && !('not' in edit) ? [{ start: edit.start, end: edit.end, text: to }] : [];
  const lifted = compatible && pin.npm === true ? `${what}; ${to} is safe` : null;
  return { rule, message: `${what}; ${next}`, edits, lifted };
}

/** The smallest later version that nothing is known of. */
function upgradeOf({ ecosystem, version }: Pinned, known: readonly Advisory[]): string | null {
  const later = known
    .flatMap(fixedIn)
    .filter((one) => isRelease(ecosystem, one) && (compareVersions(ecosystem, one, version) ?? 0) > 0)
    .sort((a, b) => compareVersions(ecosystem, a, b) ?? 0);
  return later.find((one) => !known.some((advisory) => isAffected(advisory, one))) ?? null;
}

/** One name for each weakness: the same one is known to several databases. */
function distinct(about: readonly Advisory[]): string[] {
  const told = new Set<string>();
  const ids: string[] = [];
  for (const { id, aliases } of about) {
    if (![id, ...aliases].some((name) => told.has(name))) ids.push(id);
    for (const name of [id, ...aliases]) told.add(name);
  }
  return ids;
}

const RANKS: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const worst = (about: readonly Advisory[]) =>
  RANKS[Math.max(...about.map(({ severity }) => RANKS.indexOf(severity)))] ?? 'medium';
const keyOf = ({ ecosystem, name }: Pick<Pinned, 'ecosystem' | 'name'>) => `${ecosystem} ${plainName(ecosystem, name)}`;
/** As a trailer admits it. */
const ruleName = (name: string) => name.replace(/[^\w@./+-]/g, '-').slice(0, 100);
