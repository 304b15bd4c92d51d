/** Each key of `agents:` changes something: what is found, what is measured enough, what a test is written for. */
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Crew, findings, withCrew } from '../../src/crew/index.ts';
import { untestedIn } from '../../src/crew/untested.ts';
import { comparePairs, isFaster } from '../../src/evaluate/performance/statistics.ts';
import { type Answers, writtenTests } from '../../src/specialists/index.ts';
import { ambient } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/agent-keys');
const BRANCHES = Array.from({ length: 6 }, (_, at) => `    if value == ${at}:\n        return ${at * 7}\n`).join('');
const ADVISORY = {
  ...{ id: 'GHSA-1', summary: 'It can be broken', modified: '2026-02-03T00:00:00Z' },
  database_specific: { severity: 'HIGH' },
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'flask' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.1.3' }] }],
    },
  ],
};
const FILES = {
  '.ambient.yml': 'agents:\n  SecurityGuardian: { osv_snapshot: .ambient/osv.json }\n',
  '.ambient/osv.json': JSON.stringify(ADVISORY),
  'requirements.txt': 'flask==2.1.0\n',
  'app/__init__.py': '',
  'app/branches.py': `def branches(value: int) -> int:\n${BRANCHES}    return value\n`,
  'app/shell.py': 'import subprocess\n\nsubprocess.check_call("git rev-parse HEAD", shell=True, cwd="/")\n',
  'app/layout.py': 'NAMES = [ "a","b" ]\n',
  'pay/__init__.py': '',
  'pay/sum.py': 'def fee(cents: int) -> int:\n    if cents < 100:\n        return 0\n    return cents // 50\n',
};

type Agents = Crew['config']['agents'];
const DEFAULTS = new Set(['dependency/flask']);
/** Key, another value than the default, and the rules that it brings or takes away. */
const SEEN: Array<[string, (agents: Agents) => void, { more?: string[]; fewer?: string[] }]> = [
  ['enabled', (agents) => (agents.enabled = ['StyleEnforcer']), { fewer: ['dependency/flask'] }],
  ...([
    [
      'SecurityGuardian.severity_threshold',
      (a) => (a.SecurityGuardian.severity_threshold = 'low'),
      { more: ['python/needless-shell'] },
    ],
    [
      'SecurityGuardian.severity_threshold',
      (a) => (a.SecurityGuardian.severity_threshold = 'critical'),
      { fewer: ['dependency/flask'] },
    ],
    [
      'SecurityGuardian.scan_dependencies',
      (a) => (a.SecurityGuardian.scan_dependencies = false),
      { fewer: ['dependency/flask'] },
    ],
    ['SecurityGuardian.osv_snapshot', (a) => (a.SecurityGuardian.osv_snapshot = ''), { fewer: ['dependency/flask'] }],
    [
      'RefactorArchitect.complexity_threshold',
      (a) => (a.RefactorArchitect.complexity_threshold = 5),
      { more: ['python/complex-function'] },
    ],
    [
      'RefactorArchitect.max_function_lines',
      (a) => (a.RefactorArchitect.max_function_lines = 10),
      { more: ['python/long-function'] },
    ],
    [
      'StyleEnforcer.defer_to_formatter',
      (a) => (a.StyleEnforcer.defer_to_formatter = false),
      { more: ['python/unformatted'] },
    ],
  ] as typeof SEEN),
];

test('what is found', async () => {
  const repo = makeRepository({ files: FILES });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  await withCrew({ dir: repo.dir }, async (crew) => {
    const rulesWith = async (change: (agents: Agents) => void) => {
      const config = structuredClone(crew.config);
      change(config.agents);
      const { findings: found } = await findings({ ...crew, config }, { all: true });
      return new Set(found.map(({ rule }) => rule));
    };
    const usual = await rulesWith(() => {});
    for (const rule of DEFAULTS) assert.ok(usual.has(rule), `${rule} in ${[...usual]}`);
    for (const [key, change, { more = [], fewer = [] }] of SEEN) {
      const rules = await rulesWith(change);
      for (const rule of more) assert.equal([usual.has(rule), rules.has(rule)], [false, true], `${key}: ${rule}`);
      for (const rule of fewer) assert.equal([usual.has(rule), rules.has(rule)], [true, false], `${key}: ${rule}`);
    }
    const firstFor = async (paths: string[]) => {
      const config = structuredClone(crew.config);
      config.agents.TestEnhancer.prioritize_paths = paths;
      const tree = repo.git('rev-parse', 'HEAD^{tree}');
      for await (const { file } of untestedIn({ ...crew, config }, tree, { kind: 'all', paths: [] }, () => true))
        return file.path;
      return null;
    };
    assert.equal([await firstFor([]), await firstFor(['pay/'])], ['app/branches.py', 'pay/sum.py']);
  });
  repo.remove();
});

test('PerformanceOptimizer.min_speedup_percent: what is faster by less is not fast enough', () => {
  const base = Array.from({ length: 16 }, (_, at) => 130 + (at % 3));
  const comparison = comparePairs(
    base,
    base.map((time) => time / 1.3),
  );
  assert.equal(
    [10, 29, 31].map((percent) => isFaster(comparison, percent)),
    [true, true, false],
  );
});

test('TestEnhancer.coverage_threshold: a test that reaches too little is not written', async () => {
  const text = `def rare(value: int) -> int:\n    if value * 3 + 1 == 1234567:\n${'        value += 1\n'.repeat(6)}    return value * 2\n`;
  const source = { path: 'app/rare.py', blob: '', text, language: 'python', test: false } as const;
  const manner = { path: 'tests/test_rare.py', runner: 'unittest', quote: '"', existing: null } as never;
  const questions = await writtenTests.questionsOf(source, manner, () => true);
  const program = (await questions?.program()) ?? '';
  const repo = makeRepository({ files: { 'app/__init__.py': '', 'app/rare.py': text } });
  const { stdout } = spawnSync('python3', ['-s', '-B', '-c', program], { cwd: repo.dir, encoding: 'utf8' });
  const chosen = (percent: number) =>
    questions ? writtenTests.choose(questions, [JSON.parse(stdout) as Answers], manner, percent).length : -1;
  assert.equal([chosen(20), chosen(80)], [1, 0]);
  repo.remove();
});

test.run();
