import * as fs from 'node:fs';
import git from 'isomorphic-git';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import { openRepository } from '../../src/git/index.ts';
import { encodeRecord, makeRecord } from '../../src/records/index.ts';
import { openStore, refNames } from '../../src/store/index.ts';
import { draftOf, evaluationOf, oid, withStore } from './support.ts';

const test = suite('store/proposals');
const codeOf = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof AmbientError ? `${error.kind} ${error.code}` : String(error);
  }
};

test('a draft is an ordinary commit on its base, the same in every clone', () =>
  withStore(async ({ test: repo, store }) => {
    const base = repo.git('rev-parse', 'HEAD');
    const before = repo.git('for-each-ref');
    const draft = await store.proposals.saveDraft(draftOf(base));
    assert.is(draft.draft, true);
    assert.is(repo.git('rev-parse', `refs/ambient/drafts/${draft.id}`), draft.commit);
    assert.is(
      repo.git('log', '-1', '--format=%P %an %ae %cn %ct', draft.commit),
      `${base} git-ambient/StyleEnforcer noreply@git-ambient.invalid git-ambient/StyleEnforcer ${repo.git('log', '-1', '--format=%ct')}`,
    );
    assert.is(repo.git('diff', '--name-only', base, draft.commit), 'a.py');
    assert.equal(await store.proposals.saveDraft(draftOf(base)), draft);
    assert.equal((await store.proposals.list()).length, 0);
    assert.equal(
      (await store.proposals.list({ drafts: true })).map((view) => view.status),
      ['draft'],
    );
    await store.proposals.dropDrafts([draft, draft]);
    assert.is(repo.git('for-each-ref'), before);
    assert.is(repo.git('status', '--porcelain'), '');
    await withStore(async (other) => {
      const there = await other.store.proposals.saveDraft(draftOf(other.test.git('rev-parse', 'HEAD')));
      assert.is(there.commit, draft.commit);
    });
  }));

test('publishing is one step: ref, draft and line; plain git and isomorphic-git read the same', () =>
  withStore(async ({ test: repo, store }) => {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD')));
    const evaluation = await store.proposals.publish(draft, evaluationOf(draft));
    const replica = await store.replica();
    assert.is(repo.git('config', '--local', 'ambient.replica'), replica);
    assert.equal(repo.git('for-each-ref', '--format=%(refname)').split('\n'), [
      `refs/ambient/proposals/${draft.id}`,
      'refs/heads/main',
      `refs/notes/ambient/evaluations/${replica}`,
    ]);
    const note = repo.git('notes', `--ref=ambient/evaluations/${replica}`, 'show', draft.commit);
    assert.is(note, encodeRecord(evaluation));
    const at = { fs, dir: repo.dir, gitdir: `${repo.dir}/.git` };
    const ref = `refs/notes/ambient/evaluations/${replica}`;
    const read = await git.readNote({ ...at, ref, oid: draft.commit });
    assert.is(Buffer.from(read).toString(), `${note}\n`);
    const commit = await git.readCommit({
      ...at,
      oid: await git.resolveRef({ ...at, ref: refNames.proposal(draft.id) }),
    });
    assert.is(commit.commit.tree, draft.tree);
    assert.equal(commit.commit.parent, [draft.base]);
    repo.git('fsck', '--strict');
    const [view] = await store.proposals.list({ drafts: true });
    assert.equal(view, {
      proposal: { ...draft, draft: false },
      status: 'validated',
      evaluations: [evaluation],
      foreign: [],
      decisions: [],
    });
    assert.equal(await store.proposals.find(draft.id.slice(0, 4).toUpperCase()), view);
    assert.equal(await store.proposals.find(draft.commit), view);
  }));

test('what is told of a publishing is written with it, once', () =>
  withStore(async ({ test: repo, store }) => {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD')));
    const told = [{ kind: 'proposal', run_id: 'c1', data: { proposal: draft.id } }];
    await store.proposals.publish(draft, evaluationOf(draft), told);
    await store.proposals.publish(draft, evaluationOf(draft), told);
    const lines = await store.telemetry.read({ kind: 'proposal' });
    assert.equal(
      lines.map(({ run_id, data }) => [run_id, data]),
      [['c1', { proposal: draft.id }]],
    );
    assert.is(repo.git('for-each-ref', '--format=%(refname)', 'refs/ambient/drafts/'), '');
  }));

