/** The list that the pre-push hook reads is made without a crowd of processes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/git/index.ts';
import { openStore } from '../../src/store/index.ts';
import { draftOf, evaluationOf } from '../store/support.ts';
import { ambient } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/push-list');
const MANY = 12;

test('many open security proposals are listed without a warning of node', async () => {
  const repo = makeRepository();
  const opened = await openRepository(repo.dir, { env: repo.env });
  const store = openStore(opened);
  for (let at = 0; at < MANY; at++) {
    const more = { specialist: 'SecurityGuardian', rule: 'python/sql-injection', risk: 'high' } as const;
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD'), `${at}\n`, more));
    await store.proposals.publish(draft, evaluationOf(draft));
  }
  await opened.close();
  const init = ambient(repo, ['init']);
  assert.equal([init.code, init.stderr], [0, '']);
  const list = readFileSync(join(repo.dir, '.git/ambient/pre-push'), 'utf8');
  assert.is(list.match(/^proposal /gm)?.length, MANY);
});

test.run();
