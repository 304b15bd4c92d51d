/** What the tests run in processes of their own. Usage: child.ts <job> <dir> <arguments>… */
import { join } from 'node:path';
import { openRepository } from '../../src/git/index.ts';
import { openStore } from '../../src/store/index.ts';
import { createLock } from '../../src/store/lock.ts';
import { draftOf, evaluationOf } from './support.ts';

const [job = '', dir = '', ...rest] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Waits until the test says go, so that all contenders start at once. */
async function ready(): Promise<void> {
  say('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
}

/** Takes the lock once, says who won, and holds it until it is killed or told to go. */
async function contend(): Promise<void> {
  const lock = createLock(join(dir, 'lock'));
  await ready();
  const held = await lock.acquire();
  say(held ? 'won' : 'lost');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await held?.release();
}

/** Takes and releases the lock many times and says whether it ever met another inside. */
async function churn(): Promise<void> {
  const { mkdir, rmdir } = await import('node:fs/promises');
  const lock = createLock(join(dir, 'lock'));
  await ready();
  let entered = 0;
  for (let tries = 0; entered < Number(rest[0]) && tries < 20_000; tries++) {
    const held = await lock.acquire();
    if (held === null) continue;
    await mkdir(join(dir, 'inside'));
    await rmdir(join(dir, 'inside'));
    await held.release();
    entered += 1;
  }
  say(`entered ${entered}`);
}

async function publish(): Promise<void> {
  const [name = '', base = ''] = rest;
  const repository = await openRepository(dir);
  const store = openStore(repository);
  await ready();
  for (let index = 0; index < 5; index++) {
    const draft = await store.proposals.saveDraft(draftOf(base, `by ${name}, number ${index}\n`));
    await store.proposals.publish(draft, evaluationOf(draft));
    say(draft.id);
  }
  await repository.close();
}

const jobs: Record<string, () => Promise<void>> = { contend, churn, publish };
await jobs[job]?.();
process.exit(0);