test('publishing, evaluating and deciding again after a crash adds nothing', () =>
  withStore(async ({ test: repo, store, clock }) => {
    const input = draftOf(repo.git('rev-parse', 'HEAD'));
    const draft = await store.proposals.saveDraft(input);
    const first = await store.proposals.publish(draft, evaluationOf(draft));
    clock.now += 60_000;
    const again = await store.proposals.saveDraft(input);
    assert.is(again.draft, false);
    assert.is(repo.git('for-each-ref', 'refs/ambient/drafts'), '');
    assert.equal(await store.proposals.publish(draft, evaluationOf(draft)), first);
    assert.equal(await store.evaluated(evaluationOf(draft)), first);
    const merged = { kind: 'merged' as const, proposal: draft, commit: oid('d') };
    const line = await store.decided(merged);
    clock.now += 60_000;
    assert.equal(await store.decided(merged), line);
    const [view] = await store.proposals.list();
    assert.is(view?.evaluations.length, 1);
    assert.is(view?.decisions.length, 1);
    assert.is(view?.status, 'merged');
  }));

test('a change of mind is a new line even when it says what was said before', () =>
  withStore(async ({ test: repo, store }) => {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD')));
    await store.proposals.publish(draft, evaluationOf(draft));
    await store.evaluated(evaluationOf(draft, { outcome: 'failed' }));
    assert.is((await store.proposals.find(draft.id)).status, 'failed');
    await store.evaluated(evaluationOf(draft));
    const view = await store.proposals.find(draft.id);
    assert.is(view.status, 'validated');
    assert.equal(
      view.evaluations.map(({ seq }) => seq),
      [1, 2, 3],
    );
    await store.decided({ kind: 'rejected', proposal: draft, reason: 'not here\nor there' });
    const [{ by, line } = { by: '', line: null }] = await store.archive();
    assert.is(by, await store.replica());
    assert.is(line?.seq, 4);
    assert.is(line?.reason, 'not here\nor there');
    assert.is((await store.proposals.find(draft.id)).status, 'rejected');
  }));

test('rejected, approved, rejected for the same reason: each is written once, and the last one counts', () =>
  withStore(async ({ test: repo, store, clock }) => {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD')));
    await store.proposals.publish(draft, evaluationOf(draft));
    const status = async () => (await store.proposals.find(draft.id)).status;
    const steps = [
      ['rejected', 'rejected'],
      ['rejected', 'rejected'],
      ['approved', 'validated'],
      ['approved', 'validated'],
      ['rejected', 'rejected'],
      ['approved', 'validated'],
    ] as const;
    for (const [kind, expected] of steps) {
      // A clock that goes backwards does not change who spoke last.
      clock.now -= 60_000;
      await store.decided({ kind, proposal: draft, reason: 'as before' });
      assert.is(await status(), expected);
    }
    assert.is((await store.archive()).length, 4);
    const foreign = makeRecord(
      { kind: 'rejected', proposal: draft.commit, specialist: draft.specialist, rule: draft.rule, fingerprints: [] },
      { seq: 1, at: Date.now() + 3_600_000 },
    );
    repo.git('notes', '--ref=ambient/archive/stranger', 'add', '-m', encodeRecord(foreign), draft.commit);
    assert.is(await status(), 'rejected');
    await store.decided({ kind: 'approved', proposal: draft, reason: 'as before' });
    assert.is(await status(), 'validated');
  }));

test('the sequence goes on when .git/ambient is thrown away', () =>
  withStore(async ({ test: repo, store }) => {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD')));
    await store.proposals.publish(draft, evaluationOf(draft));
    await store.decided({ kind: 'approved', proposal: draft });
    await store.telemetry.append([{ kind: 'cycle', run_id: 'r', data: {} }]);
    fs.rmSync(store.dir, { recursive: true });
    assert.is((await store.evaluated(evaluationOf(draft, { outcome: 'failed' }))).seq, 4);
  }));

test('a decision on very many findings takes several lines and loses none', () =>
  withStore(async ({ test: repo, store }) => {
    const fingerprints = Array.from({ length: 700 }, (_, index) => index.toString(16).padStart(16, '0'));
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD'), 'y\n', { fingerprints }));
    await store.decided({ kind: 'rejected', proposal: draft });
    await store.decided({ kind: 'rejected', proposal: draft });
    const lines = (await store.archive()).map(({ line }) => line);
    assert.is(lines.length, 6);
    assert.equal(lines.flatMap((line) => line.fingerprints).sort(), fingerprints);
  }));

