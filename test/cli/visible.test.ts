/** What comes out of a file is shown, never obeyed; programs get it as it is. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { progressTo } from '../../src/commands/frame/progress.ts';
import { columns, renderCycles, renderFindings } from '../../src/commands/frame/render.ts';
import { visible, visibleLine } from '../../src/commands/frame/visible.ts';
import { ambient, ambientJson } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('cli/visible');
const NASTY = 'a\u001b[2Jb\n\u202ec.py';

test('control and direction characters are spelt out', () => {
  assert.is(visible('a\u001b[2J\tb\n\u202ec'), 'a^[[2J\tb\n<U+202E>c');
  assert.is(visibleLine('a\tb\nc\r'), 'a^Ib^Jc^M');
});

test('a name of a file with a newline and an escape: findings and list', () => {
  const repo = makeRepository({ files: { [NASTY]: 'import os\nimport json\n\nprint(json.dumps({}))\n' } });
  for (const args of [
    ['findings', '--all'],
    ['run', '--all'],
    ['list', '--group', 'file'],
    ['verify', 'HEAD', '--base', 'HEAD'],
  ]) {
    const { stdout, stderr } = ambient(repo, args);
    assert.not.match(stdout + stderr, /\u001b|\u202e/, args.join(' '));
  }
  assert.match(ambient(repo, ['findings', '--all']).stdout, /a\^\[\[2Jb\^J<U\+202E>c\.py:1/);
  const [found] = ambientJson<Array<{ path: string }>>(repo, ['findings', '--all']);
  assert.is(found?.path, NASTY);
  const [row] = ambientJson<Array<{ id: string }>>(repo, ['list']);
  assert.not.match(ambient(repo, ['show', row?.id ?? '']).stdout, /\u001b|\u202e/);
});

test('many files that were left out for one reason are one line', () => {
  const skipped = Array.from({ length: 40 }, (_, at) => ({
    path: `f${at}.js`,
    reason: 'excluded',
    by: ['StyleEnforcer'],
  }));
  const odd = { path: 'g.ts', reason: 'not parsed' };
  const report = { findings: [], skipped: [...skipped, odd], missing: [], files: 41 };
  assert.equal(renderFindings(report as never).split('\n'), [
    'not read by StyleEnforcer: f0.js and 39 more: excluded',
    'not read: g.ts: not parsed',
    '0 findings, 0 fixable, in 41 files',
  ]);
});

test('a repository of other languages is told that nothing was there to read', () => {
  const report = { findings: [], skipped: [], missing: [], files: 0 };
  assert.match(renderFindings(report), /0 files\nThere was no Python, JavaScript or TypeScript to read\.$/);
});

test('what is not read and what is missing stay on their lines', () => {
  const report = { findings: [], skipped: [{ path: 'x\ny', reason: 'no' }], missing: ['z\u001b'], files: 1 };
  assert.equal(renderFindings(report).split('\n').slice(0, 2), ['not read: x^Jy: no', 'z^[']);
});

test('a wide cell makes its own row longer, not all of them', () => {
  const lines = columns([
    ['a', 'short', 'x'],
    ['b', 'w'.repeat(300), 'y'],
    ['c', 'middle', 'z'],
  ]).split('\n');
  assert.is(lines[0], 'a  short   x');
  assert.is(lines[2], 'c  middle  z');
});

test('what is open already is counted, not told one by one', () => {
  const cycle = { cycle: 'c', base: 'b', files: 1, findings: 3, unfixable: 0, proposals: [], landed: [], missing: [] };
  const suppressed = [
    { rule: 'r', path: 'a.py', reason: 'open as 0123456789ab' },
    { rule: 'r', path: 'b.py', reason: 'open as 123456789abc' },
    { rule: 's', path: 'c.py', reason: 'rejected before; comes back when its code changes' },
  ];
  const text = renderCycles([{ ...cycle, suppressed }]);
  assert.match(text, /2 fixes open already: git ambient list/);
  assert.match(text, /not proposed: s \(c\.py\): rejected before/);
  assert.not.match(text, /a\.py/);
});

test('off a terminal a stage is told once', () => {
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  const real = Date.now;
  const { log } = progressTo(stream, { quiet: false });
  try {
    Date.now = () => real() + 5000;
    for (const message of [
      'reading 2 files: 50 %',
      'reading 2 files: 100 %',
      'verifying A',
      'checks: 1 of 2 done',
      'reading 1 file: 100 %',
      'verifying B',
    ])
      log.progress(message);
  } finally {
    Date.now = real;
  }
  assert.equal(written, ['reading 2 files\n', 'verifying A\n']);
});

test.run();
