/** Which answer of npm is the upgrade that was asked for, and which is not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Manifest, npmLock } from '../../src/specialists/dependencies/npm-lock.ts';

const test = suite('specialists/npm-lock');
const LIFT = { name: 'leaf', from: '1.0.0', to: '1.0.2' };
const entry = (name: string, version: string, more: object = {}) => ({
  ...{ version, resolved: `https://registry.example/${name}/-/${name}-${version}.tgz`, integrity: `sha512-${version}` },
  ...more,
});
const MANIFEST = { name: 'app', version: '1.0.0', dependencies: { branch: '^2.0.0' } };
type Packages = Record<string, object>;
const PACKAGES: Packages = {
  '': MANIFEST,
  'node_modules/branch': entry('branch', '2.0.0', { dependencies: { leaf: '^1.0.0' } }),
  'node_modules/leaf': entry('leaf', '1.0.0'),
};
const lock = (packages: Packages, more: object = {}) =>
  `${JSON.stringify({ name: 'app', version: '1.0.0', lockfileVersion: 3, requires: true, packages, ...more }, null, 2)}\n`;
const top = (manifest: object): Manifest => ({ folder: '', text: `${JSON.stringify(manifest, null, 2)}\n` });

const SAID: Array<[what: string, after: string, says: RegExp | null]> = [
  ['the upgrade', lock({ ...PACKAGES, 'node_modules/leaf': entry('leaf', '1.0.2') }), null],
  [
    'a package that comes along',
    lock({
      ...PACKAGES,
      'node_modules/leaf': entry('leaf', '1.0.2', { dependencies: { bud: '^1.0.0' } }),
      'node_modules/bud': entry('bud', '1.0.0'),
    }),
    null,
  ],
  ['as it was', lock(PACKAGES), /asks for the older version/],
  [
    'the older one deeper down',
    lock({
      ...PACKAGES,
      'node_modules/leaf': entry('leaf', '1.0.2'),
      'node_modules/branch/node_modules/leaf': entry('leaf', '1.0.0'),
    }),
    /asks for the older version/,
  ],
  ['a later one', lock({ ...PACKAGES, 'node_modules/leaf': entry('leaf', '1.0.3') }), /no address and checksum/],
  [
    'no checksum',
    lock({ ...PACKAGES, 'node_modules/leaf': { ...entry('leaf', '1.0.2'), integrity: undefined } }),
    /no address and checksum/,
  ],
  [
    'an address elsewhere',
    lock({
      ...PACKAGES,
      'node_modules/leaf': { ...entry('leaf', '1.0.2'), resolved: 'https://elsewhere.example/leaf-1.0.2.tgz' },
    }),
    /no address and checksum/,
  ],
  [
    'another package',
    lock({ ...PACKAGES, 'node_modules/leaf': entry('leaf', '1.0.2'), 'node_modules/branch': entry('branch', '2.0.1') }),
    /would change node_modules\/branch too/,
  ],
  [
    'a package that is bad itself',
    lock({ ...PACKAGES, 'node_modules/leaf': entry('leaf', '1.0.2'), 'node_modules/bad': entry('bad', '1.0.0') }),
    /needs bad 1\.0\.0, which has known weaknesses/,
  ],
  [
    'six that come along',
    lock({
      ...PACKAGES,
      'node_modules/leaf': entry('leaf', '1.0.2'),
      ...Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`node_modules/b${at}`, entry(`b${at}`, '1.0.0')])),
    }),
    /too many/,
  ],
  [
    'what the top asks for',
    lock({
      ...PACKAGES,
      '': { ...MANIFEST, dependencies: { branch: '^2.0.0', leaf: '1.0.2' } },
      'node_modules/leaf': entry('leaf', '1.0.2'),
    }),
    /would change the top too/,
  ],
  [
    'another form',
    lock({ ...PACKAGES, 'node_modules/leaf': entry('leaf', '1.0.2') }, { lockfileVersion: 2 }),
    /another form/,
  ],
  [
    'without the package',
    lock({ '': MANIFEST, 'node_modules/branch': PACKAGES['node_modules/branch'] ?? {} }),
    /another version/,
  ],
  ['no lock file', '{', /can be read/],
];
for (const [what, after, says] of SAID)
  test(`npm answers: ${what}`, () => {
    const wrong = npmLock.wrongLift([lock(PACKAGES), after], [top(MANIFEST)], LIFT, (name) => name === 'bad');
    if (says === null) assert.is(wrong, null);
    else assert.match(wrong ?? '', says);
  });

test('a range is raised where one plain version is asked for, and nothing else of the file is touched', () => {
  const raise = (dependencies: object, more: object = {}) =>
    npmLock.raised(top({ name: 'app', dependencies, ...more }), LIFT)?.text ?? null;
  for (const [spec, after] of [
    ['1.0.0', '1.0.2'],
    ['~1.0.0', '~1.0.2'],
    ['^1.0.1', '^1.0.2'],
  ] as const)
    assert.match(raise({ leaf: spec }) ?? '', `"leaf": "${after}"`);
  assert.is(raise({ other: '1.0.0' }), top({ name: 'app', dependencies: { other: '1.0.0' } }).text);
  for (const spec of ['>=1 <1.0.2', '1.0.x', 'latest', 'file:../leaf', 'npm:other@1.0.0'])
    assert.is(raise({ leaf: spec }), null);
  assert.is(raise({ leaf: '1.0.0' }, { overrides: { leaf: '1.0.0' } }), null);
});

test('npm is made to choose one version, where it is asked for by versions', () => {
  const steered = npmLock.steered(lock(PACKAGES, { dependencies: {} }), [top(MANIFEST)], LIFT);
  const [text, [manifest]] = steered ?? ['{}', []];
  assert.equal(Object.keys(JSON.parse(text).packages), ['', 'node_modules/branch']);
  assert.is(JSON.parse(text).dependencies, undefined);
  assert.equal(JSON.parse(manifest?.text ?? '{}').overrides, { leaf: '1.0.2' });
  for (const spec of ['file:../leaf', 'git+https://a.example/leaf.git', 'npm:other@1.0.0', 'latest', 'owner/leaf'])
    assert.is(npmLock.steered(lock(PACKAGES), [top({ dependencies: { leaf: spec } })], LIFT), null, spec);
  const alias = { '': MANIFEST, 'node_modules/twig': { name: 'leaf', ...entry('leaf', '1.0.0') } };
  assert.is(npmLock.steered(lock(alias), [top(MANIFEST)], LIFT), null);
});

test('the packages that a lock file is about', () => {
  const folders = (more: Packages) => npmLock.foldersIn(lock({ '': {}, 'node_modules/a': { link: true }, ...more }));
  assert.equal(folders({ 'packages/a': {}, 'packages/a/node_modules/b': {} }), ['', 'packages/a']);
  assert.equal(
    [folders({ '../a': {} }), npmLock.foldersIn('{}'), npmLock.foldersIn('{"packages":{"":null}}')],
    [null, null, null],
  );
});

test('what npm wrote is laid out as the file was', () => {
  const [one, two] = [{ packages: { '': { a: 'é' } } }, { packages: { '': { a: 'é', b: [1] } } }];
  const forms = [2, 4, '\t', 0].map((indent) => (value: object) => JSON.stringify(value, null, indent));
  const ends = ['', '\n'];
  for (const form of forms)
    for (const end of ends) assert.is(npmLock.inFormOf(form(one) + end, JSON.stringify(two)), form(two) + end);
  const crlf = (value: object) => `${JSON.stringify(value, null, 2)}\n`.replaceAll('\n', '\r\n');
  assert.is(npmLock.inFormOf(crlf(one), JSON.stringify(two)), crlf(two));
  for (const odd of ['{"packages" : {}}', '{\n  "packages": {}}\n\n', '{"packages": {"": {"a": "\\u00e9"}}}'])
    assert.is(npmLock.inFormOf(odd, JSON.stringify(two)), null, odd);
  assert.is(npmLock.inFormOf('{"packages":{}}', '[]'), null);
});

test.run();
