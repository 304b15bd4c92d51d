/** Patterns of which some texts are refused in exponential time: the real matcher must suffer, and safe ones pass. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { attackOn, describe } from '../../src/specialists/performance/pattern-danger.ts';
import { countSteps } from '../../src/specialists/performance/pattern-match.ts';
import { type Dialect, parsePattern } from '../../src/specialists/performance/pattern-parse.ts';

const SCRIPT: Dialect = { python: false, ignoreCase: false, multiline: false, dotAll: false, verbose: false };
const PYTHON: Dialect = { ...SCRIPT, python: true };

/** Does V8 itself give up on the pattern and text after a while? */
function hangs(source: string, text: string): boolean {
  try {
    runInNewContext('pattern.exec(text)', { pattern: new RegExp(source), text }, { timeout: 150 });
    return false;
  } catch (error) {
    assert.is((error as { code?: string }).code, 'ERR_SCRIPT_EXECUTION_TIMEOUT');
    return true;
  }
}

const test = suite('specialists/performance-patterns');

const DANGEROUS = [
  '^(a+)+$',
  '(a|a)*$',
  '^(\\w+\\s?)*$',
  '^(a|b|ab)*c$',
  '(x+x+)+y',
  '^(?:\\d+,?)*$',
  '(?:a*)*b',
  '("[^"]*"|[^",]+)*,$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(.|\\s)*x',
  '^\\s*(?:[\\w-]+\\s*)+:',
  '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}[a-z]{2,3}$',
];
for (const source of DANGEROUS)
  test(`the text named for ${source} keeps the real matcher busy`, () => {
    const attack = attackOn(source, SCRIPT);
    assert.ok(attack, 'nothing found');
    assert.ok(hangs(source, attack.prefix + attack.pump.repeat(60) + attack.suffix), JSON.stringify(attack));
    assert.not.ok(hangs(source, attack.prefix + attack.suffix));
  });

const SAFE = [
  '(a+)+',
  '^\\d+(\\.\\d+)*$',
  '^[a-z]+(-[a-z]+)*$',
  '(?:[^\\\\"]|\\\\.)*"',
  '^(?:a|b|[c-e])+$',
  '^(?:.|\\n)*$',
  '\\s+$',
  '(.*a){12}$',
  '^(a?){30}a{30}$',
  '^(?:[a-z]+\\.)+[a-z]+$',
  '^-?(?:\\d{3},)*\\d{1,3}$',
  '(\\d+)*\\1',
  '^(?=a)(b+)+$',
];
for (const source of SAFE)
  test(`nothing is said about ${source}`, () => {
    assert.is(attackOn(source, SCRIPT), null);
  });

test('flags and dialects decide', () => {
  assert.is(attackOn('^(?:a|A)*$', SCRIPT), null);
  assert.ok(attackOn('^(?:a|A)*$', { ...SCRIPT, ignoreCase: true }));
  assert.is(attackOn('^(?:.|\\n)*$', PYTHON), null);
  assert.ok(attackOn('^(?:.|\\n)*x', { ...PYTHON, dotAll: true }));
  assert.ok(attackOn('^ ( \\w+ \\s? )* $  # words', { ...PYTHON, verbose: true }));
  assert.is(attackOn('(a+)+', PYTHON), null);
  assert.ok(attackOn('(a+)+', PYTHON, true), 'a full match has to reach the end');
  assert.ok(attackOn('(?P<word>a+)+$', PYTHON));
  assert.is(attackOn('(?P<word>a+)+$', SCRIPT), null);
});

test('the sentence names the text as it is written in a program', () => {
  assert.is(
    describe({ prefix: '"', pump: '\t\uffff', suffix: '' }),
    'Some texts take exponential time to refuse: "\\"", then "\\t\\uffff" 30 times.',
  );
});

test('where our matcher refuses a text at its beginning, so does the real one', () => {
  const source = fc
    .array(
      fc.constantFrom(
        'a',
        'b',
        '(',
        ')',
        '|',
        '*',
        '+',
        '?',
        '[ab]',
        '[^a]',
        '.',
        '^',
        '$',
        '\\d',
        '{1,2}',
        '(?:',
        '\\b',
      ),
      {
        maxLength: 9,
      },
    )
    .map((parts) => parts.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '1', ' ', '\n'), { maxLength: 6 }).map((parts) => parts.join(''));
  let compared = 0;
  fc.assert(
    fc.property(source, text, (pattern, given) => {
      let real: RegExp;
      try {
        real = new RegExp(`^(?:${pattern})`);
      } catch {
        return;
      }
      const parsed = parsePattern(pattern, SCRIPT);
      if (!parsed) return;
      compared += 1;
      assert.is(countSteps(parsed, given) === null, real.test(given), `${pattern} on ${JSON.stringify(given)}`);
    }),
    { numRuns: 3000 },
  );
  assert.ok(compared > 200, `only ${compared} compared`);
});

test('every pattern is answered quickly', () => {
  const part = fc.constantFrom(
    'a',
    '[a-z]',
    '\\w',
    '(',
    ')',
    ')*',
    ')+',
    '|',
    '+',
    '*',
    '\\s',
    '.',
    '{2,}',
    '(?:',
    '$',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const start = performance.now();
      attackOn(parts.join(''), SCRIPT);
      assert.ok(performance.now() - start < 3000, parts.join(''));
    }),
    { numRuns: 200 },
  );
});

test.run();
