/** What is asked for is what is shown. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson } from '../support/cli.ts';
import { injection } from '../support/defects.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/findings');

test('findings of SecurityGuardian below its threshold are left out', () => {
  const weak = 'import requests\n\n\ndef read(url):\n    return requests.get(url, verify=False)\n';
  const repo = makeRepository({ files: { 'shop/search.py': injection, 'shop/web.py': weak } });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  const severities = (threshold: string) =>
    ambientJson<Array<{ specialist: string; severity: string }>>(repo, ['findings', '--all'], {
      AMBIENT_AGENTS_SECURITYGUARDIAN_SEVERITY_THRESHOLD: threshold,
    })
      .filter(({ specialist }) => specialist === 'SecurityGuardian')
      .map(({ severity }) => severity)
      .sort();
  assert.equal(severities('low'), ['critical', 'high']);
  assert.equal(severities('high'), ['critical', 'high']);
  assert.equal(severities('critical'), ['critical']);
});

const negated = (count: number) =>
  Array.from({ length: count }, (_, n) => `if not a${n} in b:\n    c = ${n}\n`).join('');

test('a file with more findings than are shown: some mended let no others in as new', () => {
  const repo = makeRepository({ files: { 'shop/search.py': negated(30) } });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  const listed = (...args: string[]) => ambientJson<Array<{ rule: string }>>(repo, ['findings', ...args]);
  assert.is(listed('--all').length, 20);
  const [cycle] = ambientJson<Array<{ proposals: string[]; suppressed: unknown[] }>>(repo, ['run', '--all']);
  assert.equal([cycle?.proposals.length, cycle?.suppressed], [1, []]);
  repo.commit('mend the first', { 'shop/search.py': negated(30).replace('not a0 in', 'a0 not in') });
  assert.equal(listed(), []);
});

test.run();
