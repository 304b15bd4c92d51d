import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Edit, Finding, Fix, Severity } from '../../src/records/index.ts';
import type { Diagnosed } from '../../src/specialists/index.ts';
import { groupFixes, ratchet, selectFixes } from '../../src/swarm/index.ts';
import { overlaps } from '../../src/swarm/select/conflicts.ts';

const test = suite('swarm/select');

function finding(rule: string, path: string, line: number, fingerprint = `${rule}-${line}`): Finding {
  const specialist = rule.startsWith('style') ? 'StyleEnforcer' : 'SecurityGuardian';
  return { rule, specialist, severity: 'low', path, line, end_line: line, message: 'm', fixable: true, fingerprint };
}
function edit(path: string, start: number, end: number, text = ''): Edit {
  return { path, blob: 'blob', start, end, text };
}
function fix(severity: Severity, edits: Edit[], fingerprint = JSON.stringify(edits)): Fix {
  const one = { ...finding('security/x', edits[0]?.path ?? '', 1), fingerprint };
  return {
    specialist: 'SecurityGuardian',
    rule: one.rule,
    title: 't',
    rationale: 'r',
    severity,
    findings: [one],
    edits,
  };
}

test('of two fixes on the same bytes the more severe wins, the other waits', () => {
  const low = fix('low', [edit('a', 0, 10)]);
  const high = fix('high', [edit('a', 5, 6)]);
  const { chosen, losers } = selectFixes([low, high], { room: 10, closed: new Set() });
  assert.equal(chosen, [high]);
  assert.equal(losers, [{ fix: low, beside: [0], alternative: false }]);
});

test('two good ones win over a better one that bars both; ten low ones do not outweigh a critical one', () => {
  const wide = fix('medium', [edit('a', 0, 100)]);
  const parts = [0, 50].map((at) => fix('medium', [edit('a', at, at + 9)]));
  assert.equal(selectFixes([wide, ...parts], { room: 10, closed: new Set() }).chosen.length, 2);
  const low = [0, 10, 20, 30, 40, 50, 60, 70, 80].map((at) => fix('low', [edit('a', at, at + 5)]));
  const critical = fix('critical', [edit('a', 0, 100)]);
  assert.equal(selectFixes([...low, critical], { room: 10, closed: new Set() }).chosen, [critical]);
});

test('the record of a rule decides between equals', () => {
  const [one, two] = [fix('low', [edit('a', 0, 5)]), { ...fix('low', [edit('a', 3, 9)]), rule: 'security/y' }];
  const record = (_: string, rule: string) => (rule === 'security/y' ? 1.2 : 0.8);
  assert.equal(selectFixes([one, two], { room: 10, closed: new Set(), record }).chosen, [two]);
  assert.equal(selectFixes([one, two], { room: 10, closed: new Set() }).chosen, [one]);
});

test('the same bytes of another file are no conflict; touching ends are', () => {
  assert.not(overlaps(fix('low', [edit('a', 0, 5)]), fix('low', [edit('b', 0, 5)])));
  assert.ok(overlaps(fix('low', [edit('a', 0, 5)]), fix('low', [edit('a', 5, 9)])));
  assert.not(overlaps(fix('low', [edit('a', 0, 5)]), fix('low', [edit('a', 6, 9)])));
});

test('what is known stays away, and the room is not exceeded', () => {
  const fixes = [0, 1, 2, 3].map((at) => fix('low', [edit('a', at * 10, at * 10 + 1)], `f${at}`));
  const { chosen, suppressed } = selectFixes(fixes, { room: 2, closed: new Set(['f0']) });
  assert.is(chosen.length, 2);
  assert.equal(suppressed.map((item) => item.reason).sort(), ['known', 'no room']);
});

test('the choice never conflicts and does not depend on the order of arrival', () => {
  const anyFix = fc.record({
    severity: fc.constantFrom<Severity>('low', 'medium', 'high', 'critical'),
    path: fc.constantFrom('a', 'b'),
    start: fc.nat(40),
    length: fc.nat(10),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(anyFix, { selector: (f) => JSON.stringify(f), maxLength: 12 }),
      fc.nat(8),
      (specs, room) => {
        const fixes = specs.map((s, at) => {
          const made = fix(s.severity, [edit(s.path, s.start, s.start + s.length)]);
          return { ...made, rule: `security/${String(at).padStart(2, '0')}` };
        });
        const one = selectFixes(fixes, { room, closed: new Set() });
        const two = selectFixes([...fixes].reverse(), { room, closed: new Set() });
        assert.equal(one.chosen, two.chosen);
        assert.ok(one.chosen.length <= room);
        for (const a of one.chosen) for (const b of one.chosen) assert.ok(a === b || !overlaps(a, b));
        assert.is(one.chosen.length + one.losers.length + one.suppressed.length, fixes.length);
      },
    ),
  );
});

test('style is batched per rule over files up to the limit, security is one fix per file', () => {
  const item = (rule: string, path: string): Diagnosed => ({
    finding: finding(rule, path, 1),
    edits: [edit(path, 0, 1)],
  });
  const found = ['a', 'b', 'c'].flatMap((path) => [item('style/unused', path), item('security/tls', path)]);
  const fixes = groupFixes(found, { fileLimit: 2, rule: () => undefined });
  const files = (rule: string) => fixes.filter((f) => f.rule === rule).map((f) => f.edits.map((e) => e.path));
  assert.equal(files('style/unused'), [['a', 'b'], ['c']]);
  assert.equal(files('security/tls'), [['a'], ['b'], ['c']]);
});

test('the same inserted import of two findings counts once, and a finding without an edit is no fix', () => {
  const insert = edit('a', 0, 0, 'import secrets\n');
  const found = [
    { finding: finding('security/random', 'a', 3), edits: [insert, edit('a', 20, 25)] },
    { finding: finding('security/random', 'a', 9), edits: [insert, edit('a', 60, 65)] },
    { finding: finding('security/report', 'a', 1), edits: [] },
  ];
  const fixes = groupFixes(found, { fileLimit: 10, rule: () => undefined });
  assert.is(fixes.length, 1);
  assert.is(fixes[0]?.edits.length, 3);
});

test('the ratchet lets through what is new or stands on changed lines', () => {
  const old = finding('r', 'a', 3, 'old');
  const moved = { finding: { ...old, line: 53, end_line: 53 } };
  const fresh = { finding: finding('r', 'a', 60, 'new') };
  assert.equal(ratchet([moved, fresh], [old], new Map([['a', [[60, 60]]]])), [fresh]);
  assert.equal(ratchet([moved], [old], new Map([['a', [[50, 55]]]])), [moved]);
  const twice = [{ finding: old }, { finding: { ...old, line: 9, end_line: 9 } }];
  assert.is(ratchet(twice, [old], new Map()).length, 1, 'a second copy of an old finding is new');
});

test.run();
