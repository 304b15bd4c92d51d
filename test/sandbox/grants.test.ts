/** A network is opened by a person, for one clone and for a time; everything else about a grant is refused. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GRANTED, judgeGrant, logOfGrant, makeGrant, REVOKED, writeGrant } from '../../src/sandbox/index.ts';
import { ambient } from '../support/cli.ts';
import { makeRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/grants');
const DAY = 86_400_000;
const now = Date.parse('2026-01-10T00:00:00Z');
const grant = makeGrant('host', 'this clone', now, now + DAY);
const line = { kind: GRANTED, data: logOfGrant(grant) };
const facts = { recorded: writeGrant(grant), log: [line], clone: 'this clone', now: now + 1 };
const longer = makeGrant('host', 'this clone', now, now + 9 * DAY);

const CASES: Array<[what: string, change: Partial<typeof facts> | { recorded: null }, answer: RegExp | null]> = [
  ['as it was given', {}, null],
  ['none', { recorded: null }, /no network was granted/],
  ['over', { now: now + DAY }, /ended on 2026-01-11/],
  ['before it was given', { now: now - 1 }, /cannot be right/],
  ['of another clone', { clone: 'a copy' }, /edited, or made for another clone/],
  ['with a later end', { recorded: facts.recorded.replace(String(grant.until), String(grant.until + DAY)) }, /edited/],
  ['for another network', { recorded: facts.recorded.replace('host', 'bridge') }, /edited/],
  ['made by hand, with a right digest', { recorded: writeGrant(longer) }, /not the last one/],
  ['without a log', { log: [] }, /the log knows nothing/],
  ['put back after it was revoked', { log: [line, { kind: REVOKED, data: { grant: grant.id } }] }, /was revoked/],
  ['put back after another', { log: [line, { kind: GRANTED, data: logOfGrant(longer) }] }, /not the last one/],
  ['unreadable', { recorded: 'host forever' }, /cannot be read/],
  ['of a later format', { recorded: facts.recorded.replace('v1', 'v2') }, /cannot be read/],
];
for (const [what, change, answer] of CASES)
  test(`a grant ${what}`, () => {
    const found = judgeGrant({ ...facts, ...change });
    if (answer === null) assert.equal(found, { grant });
    else assert.match('reason' in found ? found.reason : 'it was accepted', answer);
  });

test('a grant of a year is never accepted, whoever wrote it into the log', () => {
  const year = makeGrant('host', 'this clone', now, now + 365 * DAY);
  const log = [{ kind: GRANTED, data: logOfGrant(year) }];
  const found = judgeGrant({ ...facts, recorded: writeGrant(year), log });
  assert.match('reason' in found ? found.reason : '', 'cannot be right');
});

test('at the command line: refused, granted, shown, revoked, not to be put back, and nothing in a copy', () => {
  const repo = makeRepository({ files: { 'test_a.py': 'def test_a():\n    pass\n' } });
  ambient(repo, ['init', '--no-hook']);
  const env = { AMBIENT_SANDBOX_NETWORK_MODE: 'host', AMBIENT_SANDBOX_ALLOWED_COMMANDS: '^git' };
  const check = () => ambient(repo, ['sandbox', '--', 'git', '--version'], env);
  const refused = check();
  assert.is(refused.code, 2);
  assert.match(refused.stderr, /nothing was run: sandbox\.network_mode is host, and no network was granted/);
  assert.match(refused.stderr, /git ambient sandbox grant host --for 7d/);
  assert.is(ambient(repo, ['sandbox', 'grant', 'everything']).code, 2);
  assert.is(ambient(repo, ['sandbox', 'grant', 'host', '--for', '31d']).code, 2);
  assert.is(ambient(repo, ['sandbox', 'grant', 'host', '--for', 'ever']).code, 2);
  assert.match(ambient(repo, ['sandbox', 'grant', 'host', '--for', '2h']).stdout, /host network until/);
  assert.match(ambient(repo, ['sandbox']).stdout, /host is granted until/);
  assert.not.match(check().stderr, 'nothing was run: sandbox.network_mode');
  assert.match(ambient(repo, ['telemetry', '--type', 'sandbox_grant']).stdout, 'host');
  const recorded = repo.git('config', 'ambient.sandboxgrant').trim();
  const copy = join(temporaryDirectory(), 'copy');
  cpSync(repo.dir, copy, { recursive: true, preserveTimestamps: true });
  const elsewhere = ambient({ ...repo, dir: copy }, ['sandbox', '--', 'git', '--version'], env);
  assert.match(elsewhere.stderr, 'made for another clone');
  ambient(repo, ['sandbox', 'revoke']);
  assert.is(check().code, 2);
  repo.git('config', 'ambient.sandboxgrant', recorded);
  assert.match(check().stderr, 'was revoked');
  repo.remove();
});

test.run();
