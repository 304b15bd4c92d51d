/** A green test is evidence for what it tests: its language, its packages. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { languageOfCommand } from '../../src/evaluate/coverage.ts';
import { type Check, evaluate } from '../../src/evaluate/index.ts';
import { fakeCheck, input, judgement, memoryCache, ran } from './fakes.ts';

const test = suite('evaluate/coverage');

test('what a command tests', () => {
  const cases: Array<[string, string | null]> = [
    ['pytest -q', 'python'],
    ['/usr/bin/python3 -m unittest', 'python'],
    ['python3 check.py', null],
    ['npm test', 'javascript'],
    ['node --test', 'javascript'],
    ['go test ./...', 'go'],
    ['cargo test', 'rust'],
    ['make test', null],
  ];
  for (const [command, language] of cases) assert.is(languageOfCommand(command.split(' ')), language, command);
});

const green = (name: string, more: Partial<Check> = {}): Check => ({
  ...fakeCheck([ran('a b')], [ran('a b')], 'tests', name),
  ...more,
});
const absent = (name: string, more: Partial<Check> = {}): Check => ({
  ...fakeCheck([judgement('absent')], [judgement('absent')], 'tests', name),
  ...more,
});
const changed = (...paths: string[]) => paths.map((path) => ({ path, before: 'a\n', after: 'b\n' }));
const judge = (checks: Check[], ...paths: string[]) =>
  evaluate(input(checks, { changes: changed(...paths) }), { cache: memoryCache() });

test('tests of another language are no evidence, and the reason says so', async () => {
  const result = await judge([green('unittest', { language: 'python' })], 'web/app.js');
  assert.is(result.outcome, 'passed');
  assert.is(result.evidence, 'analysis');
  assert.match(result.reasons.join('\n'), /no test that passed is of the kind of web\/app\.js/);
});

test('tests of the language of every changed file are', async () => {
  const [python, javascript] = [
    green('unittest', { language: 'python' }),
    green('npm test', { language: 'javascript' }),
  ];
  assert.is((await judge([python], 'shop/a.py')).evidence, 'tests');
  assert.is((await judge([python, javascript], 'shop/a.py', 'web/app.ts')).evidence, 'tests');
  assert.is((await judge([python], 'shop/a.py', 'web/app.ts')).evidence, 'analysis');
});

test('what nobody can tell speaks for everything', async () => {
  assert.is((await judge([green('make test')], 'web/app.js')).evidence, 'tests');
});

test('tests of another package are no evidence', async () => {
  const one = green('npm test (packages/one)', { scope: ['packages/one'], language: 'javascript' });
  const two = green('npm test (packages/two)', { scope: ['packages/two', 'packages/one'], language: 'javascript' });
  const three = absent('npm test (packages/three)', { scope: ['packages/three'], language: 'javascript' });
  assert.is((await judge([two], 'packages/one/a.js')).evidence, 'tests');
  assert.is((await judge([one, three], 'packages/three/a.js')).evidence, 'analysis');
  assert.is((await judge([one], 'shared.js')).evidence, 'tests');
});

test('tests that could not be run leave open only what they would have judged', async () => {
  const [python, javascript] = [
    absent('unittest', { language: 'python' }),
    absent('npm test', { language: 'javascript' }),
  ];
  const lint = fakeCheck([judgement('passed')], [judgement('passed')], 'lint', 'eslint');
  assert.is((await judge([python, lint], 'web/app.js')).outcome, 'passed');
  assert.is((await judge([javascript, lint], 'web/app.js')).outcome, 'inconclusive');
  const other = await judge([green('unittest', { language: 'python' }), javascript], 'web/app.js');
  assert.is(other.outcome, 'inconclusive', 'green tests of another language do not stand in for them');
});

test.run();
