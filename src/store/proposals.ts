/**
 * Proposals and drafts as commits below `refs/ambient/`. Rule: the same input is the same commit, and publishing is one
 * transaction that can be repeated after a crash.
 */
import { AmbientError } from '../base/index.ts';
import type { Oid, Repository } from '../git/index.ts';
import { foldDecisions, orderDecisions, type Proposal, proposalFromCommit, proposalMessage } from '../records/index.ts';
import type { Appender } from './append.ts';
import { readNotes } from './notes.ts';
import { refNames } from './refs.ts';
import type { DraftInput, ProposalView, Store } from './types.ts';
import { buildHeads, buildView, buildViews } from './views.ts';
import type { Writer } from './writer.ts';

const EMAIL = 'noreply@git-ambient.invalid';
/** Up to here notes are looked up one by one; beyond, reading all of them at once is quicker. */
const FEW = 200;

export function createProposals(repository: Repository, writer: Writer, append: Appender): Store['proposals'] {
  let foreseen: ReturnType<typeof readRefs> | null = null;
  const look = () => {
    const refs = foreseen ?? readRefs(repository);
    foreseen = null;
    return lookAt(repository, refs);
  };
  return {
    foresee: () => {
      foreseen = readRefs(repository);
      foreseen.catch(() => {});
    },
    list: async ({ drafts = false } = {}) => {
      const [{ proposals, notes: refs }, own] = await Promise.all([readRefs(repository, drafts), writer.known()]);
      return buildViews(proposals, await readNotes(repository, { refs }), own).views;
    },
    heads: async () => (await look()).heads,
    standing: async () => {
      const { heads, decisions } = await look();
      return { heads, archive: orderDecisions([...decisions.values()].flat()) };
    },
    page: async (choose) => {
      const [{ heads, notes: refs }, own] = await Promise.all([look(), writer.known()]);
      const chosen = choose(heads);
      const notes = await readNotes(repository, { ...targetsOf(chosen), refs });
      return { heads, views: chosen.map((proposal) => buildView(proposal, notes, own)) };
    },
    views: async (proposals) => {
      const [notes, own] = await Promise.all([readNotes(repository, targetsOf(proposals)), writer.known()]);
      return proposals.map((proposal) => buildView(proposal, notes, own));
    },
    find: (prefix) => findProposal(repository, writer, prefix),
    saveDraft: async (input) => {
      try {
        return await saveDraft(repository, input);
      } catch (error) {
        // A gc between the two steps took the commit that nothing pointed at yet.
        if (!(error instanceof AmbientError) || error.code !== 'object-missing') throw error;
        return saveDraft(repository, input);
      }
    },
    dropDrafts: async (proposals) => {
      const ids = new Set(proposals.map(({ id }) => id));
      const refs = [...ids].map((id) => ({ ref: refNames.draft(id), to: null }));
      if (refs.length > 0) await repository.transact({ refs });
    },
    publish: append.publish,
  };
}

/** Heads and decisions, and where the notes stood at that moment. */
async function lookAt(repository: Repository, refs: ReturnType<typeof readRefs>) {
  const { proposals, notes } = await refs;
  const { decisions, ...rest } = await readNotes(repository, { family: 'archive', refs: notes });
  return { heads: buildHeads(proposals, { decisions, ...rest }), decisions, notes };
}

/** The commits of proposals, and where the notes stand, in one process. */
async function readRefs(repository: Repository, drafts = false) {
  const prefixes = [refNames.proposals, ...(drafts ? [refNames.drafts] : []), refNames.notes];
  const refs = await repository.refs.commits(...prefixes);
  const isNotes = ({ ref }: { ref: string }) => ref.startsWith(refNames.notes);
  const notes = refs.filter(isNotes).map(({ ref, commit }) => ({ ref, oid: commit.oid }));
  return { proposals: refs.filter((one) => !isNotes(one)), notes };
}

function targetsOf(proposals: readonly Proposal[]): { targets?: string[] } {
  return proposals.length <= FEW ? { targets: proposals.map(({ commit }) => commit) } : {};
}

