/** Every ref name of the product. Rule: nobody else spells one; a replica's name is the last part of its own refs. */
import type { Oid } from '../git/index.ts';

const PROPOSALS = 'refs/ambient/proposals/';
const DRAFTS = 'refs/ambient/drafts/';
const NOTES = 'refs/notes/ambient/';
const UNDO = 'refs/ambient/undo/';
const ID_LENGTH = 12;

/** The names of refs, and what a name says. */
export const refNames = {
  proposals: PROPOSALS,
  drafts: DRAFTS,
  notes: NOTES,
  /** Holds `proposals` and `drafts`. */
  all: 'refs/ambient/',
  proposal: (id: string) => `${PROPOSALS}${id}`,
  draft: (id: string) => `${DRAFTS}${id}`,
  telemetry: (replica: string) => `refs/ambient/telemetry/${replica}`,
  evaluations: (replica: string) => `${NOTES}evaluations/${replica}`,
  archive: (replica: string) => `${NOTES}archive/${replica}`,
  undos: UNDO,
  /** Holds the head that a fixup of `id` left behind; `at` in milliseconds. */
  undo: (id: string, at: number) => `${UNDO}${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}-${id}`,
  /** Which proposal was folded in, and when (milliseconds); null when the ref is none of ours. */
  parseUndo(ref: string): { id: string; at: number } | null {
    const match = /^refs\/ambient\/undo\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([0-9a-f]{12})$/.exec(ref);
    if (match === null) return null;
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, ...number[]];
    return { id: match[7] as string, at: Date.UTC(year, (month ?? 1) - 1, day, hour, minute, second) };
  },
  /** The id of the proposal that `commit` is. */
  idOf: (commit: Oid) => commit.slice(0, ID_LENGTH),
  /** Whose notes of which family a ref holds, or null when it is none of ours. */
  parseNotes(ref: string): { family: 'evaluation' | 'archive'; by: string } | null {
    const match = /^refs\/notes\/ambient\/(evaluations|archive)\/([A-Za-z0-9][\w-]{0,63})$/.exec(ref);
    if (match?.[2] === undefined) return null;
    return { family: match[1] === 'archive' ? 'archive' : 'evaluation', by: match[2] };
  },
  /** Does the ref's name prove its content? */
  proves: (ref: string, commit: Oid) =>
    ref === `${PROPOSALS}${commit.slice(0, ID_LENGTH)}` || ref === `${DRAFTS}${commit.slice(0, ID_LENGTH)}`,
} as const;
