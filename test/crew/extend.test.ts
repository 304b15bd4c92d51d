/** What a repository adds: broken rules, programs, gates and events cost themselves only, and are named. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trustConfiguration } from '../../src/config/index.ts';
import { diagnose, missingLine } from '../../src/crew/diagnose.ts';
import { checkRulesHere } from '../../src/crew/extend/check-rules.ts';
import { notify, takeEvents } from '../../src/crew/extend/events.ts';
import { gateName, withGates } from '../../src/crew/extend/gates.ts';
import { ownProbes } from '../../src/crew/extend/own-probes.ts';
import { type Crew, withCrew } from '../../src/crew/index.ts';
import { run } from '../../src/crew/runner.ts';
import { vetCommands } from '../../src/crew/vet.ts';
import { openRepository } from '../../src/git/index.ts';
import type { EvaluationContent } from '../../src/records/index.ts';
import { hasSandbox } from '../support/cli.ts';
import { publishProposals } from '../support/proposals.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('crew/extend');
const PROGRAM = `import json, sys, time
request = json.load(sys.stdin)
case = sys.argv[1]
one = {"rule": "r", "path": "a.py", "line": 1, "severity": "low", "message": "m"}
said = {
    "good": {"findings": [one]},
    "unknown-key": {"findings": [{**one, "risk": "low"}]},
    "foreign-path": {"findings": [{**one, "path": "../a.py"}]},
    "no-such-line": {"findings": [{**one, "line": 99}]},
    "overlap": {"findings": [{**one, "edits": [{"line": 1, "end_line": 1, "text": "x"}, {"line": 1, "end_line": 1, "text": "y"}]}]},
    "settings": {"findings": [{**one, "message": request.get("settings", {}).get("word", "none")}]},
    "tree": {"findings": [{**one, "message": case == "tree" and open("tree/a.py").read() + " " + ("yes" if __import__("os").path.exists("a.py") else "no")}]},
    "allow": {"allow": True},
    "deny": {"allow": False, "reason": "not on\\nFridays"},
    "yes": {"allow": "yes"},
    "diff": {"allow": "+y = 2" in request.get("diff", "") and request.get("proposal", {}).get("risk") == "medium", "reason": "no diff"},
}
if case == "crash":
    raise SystemExit("out of luck")
if case == "hang":
    time.sleep(60)
if case == "silent":
    sys.exit(0)
if case == "much":
    print("x" * 3_000_000)
print("I think it is fine." if case == "prose" else json.dumps(said[case]))
`;
const RULE = (id: string, valid = 'y = 1') =>
  `id: ${id}\nlanguage: python\nseverity: low\nmessage: x is no name\nrationale: r\nrule: {pattern: x = 1}\nvalid: [${valid}]\ninvalid: [x = 1]\n`;

const program = (name: string) => `python3 .ambient/bin/p.py ${name}`;

/** A repository that trusts `config` and `files`. */
async function trusting(config: string, files: Record<string, string> = {}): Promise<TestRepository> {
  const own = { '.ambient.yml': config, '.ambient/bin/p.py': PROGRAM, ...files };
  const repo = makeRepository({ files: { 'a.py': 'x = 1\n', ...own } });
  const repository = await openRepository(repo.dir);
  await trustConfiguration(repository, vetCommands);
  await repository.close();
  return repo;
}
const inCrew = <T>(repo: TestRepository, work: (crew: Crew) => Promise<T>, warned: string[] = []) =>
  withCrew({ dir: repo.dir, log: { progress: () => {}, warn: (line) => warned.push(line) } }, work);
const lookAll = (crew: Crew, repo: TestRepository) =>
  diagnose(crew, repo.git('rev-parse', 'HEAD'), { kind: 'all', paths: [] });

const ALLOWED = "sandbox: { allowed_commands: ['^python3 \\.ambient/bin/\\S+', '^no-such-program'] }\n";

