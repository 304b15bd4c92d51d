/**
 * `brief`: what happened since yesterday. Rule: read from what is recorded anyway (decisions, evaluations, the local log);
 * with the log switched off the decisions are still there.
 */
import type { ArchiveLine, DecisionKind, Risk, Status, TelemetryLine } from '../records/index.ts';
import type { ProposalView } from '../store/index.ts';
import { isOpen } from './known.ts';
import type { Crew } from './open.ts';
import { byReview } from './rows.ts';
import { parseSince } from './since.ts';

export interface BriefItem {
  id: string;
  title: string;
  risk: Risk | null;
  status: Status | null;
  reason: string | null;
  /** The user's commit that landed or reverted it. */
  commit: string | null;
}

export interface BriefReport {
  /** ISO 8601. */
  since: string;
  cycles: number;
  findings: number;
  /** Newest last. */
  commits: Array<{ commit: string; subject: string }>;
  new: BriefItem[];
  merged: BriefItem[];
  rejected: BriefItem[];
  approved: BriefItem[];
  reverted: BriefItem[];
  expired: BriefItem[];
  /** What matters most first. */
  waiting: BriefItem[];
  could_not_run: string[];
}

export async function briefOf(crew: Crew, since: string, now = Date.now()): Promise<BriefReport> {
  const from = new Date(parseSince(since, now)).toISOString().replace(/\.\d+Z$/, 'Z');
  const { store } = crew;
  const [views, archive, telemetry] = await Promise.all([
    store.proposals.list(),
    store.archive(),
    store.telemetry.read({ since: from }),
  ]);
  const commits = await commitsOf(crew, telemetry);
  const lines = archive.map(({ line }) => line);
  return { since: from, commits, ...sumUp({ from, views, archive: lines, telemetry }) };
}

/** The commits that cycles looked at; of a look at everything, the commit that it was taken at. */
async function commitsOf(crew: Crew, telemetry: readonly TelemetryLine[]): Promise<BriefReport['commits']> {
  const { objects, history } = crew.repository;
  const found = new Map<string, string>();
  const there = async (oid: unknown) => typeof oid === 'string' && (await objects.type(oid)) === 'commit';
  for (const { kind, data } of telemetry) {
    if (kind !== 'cycle_started' || !(await there(data['base']))) continue;
    const [base, from] = [data['base'] as string, data['from']];
    const made = (await there(from)) ? await history.grep(`${from}..${base}`, '^') : [await objects.commit(base)];
    for (const { oid, message } of made.reverse()) found.set(oid, message.split('\n')[0] ?? '');
  }
  return [...found].map(([commit, subject]) => ({ commit, subject }));
}

/** Pure. `archive` oldest first. */
export function sumUp(input: {
  from: string;
  views: readonly ProposalView[];
  archive: readonly ArchiveLine[];
  telemetry: readonly TelemetryLine[];
}): Omit<BriefReport, 'since' | 'commits'> {
  const { from, views, archive, telemetry } = input;
  const cycles = telemetry.filter((line) => isCycle(line) && line.at >= from);
  const fresh = views.filter((view) => (view.evaluations[0]?.at ?? '') >= from);
  const open = views.filter(isOpen).sort(byReview);
  const byCommit = new Map(views.map((view) => [view.proposal.commit, view]));
  const decided = (...kinds: DecisionKind[]): BriefItem[] => {
    const lines = archive.filter((line) => line.at >= from && kinds.includes(line.kind));
    const last = new Map(lines.map((line) => [line.proposal, line]));
    return [...last.values()].map((line) => itemOf(byCommit.get(line.proposal), line));
  };
  return {
    cycles: cycles.length,
    findings: cycles.reduce((sum, line) => sum + Number(line.data['findings'] ?? 0), 0),
    new: fresh.map((view) => itemOf(view)),
    merged: decided('merged', 'promoted'),
    rejected: decided('rejected'),
    approved: decided('approved'),
    reverted: decided('reverted', 'rolled_back'),
    expired: decided('expired', 'superseded'),
    waiting: open.map((view) => itemOf(view)),
    could_not_run: [...new Set([...unrun(fresh), ...failures(telemetry.filter((line) => line.at >= from))])],
  };
}

const isCycle = (line: TelemetryLine) => line.kind === 'cycle_completed';

/** A proposal that lost its ref long ago is told by its rule. */
function itemOf(view: ProposalView | undefined, line?: ArchiveLine): BriefItem {
  return {
    id: view?.proposal.id ?? line?.proposal.slice(0, 12) ?? '',
    title: view?.proposal.title ?? line?.rule ?? '',
    risk: view?.proposal.risk ?? null,
    status: view?.status ?? null,
    reason: line?.reason ?? null,
    commit: line?.commit ?? null,
  };
}

const NOT_RUN: readonly string[] = ['absent', 'timeout', 'oom', 'error'];

function unrun(views: readonly ProposalView[]): string[] {
  const checks = views.flatMap((view) => view.evaluations.at(-1)?.checks ?? []);
  return checks
    .filter((check) => NOT_RUN.includes(check.candidate))
    .map((check) => `${check.name}: ${check.note ?? check.candidate}`);
}

function failures(telemetry: readonly TelemetryLine[]): string[] {
  return telemetry.flatMap(({ kind, data }) => {
    if (kind === 'error') return [String(data['message'] ?? data['code'] ?? 'an error without a message')];
    if (kind === 'cycle_completed' && data['status'] === 'abandoned')
      return [`a cycle: ${data['reason'] ?? 'abandoned'}`];
    if (kind !== 'verify_failed' || data['outcome'] !== 'inconclusive') return [];
    const [reason] = Array.isArray(data['reasons']) ? data['reasons'] : [];
    return [`${data['rule'] ?? 'a fix'} could not be judged${reason ? `: ${reason}` : ''}`];
  });
}
