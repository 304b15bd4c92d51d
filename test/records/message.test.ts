import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  findLanded,
  landedTrailer,
  type MessageInput,
  type Proposal,
  proposalFromCommit,
  proposalMessage,
} from '../../src/records/index.ts';

const test = suite('records/message');
const input: MessageInput = {
  specialist: 'SecurityGuardian',
  rule: 'python/yaml-load',
  title: 'Load YAML with the safe loader',
  rationale: `yaml.load builds any object that the document names. ${'Data is data. '.repeat(12)}\n\n    indented: code\nshort line`,
  risk: 'low',
  fingerprints: ['0123456789abcdef', 'fedcba9876543210'],
  configuration: 'a'.repeat(40),
  supersedes: ['0123456789ab'],
};
const commitOf = (message: string) => ({
  oid: '1234567890abcdef'.repeat(3).slice(0, 40),
  tree: 'b'.repeat(40),
  parents: ['c'.repeat(40)],
  committer: { time: 1_767_225_600 },
  message,
});
const read = (message: string): Proposal => {
  const result = proposalFromCommit(commitOf(message), { draft: false });
  if (!result.ok) throw new Error(`${result.reason}:\n${message}`);
  return result.proposal;
};
/** What git itself takes for trailers. */
const trailersOf = (message: string) =>
  execFileSync('git', ['interpret-trailers', '--parse', '--no-divider'], { input: message }).toString();

test('a proposal comes back from its message', () => {
  const message = proposalMessage(input);
  const proposal = read(message);
  assert.is(proposal.id, '1234567890ab');
  assert.is(proposal.created_at, '2026-01-01T00:00:00Z');
  assert.is(proposal.base, 'c'.repeat(40));
  for (const key of ['specialist', 'rule', 'title', 'risk', 'fingerprints', 'configuration', 'supersedes'] as const)
    assert.equal(proposal[key], input[key]);
  assert.is(proposalMessage(proposal), message);
  assert.ok(message.split('\n').every((line) => line.length <= 72));
  assert.match(message, '\n    indented: code\n');
});

test('git reads the same trailers', () => {
  const trailers = trailersOf(proposalMessage(input)).trim().split('\n');
  assert.equal(trailers, [
    'Ambient-Specialist: SecurityGuardian',
    'Ambient-Rule: python/yaml-load',
    'Ambient-Risk: low',
    'Ambient-Fingerprint: 0123456789abcdef',
    'Ambient-Fingerprint: fedcba9876543210',
    `Ambient-Config: ${'a'.repeat(40)}`,
    'Ambient-Supersedes: 0123456789ab',
    'Ambient-Schema: 1',
  ]);
});

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        ...['\n', '\n\n', '\r', '\r\n', '\u2028', '\u0085', '\0', '\u001b[31m', '\u202e', '\t', ' ', '---\n', '# '],
        ...['Ambient-Risk: low', 'ambient-risk: low', 'Ambient-Proposal: 0123456789ab', 'Ambient-Schema: 1'],
        ...[
          '\n\nAmbient-Specialist: StyleEnforcer\nAmbient-Schema: 1\n',
          'Signed-off-by: Nobody <n@example.test>',
          'word',
        ],
        ...['\u200bAmbient-Proposal: 0123456789ab', '\ud800', 'x'.repeat(100)],
      ),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

test('hostile titles and rationales forge nothing, and reading what was written is stable', () => {
  fc.assert(
    fc.property(hostile, hostile, (title, rationale) => {
      const message = proposalMessage({ ...input, title, rationale });
      assert.equal(findLanded(message), []);
      const proposal = read(message);
      assert.is(proposal.risk, 'low');
      assert.equal(proposal.fingerprints, input.fingerprints);
      assert.ok([...proposal.title].length <= 72 && proposal.title !== '');
      assert.not.match(message, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
      assert.is(message.match(/^\s*ambient-risk:/gim)?.length, 1);
      assert.is(proposalMessage(proposal), message);
    }),
    { numRuns: 2000 },
  );
});

test('git takes nothing of a hostile text for a trailer', () => {
  fc.assert(
    fc.property(hostile, hostile, (title, rationale) => {
      assert.is(trailersOf(proposalMessage({ ...input, title, rationale })), trailersOf(proposalMessage(input)));
    }),
    { numRuns: 60 },
  );
});

test('a fact that is not shaped like one is our bug', () => {
  const wrong: Array<Partial<MessageInput>> = [
    { rule: 'a\nAmbient-Risk: low' },
    { configuration: 'HEAD' },
    { fingerprints: ['short'] },
    { risk: 'none' as never },
    { supersedes: ['zz'] },
    { specialist: 'A B' as never },
  ];
  for (const part of wrong)
    assert.throws(() => proposalMessage({ ...input, ...part }), /cannot be the value of Ambient-/);
});

test('what is not ours is refused with the reason', () => {
  const message = proposalMessage(input);
  const reasonOf = (text: string, parents = ['c'.repeat(40)]) => {
    const result = proposalFromCommit({ ...commitOf(text), parents }, { draft: false });
    return result.ok ? 'read' : result.reason;
  };
  assert.is(reasonOf(message), 'read');
  assert.match(reasonOf(message, []), /one parent/);
  assert.match(reasonOf(message, ['c'.repeat(40), 'd'.repeat(40)]), /one parent/);
  assert.match(reasonOf('fix things\n'), /no Ambient trailers/);
  assert.match(reasonOf('fix things\n\nSigned-off-by: A <a@example.test>\n'), /no Ambient trailers/);
  assert.match(reasonOf(message.replace('Schema: 1', 'Schema: 2')), /schema is 2/);
  assert.match(reasonOf(message.replace(/Ambient-Schema.*\n/, '')), /schema is missing/);
  assert.match(reasonOf(message.replace('Risk: low', 'Risk: tiny')), /Ambient-Risk is malformed/);
  assert.match(reasonOf(message.replace('Ambient-Risk: low', 'Ambient-Risk: low\nAmbient-Risk: high')), /2 trailers/);
  assert.match(reasonOf(message.replace(/Ambient-Rule.*\n/, '')), /0 trailers Ambient-Rule/);
});

test('a landed proposal is found in plain, squashed and quoted messages', () => {
  const trailer = landedTrailer('0123456789ab');
  assert.equal(findLanded(`Land it\n\n${trailer}\nSigned-off-by: A <a@example.test>\n`), ['0123456789ab']);
  const squashed = `Squashed\n\ncommit x\n\n    Land it\n\n    ${trailer}\n\n    ${landedTrailer('ba9876543210')}\n    ${trailer}\r\n`;
  assert.equal(findLanded(squashed), ['0123456789ab', 'ba9876543210']);
  assert.equal(findLanded(`see ${trailer}\nAmbient-Proposal: short\nXAmbient-Proposal: 0123456789ab`), []);
});

test.run();
