/** `status`: one screen of facts. Rule: cheap and read-only; it says what to do next where something is missing. */
import { type ArchiveLine, foldDecisions, type Status } from '../records/index.ts';
import { findLanding, landingNote } from './landing.ts';
import { quietFor } from './manners.ts';
import type { Crew } from './open.ts';
import { restingLines } from './resting.ts';

/** Handed in by the command: triggers/ knows hooks, the crew does not. */
export type HookState = 'installed' | 'missing' | 'elsewhere';

export interface StatusReport {
  repository: string;
  initialised: boolean;
  configuration: { trusted: string | null; changed: boolean };
  hook: HookState;
  runner: { pid: number } | null;
  /** A wake-up that no runner has taken yet. */
  pending: boolean;
  proposals: { open: number; merged: number; rejected: number; total: number };
  last_cycle: {
    at: string;
    status: string;
    findings: number;
    proposals: number;
    reasons: Array<{ reason: string; count: number }>;
  } | null;
  /** The last thing that went wrong in the background. */
  last_error: { at: string; message: string } | null;
  notes: string[];
}

export async function statusOf(crew: Crew, hookState: Promise<HookState>): Promise<StatusReport> {
  const { repository, store, trust } = crew;
  const [hook, { heads, archive }, holder, telemetry, pending, landing] = await Promise.all([
    hookState,
    store.proposals.standing(),
    store.lock.holder(),
    store.telemetry.read(),
    store.wake.pending(),
    findLanding(crew),
  ]);
  const cycle = telemetry.findLast((line) => line.kind === 'cycle_completed');
  const error = telemetry.findLast((line) => line.kind === 'error');
  const closed = closedOf(archive);
  const known = new Set([...heads.map(({ proposal }) => proposal.commit), ...closed.keys()]);
  const count = (status: Status) => [...closed.values()].filter((one) => one === status).length;
  return {
    repository: repository.info.workTree ?? repository.info.gitDir,
    initialised: trust.trusted !== null,
    configuration: { trusted: trust.trusted, changed: trust.changed },
    hook,
    runner: holder === null ? null : { pid: holder },
    pending,
    proposals: {
      open: heads.filter((head) => head.closed === null).length,
      merged: count('merged'),
      rejected: count('rejected'),
      total: known.size,
    },
    last_cycle: cycle
      ? {
          at: cycle.at,
          status: String(cycle.data['status'] ?? ''),
          findings: Number(cycle.data['findings'] ?? 0),
          proposals: Array.isArray(cycle.data['proposals']) ? cycle.data['proposals'].length : 0,
          reasons: reasonsOf(cycle.data['reasons']),
        }
      : null,
    last_error:
      error && (!cycle || error.seq > cycle.seq)
        ? { at: error.at, message: String(error.data['message'] ?? '') }
        : null,
    notes: [...(landing ? [landingNote(landing)] : []), ...notesOf(crew, hook), ...(await restingLines(crew))],
  };
}

/** By commit: what became of every proposal that was decided, also of those that have lost their refs. */
function closedOf(archive: ReadonlyArray<{ by: string; line: ArchiveLine }>): Map<string, Status> {
  const lines = new Map<string, Array<{ by: string; line: ArchiveLine }>>();
  for (const item of archive) lines.set(item.line.proposal, [...(lines.get(item.line.proposal) ?? []), item]);
  const folded = [...lines].map(([commit, items]) => [commit, foldDecisions(items)] as const);
  return new Map(folded.flatMap(([commit, status]) => (status === null ? [] : [[commit, status] as const])));
}

/** Most first. */
function reasonsOf(data: unknown): Array<{ reason: string; count: number }> {
  const entries = data !== null && typeof data === 'object' ? Object.entries(data) : [];
  return entries.map(([reason, count]) => ({ reason, count: Number(count) })).sort((a, b) => b.count - a.count);
}

function notesOf(crew: Crew, hook: HookState): string[] {
  const notes: string[] = [];
  const quiet = quietFor(crew.config, new Date());
  if (quiet > 0)
    notes.push(`quiet hours (${crew.config.monitoring.quiet_hours}): commits wait; \`git ambient run\` does not`);
  if (!crew.config.monitoring.enabled)
    notes.push('monitoring.enabled is false: commits do not wake the crew; `git ambient run` works');
  if (crew.trust.trusted === null)
    notes.push('not initialised here: the configuration does nothing until `git ambient init`');
  else if (crew.trust.changed)
    notes.push(
      'the configuration changed since it was trusted: the old one is in force; `git ambient init` trusts the new one',
    );
  if (crew.trust.trusted !== null && hook !== 'installed')
    notes.push(
      'the post-commit hook is not installed: `git ambient doctor` says why; `git ambient run` works without it',
    );
  return notes;
}
