/** Versions, advisories, files that pin versions, and which upgrade is offered. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { adviseOn, indexAdvisories } from '../../src/specialists/dependencies/advise.ts';
import { isLockFile, readPins } from '../../src/specialists/dependencies/locks.ts';
import { isAffected, readAdvisory } from '../../src/specialists/dependencies/osv.ts';
import {
  compareVersions,
  type Ecosystem,
  isCompatible,
  isRelease,
} from '../../src/specialists/dependencies/versions.ts';

const test = suite('specialists/dependencies');

/** Each in its own order, earliest first; what stands in one list of its own is equal. */
const ORDERED: Record<Ecosystem, string[][]> = {
  // From PEP 440 and from semver.org.
  PyPI: [
    ...[
      ['1.dev0', '1.0.dev0'],
      ['1.0.dev456'],
      ['1.0a1', '1.0alpha1', '1.0.a.1'],
      ['1.0a2.dev456'],
      ['1.0a12.dev456'],
      ['1.0a12'],
    ],
    ...[['1.0b1.dev456'], ['1.0b2', '1.0-beta-2'], ['1.0b2.post345.dev456'], ['1.0b2.post345'], ['1.0rc1.dev456']],
    ...[['1.0rc1', '1.0c1', '1.0pre1', 'v1.0RC1'], ['1', '1.0', '1.0.0'], ['1.0+abc.5'], ['1.0+abc.7'], ['1.0+5']],
    ...[
      ['1.0.post456.dev34'],
      ['1.0.post456', '1.0-456', '1.0.r456'],
      ['1.0.15'],
      ['1.1.dev1'],
      ['1.10'],
      ['2024.2.2'],
      ['1!0.1'],
    ],
  ],
  npm: [
    ...[['0.9.9'], ['1.0.0-alpha'], ['1.0.0-alpha.1'], ['1.0.0-alpha.beta'], ['1.0.0-beta'], ['1.0.0-beta.2']],
    ...[['1.0.0-beta.11'], ['1.0.0-rc.1'], ['1.0.0', '1.0.0+build.1', 'v1.0.0'], ['1.2.0'], ['1.10.0'], ['10.0.0']],
  ],
  Go: [['0.0.0-20190308221718-c2843e01d9a2'], ['0.0.0-20200101000000-aaaaaaaaaaaa'], ['0.3.7'], ['1.0.0', 'v1.0.0']],
};
for (const [ecosystem, order] of Object.entries(ORDERED) as Array<[Ecosystem, string[][]]>)
  test(`the order of versions: ${ecosystem}`, () => {
    const flat = order.flatMap((equals, rank) => equals.map((version) => ({ version, rank })));
    for (const a of flat)
      for (const b of flat) {
        const said = compareVersions(ecosystem, a.version, b.version);
        assert.is(Math.sign(said ?? Number.NaN), Math.sign(a.rank - b.rank), `${a.version} and ${b.version}`);
      }
  });

test('what is no version has no order', () => {
  for (const text of ['', 'latest', '1.x', '^1.0.0', '1.0.0.0.0-', '1..2'])
    for (const ecosystem of ['npm', 'PyPI', 'Go'] as const)
      assert.is(compareVersions(ecosystem, text, '1.0.0'), null, `${ecosystem} ${text}`);
  assert.is(compareVersions('npm', '1.0', '1.0.0'), null);
});

test('released, and compatible', () => {
  assert.equal(
    ['1.0', '1.0.post1', '1.0rc1', '1.0.dev1', '2!1.0'].map((version) => isRelease('PyPI', version)),
    [true, true, false, false, true],
  );
  assert.equal(
    ['1.0.0', '1.0.0-rc.1', '1.0'].map((version) => isRelease('npm', version)),
    [true, false, false],
  );
  const cases: Array<[string, string, boolean]> = [
    ['1.2.0', '1.9.1', true],
    ['1.2.0', '2.0.0', false],
    ['0.2.0', '0.2.9', true],
    ['0.2.0', '0.3.0', false],
  ];
  for (const [from, to, is] of cases)
    for (const ecosystem of ['npm', 'PyPI'] as const) assert.is(isCompatible(ecosystem, from, to), is, `${from} ${to}`);
  assert.is(isCompatible('PyPI', '1.0', '1!1.1'), false);
});

const advisory = (
  name: string,
  events: object[],
  { id = 'GHSA-1', ecosystem = 'PyPI', ...more }: Record<string, unknown> = {},
) => ({
  ...{ id, summary: 'It can be\nbroken', database_specific: { severity: 'HIGH', cwe_ids: ['CWE-79'] } },
  affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
  ...more,
});
const ALL = [{ introduced: '0' }, { fixed: '1.2.1' }];