test("what another replica wrote is shown under its ref's name and validates nothing", () =>
  withStore(async ({ test: repo, store }) => {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD')));
    repo.git('update-ref', refNames.proposal(draft.id), draft.commit);
    const mine = await store.replica();
    const forged = encodeRecord(makeRecord({ ...evaluationOf(draft), replica: mine, by: mine }, { seq: 1, at: 0 }));
    const misplaced = encodeRecord(makeRecord({ ...evaluationOf(draft), proposal: oid('9') }, { seq: 2, at: 0 }));
    repo.git(
      'notes',
      '--ref=ambient/evaluations/stranger',
      'add',
      '-m',
      `${forged}\n${misplaced}\nnonsense`,
      draft.commit,
    );
    repo.git('notes', '--ref=ambient/evaluations/x/y', 'add', '-m', forged, draft.commit);
    const [view] = await store.proposals.list();
    assert.is(view?.status, 'testing');
    assert.equal(view?.evaluations, []);
    assert.equal(
      view?.foreign.map(({ by }) => by),
      ['stranger'],
    );
    assert.equal(await store.health(), { unknown: 0, broken: 2 });
  }));

test('a ref whose name does not prove its commit is left out and counted', () =>
  withStore(async ({ test: repo, store }) => {
    const head = repo.git('rev-parse', 'HEAD');
    const draft = await store.proposals.saveDraft(draftOf(head));
    repo.git('update-ref', refNames.proposal(oid('e').slice(0, 12)), draft.commit);
    repo.git('update-ref', refNames.proposal(refNames.idOf(head)), head);
    repo.git('update-ref', `${refNames.proposals}short`, draft.commit);
    assert.equal(await store.proposals.list(), []);
    assert.equal(await store.health(), { unknown: 1, broken: 2 });
    assert.is(await codeOf(() => store.proposals.find('eeeeeeeeeeee')), 'user unknown-proposal');
    assert.is(await codeOf(() => store.proposals.find(refNames.idOf(head))), 'user unknown-proposal');
  }));

test('a prefix that means nothing or several says so', () =>
  withStore(async ({ test: repo, store }) => {
    const head = repo.git('rev-parse', 'HEAD');
    const ids: string[] = [];
    for (let index = 0; index < 17; index++)
      ids.push((await store.proposals.saveDraft(draftOf(head, `text ${index}\n`))).id);
    const firsts = ids.map((id) => id[0] ?? '');
    const twice = firsts.find((first, index) => firsts.indexOf(first) !== index) ?? '';
    try {
      await store.proposals.find(twice);
      assert.unreachable();
    } catch (error) {
      assert.is((error as AmbientError).code, 'ambiguous-proposal');
      const { candidates } = (error as AmbientError).data as { candidates: string[] };
      assert.equal(candidates.sort(), ids.filter((id) => id.startsWith(twice)).sort());
    }
    for (const prefix of ['', 'HEAD', '../x', '*', '0'.repeat(12)])
      assert.is(await codeOf(() => store.proposals.find(prefix)), 'user unknown-proposal');
  }));

test('an evaluation publishes only the draft that it is of; an id that is taken is refused', () =>
  withStore(async ({ test: repo, store }) => {
    const head = repo.git('rev-parse', 'HEAD');
    const draft = await store.proposals.saveDraft(draftOf(head));
    const other = await store.proposals.saveDraft(draftOf(head, 'other\n'));
    assert.is(await codeOf(async () => store.proposals.publish(draft, evaluationOf(other))), 'bug wrong-evaluation');
    repo.git('update-ref', refNames.proposal(draft.id), other.commit);
    assert.is(await codeOf(() => store.proposals.publish(draft, evaluationOf(draft))), 'environment taken-id');
    assert.is(repo.git('for-each-ref', '--format=%(refname)', 'refs/notes'), '');
  }));

test('a replica name that cannot be a ref is a mistake of the configuration', () =>
  withStore(async ({ test: repo, store }) => {
    repo.git('config', 'ambient.replica', '../../heads/main');
    assert.is(await codeOf(() => store.replica()), 'config bad-replica');
    assert.is(await codeOf(() => store.proposals.list()), 'config bad-replica');
  }));

test('where nothing can be written, reading goes on and writing says what to do', () =>
  withStore(async ({ test: repo, store }) => {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD')));
    await store.proposals.publish(draft, evaluationOf(draft));
    fs.rmSync(store.dir, { recursive: true });
    fs.writeFileSync(store.dir, 'in the way');
    const before = repo.git('for-each-ref');
    assert.equal(
      (await store.proposals.list()).map((view) => view.status),
      ['validated'],
    );
    const writes = [
      () => store.decided({ kind: 'rejected', proposal: draft }),
      () => store.evaluated(evaluationOf(draft, { outcome: 'failed' })),
      () => store.telemetry.append([{ kind: 'cycle', run_id: 'r', data: {} }]),
    ];
    for (const write of writes) assert.is(await codeOf(write), 'environment state-not-writable');
    assert.is(repo.git('for-each-ref'), before);
  }));

