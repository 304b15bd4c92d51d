/** The door of the crew: one function per command, each loading its part of the house on its first call. */
import { withCrew } from './open.ts';

export type { SandboxResult } from '../sandbox/index.ts';
export type { ApplyReport } from './apply.ts';
export type { RunRequest } from './asked.ts';
export type { BriefItem, BriefReport } from './brief.ts';
export type { ReplayReport } from './bundle.ts';
export type { Probe } from './doctor.ts';
export type { CycleReport } from './driver.ts';
export type { RulesReport } from './extend/check-rules.ts';
export type { Notified } from './extend/events.ts';
export type { MirrorRow } from './extend/mirror.ts';
export type { FlakyRow } from './flaky.ts';
export type { FindingsReport, VerifyReport } from './judge.ts';
export type { ListPage } from './list.ts';
export type { MergeResult } from './merge.ts';
export type { ReviewReport, ReviewScreen } from './next.ts';
export type { Crew } from './open.ts';
export type { AgentsReport } from './record.ts';
export type { ProposalDetail } from './review.ts';
export type { EvaluationRow, ProposalRow } from './rows.ts';
export type { SandboxStatus } from './sandbox-status.ts';
export type { StatusReport } from './status.ts';
export { withCrew };

/** What people do with proposals. */
export const proposals = {
  list: lazy(async () => (await import('./list.ts')).listProposals),
  show: lazy(async () => (await import('./review.ts')).showProposal),
  difftool: lazy(async () => (await import('./review.ts')).showInTool),
  approve: lazy(async () => (await import('./approve.ts')).approveProposal),
  reject: lazy(async () => (await import('./review.ts')).rejectProposal),
  brief: lazy(async () => (await import('./brief.ts')).briefOf),
  next: lazy(async () => (await import('./next.ts')).nextProposal),
  review: lazy(async () => (await import('./next.ts')).reviewProposals),
};
export const statusOf = lazy(async () => (await import('./status.ts')).statusOf);
export const merge = lazy(async () => (await import('./merge.ts')).merge);
export const apply = {
  patch: lazy(async () => (await import('./apply.ts')).applyPatch),
  proposal: lazy(async () => (await import('./apply.ts')).applyProposal),
  bundles: lazy(async () => (await import('./bundle.ts')).listBundles),
  replay: lazy(async () => (await import('./bundle.ts')).replayBundle),
};
export const run = lazy(async () => (await import('./runner.ts')).run);
/** Working without a person who waits, and what wakes it. */
export const background = {
  run: lazy(async () => (await import('./background.ts')).runInBackground),
  quietFor: lazy(async () => {
    const { quietFor } = await import('./manners.ts');
    return async (...asked: Parameters<typeof quietFor>) => quietFor(...asked);
  }),
  notify: lazy(async () => (await import('./extend/events.ts')).notify),
};
export const checkRules = lazy(async () => (await import('./extend/check-rules.ts')).checkRulesHere);
export const findings = lazy(async () => (await import('./judge.ts')).findings);
export const findingsAsSarif = lazy(async () => (await import('./judge.ts')).findingsAsSarif);
export const verify = lazy(async () => (await import('./judge.ts')).verify);
/** Running a command as a check would run, and what it runs in. */
export const sandbox = {
  run: lazy(async () => (await import('./sandbox-run.ts')).runInSandbox),
  status: lazy(async () => (await import('./sandbox-status.ts')).sandboxStatus),
  build: lazy(async () => (await import('./sandbox-status.ts')).buildSandboxImage),
  grant: lazy(async () => (await import('./sandbox-grants.ts')).grantNetwork),
  revoke: lazy(async () => (await import('./sandbox-grants.ts')).revokeNetwork),
};
export const examine = lazy(async () => (await import('./doctor.ts')).examine);
/** What this clone remembers and knows, beside proposals. */
export const memory = {
  diary: lazy(async () => (await import('./diary.ts')).diaryQuery),
  flaky: lazy(async () => (await import('./flaky.ts')).flakyTests),
  context: lazy(async () => (await import('./ask-models.ts')).contextOf),
  agents: lazy(async () => (await import('./record.ts')).agentsReport),
  advisories: lazy(async () => (await import('./extend/mirror.ts')).mirrorState),
  updateAdvisories: lazy(async () => (await import('./extend/mirror.ts')).updateMirrors),
};
/** Moving into a clone and out of it. */
export const residence = {
  begin: lazy(async () => (await import('./residence.ts')).beginWatching),
  forget: lazy(async () => (await import('./residence.ts')).forget),
  vetting: lazy(async () => {
    const { vetCommands } = await import('./vet.ts');
    return async () => vetCommands;
  }),
};

/** `list` needs a tenth of what `run` needs; a command pays for its own part only. */
function lazy<A extends unknown[], R>(load: () => Promise<(...args: A) => Promise<R>>): (...args: A) => Promise<R> {
  return async (...args) => (await load())(...args);
}