test('which versions an advisory is about', () => {
  const twice = [{ fixed: '2.1' }, { introduced: '2.0' }, { fixed: '1.2' }, { introduced: '1.0' }];
  const cases: Array<[events: object[], versions: Record<string, boolean>]> = [
    [ALL, { '0.1': true, '1.2.1rc1': true, '1.2': true, '1.2.1': false, '3': false }],
    [twice, { '0.9': false, '1.0': true, '1.2': false, '1.9': false, '2.0': true, '2.0.9': true, '2.1': false }],
    [[{ introduced: '1.0' }, { last_affected: '1.5' }], { '1.5': true, '1.5.post1': false, '1.6': false }],
    [[{ introduced: '1.0' }], { '99': true, '0.1': false }],
    [[{ introduced: 'soon' }], { '1.0': false }],
  ];
  for (const [events, versions] of cases) {
    const [one] = readAdvisory(advisory('Some_Package', events));
    for (const [version, is] of Object.entries(versions))
      assert.is(one !== undefined && isAffected(one, version), is, `${JSON.stringify(events)} ${version}`);
  }
  const named = { package: { ecosystem: 'PyPI', name: 'x' }, versions: ['1.0.0'] };
  const [listed] = readAdvisory({ id: 'a', affected: [named] });
  assert.equal([listed && isAffected(listed, '1.0'), listed && isAffected(listed, '1.1')], [true, false]);
});

test('what is withdrawn, foreign or no advisory says nothing', () => {
  assert.equal(readAdvisory(advisory('x', ALL, { withdrawn: '2024-01-01T00:00:00Z' })), []);
  assert.equal(readAdvisory(advisory('x', ALL, { ecosystem: 'crates.io' })), []);
  for (const odd of [
    null,
    7,
    [],
    {},
    { id: 3 },
    { id: 'x', affected: 3 },
    { id: 'x', affected: [null, { package: 3 }] },
  ])
    assert.equal(readAdvisory(odd), []);
  const git = { package: { ecosystem: 'npm', name: 'x' }, ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] };
  const [one] = readAdvisory({ id: 'x', affected: [git] });
  assert.is(one && isAffected(one, '1.0.0'), false);
});

/** `path` \u2192 the lines of what is found, and the text after the fixes. */
function advised(path: string, text: string, ...records: object[]) {
  const index = indexAdvisories();
  for (const record of records) index.add(record);
  const { found, rules } = adviseOn({ path, blob: '0'.repeat(40), text }, index.all);
  let bytes = Buffer.from(text);
  for (const edit of found.flatMap(({ edits }) => edits).toSorted((a, b) => b.start - a.start))
    bytes = Buffer.concat([bytes.subarray(0, edit.start), Buffer.from(edit.text), bytes.subarray(edit.end)]);
  return { found: found.map(({ finding }) => finding), rules, after: bytes.toString() };
}

test('a pin of requirements.txt is lifted to the smallest safe version', () => {
  const text = '# é\nflask==2.0\nSome.Package [extra] == 1.1.0 ; python_version < "4"  # why\n-r other.txt\nother>=1\n';
  const more = advisory('some-package', [{ introduced: '1.2.1' }, { fixed: '1.3.0' }], { id: 'GHSA-2' });
  const { found, rules, after } = advised('requirements.txt', text, advisory('Some_Package', ALL), more);
  assert.is(after, text.replace('1.1.0', '1.3.0'));
  const [one] = found;
  assert.equal(
    [found.length, one?.rule, one?.line, one?.severity, one?.cwe, one?.specialist],
    [1, 'dependency/some-package', 3, 'high', 'CWE-79', 'SecurityGuardian'],
  );
  assert.is(one?.message, 'some-package 1.1.0 has known weaknesses (GHSA-1): It can be broken; 1.3.0 is safe');
  assert.is(rules[0]?.title, 'Upgrade some-package to 1.3.0');
});

