/** What doctor says of dependencies that are not installed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dependencyProbes } from '../../src/crew/dependency-probe.ts';
import type { DetectedCheck } from '../../src/evaluate/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('crew/dependency-probe');
const checkOf = (asked: string[], runnable = true) => ({ name: asked.join(' '), asked, runnable }) as DetectedCheck;
const npm = [checkOf(['npm', 'test'])];
const wanting = { devDependencies: { vitest: '1' } };

function worktree(manifest: unknown, ...files: string[]): string {
  const dir = temporaryDirectory();
  writeFileSync(join(dir, 'package.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  for (const file of files) writeFileSync(join(dir, file), '');
  return dir;
}

test('a script without its packages is named, with the command that brings them', async () => {
  const said = async (dir: string, checks = npm) => (await dependencyProbes(dir, checks))[0]?.hint ?? null;
  assert.is(await said(worktree(wanting)), 'npm install');
  assert.is(await said(worktree(wanting, 'package-lock.json')), 'npm ci');
  assert.is(await said(worktree({ dependencies: { a: '1' } }), [checkOf(['yarn', 'test'])]), 'yarn install');
  const [probe] = await dependencyProbes(worktree(wanting), npm);
  assert.equal(
    [probe?.level, probe?.message],
    ['warn', 'there is no node_modules here: npm test cannot find what it needs'],
  );
});

test('nothing is said where nothing is missing, or where another line says it', async () => {
  const installed = worktree(wanting);
  mkdirSync(join(installed, 'node_modules'));
  for (const [dir, checks] of [
    [installed, npm],
    [worktree(wanting, '.pnp.cjs'), npm],
    [worktree({ scripts: { test: 'node --test' } }), npm],
    [worktree('{ broken'), npm],
    [worktree(wanting), [checkOf(['pytest'])]],
    [worktree(wanting), [checkOf(['npm', 'test'], false)]],
    [null, npm],
  ] as const)
    assert.equal(await dependencyProbes(dir, checks), [], String(dir));
});

test.run();
