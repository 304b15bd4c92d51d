/** Properties of placing: the round trip, never wrong, twice is once, no throw and near-linear time on anything. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Files, outcome, place, unified } from './memory-target.ts';

const test = suite('patch/properties');

const word = fc.constantFrom(
  'alpha',
  'beta',
  'return x',
  'if (a) {',
  '}',
  '',
  '  ',
  'end',
  'na\xefve',
  '\t\tdeep',
  '\f',
  'a\rb',
);
const line = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('', '  ', '    ', '\t'), fc.integer({ min: 0, max: 60 }))
      .map(([indent, n]) => `${indent}line ${n}`),
  },
  { weight: 1, arbitrary: word },
  {
    weight: 1,
    arbitrary: fc.string({ maxLength: 12 }).map((text) => Buffer.from(text.replaceAll('\n', ' ')).toString('latin1')),
  },
);
const ending = fc.constantFrom('\n', '\n', '\r\n');

interface Version {
  before: string;
  after: string;
}
/** A text, and the same with some lines changed, added and removed. */
const versions: fc.Arbitrary<Version> = fc
  .tuple(
    fc.array(line, { maxLength: 60 }),
    fc.array(fc.tuple(fc.nat(60), fc.nat(3), fc.array(line, { maxLength: 4 })), { minLength: 1, maxLength: 5 }),
    ending,
    fc.boolean(),
    fc.boolean(),
  )
  .map(([lines, edits, eol, endsBefore, endsAfter]) => {
    const next = [...lines];
    for (const [at, count, insert] of edits) next.splice(Math.min(at, next.length), count, ...insert);
    const text = (all: string[], ends: boolean) => all.join(eol) + (ends && all.length > 0 ? eol : '');
    return { before: text(lines, endsBefore), after: text(next, endsAfter) };
  })
  .filter(({ before, after }) => before !== after);

test('a clean diff gives the new text, whatever the lines and their endings', async () => {
  await fc.assert(
    fc.asyncProperty(versions, async ({ before, after }) => {
      const result = await outcome({ 'a.txt': before }, unified('a.txt', before, after));
      assert.equal(result, { 'a.txt': after });
    }),
    { numRuns: 1500 },
  );
});

/** What once was done a second time. */
const TWICE: ReadonlyArray<readonly [before: string, after: string]> = [
  ['\nend', '\nend\nend'],
  ['same\nsame\n\n!', 'same\nsame\n\n\f\n!\n'],
  ['one\none\n  two\n\none\none\n', 'one\none\ntwo\n \n\none\none\n'],
];

test('twice is once', async () => {
  await fc.assert(
    fc.asyncProperty(versions, async ({ before, after }) => {
      const patch = unified('a.txt', before, after);
      const second = await outcome({ 'a.txt': after }, patch);
      // Where the new text holds the old block again, saying no is as good.
      if (typeof second !== 'string') assert.equal(second, { 'a.txt': after });
    }),
    { numRuns: 800, examples: TWICE.map(([before, after]) => [{ before, after }]) },
  );
});

type Damage = (lines: string[], at: number, extra: string) => string[];
const DAMAGE: Record<string, Damage> = {
  'counts gone': (lines) => lines.map((text) => text.replace(/^(@@ -\d+),\d+ (\+\d+),\d+ @@/, '$1 $2 @@')),
  'blank context emptied': (lines) => lines.map((text) => (text === ' ' ? '' : text)),
  'a marker lost': (lines, at) =>
    lines.map((text, index) => (index === at && /^ [^-+@\\ ]/.test(text) ? text.slice(1) : text)),
  'a context line left out': (lines, at) => lines.filter((text, index) => index !== at || !text.startsWith(' ')),
  'a context line wrong': (lines, at, extra) =>
    lines.map((text, index) => (index === at && text.startsWith(' ') ? ` ${extra}` : text)),
  'trailing blanks': (lines) => lines.map((text) => (text.startsWith(' ') ? `${text}  ` : text)),
  'all CRLF': (lines) => lines.map((text) => `${text}\r`),
  'prose behind': (lines) => [...lines, '', 'That is all, I hope it helps.'],
  'numbers off': (lines, at) =>
    lines.map((text) => text.replace(/^@@ -(\d+)/, (_, n) => `@@ -${Number(n) + (at % 9)}`)),
  'a hunk twice': (lines) => {
    const first = lines.findIndex((text) => text.startsWith('@@'));
    const end = lines.findIndex((text, index) => index > first && text.startsWith('@@'));
    return end < 0 ? lines : [...lines.slice(0, end), ...lines.slice(first)];
  },
  'four blanks for a tab': (lines) => lines.map((text) => text.replaceAll('\t', '    ')),
};

