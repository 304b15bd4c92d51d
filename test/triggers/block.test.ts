/** Our lines as text: in and out of any file without changing a byte, and right in any shell that runs them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { placesIn, withBlock, withoutBlock } from '../../src/triggers/block.ts';
import { configCommand, type HookEvent, shim } from '../../src/triggers/body.ts';
import { withLefthook } from '../../src/triggers/lefthook.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('triggers/block');
const places = { node: "/it's/node", cli: '/a b/run.js', hooks: '/nowhere/hooks' };
const events: HookEvent[] = ['post-commit', 'pre-push'];

test('the block goes in and comes out without changing a byte, whatever is there', () => {
  const texts = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('#!/bin/bash', 'echo', 'exit 0', '# c', '', '  exec x "$@"'))
      .map((lines) => lines.join('\n')),
    fc.constantFrom('#!/bin/bash\necho', '#!/bin/sh\nexit 0\n', '\n', '', '#!/bin/sh', '#!/bin/sh\n'),
  );
  fc.assert(
    fc.property(texts, fc.constantFrom(...events), fc.boolean(), (text, event, shared) => {
      fc.pre(!text.includes('git-ambient'));
      const options = { event, places: shared ? null : places };
      const once = withBlock(text, options);
      assert.is(withBlock(once, options), once, 'twice is once');
      const { text: left, empty } = withoutBlock(once);
      assert.is(left, text);
      assert.not(empty, 'a file that stood here is never taken for ours');
    }),
  );
});

test('a file that we made is ours, also when it was written twice', () => {
  for (const event of events) {
    const once = withBlock(null, { event, places });
    for (const text of [once, withBlock(once, { event, places })]) assert.ok(withoutBlock(text).empty);
  }
  const lefthook = withLefthook('lefthook-local.yml', null, events);
  assert.ok(lefthook.ok && withoutBlock(lefthook.text).empty);
  const stood = withLefthook('lefthook-local.yml', '', events);
  assert.ok(stood.ok);
  const left = withoutBlock(stood.text);
  assert.equal([left.text, left.empty], ['', false]);
});

test('the programs are read back from the block', () => {
  assert.equal(placesIn(withBlock(null, { event: 'post-commit', places })), { node: places.node, cli: places.cli });
  assert.is(placesIn(withBlock(null, { event: 'post-commit', places: null })), null);
});

test('a hook that ends with exit or exec is no end of us', () => {
  for (const last of ['exit 0', 'exec other "$@"', 'exit 0\n# comment\n'])
    assert.match(
      withBlock(`#!/bin/sh\necho hi\n${last}`, { event: 'post-commit', places }),
      /^#!\/bin\/sh\n# >>> git-ambient/,
    );
  const behind = withBlock('#!/bin/sh\nif x; then exit 1; fi\necho hi\n', { event: 'post-commit', places });
  assert.match(behind, /echo hi\n# >>> git-ambient/);
});

/** A package whose pre-push hook ends with `code` and says what it was given. */
function packageWith(code: number): typeof places {
  const hooks = temporaryDirectory();
  writeFileSync(join(hooks, 'pre-push'), `cat > '${hooks}/seen'\nexit ${code}\n`);
  return { ...places, hooks };
}

const LINES = 'refs/heads/a 1 refs/heads/a 2\nrefs/heads/b 3 refs/heads/b 4\n';

test('pre-push: the rest of the hook gets the same stdin and arguments, and keeps its own exit code', () => {
  for (const shell of ['sh', 'bash', 'dash'].filter((name) => spawnSync(name, ['-c', ':']).status === 0))
    for (const [code, lines] of [
      [0, LINES],
      [1, LINES],
      [2, ''],
      [127, `${LINES}`.repeat(3000)],
    ] as const) {
      const given = packageWith(code);
      const file = join(temporaryDirectory(), 'pre-push');
      const own = `#!/bin/sh\nset -eu\ncat > "${given.hooks}/rest"\necho "$1" >> "${given.hooks}/rest"\nexit 7\n`;
      writeFileSync(file, withBlock(own, { event: 'pre-push', places: given }));
      const result = spawnSync(shell, [file, 'origin', 'url'], { input: lines, encoding: 'utf8' });
      assert.is(result.status, 7, `${shell} ${code}: ${result.stderr}`);
      assert.is(result.stderr, '');
      assert.is(readFileSync(join(given.hooks, 'rest'), 'utf8'), `${lines}origin\n`);
      assert.is(readFileSync(join(given.hooks, 'seen'), 'utf8'), lines === '' ? '\n' : lines);
    }
});

