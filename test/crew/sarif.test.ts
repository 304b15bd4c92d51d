/** The SARIF log: what code hosts need of it, and names that are no URIs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient } from '../support/cli.ts';
import { injection } from '../support/defects.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/sarif');

interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  partialFingerprints: Record<string, string>;
  locations: Array<{
    physicalLocation: { artifactLocation: { uri: string; uriBaseId: string }; region: { startLine: number } };
  }>;
}

test('findings --sarif is one run with rules, places and fingerprints', () => {
  const repo = makeRepository({ files: { 'shop/a b%é.py': injection, 'broken.py': 'import os\n\n\ndef f(:\n' } });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  const printed = ambient(repo, ['findings', '--all', '--sarif']);
  assert.is(printed.code, 0, printed.stderr);
  const log = JSON.parse(printed.stdout);
  assert.is(log.version, '2.1.0');
  assert.is(log.runs.length, 1);
  const [{ tool, results, invocations }] = log.runs as [
    { tool: { driver: { rules: Array<{ id: string }>; version: string } }; results: Result[]; invocations: unknown[] },
  ];
  const found = results.find((result) => result.ruleId.includes('sql'));
  assert.ok(found, printed.stdout);
  assert.is(tool.driver.rules[found.ruleIndex]?.id, found.ruleId);
  assert.match(tool.driver.version, /^\d+\.\d+\.\d+/);
  assert.is(found.level, 'error');
  assert.match(found.partialFingerprints['ambientFingerprint/v1'] ?? '', /^[0-9a-f]{16}$/);
  const { artifactLocation, region } = found.locations[0]!.physicalLocation;
  assert.equal(artifactLocation, { uri: 'shop/a%20b%25%C3%A9.py', uriBaseId: 'ROOT' });
  assert.ok(region.startLine > 0);
  assert.match(JSON.stringify(invocations), /not analysed: syntax error/);
});

test('--sarif and --json exclude each other, and --check still decides the exit code', () => {
  const repo = makeRepository({ files: { 'shop/a.py': injection } });
  assert.is(ambient(repo, ['findings', '--all', '--sarif', '--json']).code, 2);
  assert.is(ambient(repo, ['findings', '--all', '--sarif', '--check']).code, 1);
});

test.run();
