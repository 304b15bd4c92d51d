/** What the Python rules do with the variants that their one example does not show: exact text after every edit. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTestPath } from '../../src/code/index.ts';
import {
  type Conventions,
  type Diagnosis,
  loadSpecialist,
  type SourceFile,
  type Specialist,
} from '../../src/specialists/index.ts';

const PLAIN: Conventions = { python: [3, 9], esm: false, tools: [], ignoredRules: [] };
const security = await loadSpecialist('SecurityGuardian');
const style = await loadSpecialist('StyleEnforcer');

function sourceFile(text: string, path = 'app/a.py'): SourceFile {
  const blob = createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
  return { path, blob, text, language: 'python', test: isTestPath(path) };
}

function diagnose(by: Specialist, text: string, conventions = PLAIN, path?: string): Promise<Diagnosis> {
  return by.diagnose([sourceFile(text, path)], { conventions, settings: {} });
}

const rulesOf = ({ found }: Diagnosis) => found.map(({ finding }) => finding.rule);

function mended(text: string, { found }: Diagnosis): string {
  const edits = new Map(found.flatMap((one) => one.edits).map((edit) => [JSON.stringify(edit), edit]));
  let bytes = Buffer.from(text);
  for (const edit of [...edits.values()].toSorted((a, b) => b.start - a.start || b.end - a.end)) {
    assert.ok(0 <= edit.start && edit.start <= edit.end && edit.end <= bytes.length);
    bytes = Buffer.concat([bytes.subarray(0, edit.start), Buffer.from(edit.text), bytes.subarray(edit.end)]);
  }
  return bytes.toString();
}

const test = suite('specialists/python-fixes');

/** [what it shows, before, after] */
const MENDED: Array<[Specialist, string, string, string]> = [
  [
    security,
    'a session may override: True is written out',
    'import requests\n\ns = requests.Session()\ns.get(url, verify=False)\n',
    'import requests\n\ns = requests.Session()\ns.get(url, verify=True)\n',
  ],
  [
    security,
    'a client takes the argument as its first',
    'import httpx as h\n\nwith h.Client(verify=False, timeout=3) as client:\n    pass\n',
    'import httpx as h\n\nwith h.Client(timeout=3) as client:\n    pass\n',
  ],
  [
    security,
    'a loader by position, many documents',
    'import yaml\n\ndocs = list(yaml.load_all(stream, yaml.UnsafeLoader))\nother = yaml.load(stream)\n',
    'import yaml\n\ndocs = list(yaml.safe_load_all(stream))\nother = yaml.safe_load(stream)\n',
  ],
  [
    security,
    'SQL with %, one-tuple, quoted, MySQL',
    `import pymysql\n\n\ndef f(c, name):\n    c.execute("SELECT id FROM users WHERE name = '%s' LIMIT 1" % (name,))\n`,
    `import pymysql\n\n\ndef f(c, name):\n    c.execute("SELECT id FROM users WHERE name = %s LIMIT 1", (name,))\n`,
  ],
  [
    security,
    'SQL with % and a plain name',
    `import sqlite3\n\n\ndef f(c, name):\n    c.execute("SELECT id FROM users WHERE name = '%s'" % name)\n`,
    `import sqlite3\n\n\ndef f(c, name):\n    c.execute("SELECT id FROM users WHERE name = ?", (name,))\n`,
  ],
  [
    security,
    'random among other imports',
    'import random, string\n\nsalt = random.getrandbits(64)\nletters = string.digits\n',
    'import secrets, string\n\nsalt = secrets.randbits(64)\nletters = string.digits\n',
  ],
  [
    security,
    'SQL by format and f-string, unquoted and quoted',
    `import sqlite3\n\n\ndef f(c, user):\n    c.execute('DELETE FROM users WHERE id = {}'.format(user.id))\n    c.execute(f"UPDATE users SET name = '{user.name}'")\n`,
    `import sqlite3\n\n\ndef f(c, user):\n    c.execute('DELETE FROM users WHERE id = ?', (user.id,))\n    c.execute("UPDATE users SET name = ?", (user.name,))\n`,
  ],
  [
    security,
    'all uses of random go, and the import with them',
    'import os\nimport random\nimport string\n\n\ndef reset_token():\n    pin = 100 * random.randint(1, 6)\n    return random.choice(string.digits) + str(pin)\n',
    'import os\nimport secrets\nimport string\n\n\ndef reset_token():\n    pin = 100 * (1 + secrets.randbelow(6))\n    return secrets.choice(string.digits) + str(pin)\n',
  ],
  [
    security,
    'random stays while something else uses it',
    'import random\nimport string\n\nsalt = random.getrandbits(64)\ncolour = random.choice(COLOURS)\n',
    'import random\nimport secrets\nimport string\n\nsalt = secrets.randbits(64)\ncolour = random.choice(COLOURS)\n',
  ],
  [
    security,
    'a command with checked result, by single quotes',
    "import subprocess as sp\n\nout = sp.check_output('git status --short', shell=True)\n",
    "import subprocess as sp\n\nout = sp.check_output(['git', 'status', '--short'])\n",
  ],
  [
    style,
    'one name of several, and a whole statement',
    'import os, sys\nfrom typing import (\n    Dict,\n    List,\n)\n\nx: List[int] = [len(sys.argv)]\n',
    'import sys\nfrom typing import (\n    List,\n)\n\nx: List[int] = [len(sys.argv)]\n',
  ],
  [style, 'braces in an f-string without values', 'print(f"{{}} done")\n', 'print("{} done")\n'],
  [style, 'an escape beside another', 'a = "\\d\\n"\n', 'a = "\\\\d\\n"\n'],
];
for (const [by, what, before, after] of MENDED)
  test(`edit: ${what}`, async () => {
    const diagnosis = await diagnose(by, before);
    assert.equal(diagnosis.skipped, []);
    assert.is(mended(before, diagnosis), after);
    assert.equal(rulesOf(await diagnose(by, after)), [], 'something is left or new');
  });