test('pre-push: code 93 and no other stops the push, in every way of calling', () => {
  for (const [code, stopped] of [
    [0, 0],
    [1, 0],
    [93, 1],
    [130, 0],
  ] as const) {
    const given = packageWith(code);
    const dir = temporaryDirectory();
    writeFileSync(join(dir, 'block'), withBlock(null, { event: 'pre-push', places: given }));
    writeFileSync(join(dir, 'shim'), shim('pre-push', given));
    writeFileSync(join(dir, 'config'), `${configCommand('pre-push', given)} "$@"\n`);
    for (const way of ['block', 'shim', 'config'])
      assert.is(spawnSync('sh', [join(dir, way), 'origin', 'url'], { input: LINES }).status, stopped, `${way} ${code}`);
  }
});

test('a package that is gone is no error, and says nothing', () => {
  for (const event of events)
    for (const text of [
      withBlock(null, { event, places }),
      withBlock('#!/bin/sh\nset -eu\n', { event, places }),
      shim(event, places),
      `${configCommand(event, places)} "$@"`,
    ]) {
      const result = spawnSync('sh', ['-c', text, 'hook', 'origin', 'url'], { input: LINES, encoding: 'utf8' });
      assert.equal([result.status, result.stdout, result.stderr], [0, '', ''], text);
    }
});

test('lines in a shared file do nothing in a clone without us', () => {
  const dir = temporaryDirectory();
  execFileSync('git', ['init', '-q'], { cwd: dir });
  for (const event of events) {
    const text = withBlock('', { event, places: null, head: '' });
    const result = spawnSync('sh', ['-e', '-c', text, 'hook'], { cwd: dir, input: LINES, encoding: 'utf8' });
    assert.equal([result.status, result.stdout, result.stderr], [0, '', '']);
  }
});

test('lefthook-local.yml: lines at the end, nothing that stands there is repeated, foreign forms are refused', () => {
  const put = (text: string | null, path = 'lefthook-local.yml') => withLefthook(path, text, events);
  for (const text of ['', 'pre-commit:\n  commands: {}\n', '---\nx: 1', '# c\n']) {
    const result = put(text);
    assert.ok(result.ok);
    if (!result.ok) continue;
    assert.is(withoutBlock(result.text).text, text);
    assert.equal(put(result.text), result);
  }
  for (const [text, path] of [
    ['post-commit:\n  jobs: []\n', undefined],
    ['"pre-push" :\n', undefined],
    ['{}\n', undefined],
    ['a: 1\n---\nb: 1\n---\n', undefined],
    ['', 'lefthook-local.toml'],
  ] as const)
    assert.not(put(text, path).ok, text);
});

test('a hook under noclobber and nounset still wakes', () => {
  const dir = temporaryDirectory();
  execFileSync('git', ['init', '-q'], { cwd: dir });
  mkdirSync(join(dir, '.git/ambient'));
  writeFileSync(join(dir, '.git/ambient/wake'), 'old');
  const hooks = new URL('../../hooks', import.meta.url).pathname;
  const text = withBlock('#!/bin/sh\nset -euC\n', { event: 'post-commit', places: { node: '/x', cli: '/x', hooks } });
  const result = spawnSync('sh', ['-c', text], { cwd: dir, encoding: 'utf8' });
  assert.equal([result.status, result.stderr, readFileSync(join(dir, '.git/ambient/wake'), 'utf8')], [0, '', '']);
});

test.run();
