import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Edit, Fix, Severity, SpecialistName } from '../../src/records/index.ts';
import { deduplicate, type Shape, selectFixes } from '../../src/swarm/index.ts';

const test = suite('swarm/deduplicate');

function fix(specialist: SpecialistName, rule: string, edits: Edit[], severity: Severity = 'low'): Fix {
  const path = edits[0]?.path ?? '';
  const print = `${rule} ${JSON.stringify(edits)}`;
  const finding = { rule, specialist, severity, path, line: 1, end_line: 1, message: 'm', fixable: true };
  return {
    ...{ specialist, rule, title: rule, rationale: 'r', severity, edits },
    findings: [{ ...finding, fingerprint: print }],
  };
}
const edit = (start: number, end: number, text: string, path = 'a.py'): Edit => ({ path, blob: 'b', start, end, text });
const CONTENT = 'one\ntwo\nthree\n';
/** As the crew does it: contents that come out, lines that are touched. */
const shapeOf = async ({ edits }: Fix): Promise<Shape> => {
  const one = edits[0] as Edit;
  const lines = CONTENT.slice(0, one.start).split('\n').length;
  return { result: CONTENT.slice(0, one.start) + one.text + CONTENT.slice(one.end), lines: String(lines) };
};

const exact = fix('StyleEnforcer', 'python/two', [edit(4, 7, 'TWO')]);
const whole = fix('RefactorArchitect', 'model/RefactorArchitect', [edit(4, 8, 'TWO\n')], 'medium');
const again = fix('TestEnhancer', 'model/TestEnhancer', [edit(3, 7, '\nTWO')]);
const other = fix('PerformanceOptimizer', 'model/PerformanceOptimizer', [edit(4, 8, '2\n')]);

test('the same result by three specialists is one fix that names the others and answers for all findings', async () => {
  for (const order of [
    [exact, whole, again],
    [again, whole, exact],
  ]) {
    const { fixes } = await deduplicate(order, shapeOf);
    assert.is(fixes.length, 1);
    assert.is(fixes[0]?.rule, 'model/RefactorArchitect', 'the most valuable of them');
    assert.equal(fixes[0]?.also, ['StyleEnforcer', 'TestEnhancer']);
    assert.is(fixes[0]?.findings.length, 3);
  }
});

test('what was rejected of one of them stays away under the names of the others', async () => {
  const { fixes, shapes } = await deduplicate([whole, exact], shapeOf);
  const closed = new Set(exact.findings.map(({ fingerprint }) => fingerprint));
  const { chosen, suppressed } = selectFixes(fixes, { room: 5, closed, shapes });
  assert.equal([chosen, suppressed.map(({ reason }) => reason)], [[], ['known']]);
});

test('the same findings mended in the same place count once, in another place twice', async () => {
  const twice = { ...exact, title: 'again', edits: [edit(4, 7, 'TWO ')] };
  const elsewhere = { ...exact, edits: [edit(8, 13, 'THREE')] };
  const { fixes } = await deduplicate([exact, twice, elsewhere], shapeOf);
  assert.is(fixes.length, 2);
  assert.equal(
    fixes.map(({ also }) => also),
    [undefined, undefined],
    'nobody is the second proposer of what is theirs',
  );
});

test('files are read only for what overlaps', async () => {
  const read: Fix[] = [];
  await deduplicate([exact, fix('StyleEnforcer', 'python/three', [edit(9, 13, 'THREE')])], (one) => {
    read.push(one);
    return shapeOf(one);
  });
  assert.equal(read, []);
});

test('the same lines by another specialist are an alternative; by the same one, or other lines, they wait', async () => {
  const own = fix('RefactorArchitect', 'model/RefactorArchitect', [edit(4, 8, 'zwei\n')], 'low');
  const wide = fix('TestEnhancer', 'model/TestEnhancer', [edit(0, 8, 'one two\n')], 'low');
  const { fixes, shapes } = await deduplicate([whole, other, own, wide], shapeOf);
  const { chosen, losers } = selectFixes(fixes, { room: 5, closed: new Set(), shapes });
  assert.equal(chosen, [whole]);
  assert.equal(losers.map(({ fix: { title }, beside, alternative }) => [title, beside, alternative]).sort(), [
    ['model/PerformanceOptimizer', [0], true],
    ['model/RefactorArchitect', [0], false],
    ['model/TestEnhancer', [0], false],
  ]);
});

test('what cannot be placed is nobody’s double', async () => {
  const { fixes } = await deduplicate([whole, again], async () => null);
  assert.is(fixes.length, 2);
});

test.run();