/** Lines that are all different: what is left in a damaged patch says where it goes. */
const distinct: fc.Arbitrary<Version> = fc
  .tuple(
    fc.integer({ min: 12, max: 60 }),
    fc.array(fc.tuple(fc.nat(59), fc.nat(2), fc.nat(3)), { minLength: 1, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([size, edits, tabs]) => {
    const indent = (n: number) => (tabs ? '\t'.repeat(n % 3) : '  '.repeat(n % 3));
    const lines = Array.from({ length: size }, (_, n) =>
      n % 7 === 3 ? '' : `${indent(n)}statement_${n * 7919}(${n})`,
    );
    const next = [...lines];
    for (const [at, count, add] of edits)
      next.splice(
        Math.min(at, next.length),
        count,
        ...Array.from({ length: add }, (_, n) => `${indent(at)}added_${at}_${n * 31}`),
      );
    return { before: `${lines.join('\n')}\n`, after: `${next.join('\n')}\n` };
  })
  .filter(({ before, after }) => before !== after && after !== '\n');

test('never wrong: a damaged patch gives the new text or a refusal', async () => {
  const counted = { right: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      distinct,
      fc.constantFrom(...Object.keys(DAMAGE)),
      fc.nat(80),
      async ({ before, after }, name, at) => {
        const lines = unified('a.txt', before, after).trimEnd().split('\n');
        const damaged = (DAMAGE[name] as Damage)(lines, at, 'nobody wrote this line');
        const result = await outcome({ 'a.txt': before }, `${damaged.join('\n')}\n`);
        if (typeof result === 'string') counted.refused += 1;
        else {
          assert.equal(result, { 'a.txt': after }, name);
          counted.right += 1;
        }
      },
    ),
    { numRuns: 2500 },
  );
  assert.ok(counted.right > counted.refused * 10, JSON.stringify(counted));
});

test('lines left out beside added ones are a refusal where they could be either', async () => {
  const header = '--- a/a.txt\n+++ b/a.txt\n';
  const cases: Array<[file: string, hunk: string]> = [
    // The last blank line may stand above the last addition as well.
    ['one\ntwo\nthree\n\n', '@@ -1,4 +1,7 @@\n one\n two\n-three\n+a\n+b\n+c\n+d\n'],
    // Three blank lines: one was left out, or it is the one that is to be added.
    ['one\ntwo\n\n\n\nthree\nfour\n', '@@ -1,6 +1,8 @@\n one\n+more\n two\n \n \n+\n three\n four\n'],
  ];
  for (const [file, hunk] of cases) assert.type(await outcome({ 'a.txt': file }, `${header}${hunk}`), 'string', hunk);
});

test('a block whose old and new lines differ in blanks alone is a refusal', async () => {
  const block = '<<<<<<< SEARCH\n  one\n  \ntwo\n=======\n  one\n  \n  more\n\ntwo\n>>>>>>> REPLACE\n';
  assert.type(await outcome({ 'a.txt': '  one\n\ntwo\n' }, `a.txt\n${block}`), 'string');
});

test('never partial: one poisoned hunk refuses the whole patch', async () => {
  await fc.assert(
    fc.asyncProperty(distinct, fc.nat(200), async ({ before, after }, pick) => {
      const lines = unified('a.txt', before, after).split('\n');
      const hunks = lines.flatMap((text, at) => (text.startsWith('@@') ? [at] : []));
      const from = hunks[pick % hunks.length] as number;
      const to = hunks.find((at) => at > from) ?? lines.length;
      const poisoned = lines.map((text, at) =>
        at > from && at < to && /^[ -]/.test(text) ? `${text.charAt(0)}no_such_line_${at}(here)` : text,
      );
      const files: Files = { 'a.txt': before, 'b.txt': 'one\ntwo\nthree\n' };
      const placement = await place(
        files,
        `${unified('b.txt', 'one\ntwo\nthree\n', 'one\n2\nthree\n')}${poisoned.join('\n')}`,
      );
      if (poisoned.join('\n') === lines.join('\n')) return;
      assert.is(placement.ok, false);
    }),
    { numRuns: 300 },
  );
});

const noise = fc.oneof(
  fc.constantFrom(
    'diff --git a/x b/x',
    '--- a/a.txt',
    '+++ b/a.txt',
    '@@ -1,2 +1,2 @@',
    '@@',
    '@@ ... @@',
    ' line',
    '-line',
    '+line',
    '\\ No newline at end of file',
  ),
  fc.constantFrom(
    '```',
    '```diff',
    '<<<<<<< SEARCH',
    '=======',
    '>>>>>>> REPLACE',
    '*** Begin Patch',
    '*** Update File: a.txt',
    '*** Add File: b.txt',
    '*** End Patch',
  ),
  fc.constantFrom(
    'new file mode 100644',
    'rename from a.txt',
    'rename to c.txt',
    'index 1234567..89abcde 100644',
    'GIT binary patch',
    'Index: a.txt',
    '"a\\',
    ':start_line:3',
    '-------',
    '-- ',
  ),
  fc.string({ maxLength: 20 }),
);

test('anything is a placement or a refusal, never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(noise, { maxLength: 40 }), fc.constantFrom('\n', '\r\n', '\r'), async (lines, eol) => {
      const placement = await place({ 'a.txt': 'line\nother line\n' }, lines.join(eol));
      assert.type(placement.ok, 'boolean');
      if (!placement.ok)
        for (const { reason } of placement.refusals)
          assert.ok(reason.length > 0 && !reason.includes('    at '), reason);
    }),
    { numRuns: 3000 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      const placement = await place({ 'a.txt': 'line\n' }, Buffer.from(bytes).toString('latin1'));
      assert.is(placement.ok, false);
    }),
    { numRuns: 500 },
  );
});

test.run();
