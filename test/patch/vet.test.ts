/** Paths: a corpus of names that some file system takes for something else, and ordinary names that must pass. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vetPath } from '../../src/patch/index.ts';

const test = suite('patch/vet');

const HOSTILE = [
  ...['', '.', '..', '/', '/etc/passwd', '../x', 'a/../../x', 'a/..', './a', 'a/./b', 'a//b', 'a/', '//server/share'],
  ...['C:/x', 'c:x', '\\\\server\\share', 'a\\b', '..\\x', 'a\0b', 'a\nb', 'a\tb', 'a\x7fb', 'a\u0085b', 'a\u2028b'],
  ...[
    '.git',
    '.git/config',
    'a/.git/hooks/x',
    '.GIT/config',
    '.Git',
    '.git.',
    '.git ',
    '.git. .',
    '.git::$INDEX_ALLOCATION',
  ],
  ...[
    '.git:x',
    '.g\u200Cit/config',
    '.\uFEFFgit',
    '.g\u00ADit',
    '.gi\u{E0020}t',
    '\uFF0Egit/x',
    '.ｇｉｔ/config',
    '.g\u0131t/x',
  ],
  ...[
    'GIT~1/config',
    'git~2',
    'a/Git~12/x',
    '.env',
    'a/.ENV',
    '.env.local',
    '.env.production',
    'ENV~1',
    '.ssh/id_rsa',
    'x/.Ssh/y',
  ],
  ...[
    '.swarmguard_secrets/a',
    'a./b',
    'a /b',
    'a.',
    'a/b ',
    '...',
    'a/\u200B/b',
    'x\u202Etxt.exe',
    'a\uD800b',
    'a\uFFFDb',
  ],
  ...['x'.repeat(256), `${'ü'.repeat(128)}.py`, `${'a/'.repeat(600)}b`],
];
for (const path of HOSTILE)
  test(`refused: ${JSON.stringify(path.slice(0, 40))}`, () => {
    const reason = vetPath(path);
    assert.type(reason, 'string');
    assert.ok((reason as string).length < 400 && !/[\0\n]/.test(reason as string), 'the reason can be printed');
  });

test('the corpus is large enough to mean something', () => assert.ok(HOSTILE.length >= 40));

test('ordinary names pass, odd ones too', () => {
  const fine = [
    ...[
      'src/main.py',
      '.github/workflows/ci.yml',
      '.gitignore',
      '.gitattributes',
      'a/.gitkeep',
      'git/config',
      'a.git/x',
    ],
    ...[
      '.env.example',
      'environment.py',
      '.envrc',
      'ssh/x',
      'a b/c d.txt',
      'ümlaut/日本.py',
      '..a/b',
      'a..b',
      '-x',
      '~x',
      'ab:c',
    ],
    ...['x'.repeat(255), 'gita~1', 'e\u0301.py', '.github', 'C/x'],
  ];
  for (const path of fine) assert.is(vetPath(path), null, path);
});

test.run();