/** How each program ends: what the report says of it. */
const PROGRAMS: Record<string, [command: string, says: RegExp]> = {
  Crashes: [program('crash'), /ended with 1: out of luck/],
  Hangs: [program('hang'), /no answer within 1 s/],
  Silent: [program('silent'), /answered nothing/],
  Prose: [program('prose'), /no JSON: "I think it is fine\."/],
  Talks: [program('much'), /printed more than is read/],
  Unknown: [program('unknown-key'), /findings\.0 has the unknown key risk/],
  Foreign: [program('foreign-path'), /"\.\.\/a\.py", which it was not shown/],
  Beyond: [program('no-such-line'), /a\.py has no lines 99 to 99/],
  Overlaps: [program('overlap'), /two edits of a\.py overlap/],
  Missing: ['no-such-program', /no-such-program: no such program/],
  Forbidden: ['python3 -c pass', /not in allowed_commands/],
};

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test(`programs: ${Object.keys(PROGRAMS).join(', ')} cost only themselves`, async () => {
    const names = [...Object.keys(PROGRAMS), 'Good', 'Tells', 'Sees'];
    const commands: Record<string, string> = {
      Good: program('good'),
      Tells: program('settings'),
      Sees: program('tree'),
    };
    for (const [name, [command]] of Object.entries(PROGRAMS)) commands[name] = command;
    const blocks = names.map(
      (name) =>
        `  ${name}: { command: ${commands[name]}, timeout_seconds: ${name === 'Hangs' ? 1 : 30}, word: hello }\n`,
    );
    const repo = await trusting(
      `agents:\n  enabled: [StyleEnforcer, ${names.join(', ')}]\n${blocks.join('')}${ALLOWED}`,
    );
    // What stands in the working tree is not what is trusted.
    repo.write('.ambient/bin/p.py', 'print("{}")\n');
    await inCrew(repo, async (crew) => {
      const report = await lookAll(crew, repo);
      assert.equal(report.found.map(({ finding }) => [finding.rule, finding.message]).sort(), [
        ['Good/r', 'm'],
        ['Sees/r', 'x = 1 no'],
        ['Tells/r', 'hello'],
      ]);
      for (const [name, [, says]] of Object.entries(PROGRAMS))
        assert.match(report.missing.find((one) => one.specialist === name)?.reason ?? 'nothing', says, name);
      assert.is(report.missing.length, Object.keys(PROGRAMS).length);
    });
    assert.equal(fs.readdirSync(join(repo.dir, '.git/ambient/programs')), []);
  });

  test('gates: what is no clear yes denies, and every answer is recorded', async () => {
    const gates = ['allow', 'deny', 'yes', 'diff', 'crash', 'silent', 'prose'].map(program);
    const all = [...gates, 'python3 -c pass'];
    const repo = await trusting(`risk_policy: { custom_gates: ${JSON.stringify(all)} }\n${ALLOWED}`);
    const facts = { title: 'Add y', rule: 'python/x', risk: 'medium' as const };
    const [proposal] = await publishProposals(repo, [{ ...facts, files: { 'a.py': 'x = 1\ny = 2\n' } }]);
    await inCrew(repo, async (crew) => {
      const { proposal: whole } = await crew.store.proposals.find(proposal?.id ?? '');
      const passed = { outcome: 'passed', evidence: 'tests', reasons: [], checks: [] } as unknown as EvaluationContent;
      const { gates: said = [] } = await withGates(crew, whole, passed);
      assert.equal(
        said.map(({ name }) => name),
        all.map(gateName),
      );
      assert.equal(
        said.map(({ allowed }) => allowed),
        [true, false, false, true, false, false, false, false],
      );
      const reasons = [
        /no objection/,
        /not on Fridays/,
        /allow must be boolean/,
        /no diff/,
        /out of luck/,
        /answered nothing/,
      ];
      for (const [at, says] of reasons.entries()) assert.match(said[at]?.reason ?? '', says);
      const failed = { ...passed, outcome: 'failed' } as EvaluationContent;
      assert.is((await withGates(crew, whole, failed)).gates, undefined);
    });
  });
}

test('a rule that does not hold is named with file and line, and the others work', async () => {
  const repo = await trusting('agents: { enabled: [] }\n', {
    '.ambient/rules/bad.yml': RULE('bad', 'x = 1'),
    '.ambient/rules/good.yml': RULE('good'),
    '.ambient/rules/odd.yaml': 'id: odd\n',
    '.ambient/bin/own.py': 'x = 1\n',
  });
  await inCrew(repo, async (crew) => {
    const { found, skipped } = await lookAll(crew, repo);
    assert.equal(
      found.map(({ finding }) => `${finding.path} ${finding.rule}`),
      ['a.py custom/good'],
    );
    assert.equal(skipped, [
      { path: '.ambient/rules/odd.yaml:1', reason: 'custom/odd is not used: language is missing' },
      {
        path: '.ambient/rules/bad.yml:7',
        reason: 'custom/bad is not used: it finds something in this valid example: x is no name',
      },
    ]);
  });
  repo.write('.ambient/rules/bad.yml', RULE('bad'));
  await inCrew(repo, async (crew) => {
    const { rules, refused } = await checkRulesHere(crew);
    assert.equal([rules.map(({ rule }) => rule), refused.length], [['custom/bad', 'custom/good'], 1]);
    // The one in the working tree is not trusted yet.
    assert.is((await lookAll(crew, repo)).found.length, 1);
  });
});