test('notes that git has spread over directories are found, and added to', () =>
  withStore(async ({ test: repo, store }) => {
    const head = repo.git('rev-parse', 'HEAD');
    const draft = await store.proposals.saveDraft(draftOf(head));
    await store.proposals.publish(draft, evaluationOf(draft));
    const ref = refNames.evaluations(await store.replica());
    const texts = Array.from({ length: 700 }, (_, index) =>
      `N inline ${'%s'}\ndata 3\n{}\n`.replace('%s', `:${index + 2}`),
    );
    const blobs = texts.map(
      (_, index) => `commit refs/test/c\nmark :${index + 2}\ncommitter A <a@example.test> ${index} +0000\ndata 0\n`,
    );
    const stream = `${blobs.join('')}commit ${ref}\ncommitter A <a@example.test> 1 +0000\ndata 0\nfrom ${ref}^0\n${texts.join('')}`;
    repo.exec(['git', 'fast-import', '--quiet'], { input: stream });
    assert.match(repo.git('ls-tree', '-r', '--name-only', ref), /^[0-9a-f]{2}\/[0-9a-f]{38}$/m);
    await store.evaluated(evaluationOf(draft, { outcome: 'inconclusive' }));
    const { evaluations } = await store.proposals.find(draft.id);
    assert.equal(
      evaluations.map(({ seq }) => seq),
      [1, 2],
    );
    assert.equal(
      (await store.proposals.list()).map((view) => view.evaluations.length),
      [2],
    );
    assert.is(repo.git('notes', `--ref=${ref}`, 'show', draft.commit).split('\n').length, 2);
  }));

test('a linked worktree has the same store', () =>
  withStore(async ({ test: repo, store }) => {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD')));
    const dir = `${repo.dir}-linked`;
    repo.git('worktree', 'add', '-q', '--detach', dir);
    const repository = await openRepository(dir);
    const linked = openStore(repository);
    assert.is(linked.dir, store.dir);
    await linked.proposals.publish(draft, evaluationOf(draft));
    assert.equal(await linked.proposals.list(), await store.proposals.list());
    assert.is((await store.proposals.find(draft.id)).status, 'validated');
    assert.is(await linked.replica(), await store.replica());
    await repository.close();
  }));

test('reading creates nothing', () =>
  withStore(async ({ test: repo, store }) => {
    const snapshot = () => fs.readdirSync(`${repo.dir}/.git`, { recursive: true }).map(String).sort();
    const before = [...snapshot(), fs.readFileSync(`${repo.dir}/.git/config`, 'utf8')];
    await store.proposals.list({ drafts: true });
    await store.archive();
    await store.telemetry.read();
    await store.telemetry.retain(1);
    await store.health();
    await store.spool.list();
    await store.journal.read('abc');
    await store.journal.unfinished();
    await store.wake.pending();
    await store.lock.holder();
    await store.state.read();
    await store.cache.get('key');
    assert.equal([...snapshot(), fs.readFileSync(`${repo.dir}/.git/config`, 'utf8')], before);
  }));

test('heads know what is decided, and views read only what is asked for', () =>
  withStore(async ({ test: repo, store }) => {
    const base = repo.git('rev-parse', 'HEAD');
    const [open, rejected] = await Promise.all(
      ['open\n', 'rejected\n'].map((text) => store.proposals.saveDraft(draftOf(base, text))),
    );
    if (!open || !rejected) throw new Error('two drafts were saved');
    for (const draft of [open, rejected]) await store.proposals.publish(draft, evaluationOf(draft));
    await store.decided({ kind: 'rejected', proposal: rejected, reason: 'no' });
    const unpublished = await store.proposals.saveDraft(draftOf(base, 'draft\n'));
    const heads = await store.proposals.heads();
    assert.equal(
      new Map(heads.map(({ proposal, closed }) => [proposal.id, closed])),
      new Map([
        [open.id, null],
        [rejected.id, 'rejected'],
      ]),
    );
    assert.not(heads.some(({ proposal }) => proposal.id === unpublished.id));
    const listed = await store.proposals.list();
    const proposals = heads.map(({ proposal }) => proposal);
    const views = await store.proposals.views(proposals);
    const byId = (a: { proposal: { id: string } }, b: { proposal: { id: string } }) =>
      a.proposal.id < b.proposal.id ? -1 : 1;
    assert.equal([...views].sort(byId), [...listed].sort(byId));
    assert.equal(await store.proposals.views([]), []);
  }));

test.run();
