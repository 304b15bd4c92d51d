export { type Decoded, decodeRecords, encodeRecord, makeRecord, type RecordFamilies } from './codec.ts';
export { fingerprint } from './fingerprint.ts';
export {
  findLanded,
  landedTrailer,
  type MessageInput,
  type ProposalCommit,
  proposalFromCommit,
  proposalMessage,
  type ReadProposal,
} from './message.ts';
export { type FoldInput, foldStatus, nextStatus, orderDecisions, type StatusEvent } from './status.ts';
export type * from './types.ts';
