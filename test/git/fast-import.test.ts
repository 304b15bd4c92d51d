/** What becomes of a write whose git is gone. */
import { spawn } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GitContext } from '../../src/git/context.ts';
import { ImportSession } from '../../src/git/fast-import.ts';
import { errorOf } from './support.ts';

const test = suite('git/fast-import');

test('a git that was stopped or is not there is no fault of ours', async () => {
  const controller = new AbortController();
  const starts = [() => spawn('/nonexistent/git'), () => spawn('sleep', ['60'], { signal: controller.signal })];
  for (const start of starts) {
    const sent = new ImportSession({ start } as unknown as GitContext).send(Buffer.from('done\n'));
    controller.abort();
    const error = await errorOf(sent);
    assert.is(error.code, 'git-failed');
    assert.is(error.kind, 'environment');
  }
});

test.run();