const UNTOUCHED: Array<[what: string, line: string, records: object[], says: RegExp | null]> = [
  [
    'another major version',
    'x==1.1',
    [advisory('x', [{ introduced: '0' }, { fixed: '2.0' }])],
    /2\.0 is safe, and may not be compatible/,
  ],
  ['no fix', 'x==1.1', [advisory('x', [{ introduced: '0' }])], /no safe version is known/],
  [
    'a fix that is a release candidate',
    'x==1.1',
    [advisory('x', [{ introduced: '0' }, { fixed: '1.2rc1' }])],
    /no safe version/,
  ],
  ['hashes', 'x==1.1 \\\n    --hash=sha256:abc', [advisory('x', ALL)], /hashes/],
  [
    'hashes after a continuation',
    'x==1.1 \\\n  ; python_version > "3" \\\n  --hash=sha256:abc',
    [advisory('x', ALL)],
    /pip hash/,
  ],
  ['a file that asks for hashes', '--require-hashes\nx==1.1', [advisory('x', ALL)], /hashes/],
  [
    'a file that is compiled',
    '# This file is autogenerated by pip-compile\nx==1.1',
    [advisory('x', ALL)],
    /pip-compile --upgrade-package x==1\.2\.1/,
  ],
  ['a safe version', 'x==1.2.1', [advisory('x', ALL)], null],
  ['a range', 'x>=1.1', [advisory('x', ALL)], null],
  ['a wildcard', 'x==1.1.*', [advisory('x', ALL)], null],
  ['two conditions', 'x==1.1,<2', [advisory('x', ALL)], null],
  ['a suppression', 'x==1.1  # ambient: ignore', [advisory('x', ALL)], null],
  ['another package', 'x-y==1.1', [advisory('x', ALL)], null],
  ['a comment', '# x==1.1', [advisory('x', ALL)], null],
  ['another ecosystem', 'x==1.1', [advisory('x', ALL, { ecosystem: 'npm' })], null],
];
for (const [what, line, records, says] of UNTOUCHED)
  test(`left as it is: ${what}`, () => {
    const { found, after } = advised('requirements.txt', `${line}\n`, ...records);
    assert.is(after, `${line}\n`);
    if (says === null) assert.equal(found, []);
    else assert.match(found[0]?.message ?? '', says);
  });

test('lock files: the line, the name, and what to type', () => {
  const npm = JSON.stringify(
    {
      ...{ name: 'app', lockfileVersion: 3 },
      packages: {
        ...{
          '': { version: '1.0.0', dependencies: { '@a/x': '^1.0.0' } },
          'node_modules/@a/x': { version: '1.1.0', integrity: 'sha512-' },
        },
        ...{
          'node_modules/y/node_modules/@a/x': { version: '1.1.0' },
          'node_modules/z': { link: true, version: '1.0.0' },
        },
        'node_modules/alias': { name: 'real', version: '1.1.0' },
      },
    },
    null,
    2,
  );
  const cases: Array<[path: string, text: string, ecosystem: string, name: string, line: number, says: RegExp]> = [
    ['web/package-lock.json', npm, 'npm', '@a/x', 11, /npm install @a\/x@1\.2\.1/],
    ['package-lock.json', npm, 'npm', 'real', 22, /checksum.*npm update real/],
    [
      'poetry.lock',
      '[[package]]\nname = "y"\nversion = "9"\n\n[[package]]\nname = "X_y"\nversion = "1.1.0"\n',
      'PyPI',
      'x-y',
      6,
      /poetry update X_y/,
    ],
    [
      'Pipfile.lock',
      '{\n "_meta": {},\n "default": {},\n "develop": {\n  "x_y": {\n   "version": "==1.1.0"\n  }\n }\n}',
      'PyPI',
      'x-y',
      5,
      /pipenv upgrade x_y==1\.2\.1 --dev/,
    ],
    ['uv.lock', '[[package]]\nname = "x"\nversion = "1.1.0"\n', 'PyPI', 'x', 2, /uv lock --upgrade-package x==1\.2\.1/],
    ['go.mod', 'module m\n\nrequire (\n\ta.b/x v1.1.0 // indirect\n)\n', 'Go', 'a.b/x', 4, /go get a\.b\/x@v1\.2\.1/],
    ['go.mod', 'require a.b/x v1.1.0+incompatible\n', 'Go', 'a.b/x', 1, /go\.sum/],
  ];
  for (const [path, text, ecosystem, name, line, says] of cases) {
    const { found, after } = advised(path, text, advisory(name, ALL, { ecosystem }));
    assert.equal([after === text, found.map((one) => one.line)], [true, [line]], path);
    assert.match(found[0]?.message ?? '', says);
  }
  assert.equal(
    advised('go.mod', 'replace (\n\ta.b/x v1.1.0\n)\n', advisory('a.b/x', ALL, { ecosystem: 'Go' })).found,
    [],
  );
  assert.is(readPins('package-lock.json', '{'), null);
  assert.is(readPins('package-lock.json', '{"lockfileVersion": 1, "dependencies": {}}'), null);
  for (const path of ['node_modules/x/package-lock.json', 'a.txt', 'src/go.mod.bak', 'package.json'])
    assert.not.ok(isLockFile(path), path);
});

test('a weakness that two databases know is told once', () => {
  const both = [advisory('x', ALL, { aliases: ['CVE-1'] }), advisory('x', ALL, { id: 'PYSEC-1', aliases: ['CVE-1'] })];
  assert.match(advised('requirements.txt', 'x==1.1\n', ...both).found[0]?.message ?? '', '(GHSA-1)');
});

test.run();
