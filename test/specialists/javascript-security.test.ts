// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code.
/** The security rules for JavaScript beyond their examples: what is edited, what is only reported, what is not said. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSpecialist } from '../../src/specialists/index.ts';
import { checkEdits, found, mended, rulesFound } from './javascript-support.ts';

const specialist = await loadSpecialist('SecurityGuardian');
const test = suite('specialists/javascript-security');

for (const rule of specialist.rules.filter(({ id, fixable }) => id.startsWith('javascript/') && fixable))
  test(`${rule.id}: after its edits the file parses and nothing new is found`, async () => {
    const { path, before } = rule.example;
    assert.is.not(await checkEdits(specialist, path, before), 0);
    assert.is.not(await checkEdits(specialist, path, `// é 漢字 😀\r\n${before.replaceAll('\n', '\r\n')}`), 0);
  });

const SQL = 'javascript/sql-from-values';
const sql = async (driver: string, call: string) => {
  const head = `import { db } from '${driver}';\n`;
  assert.ok((await rulesFound(specialist, 'src/a.js', head + call)).includes(SQL), call);
  await checkEdits(specialist, 'src/a.js', head + call);
  return (await mended(specialist, SQL, 'src/a.js', head + call)).slice(head.length);
};

test('SQL: one value right of a comparison becomes a parameter of the known driver', async () => {
  const cases: Array<[string, string, string]> = [
    ['pg', "db.query('SELECT a FROM t WHERE id = ' + id)", "db.query('SELECT a FROM t WHERE id = $1', [id])"],
    [
      'pg',
      "db.query(`DELETE FROM t WHERE n = '${user.name}'`, done => {})",
      'db.query(`DELETE FROM t WHERE n = $1`, [user.name], done => {})',
    ],
    [
      'mysql2',
      'db.query("SELECT a FROM t WHERE n = \'" + n + "\' AND b = 1")',
      'db.query("SELECT a FROM t WHERE n = ? AND b = 1", [n])',
    ],
    ['mysql', 'db.query("SELECT a FROM t WHERE n = \'" + n + "\'")', 'db.query("SELECT a FROM t WHERE n = ?", [n])'],
    [
      'mysql2/promise',
      'db.execute(`UPDATE t SET a = ${a} WHERE id = 7`)',
      'db.execute(`UPDATE t SET a = ? WHERE id = 7`, [a])',
    ],
    [
      'pg',
      "db.query(`SELECT a FROM t WHERE a = ${a} AND b = '${b}' AND n LIKE '%${n}%'`)",
      'db.query(`SELECT a FROM t WHERE a = $1 AND b = $2 AND n LIKE $3`, [a, b, `%${n}%`])',
    ],
    [
      'mysql2',
      "db.query('INSERT INTO t (a, b) VALUES (' + a + ', ' + b + ')')",
      "db.query('INSERT INTO t (a, b) VALUES (?, ?)', [a, b])",
    ],
  ];
  for (const [driver, before, after] of cases) assert.is(await sql(driver, before), after);
});

test('SQL: anything less certain is reported and stays as it is', async () => {
  const reported = [
    ['pg', 'db.query(`SELECT a FROM t WHERE id IN (${ids})`)'],
    ['pg', 'db.query(`SELECT a FROM t ORDER BY ${name}`)'],
    ['pg', "db.query(`SELECT a FROM t WHERE n LIKE '%${n()}%'`)"],
    ['pg', 'db.query(`SELECT a FROM t WHERE id = ${next()}`)'],
    ['pg', 'db.query(`SELECT a FROM t WHERE b = $1 AND id = ${id}`, [b])'],
    ['pg', 'db.query(`SELECT a FROM t WHERE x = ${subquery}`)'],
    ['pg', "db.query(`SELECT a FROM t WHERE x = 'a ${n} b'`)"],
    ['pg', 'db.query(`SELECT a FROM t WHERE id = ${id}::int`)'],
    ['pg', 'const text = `SELECT a FROM t WHERE id = ${id}`;\nlog(text);\ndb.query(text)'],
    ['mysql2', "db.query('SELECT a FROM t WHERE b = ? AND id = ' + id)"],
    ['mysql2', "db.query(\"SELECT a FROM t WHERE n = '\" + n + '\\' AND b = 1')"],
    ['better-sqlite3', 'db.prepare(`SELECT a FROM t WHERE id = ${id}`)'],
    ['./ours.js', 'db.query(`SELECT a FROM t WHERE id = ${id}`)'],
  ];
  for (const [driver = '', call = ''] of reported) assert.is(await sql(driver, call), call);
  const both = "import pg from 'pg';\nimport mysql from 'mysql2';\ndb.query(`SELECT a FROM t WHERE id = ${id}`);\n";
  assert.is(await mended(specialist, SQL, 'src/a.js', both), both);
});

const RANDOM = 'javascript/predictable-secret';
const TOKEN = 'Math.random().toString(36).slice(2)';

test('random: randomBytes is imported in the manner of the file, or reached as it already is', async () => {
  const cases: Array<[string, string]> = [
    [
      `import fs from "node:fs";\n\nexport const token = ${TOKEN};\n`,
      'import fs from "node:fs";\nimport { randomBytes } from "node:crypto";\n\nexport const token = randomBytes(16).toString("hex");\n',
    ],
    [
      `var http = require('http')\n\nvar token = ${TOKEN}\n`,
      "var http = require('http')\nvar { randomBytes } = require('crypto')\n\nvar token = randomBytes(16).toString('hex')\n",
    ],
    [
      `import crypto from 'crypto';\n\nexport const token = ${TOKEN};\n`,
      "import crypto from 'crypto';\n\nexport const token = crypto.randomBytes(16).toString('hex');\n",
    ],
    [
      `import { randomBytes as bytes } from 'crypto';\n\nexport const token = ${TOKEN};\n`,
      "import { randomBytes as bytes } from 'crypto';\n\nexport const token = bytes(16).toString('hex');\n",
    ],
    [
      `import fs from 'fs';\nexport const a = { token: ${TOKEN} };\nexport const b = { secret: ${TOKEN} };\n`,
      "import fs from 'fs';\nimport { randomBytes } from 'crypto';\nexport const a = { token: randomBytes(16).toString('hex') };\nexport const b = { secret: randomBytes(16).toString('hex') };\n",
    ],
  ];
  for (const [before, after] of cases) {
    assert.is(await mended(specialist, RANDOM, 'src/a.js', before), after);
    await checkEdits(specialist, 'src/a.js', before);
  }
  // A binding that gets its value further down is not there yet.
  for (const late of [
    'const cr = require("crypto");',
    'const { randomBytes } = require("crypto");',
    'const fs = require("fs");',
  ]) {
    const text = `const sessionToken = ${TOKEN};\n${late}\n`;
    assert.is(await mended(specialist, RANDOM, 'src/a.js', text), text);
  }
  const head = `'use strict';\n// head\nconst fs = require('fs');\nstart();\nconst late = require('late');\nconst token = ${TOKEN};\n`;
  const { edits } = { edits: await mended(specialist, RANDOM, 'src/a.js', head) };
  assert.match(edits, "require('fs');\nconst { randomBytes } = require('crypto');\nstart();");
});

test('random: a number below a limit is drawn from the same range', async () => {
  const text =
    "import fs from 'fs';\nlet token = '';\nfor (const _ of places) token += letters.charAt(Math.floor(Math.random() * 26));\n";
  const mendedText = await mended(specialist, RANDOM, 'src/a.js', text);
  assert.is(
    mendedText,
    "import fs from 'fs';\nimport { randomInt } from 'crypto';\nlet token = '';\nfor (const _ of places) token += letters.charAt(randomInt(26));\n",
  );
});

test('random: a fixed length, two draws, a browser and an unknown name are reported only', async () => {
  const texts = [
    "import fs from 'fs';\nconst token = Math.random().toString(36).slice(2, 12);\n",
    "import fs from 'fs';\nconst token = a[Math.floor(Math.random() * 9)] + b[Math.floor(Math.random() * 9)];\n",
    `const token = ${TOKEN};\n`,
    `import fs from 'fs';\nfunction randomBytes() {}\nconst token = ${TOKEN};\n`,
    "import fs from 'fs';\nfunction makeToken() {\n  return 'x' + Math.random();\n}\n",
  ];
  for (const text of texts) {
    assert.equal(await rulesFound(specialist, 'src/a.js', text), [RANDOM], text);
    assert.is(await mended(specialist, RANDOM, 'src/a.js', text), text);
  }
});

test('certificates: a database connection is reported, because it needs its authority first', async () => {
  const rule = 'javascript/tls-certificate-check-off';
  const text = 'const pool = new Pool({ ssl: { rejectUnauthorized: false } });\n';
  assert.equal(await rulesFound(specialist, 'src/db.ts', text), [rule]);
  assert.is(await mended(specialist, rule, 'src/db.ts', text), text);
  assert.equal(await rulesFound(specialist, 'src/db.test.ts', text, {}, true), []);
});

test('cookies: those of an unknown session library, and those with a telling name, are reported', async () => {
  const rule = 'javascript/script-readable-cookie';
  for (const text of [
    'app.use(session({ cookie: { httpOnly: false } }));\n',
    "res.cookie('auth_token', token, { httpOnly: false });\n",
    "cookies().set('jwt', token, { httpOnly: false });\n",
  ]) {
    assert.equal(await rulesFound(specialist, 'src/a.js', text), [rule], text);
    assert.is(await mended(specialist, rule, 'src/a.js', text), text);
  }
  const session = "cookies().set('sid', id, { httpOnly: false });\n";
  assert.is(await mended(specialist, rule, 'src/a.js', session), session.replace('false', 'true'));
  const chosen = "import session from 'express-session';\nsession({ cookie: { httpOnly: dev ? false : true } });\n";
  assert.equal(await rulesFound(specialist, 'src/a.js', chosen), []);
});

test('shell: names are followed through every form of import, and through one variable', async () => {
  const forms = [
    "const cp = require('node:child_process');\ncp.exec(`ls ${x}`);\n",
    "const { exec: run } = require('child_process');\nrun('ls ' + x);\n",
    "import * as cp from 'child_process';\ncp.execSync('ls ' + x);\n",
    "import { execSync } from 'node:child_process';\nconst command = `ls ${x}`;\nexecSync(command);\n",
    "require('child_process').exec('ls ' + x);\n",
  ];
  for (const text of forms)
    assert.equal(await rulesFound(specialist, 'src/a.js', text), ['javascript/shell-injection'], text);
});

test('buffers: the method follows the kind of the argument; an unknown kind is reported', async () => {
  const rule = 'javascript/buffer-constructor';
  const cases: Array<[string, string]> = [
    ['new Buffer(8)', 'Buffer.alloc(8)'],
    ['new Buffer([1, 2])', 'Buffer.from([1, 2])'],
    ['new Buffer(`${a}:${b}`)', 'Buffer.from(`${a}:${b}`)'],
    ['new Buffer("a" + b, "base64")', 'new Buffer("a" + b, "base64")'],
    ['new Buffer(size)', 'new Buffer(size)'],
  ];
  for (const [before, after] of cases) {
    assert.equal(await rulesFound(specialist, 'src/a.js', `use(${before});\n`), [rule], before);
    assert.is(await mended(specialist, rule, 'src/a.js', `use(${before});\n`), `use(${after});\n`);
  }
});

test('secrets: every known shape is found, and the secret is in no field of the finding', async () => {
  const letters = 'aB3dE5gH7jK9mN1pQ2sT4vX6zA8cD0fG2hJ4';
  const secrets = [`ghp_${letters}`, 'AKIA' + 'QWERTYUIOPASDF23', `sk_live_${letters.slice(0, 24)}`, `npm_${letters}`];
  for (const secret of secrets) {
    const all = await found(specialist, 'src/a.js', `connect('${secret}');\n`);
    assert.is(all.length, 1, secret);
    assert.not.match(JSON.stringify(all), secret);
  }
  const key = `const pem = '-----BEGIN RSA PRIVATE KEY-----\\r\\n${letters}${letters}';\n`;
  assert.is((await found(specialist, 'src/a.js', key)).length, 1);
  const hmac = "import crypto from 'crypto';\ncrypto.createHmac('sha256', 'correct-horse-battery').update(x);\n";
  assert.equal(await rulesFound(specialist, 'src/a.js', hmac), ['javascript/hard-coded-secret']);
});

test('suppressions of other linters are obeyed', async () => {
  const defect = 'eval(code);\n';
  assert.equal(await rulesFound(specialist, 'src/a.js', defect), ['javascript/dynamic-code']);
  for (const comment of [
    '// eslint-disable-next-line no-eval',
    '// biome-ignore lint/security/noGlobalEval: trusted',
    '// oxlint-disable-next-line no-eval',
    '// ambient: ignore-next-line',
  ])
    assert.equal(await rulesFound(specialist, 'src/a.js', `${comment}\n${defect}`), [], comment);
  const other = '// biome-ignore lint/style/useConst: no\n';
  assert.equal(await rulesFound(specialist, 'src/a.js', other + defect), ['javascript/dynamic-code']);
});

test('a file with a syntax error is skipped with its reason', async () => {
  const file = {
    path: 'src/a.ts',
    blob: 'b'.repeat(40),
    text: 'eval(code) }\n',
    language: 'typescript',
    test: false,
  } as const;
  const options = { conventions: { python: null, esm: false, tools: [], ignoredRules: [] }, settings: {} };
  const { found: none, skipped } = await specialist.diagnose([file], options);
  assert.equal(none, []);
  assert.is(skipped.length, 1);
  assert.match(skipped[0]?.reason ?? '', /line 1/);
});

test.run();
