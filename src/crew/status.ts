/** `status`: one screen of facts. Rule: cheap and read-only; it says what to do next where something is missing. */
import type { Status } from '../records/index.ts';
import type { Crew } from './open.ts';

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
  last_cycle: { at: string; status: string; findings: number; proposals: number } | null;
  /** The last thing that went wrong in the background. */
  last_error: { at: string; message: string } | null;
  notes: string[];
}

export async function statusOf(crew: Crew, hookState: Promise<HookState>): Promise<StatusReport> {
  const { repository, store, trust } = crew;
  const [hook, heads, holder, telemetry, pending] = await Promise.all([
    hookState,
    store.proposals.heads(),
    store.lock.holder(),
    store.telemetry.read(),
    store.wake.pending(),
  ]);
  const cycle = telemetry.findLast((line) => line.kind === 'cycle_completed');
  const error = telemetry.findLast((line) => line.kind === 'error');
  const count = (status: Status | null) => heads.filter(({ closed }) => closed === status).length;
  return {
    repository: repository.info.workTree ?? repository.info.gitDir,
    initialised: trust.trusted !== null,
    configuration: { trusted: trust.trusted, changed: trust.changed },
    hook,
    runner: holder === null ? null : { pid: holder },
    pending,
    proposals: {
      open: count(null),
      merged: count('merged'),
      rejected: count('rejected'),
      total: heads.length,
    },
    last_cycle: cycle
      ? {
          at: cycle.at,
          status: String(cycle.data['status'] ?? ''),
          findings: Number(cycle.data['findings'] ?? 0),
          proposals: Array.isArray(cycle.data['proposals']) ? cycle.data['proposals'].length : 0,
        }
      : null,
    last_error:
      error && (!cycle || error.seq > cycle.seq)
        ? { at: error.at, message: String(error.data['message'] ?? '') }
        : null,
    notes: notesOf(crew, hook),
  };
}

function notesOf(crew: Crew, hook: HookState): string[] {
  const notes: string[] = [];
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
