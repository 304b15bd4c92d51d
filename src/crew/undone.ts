/**
 * Fixups that were taken back (`git reset --keep refs/ambient/undo/…`). Rule: only when the old history is back and the
 * new one is gone; the refs that hold on to old commits expire, because nobody wants a purged secret kept alive.
 */
import { refNames } from '../store/index.ts';
import type { Crew } from './open.ts';

const KEPT_DAYS = 30;

/** Records fixups that were undone as taken back, and drops what holds on to old heads for too long. */
export async function noticeUndone(crew: Crew, now = Date.now()): Promise<void> {
  const { repository, store } = crew;
  const refs = await repository.refs.list(refNames.undos);
  if (refs.length === 0) return;
  const head = await repository.objects.resolve('HEAD^{commit}');
  for (const { ref, oid } of refs) {
    const parsed = refNames.parseUndo(ref);
    if (parsed === null || head === null) continue;
    const view = await store.proposals.find(parsed.id).catch(() => null);
    const landed = view?.decisions.findLast(({ line }) => line.kind === 'merged')?.line.commit;
    const undone =
      view?.status === 'merged' &&
      landed !== undefined &&
      (await repository.history.isAncestor(oid, head)) &&
      !(await repository.history.isAncestor(landed, head));
    if (undone)
      await store.decided({ kind: 'reverted', proposal: view.proposal, commit: head, reason: 'fixup undone' });
    if (undone || now - parsed.at > KEPT_DAYS * 24 * 3_600_000)
      await repository.transact({ refs: [{ ref, to: null, old: oid }] });
  }
}
