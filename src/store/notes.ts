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

/** Reads the notes of all replicas; with `targets`, only those on these commits; with `family`, only of that one. */
export async function readNotes(
  repository: Repository,
  { targets, family: only }: { targets?: readonly string[]; family?: 'archive' } = {},
): Promise<Notes> {
  const refs = await repository.refs.list(refNames.notes);
  const read = refs.flatMap(({ ref, oid }) => {
    const parsed = refNames.parseNotes(ref);
    if (parsed === null || (only !== undefined && parsed.family !== only)) return [];
    const texts =
      targets === undefined
        ? repository.refs.notes(ref)
        : Promise.all(targets.map((target) => noteOn(repository, oid, target))).then((each) => each.flat());
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

/** The text of one note below a notes commit. git spreads notes over directories as they become many. */
export async function noteOn(repository: Repository, tip: string, target: string) {
  const paths = [0, 1, 2, 3].map((depth) => {
    const heads = Array.from({ length: depth }, (_, index) => target.slice(2 * index, 2 * index + 2));
    return [...heads, target.slice(2 * depth)].join('/');
  });
  const found = await Promise.all(paths.map((path) => repository.objects.blobAt(tip, path)));
  return found.flatMap((blob) => (blob === null ? [] : [{ target, text: blob.content.toString() }]));
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
