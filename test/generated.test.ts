/** Generated files are what the code says now. `npm run update` rewrites them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generated } from '../build/generate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const test = suite('generated');

for (const [path, content] of Object.entries(await generated()))
  test(`${path} is up to date`, () => {
    const file = join(root, path);
    if (process.env['UPDATE']) writeFileSync(file, content);
    assert.fixture(existsSync(file) ? readFileSync(file, 'utf8') : '', content);
  });

test.run();
