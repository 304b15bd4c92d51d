/** The reference tells which keys nothing obeys; here the list is compared with the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inactive } from '../../src/config/inactive.ts';
import { leaves } from '../../src/config/keys.ts';

const test = suite('config/inactive');
const src = fileURLToPath(new URL('../../src', import.meta.url));
const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('config/'))
  .map((path) => readFileSync(join(src, path), 'utf8'))
  .join('\n');
/** The only possible value of these is what the code does. */
const CONSTANT = new Set<string>();

test('a key that no code names is in the list, and every key of the list exists', () => {
  const keys = leaves().map(({ key }) => key);
  const unnamed = keys.filter((key) => !new RegExp(`\\b${key.split('.').at(-1)}\\b`).test(code));
  assert.equal(
    unnamed.filter((key) => !inactive.has(key) && !CONSTANT.has(key)),
    [],
  );
  assert.equal(
    [...inactive].filter((key) => !keys.includes(key)),
    [],
  );
});

test('a key of the list is named by no code', () => {
  // These share their last word with keys that are in use.
  const shared = ['model.timeout_seconds', 'share.enabled', 'share.remote'];
  const named = [...inactive].filter((key) => new RegExp(`\\b${key.split('.').at(-1)}\\b`).test(code));
  assert.equal(
    named.filter((key) => !shared.includes(key) && !/^(loop|steps|events)\./.test(key)),
    [],
  );
});

test.run();
