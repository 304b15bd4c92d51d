export { decodeRecords, encodeRecord, makeRecord, type RecordFamilies } from './codec.ts';
export { fingerprint } from './fingerprint.ts';
export {
  findLanded,
  landedTrailer,
  type MessageInput,
  proposalFromCommit,
  proposalMessage,
} from './message.ts';
export { foldDecisions, foldStatus, nextStatus, orderDecisions, type StatusEvent, standingStatus } from './status.ts';
export type * from './types.ts';