async function saveDraft(repository: Repository, input: DraftInput): Promise<Proposal> {
  const base = await repository.objects.commit(input.base);
  const author = { name: `git-ambient/${input.specialist}`, email: EMAIL };
  const { oids } = await repository.transact({
    commits: [
      {
        key: 'draft',
        parents: [base.oid],
        from: base.oid,
        files: input.files,
        author,
        committer: author,
        time: base.committer.time,
        message: proposalMessage({ ...input, supersedes: input.supersedes ?? [] }),
      },
    ],
  });
  const oid = oids['draft'] as Oid;
  const id = refNames.idOf(oid);
  const published = (await repository.refs.look(refNames.proposal(id))) === oid;
  if (!published) await repository.transact({ refs: [{ ref: refNames.draft(id), to: oid }] });
  const read = proposalFromCommit(await repository.objects.commit(oid), { draft: !published });
  if (read.ok) return read.proposal;
  throw new AmbientError('bad-draft', `the draft ${id} cannot be read back: ${read.reason}`, { kind: 'bug' });
}

/** Names only, until it is clear which one is meant. */
async function findProposal(repository: Repository, writer: Writer, prefix: string): Promise<ProposalView> {
  const wanted = prefix.trim().toLowerCase();
  const refs = /^[0-9a-f]{1,64}$/.test(wanted) ? await repository.refs.list(refNames.all, refNames.notes) : [];
  const found = refs.filter(({ ref, oid }) => refNames.proves(ref, oid) && oid.startsWith(wanted));
  const oids = [...new Set(found.map(({ oid }) => oid))];
  if (oids.length > 1) throw ambiguous(prefix, oids.map(refNames.idOf));
  const [oid] = oids;
  if (oid === undefined) throw (await findGone(repository, wanted)) ?? unknown(prefix);
  const [commit, notes, own] = await Promise.all([
    repository.objects.commit(oid),
    readNotes(repository, { targets: [oid], refs }),
    writer.known(),
  ]);
  const { views } = buildViews(
    found.map(({ ref }) => ({ ref, commit })),
    notes,
    own,
  );
  const [view] = views;
  if (view === undefined) throw unknown(prefix);
  return view;
}

/** Closed, and its ref is gone; the archive remembers. */
async function findGone(repository: Repository, wanted: string): Promise<AmbientError | null> {
  if (!/^[0-9a-f]{4,64}$/.test(wanted)) return null;
  const { decisions } = await readNotes(repository, { family: 'archive' });
  for (const [commit, lines] of decisions) {
    const closed = foldDecisions(lines);
    if (!commit.startsWith(wanted) || closed === null) continue;
    const ordered = orderDecisions(lines);
    const landed = ordered.findLast(({ line }) => line.commit !== undefined)?.line.commit;
    const reason = ordered.findLast(({ line }) => line.kind === closed)?.line.reason;
    const as = landed === undefined ? '' : ` as ${landed.slice(0, 12)}`;
    return new AmbientError(
      'closed-proposal',
      `${refNames.idOf(commit)} is ${closed}${as}${reason === undefined ? '' : ` (${reason})`}; its commit was let go`,
      {
        kind: 'user',
        hint: landed === undefined ? 'run `git ambient list` to see what is open' : `git show ${landed.slice(0, 12)}`,
        data: { status: closed, commit: landed ?? null },
      },
    );
  }
  return null;
}

function unknown(prefix: string): AmbientError {
  if (prefix.trim() === '')
    return new AmbientError('unknown-proposal', 'no id was given: an empty word names no proposal', {
      kind: 'user',
      hint: 'run `git ambient list` to see them all',
    });
  return new AmbientError('unknown-proposal', `no proposal here begins with ${JSON.stringify(prefix)}`, {
    kind: 'user',
    hint: 'run `git ambient list` to see them all',
  });
}

function ambiguous(prefix: string, candidates: string[]): AmbientError {
  return new AmbientError('ambiguous-proposal', `${JSON.stringify(prefix)} means ${candidates.join(' or ')}`, {
    kind: 'user',
    hint: 'type more of the id',
    data: { candidates },
  });
}
