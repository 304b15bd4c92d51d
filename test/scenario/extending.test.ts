/** The examples of docs/extending.md, as they stand there, from a commit to what lands and what waits for a person. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox, waitForCrew } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('scenario/extending');
const page = readFileSync(fileURLToPath(new URL('../../docs/extending.md', import.meta.url)), 'utf8');
const shown = Object.fromEntries(
  [...page.matchAll(/^`(\.ambient[^`]*)`:\n\n```\w+\n([\s\S]*?)^```/gm)].map(([, path = '', text = '']) => [
    path,
    text,
  ]),
);
const SPDX = '# SPDX-License-Identifier: MIT\n';
const TESTS = `${SPDX}import unittest

from payments.charge import charge


class Charge(unittest.TestCase):
    def test_charge(self):
        self.assertEqual(charge(2), 4)
`;
const ORDERS = `${SPDX}import time

from shop import clock


def place(order):
    time.sleep(0)
    return order, time.time(), clock.now()
`;

interface Row {
  id: string;
  rule: string;
  risk: string;
  status: string;
  evaluation: { checks: Array<{ name: string; candidate: string }>; gates: Array<{ name: string; allowed: boolean }> };
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  test('a rule and a program propose, a check and a gate judge, an event wakes', () => {
    assert.is(Object.keys(shown).length, 5, Object.keys(shown).join(' '));
    const config = `${shown['.ambient.yml']}commit_on_success: true\n`;
    const repo = makeRepository({
      files: {
        ...{
          ...shown,
          '.ambient.yml': config,
          'payments/__init__.py': '',
          'shop/__init__.py': '',
          'tests/__init__.py': '',
        },
        'shop/clock.py': `${SPDX}import time\n\n\ndef now():\n    return time.monotonic()\n`,
        ...{ 'payments/charge.py': `${SPDX}def charge(sum):\n    return sum\n`, 'tests/test_charge.py': TESTS },
      },
    });
    const rules = ambient(repo, ['config', '--check-rules']);
    assert.match(
      rules.stdout,
      /ok +\.ambient\/rules\/clock\.yml:1 +custom\/use-our-clock +medium +with a fix +3 examples hold/,
    );
    assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
    const rows = () => ambientJson<Row[]>(repo, ['list', '--all']);

    repo.commit('charge', { 'payments/charge.py': 'def charge(sum):\n    return 2 * sum\n' });
    assert.equal(ambientJson<Array<{ landed: string[] }>>(repo, ['run'])[0]?.landed, []);
    const [held] = rows();
    assert.equal([held?.rule, held?.risk, held?.status], ['LicenseKeeper/missing-header', 'low', 'validated']);
    assert.equal(
      held?.evaluation.checks.map(({ name, candidate }) => [name, candidate]),
      [
        ['analysis', 'passed'],
        ['python3 -m unittest', 'passed'],
        ['no breakpoints', 'passed'],
      ],
    );
    const said = ambient(repo, ['show', held?.id ?? '']).stdout;
    assert.match(said, 'gate python3 .ambient/bin/no_payments.py denies: payments/charge.py handles money');
    assert.match(said, `+${SPDX.trim()}`);

    repo.commit('orders', { 'shop/orders.py': ORDERS });
    const [cycle] = ambientJson<Array<{ landed: string[] }>>(repo, ['run']);
    const landed = rows().find(({ id }) => id === cycle?.landed[0]);
    assert.equal(landed?.evaluation.gates, [
      { name: 'python3 .ambient/bin/no_payments.py', allowed: true, reason: 'no objection' },
    ]);
    assert.match(repo.git('show', 'HEAD:shop/orders.py'), 'return order, clock.now(), clock.now()');
    assert.match(repo.git('log', '-1', '--format=%B'), 'Ambient-Rule: custom/use-our-clock');

    assert.match(
      ambient(repo, ['notify', 'build-failed', '--data', '{"id": "4711", "paths": ["shop"]}']).stdout,
      'a runner',
    );
    waitForCrew(repo);
    const log = ambientJson<Array<{ kind: string; data: Record<string, unknown> }>>(repo, ['telemetry']);
    assert.equal(log.find(({ kind }) => kind === 'event')?.data, {
      event: 'build-failed',
      id: '4711',
      paths: ['shop'],
    });
    assert.is(log.filter(({ kind, data }) => kind === 'cycle_started' && data['scope'] === 'all').length, 1);
    assert.is(ambient(repo, ['notify', 'x', '--data', '[]']).code, 2);
    assert.is(ambient(repo, ['merge', held?.id ?? '']).code, 0);
    assert.match(readFileSync(join(repo.dir, 'payments/charge.py'), 'utf8'), SPDX);
  });

test.run();
