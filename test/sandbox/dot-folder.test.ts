/** A slot lies below `.git`; what runs in it must not see that, because web servers refuse to serve dot folders. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bubblewrap, limitsFrom } from '../../src/sandbox/index.ts';
import { hasSandbox } from '../support/cli.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/dot-folder');

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  test('a directory below a dot folder is shown without it: cwd, arguments, environment, mounts', async () => {
    const dir = join(temporaryDirectory(), '.git/slots/0');
    const lent = join(temporaryDirectory(), 'lent');
    for (const path of [dir, lent, join(dir, 'sub')]) mkdirSync(path, { recursive: true });
    writeFileSync(join(lent, 'file'), 'lent\n');
    const result = await bubblewrap().run({
      argv: ['sh', '-c', `pwd; echo "$WHERE"; cat deps/file; cat ${dir}/sub/../deps/file; echo out > written`],
      dir,
      cwd: dir,
      env: { WHERE: `${dir}:${dir}/sub:${dir}1` },
      readOnly: [{ path: lent, at: join(dir, 'deps') }],
      limits: limitsFrom(),
    });
    assert.is(result.setupError, null);
    assert.is(result.stdout, `/slot\n/slot:/slot/sub:${dir}1\nlent\nlent\n`, result.stderr);
    assert.is(readFileSync(join(dir, 'written'), 'utf8'), 'out\n');
  });

test.run();
