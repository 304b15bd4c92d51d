/**
 * Adding lines to this replica's notes. Rule: look first, then append, as the only writer: repeating an act after a crash
 * adds nothing.
 */
import { AmbientError } from '../base/index.ts';
import type { NewNote, RefUpdate, Repository } from '../git/index.ts';
import {
  type ArchiveContent,
  type ArchiveLine,
  type DecisionKind,
  decodeRecords,
  type Evaluation,
  type EvaluationContent,
  encodeRecord,
  makeRecord,
  orderDecisions,
  type Proposal,
  type RecordFamilies,
} from '../records/index.ts';
import { readNotes } from './notes.ts';
import { refNames } from './refs.ts';
import { telemetryWrites } from './telemetry.ts';
import type { Store } from './types.ts';
import type { Writer } from './writer.ts';

export interface Appender {
  publish: Store['proposals']['publish'];
  evaluated: Store['evaluated'];
  decided: Store['decided'];
}

/** Decisions that can be taken back by each other. */
const MINDS: readonly DecisionKind[] = ['rejected', 'approved'];

/** Fingerprints are facts and never cut, so a decision on many of them takes several lines. */
const FINGERPRINTS_PER_LINE = 120;

export function createAppender(repository: Repository, writer: Writer, now: () => number): Appender {
  /** The record that stands already, or a new one and the note that adds it. */
  const prepare = async (
    content: EvaluationContent,
    isRepeated: (ids: string[], id: string) => boolean,
    { replica, next }: { replica: string; next: (count: number) => Promise<number[]> },
  ): Promise<{ record: Evaluation; notes: NewNote[] }> => {
    const ref = refNames.evaluations(replica);
    const standing = await readOwn(repository, 'evaluation', ref, content.proposal);
    const ids = standing.map((record) => record.id);
    const { id } = makeRecord(content, { seq: 1, at: 0 });
    const same = standing.findLast((record) => record.id === id);
    if (same !== undefined && isRepeated(ids, id)) return { record: same, notes: [] };
    const [seq = 1] = await next(1);
    const record = makeRecord(content, { seq, at: now() });
    return { record, notes: [{ ref, target: content.proposal, lines: [encodeRecord(record)] }] };
  };
  return {
    publish: (draft, content, told = []) => {
      if (content.proposal !== draft.commit)
        throw new AmbientError('wrong-evaluation', `the evaluation of ${content.proposal} cannot publish ${draft.id}`, {
          kind: 'bug',
        });
      return writer.alone(async (as) => {
        const { record, notes } = await prepare(content, (ids, id) => ids.includes(id), as);
        const refs = await publishingRefs(repository, draft);
        if (refs.length + notes.length > 0) {
          const diary = await telemetryWrites(repository, as, told, now());
          await repository.transact({ ...diary, refs: [...refs, ...(diary.refs ?? [])], notes });
        }
        return record;
      });
    },
    evaluated: (content) =>
      writer.alone(async (as) => {
        const { record, notes } = await prepare(content, (ids, id) => ids.at(-1) === id, as);
        if (notes.length > 0) await repository.transact({ notes });
        return record;
      }),
    decided: ({ kind, proposal, commit, reason }) =>
      writer.alone(async ({ replica, next }) => {
        const ref = refNames.archive(replica);
        const contents = chunks(proposal.fingerprints).map(
          (fingerprints): ArchiveContent => ({
            ...{ kind, proposal: proposal.commit, specialist: proposal.specialist, rule: proposal.rule, fingerprints },
            ...(commit === undefined ? {} : { commit }),
            ...(reason === undefined ? {} : { reason }),
          }),
        );
        const { own, latest } = await readDecisions(repository, ref, proposal.commit);
        // A change of mind is a new line, also when it says what was said before the one that it changes.
        const standing = kind === latest?.kind || !MINDS.includes(kind) ? own : [];
        const known = new Map(standing.map((line) => [line.id, line]));
        const idOf = (content: ArchiveContent) => makeRecord(content, { seq: 1, at: 0 }).id;
        const missing = contents.filter((content) => !known.has(idOf(content)));
        const numbers = missing.length === 0 ? [] : await next(missing.length);
        // What was decided after another decision was seen comes after it, whatever the clocks say; records count seconds.
        const at = Math.max(now(), latest === undefined ? 0 : Date.parse(latest.at) + 1000);
        const added = missing.map((content, index) => makeRecord(content, { seq: numbers[index] as number, at }));
        if (added.length > 0)
          await repository.transact({ notes: [{ ref, target: proposal.commit, lines: added.map(encodeRecord) }] });
        const first = contents[0] as ArchiveContent;
        return known.get(idOf(first)) ?? (added[0] as ArchiveLine);
      }),
  };
}

/** What is left to do of: create the proposal's ref, delete the draft's. */
async function publishingRefs(repository: Repository, draft: Proposal): Promise<RefUpdate[]> {
  const [published, unpublished] = await Promise.all([
    repository.refs.look(refNames.proposal(draft.id)),
    repository.refs.look(refNames.draft(draft.id)),
  ]);
  if (published !== null && published !== draft.commit)
    throw new AmbientError('taken-id', `the id ${draft.id} names another proposal already`, {
      kind: 'environment',
      hint: 'reject that one, or change the draft',
      data: { published },
    });
  return [
    ...(published === null ? [{ ref: refNames.proposal(draft.id), to: draft.commit, old: null }] : []),
    ...(unpublished === null ? [] : [{ ref: refNames.draft(draft.id), to: null }]),
  ];
}

/** Our own lines on a proposal, and the last one of all replicas. */
async function readDecisions(repository: Repository, ref: string, target: string) {
  const [own, all] = await Promise.all([
    readOwn(repository, 'archive', ref, target),
    readNotes(repository, { targets: [target], family: 'archive' }),
  ]);
  return { own, latest: orderDecisions(all.decisions.get(target) ?? []).at(-1)?.line };
}

async function readOwn<F extends keyof RecordFamilies>(
  repository: Repository,
  family: F,
  ref: string,
  target: string,
): Promise<Array<RecordFamilies[F]>> {
  const tip = await repository.refs.look(ref);
  const notes = tip === null ? [] : await repository.refs.notesOn(tip, [target]);
  return notes.flatMap(({ text }) => decodeRecords(family, text).records);
}

function chunks(fingerprints: readonly string[]): string[][] {
  const count = Math.max(1, Math.ceil(fingerprints.length / FINGERPRINTS_PER_LINE));
  return Array.from({ length: count }, (_, index) =>
    fingerprints.slice(index * FINGERPRINTS_PER_LINE, (index + 1) * FINGERPRINTS_PER_LINE),
  );
}
