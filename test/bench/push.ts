/** What `git push` costs with ten open security proposals, against an empty sh hook. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ambient, ambientJson } from '../support/cli.ts';
import { injection } from '../support/defects.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { alternate, median, pairedDifference, type Row, time } from './measure.ts';

const MOST = 50;

export function benchPush(rows: Row[]): void {
  const [ours, empty] = [pushable(), pushable()];
  ambient(ours, ['init']);
  ambient(ours, ['run', '--all']);
  const named = ambientJson<unknown[]>(ours, ['list']).length;
  if (named !== 10) throw new Error(`the bench needs ten proposals and got ${named}`);
  empty.write('.git/hooks/pre-push', '#!/bin/sh\ncat >/dev/null\n');
  chmodSync(join(empty.dir, '.git/hooks/pre-push'), 0o755);
  const push = (repo: TestRepository) => () =>
    time(['git', 'push', '-q', '--dry-run', 'origin', 'main'], { cwd: repo.dir, env: repo.env });
  const [with_ = [], without = []] = alternate(20, push(ours), push(empty));
  const added = pairedDifference(with_, without);
  rows.push({
    what: 'git push, ten security proposals named (20 pairs)',
    ours: `${median(with_).toFixed(1)} ms`,
    peer: `${median(without).toFixed(1)} ms (empty sh hook)`,
    ratio: `+${added.mean.toFixed(2)} ms (95 %: ${added.low.toFixed(2)} to ${added.high.toFixed(2)})`,
    bound: `≤ +${MOST} ms`,
    holds: added.high <= MOST,
  });
  for (const repo of [ours, empty]) repo.remove();
}

/** A clone whose remote has its first commit, with ten flaws to push. */
function pushable(): TestRepository {
  const repo = makeRepository({ files: { 'README.md': 'hello\n' } });
  const remote = join(repo.home, 'remote.git');
  mkdirSync(remote);
  repo.exec(['git', 'init', '-q', '--bare', remote]);
  repo.git('remote', 'add', 'origin', remote);
  repo.git('push', '-q', 'origin', 'main');
  const flaws = Array.from({ length: 10 }, (_, at) => [`shop/s${at}.py`, injection.replaceAll('items', `items${at}`)]);
  repo.commit('flaws', Object.fromEntries(flaws));
  return repo;
}