test('a clone that trusts nothing runs no rule and no program', async () => {
  const repo = makeRepository({
    files: {
      ...{ 'a.py': 'x = 1\n', '.ambient/rules/good.yml': RULE('good'), '.ambient/bin/p.py': PROGRAM },
      '.ambient.yml': `agents: { enabled: [Good], Good: { command: ${program('good')} } }\n${ALLOWED}`,
    },
  });
  await inCrew(repo, async (crew) => {
    const { found, missing, skipped } = await lookAll(crew, repo);
    assert.equal([found, missing, skipped], [[], [], []]);
  });
});

test('the name of the configuration changes with a rule', async () => {
  const repo = await trusting('agents: { enabled: [] }\n');
  const oid = () => inCrew(repo, async (crew) => crew.configuration);
  const before = await oid();
  repo.write('.ambient/rules/good.yml', RULE('good'));
  assert.is(await oid(), before);
  const repository = await openRepository(repo.dir);
  await trustConfiguration(repository, vetCommands);
  await repository.close();
  assert.is.not(await oid(), before);
});

test('a command that is none, and a name that is taken, are refused before anything is trusted', async () => {
  const refused = async (config: string) => {
    try {
      await trusting(config);
      return 'trusted';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(
    await refused('agents: { enabled: [Own], Own: { command: "a | b" } }\n'),
    /agents\.Own\.command: .*`\|`/,
  );
  assert.match(await refused('agents: { CustomRules: { command: a } }\n'), /:1:\d+: CustomRules is the name of/);
  assert.match(await refused('agents: { enabled: [Own], Own: { command: [a] } }\n'), /Own\.command must be text/);
  assert.match(await refused('risk_policy: { custom_gates: [{ command: a }] }\n'), /custom_gates\.0 must be text/);
});

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

test('a vulnerable pin is reported at its line and lifted; a snapshot that cannot be read is said', async () => {
  const config = (path: string) =>
    `agents: { enabled: [SecurityGuardian], SecurityGuardian: { osv_snapshot: ${path} } }\n`;
  const files = {
    'requirements.txt': 'requests==2.31.0\nflask==2.1.0\n',
    'api/package-lock.json': '{}',
    '.ambient/osv/all.jsonl': `${JSON.stringify({ id: 'x' })}\n${JSON.stringify(ADVISORY)}\n`,
    '.ambient/osv/torn.json': '{',
  };
  const repo = await trusting(config('.ambient/osv'), files);
  await inCrew(repo, async (crew) => {
    const { found, missing } = await lookAll(crew, repo);
    assert.equal(
      found.map(({ finding }) => [finding.path, finding.line, finding.rule, finding.severity, finding.fixable]),
      [['requirements.txt', 2, 'dependency/flask', 'high', true]],
    );
    assert.match(missing.map(({ reason }) => reason).join(), /api\/package-lock\.json is no lock file/);
    const [probe] = (await ownProbes(crew)).filter(({ name }) => name === 'advisories');
    assert.equal(
      [probe?.level, probe?.message],
      ['warn', '1 for npm, PyPI and Go in .ambient/osv, the newest of 2026-02-03, 1 files are no JSON'],
    );
    const [report] = await run(crew, { all: true });
    assert.is(report?.proposals.length, 1, JSON.stringify(report));
    const { proposal } = await crew.store.proposals.find(report?.proposals[0] ?? '');
    assert.equal([proposal.title, proposal.risk], ['Upgrade flask to 2.1.3 in requirements.txt', 'high']);
    assert.match(repo.git('show', `${proposal.commit}:requirements.txt`), 'requests==2.31.0\nflask==2.1.3');
  });
  const lost = await trusting(config('/no/such/folder'), files);
  await inCrew(lost, async (crew) => {
    const { found, missing } = await lookAll(crew, lost);
    assert.equal(found, []);
    assert.match(missing[0]?.reason ?? '', /\/no\/such\/folder cannot be read: ENOENT/);
  });
  // A mirror that was never fetched costs itself, and the snapshot beside it speaks.
  const beside = config('.ambient/osv').replace(' } }', ", osv_mirror: ['/no/such.zip'] } }");
  const both = await trusting(beside, files);
  await inCrew(both, async (crew) => {
    const { found, missing } = await lookAll(crew, both);
    assert.equal(
      found.map(({ finding }) => finding.rule),
      ['dependency/flask'],
    );
    assert.match(
      missing.map(missingLine).join('\n'),
      /^Advisories: .*such\.zip cannot be read: they were not fetched yet$/m,
    );
    assert.match(missing.map(missingLine).join('\n'), /^Advisories on 1 file: /m);
    const probes = (await ownProbes(crew)).filter(({ name }) => name === 'advisories');
    assert.match(probes.map(({ hint }) => hint).join(), 'git ambient advisories --update');
  });
});

const spooled = (repo: TestRepository) => join(repo.dir, '.git/ambient/spool');
function drop(repo: TestRepository, name: string, content: unknown): void {
  fs.mkdirSync(spooled(repo), { recursive: true });
  fs.writeFileSync(join(spooled(repo), name), typeof content === 'string' ? content : JSON.stringify(content));
}
const scopes = async (crew: Crew, cycles: string[]) =>
  Promise.all(cycles.map(async (cycle) => (await crew.store.journal.read(cycle))[0]?.['scope']));

test('events become one cycle; the same id counts once; what is no event is set aside and named', async () => {
  const repo = await trusting('agents: { enabled: [] }\n', { 'shop/b.py': 'y = 1\n' });
  const event = (data: object, kind = 'scan') => ({ kind, data });
  drop(repo, 'one.json', event({ id: '1', paths: ['shop/'] }));
  drop(repo, 'two.json', event({ id: '1', paths: ['shop'], note: 'again' }));
  drop(repo, 'three.json', event({ paths: ['a.py', 'gone.py'] }));
  const bad: Record<string, unknown> = {
    'torn.json': '{"kind":',
    'kind.json': event({}, 'No Kind'),
    'up.json': event({ paths: ['../other'] }),
    'absolute.json': event({ paths: ['/etc/passwd'] }),
    'git.json': event({ paths: ['.git/config'] }),
    'gone.json': event({ paths: ['gone.py'] }),
    'many.json': event({ paths: Array.from({ length: 101 }, (_, at) => `p${at}`) }),
    'extra.json': { ...event({}), run: 'rm -rf /' },
    'id.json': event({ id: 7 }),
  };
  for (const [name, content] of Object.entries(bad)) drop(repo, name, content);
  const warned: string[] = [];
  await inCrew(
    repo,
    async (crew) => {
      assert.equal(await scopes(crew, await takeEvents(crew)), [{ kind: 'all', paths: ['a.py', 'shop'] }]);
      assert.is(await crew.store.spool.waiting(), 0);
      const aside = (await crew.store.spool.aside()).map((name) => name.replace(/\.[^.]+$/, '')).sort();
      assert.equal(aside, Object.keys(bad).sort());
      for (const name of aside)
        assert.ok(
          warned.some((line) => line.includes(JSON.stringify(name).slice(0, -1))),
          name,
        );
      const probe = (await ownProbes(crew)).find(({ name }) => name === 'events');
      assert.match(probe?.message ?? '', /absolute\.json.* and 6 more/);
      drop(repo, 'later.json', event({ id: '1' }));
      assert.equal(await takeEvents(crew), []);
      drop(repo, 'whole.json', event({}));
      drop(repo, 'part.json', event({ paths: ['a.py'] }));
      assert.equal(await scopes(crew, await takeEvents(crew)), [{ kind: 'all', paths: [] }]);
    },
    warned,
  );
});

test('notify puts what is an event into the spool, and refuses everything else', async () => {
  const repo = await trusting('monitoring: { enabled: false }\n');
  await inCrew(repo, async (crew) => {
    const said = await notify(crew, { kind: 'scan', data: { id: 'x' } });
    assert.is(said.wakes, false);
    assert.equal(
      (await crew.store.spool.list()).map(({ kind, data }) => [kind, data]),
      [['scan', { id: 'x' }]],
    );
    assert.is(await crew.store.wake.pending(), true);
    const code = async (kind: string, data: Record<string, unknown>) => {
      try {
        await notify(crew, { kind, data });
        return 'taken';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    assert.is(await code('A b', {}), 'bad-event');
    assert.is(await code('scan', { paths: ['../x'] }), 'bad-event');
    assert.is(await code('scan', { paths: [] }), 'bad-event');
    assert.is(await code('scan', { paths: ['no/such.py'] }), 'unknown-path');
    assert.is(await crew.store.spool.waiting(), 1);
    assert.is(await code('scan', { id: 'a\u001b[2J' }), 'bad-event');
    assert.is(await code('scan', { text: 'x'.repeat(2_000_000) }), 'event-too-large');
    for (let at = 0; at < 1000; at++) drop(repo, `flood-${at}.json`, '{}');
    assert.is(await code('scan', {}), 'spool-full');
  });
});

test.run();
