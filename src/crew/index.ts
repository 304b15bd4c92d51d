/** The door of the crew: one function per command. Commands load it dynamically, so that `--help` loads no room. */
export { runInBackground } from './background.ts';
export { examine, type Probe } from './doctor.ts';
export type { CycleReport } from './driver.ts';
export { type FindingsReport, findings, type VerifyReport, verify } from './judge.ts';
export { type MergeResult, merge } from './merge.ts';
export { type Crew, withCrew } from './open.ts';
export { beginWatching, forget } from './residence.ts';
export {
  listProposals,
  type ProposalDetail,
  type ProposalRow,
  rejectProposal,
  showProposal,
} from './review.ts';
export { type RunRequest, run } from './runner.ts';
export { runInSandbox } from './sandbox-run.ts';
export { type StatusReport, statusOf } from './status.ts';
