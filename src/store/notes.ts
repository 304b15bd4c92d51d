/**
 * Evaluations and decisions as notes on proposal commits. Rule: the author is the last part of the ref's name, whatever
 * a line says; a line counts only on the commit that it names.
 */
import type { Repository } from '../git/index.ts';
import { type ArchiveLine, decodeRecords, type Evaluation } from '../records/index.ts';
import { refNames } from './refs.ts';

/** What all replicas wrote, by the full oid of the proposal. */
export interface Notes {
  evaluations: Map<string, Array<{ by: string; evaluation: Evaluation }>>;
  decisions: Map<string, Array<{ by: string; line: ArchiveLine }>>;
  /** Lines that were left out. */
  unknown: number;
  broken: number;
}

/** What is read: with `targets`, only notes on these commits; with `family`, only of that one; `refs` where they are known. */
export interface NotesAsked {
  targets?: readonly string[];
  family?: 'archive';
  refs?: ReadonlyArray<{ ref: string; oid: string }>;
}

/** Reads the notes of all replicas. */
export async function readNotes(
  repository: Repository,
  { targets, family: only, refs: known }: NotesAsked = {},
): Promise<Notes> {
  const refs = known ?? (await repository.refs.list(refNames.notes));
  const read = refs.flatMap(({ ref, oid }) => {
    const parsed = refNames.parseNotes(ref);
    if (parsed === null || (only !== undefined && parsed.family !== only)) return [];
    const texts = targets === undefined ? repository.refs.notes(ref) : repository.refs.notesOn(oid, targets);
    return [texts.then((found) => ({ ...parsed, found }))];
  });
  const notes: Notes = { evaluations: new Map(), decisions: new Map(), unknown: 0, broken: 0 };
  for (const { family, by, found } of await Promise.all(read))
    for (const note of found) {
      if (family === 'evaluation')
        collect(notes, notes.evaluations, note, decodeRecords(family, note.text), (evaluation) => ({ by, evaluation }));
      else collect(notes, notes.decisions, note, decodeRecords(family, note.text), (line) => ({ by, line }));
    }
  return notes;
}

function collect<T extends { proposal: string }, U>(
  notes: Notes,
  into: Map<string, U[]>,
  note: { target: string },
  decoded: { records: T[]; unknown: number; broken: number },
  wrap: (record: T) => U,
): void {
  const rightful = decoded.records.filter((record) => record.proposal === note.target);
  notes.unknown += decoded.unknown;
  notes.broken += decoded.broken + decoded.records.length - rightful.length;
  if (rightful.length > 0) into.set(note.target, [...(into.get(note.target) ?? []), ...rightful.map(wrap)]);
}
