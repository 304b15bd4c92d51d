/**
 * What hooks/pre-push reads: the open security proposals, as lines that a shell can follow. Rule: written as a whole by
 * rename whenever a proposal changed; it may be stale or missing at any time, and nothing rests on it but a warning.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError, randomId } from '../base/index.ts';
import type { FileChange } from '../git/index.ts';
import { rank } from '../policy/index.ts';
import type { Proposal, Severity } from '../records/index.ts';
import type { Crew } from './open.ts';

/** More than a person reads while a push waits. */
const MOST = 50;

export interface Listed {
  proposal: Pick<Proposal, 'id' | 'base' | 'title'>;
  severity: Severity;
  files: ReadonlyArray<Pick<FileChange, 'path' | 'oldOid' | 'newOid'>>;
}

/** Writes `.git/ambient/pre-push`, or removes it where there is nothing to say. Never fails for want of a disk. */
export async function writePushList(crew: Crew): Promise<void> {
  const path = join(crew.store.dir, 'pre-push');
  const draft = `${path}.${randomId()}.tmp`;
  const mode = crew.config.pre_push;
  try {
    const listed = mode === 'off' ? [] : await openSecurity(crew);
    if (mode === 'off' || listed.length === 0) return await rm(path, { force: true });
    await writeFile(draft, pushList(mode, listed), { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    // The warning is a courtesy: what it follows (a landing, a cycle) has been done. What has no code is a fault of ours.
    if (!(error instanceof AmbientError) && !(error as NodeJS.ErrnoException).code) throw error;
  }
}

async function openSecurity(crew: Crew): Promise<Listed[]> {
  const heads = await crew.store.proposals.heads();
  const candidates = heads.filter(({ proposal, closed }) => closed === null && isSecurity(proposal));
  if (candidates.length === 0) return [];
  const views = await crew.store.proposals.views(candidates.map(({ proposal }) => proposal));
  const open = views.filter((view) => view.status === 'validated' || view.status === 'stale');
  const severityOf = await severities();
  const least = rank(crew.config.agents.SecurityGuardian.severity_threshold);
  const wanted = open
    .map(({ proposal }) => ({ proposal, severity: severityOf(proposal) }))
    .filter(({ severity }) => rank(severity) >= least)
    .sort((a, b) => rank(b.severity) - rank(a.severity) || (a.proposal.id < b.proposal.id ? -1 : 1))
    .slice(0, MOST);
  const listed: Listed[] = [];
  // One after the other: each is two processes of git, and all of them at once would be twenty on one signal.
  for (const item of wanted)
    listed.push({ ...item, files: await crew.repository.trees.diff(item.proposal.base, item.proposal.commit) });
  return listed;
}

function isSecurity(proposal: Proposal): boolean {
  return proposal.specialist === 'SecurityGuardian';
}

/** A proposal keeps its risk, which is about the change; how bad the flaw is, its rule knows. */
async function severities(): Promise<(proposal: Proposal) => Severity> {
  const { loadSpecialist } = await import('../specialists/index.ts');
  const { rules } = await loadSpecialist('SecurityGuardian');
  const known = new Map(rules.map((rule) => [rule.id, rule.severity]));
  return (proposal) => known.get(proposal.rule) ?? proposal.risk;
}

/** The text of the list. Pure. Its form is described in hooks/pre-push. */
export function pushList(mode: 'warn' | 'block', listed: readonly Listed[]): string {
  const lines = listed.flatMap(({ proposal, severity, files }) => [
    `proposal ${proposal.id} ${severity} ${proposal.base} |${printable(proposal.title)}|`,
    ...files.flatMap((file) => [
      `file ${file.oldOid ?? 'none'} ${file.newOid ?? 'none'} |${quotePath(file.path)}|`,
      `spec |${pathspec(file.path)}|`,
    ]),
  ]);
  return `mode ${mode}\n${lines.join('\n')}\n`;
}

/** Nothing of a title reaches the terminal but text. */
function printable(title: string): string {
  return title.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

const ESCAPES: Record<number, string> = {
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  34: '"',
  92: '\\',
};

/** As git prints a name with `core.quotePath=true`: in C's quotes where it has any other than plain characters. */
export function quotePath(path: string): string {
  const bytes = [...Buffer.from(path)];
  if (bytes.every((byte) => byte >= 32 && byte < 127 && byte !== 34 && byte !== 92)) return path;
  const quoted = bytes.map((byte) => {
    const letter = ESCAPES[byte];
    if (letter !== undefined) return `\\${letter}`;
    return byte < 32 || byte >= 127 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  });
  return `"${quoted.join('')}"`;
}

/** A pathspec on one line that matches at least `path`: what cannot stand on a line is any character. */
export function pathspec(path: string): string {
  return `:(top)${path.replace(/[*?[\]\\]/g, '\\$&').replace(/[\p{Cc}\uFFFD]/gu, '*')}`;
}
