/** What tools of Go and Rust print, recorded, and the findings and edits that come of it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readClippy } from '../../src/specialists/compiled/clippy.ts';
import { compiledFindings, formatFindings } from '../../src/specialists/compiled/findings.ts';
import { readStaticcheck, readVet } from '../../src/specialists/compiled/go-tools.ts';
import type { Told } from '../../src/specialists/compiled/types.ts';

const test = suite('specialists/compiled');

const span = (from: number, to: number, more: object = {}) => ({
  ...{ file_name: 'src/main.rs', byte_start: from, byte_end: to, is_primary: true, expansion: null },
  ...{ suggested_replacement: null, suggestion_applicability: null, ...more },
});
const safe = (from: number, to: number, text: string, more: object = {}) =>
  span(from, to, { suggested_replacement: text, suggestion_applicability: 'MachineApplicable', ...more });
const message = (code: string, at: object, children: object[], level = 'warning') =>
  JSON.stringify({
    reason: 'compiler-message',
    message: { message: 'said of it', level, code: { code }, spans: [at], children },
  });
const help = (...spans: object[]) => ({ level: 'help', message: 'do that', spans });
const END = '{"reason":"build-finished","success":true}';
const clippy = (...lines: string[]) => readClippy([...lines, END].join('\n'))?.told ?? [];

test('clippy: only what a machine may apply is an edit', () => {
  const edits = (...children: object[]) => clippy(message('clippy::needless_return', span(4, 9), children))[0]?.edits;
  assert.equal(edits({ level: 'note', message: 'n', spans: [] }, help(safe(4, 8, 'x'), safe(8, 9, ''))), [
    { start: 4, end: 8, text: 'x' },
    { start: 8, end: 9, text: '' },
  ]);
  const unsafe: Array<[what: string, children: object[]]> = [
    ['maybe', [help(safe(4, 8, 'x', { suggestion_applicability: 'MaybeIncorrect' }))]],
    ['a placeholder', [help(safe(4, 8, 'x'), safe(8, 9, '', { suggestion_applicability: 'HasPlaceholders' }))]],
    ['another file', [help(safe(4, 8, 'x', { file_name: 'src/lib.rs' }))]],
    ['a macro', [help(safe(4, 8, 'x', { expansion: { span: {} } }))]],
    ['a choice', [help(safe(4, 8, 'x')), help(safe(4, 8, 'y'))]],
    ['nothing', []],
  ];
  for (const [what, children] of unsafe) assert.equal(edits(...children), [], what);
});

test('clippy: lint classes, doubles, and what is none of its lints', () => {
  const one = (code: string, level?: string, at = span(4, 9)) => message(code, at, [], level);
  const told = clippy(
    ...[one('clippy::useless_vec'), one('clippy::useless_vec'), one('clippy::too_many_arguments'), one('unused_mut')],
    ...[one('clippy::eq_op', 'error'), one('clippy::permissions_set_readonly_false')],
    ...[one('E0308', 'error'), one('dead_code', 'error'), one('clippy::x', 'warning', span(4, 9, { expansion: {} }))],
    ...['Compiling m v0.1.0', '{"reason":"compiler-artifact"}', '{torn'],
  );
  assert.equal(
    told.map(({ rule, tool, specialist, severity }) => [rule, tool, specialist, severity].join(' ')),
    [
      'rust/useless_vec clippy PerformanceOptimizer low',
      'rust/too_many_arguments clippy RefactorArchitect low',
      'rust/unused_mut rustc StyleEnforcer low',
      'rust/eq_op clippy StyleEnforcer medium',
      'rust/permissions_set_readonly_false clippy SecurityGuardian medium',
    ],
  );
  assert.is(readClippy(''), null);
  assert.is(readClippy('{"reason":"build-finished","success":false}')?.compiles, false);
});

const VET = {
  posn: '/slot/a.go:3:2',
  message: 'self-assignment of i',
  suggested_fixes: [{ edits: [{ filename: '/slot/a.go', start: 12, end: 17, new: '' }] }],
};
const vet = (said: object, name = 'assign') => JSON.stringify({ m: { [name]: said } }, null, '\t');

test('go vet: one block for each package, edits where it offers one way', () => {
  const told = readVet(`# m\n${vet([VET])}\n# m/b\n${vet([VET])}\n{}\n`);
  assert.equal(
    told?.map(({ rule, place, edits }) => [rule, place, edits.length]),
    [['go/vet-assign', { line: 3, column: 2 }, 1]],
  );
  const [fix] = VET.suggested_fixes;
  assert.equal(readVet(vet([{ ...VET, suggested_fixes: [fix, fix] }]))?.[0]?.edits, []);
  const elsewhere = { edits: [{ ...fix?.edits[0], filename: '/slot/b.go' }] };
  assert.equal(readVet(vet([{ ...VET, suggested_fixes: [elsewhere] }]))?.[0]?.edits, []);
  assert.equal(readVet(vet([{ ...VET, suggested_fixes: undefined }]))?.[0]?.edits, []);
  assert.equal([readVet(vet({ error: 'x' })), readVet('vet: ./a.go:3:1: expected'), readVet('')], [null, null, []]);
});

test('staticcheck: what is wrong or can be simpler, not taste', () => {
  const line = (code: string) =>
    JSON.stringify({ code, location: { file: '/slot/a.go', line: 3, column: 2 }, message: 'm' });
  const told = readStaticcheck(
    ['SA5009', 'SA6000', 'S1002', 'ST1003', 'U1000', 'QF1001', 'SA9003'].map(line).join('\n'),
  );
  assert.equal(
    told?.map(({ rule, specialist, severity }) => [rule, specialist, severity].join(' ')),
    ['go/SA5009 StyleEnforcer medium', 'go/SA6000 PerformanceOptimizer low', 'go/S1002 StyleEnforcer low'],
  );
  assert.equal([readStaticcheck(line('compile')), readStaticcheck('panic: x'), readStaticcheck('')], [null, null, []]);
});

const file = (text: string) => ({ path: 'a.go', blob: '0'.repeat(40), text });
const told = (more: Partial<Told>): Told => ({
  ...{
    path: 'a.go',
    rule: 'go/vet-assign',
    tool: 'go vet',
    code: 'assign',
    specialist: 'StyleEnforcer',
    severity: 'medium',
  },
  ...{ message: 'M.', place: { line: 2, column: 1 }, edits: [], ...more },
});
const after = (text: string, edits: ReadonlyArray<{ start: number; end: number; text: string }>) => {
  let bytes = Buffer.from(text);
  for (const edit of edits.toSorted((a, b) => b.start - a.start))
    bytes = Buffer.concat([bytes.subarray(0, edit.start), Buffer.from(edit.text), bytes.subarray(edit.end)]);
  return bytes.toString();
};

test('findings: bytes are bytes, what an edit leaves is formatted, and a stale or foreign place is nothing', async () => {
  const text = 'é := 1\n\ti = i\nb\n';
  const edit = { start: 9, end: 14, text: '' };
  const squeeze = async (given: string) => given.replace(/^[ \t]+\n/gm, '');
  const mended = await compiledFindings(file(text), [told({ edits: [edit] })], squeeze);
  assert.is(after(text, mended.found[0]?.edits ?? []), 'é := 1\nb\n');
  assert.equal([mended.found[0]?.finding.line, mended.rules[0]?.title], [2, 'Follow go vet: assign']);
  const plain = await compiledFindings(file(text), [told({ edits: [edit] })]);
  assert.is(after(text, plain.found[0]?.edits ?? []), 'é := 1\n\t\nb\n');
  const nothing = [
    told({ path: 'b.go' }),
    told({ place: { line: 9, column: 1 } }),
    told({ place: { start: 2, end: 999 } }),
    told({ line: 'other text' }),
  ];
  assert.equal((await compiledFindings(file(text), nothing)).found, []);
  const report = async (edits: Told['edits'], format: Parameters<typeof compiledFindings>[2] = null) =>
    (await compiledFindings(file(text), [told({ edits })], format)).found[0]?.finding.fixable;
  assert.is(await report([{ start: 9, end: 999, text: '' }]), false);
  assert.is(await report([edit, { start: 10, end: 12, text: '' }]), false);
  assert.is(await report([edit], async (given) => (given === text ? given : null)), false);
  const twice = await compiledFindings(file(text), [told({ edits: [edit] }), told({ edits: [edit], message: 'N.' })]);
  assert.equal(
    twice.found.map(({ finding }) => finding.fixable),
    [true, false],
  );
  const kept = 'a\ni = i // ambient: ignore\n';
  assert.equal((await compiledFindings(file(kept), [told({})])).found, []);
});

test('format: each place by itself, where it makes sense by itself', async () => {
  const trim = async (text: string) => text.replace(/ +$/gm, '');
  const { found } = await formatFindings(file('a  \nb\nc  \n'), 'gofmt', trim);
  assert.equal(
    found.map(({ finding }) => [finding.rule, finding.line]),
    [
      ['go/unformatted', 1],
      ['go/unformatted', 3],
    ],
  );
  // Lines that change places: one half of that would lose or double a line.
  const sort = async (text: string) => `${text.trim().split('\n').sort().join('\n')}\n`;
  assert.equal((await formatFindings(file('b\nc\nd\na\n'), 'gofmt', sort)).found, []);
  const many = Array.from({ length: 9 }, (_, at) => `a${at}  \nb\n`).join('');
  assert.equal((await formatFindings(file(many), 'gofmt', trim)).found, []);
  assert.equal((await formatFindings(file('a  \n'), 'rustfmt', async () => null)).found, []);
});

test.run();