/** [what it shows, rule, text]: found, but no edit is offered. */
const REPORTED: Array<[Specialist, string, string, string]> = [
  [
    security,
    'a variable',
    'python/sql-injection',
    `import sqlite3\nq = "SELECT id FROM t WHERE a = '%s'" % a\nc.execute(q)\n`,
  ],
  [
    security,
    'a table name',
    'python/sql-injection',
    'import sqlite3\nc.execute("SELECT id FROM " + table + " WHERE a = 1")\n',
  ],
  [
    security,
    'a value that may be a tuple',
    'python/sql-injection',
    `import sqlite3\nc.execute("SELECT id FROM t WHERE a = '%s'" % row)\n`,
  ],
  [security, 'an unknown driver', 'python/sql-injection', `c.execute("SELECT id FROM t WHERE a = '" + a + "'")\n`],
  [
    security,
    'two drivers',
    'python/sql-injection',
    `import sqlite3\nimport psycopg2\nc.execute("SELECT id FROM t WHERE a = '" + a + "'")\n`,
  ],
  [
    security,
    'a format specifier',
    'python/sql-injection',
    'import sqlite3\nc.execute(f"SELECT id FROM t WHERE a = {a!r}")\n',
  ],
  [security, 'an imported function', 'python/yaml-load', 'from yaml import load, Loader\nload(text, Loader=Loader)\n'],
  [
    security,
    'own tags',
    'python/yaml-load',
    'import yaml\nyaml.add_constructor("!a", make)\nyaml.load(text, Loader=yaml.Loader)\n',
  ],
  [
    security,
    'no equal in secrets',
    'python/predictable-secret',
    'import random\npassword = random.sample(letters, 8)\n',
  ],
  [
    security,
    'imported by name',
    'python/predictable-secret',
    'from random import choice\npassword = choice(letters)\n',
  ],
  [
    security,
    'secrets is imported further down',
    'python/predictable-secret',
    'import random\npassword = random.choice(letters)\nimport secrets\n',
  ],
  [
    security,
    'secrets is imported in a function',
    'python/predictable-secret',
    'import random\ndef f():\n    import secrets\n    return secrets.token_hex()\npassword = random.choice(letters)\n',
  ],
  [
    security,
    'whose warnings are silenced',
    'python/tls-verify-off',
    'import requests\nimport urllib3\n\nurllib3.disable_warnings()\nrequests.get(url, verify=False)\n',
  ],
  [style, 'an import from elsewhere', 'python/unused-import', 'import plugins\n'],
  [style, 'any value', 'python/compare-to-bool', 'if value == True:\n    run()\n'],
];
for (const [by, what, rule, text] of REPORTED)
  test(`report only: ${rule}, ${what}`, async () => {
    const { found } = await diagnose(by, text);
    assert.equal(
      found.map((one) => [one.finding.rule, one.finding.fixable, one.edits]),
      [[rule, false, []]],
    );
  });

test('a draw inside a draw is reported twice and not rewritten', async () => {
  const { found } = await diagnose(security, 'import random\n\npassword = random.choice(random.choice(LISTS))\n');
  assert.equal(
    found.map((one) => [one.finding.rule, one.edits]),
    [
      ['python/predictable-secret', []],
      ['python/predictable-secret', []],
    ],
  );
});

test('a secret reaches neither message nor fingerprint', async () => {
  const found = await Promise.all(
    ['q8Zr2vLx0TnB5kWd', 'H7tPx3mQ9sKc1vYb'].map(async (secret) => {
      const { found } = await diagnose(security, `API_KEY = "${secret}"\n`);
      assert.not.ok(JSON.stringify(found).includes(secret));
      return found;
    }),
  );
  assert.is(found[0]!.length, 1);
  assert.is(found[0]![0]!.finding.fingerprint, found[1]![0]!.finding.fingerprint);
});

test('offsets hold whatever stands before and beside the defect', async () => {
  const text = fc
    .string({ unit: 'binary' })
    .map((any) => any.replace(/[\r\n\\"'{}#\0\ud800-\udfff\ufffd\u2028\u2029\x0c]/g, ''));
  const line = fc.constantFrom('\n', '\r\n');
  await fc.assert(
    fc.asyncProperty(text, text, line, async (above, beside, end) => {
      const head = `# ${above}${end}import yaml${end}a = "${beside}"; `;
      const before = `${head}b = yaml.load(a, Loader=yaml.Loader)${end}`;
      const diagnosis = await diagnose(security, before);
      assert.is(mended(before, diagnosis), `${head}b = yaml.safe_load(a)${end}`);
      const styled = `${head}b = not a in yaml.safe_load(a)${end}`;
      assert.is(mended(styled, await diagnose(style, styled)), `${head}b = a not in yaml.safe_load(a)${end}`);
    }),
    { numRuns: 40 },
  );
});

test.run();
