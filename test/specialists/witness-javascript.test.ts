// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are code.
/** Witnesses of JavaScript rules, really run: exploited before, refused after; and none where none is possible. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { javascriptKinds } from '../../src/specialists/witness/javascript-kinds.ts';
import { type Case, judge } from './witness-support.ts';

const test = suite('specialists/witness-javascript');
const BOTH = 'exploited, refused';
const ESM = { 'package.json': '{"type": "module"}' };

const cases: Array<Case & { about: string }> = [
  {
    about: 'a function that is not exported',
    rule: 'javascript/sql-from-values',
    path: 'src/users.js',
    before:
      "const { Pool } = require('pg');\nconst pool = new Pool();\n\nconst find = (id) => pool.query(`SELECT * FROM users WHERE id = ${id}`);\n",
  },
  {
    about: 'an ES module, quotes, a connection as a parameter',
    rule: 'javascript/sql-from-values',
    path: 'src/users.js',
    beside: { ...ESM, 'src/text.js': 'export const tidy = (text) => text.trim();\n' },
    before:
      "import mysql from 'mysql2';\nimport { tidy } from './text.js';\n\nexport async function find(connection, name) {\n  const wanted = tidy(name);\n  await connection.query('SELECT 1 FROM t');\n  const [rows] = await connection.query(`SELECT id FROM users WHERE name = '${wanted}'`);\n  return rows[0];\n}\n",
  },
  {
    about: 'a method',
    rule: 'javascript/sql-from-values',
    path: 'lib/store.mjs',
    before:
      "import { Pool } from 'pg';\n\nexport class Store {\n  constructor(url) {\n    this.pool = new Pool({ url });\n  }\n\n  async find({ id }) {\n    const { rows } = await this.pool.query('SELECT * FROM users WHERE id = ' + id);\n    return rows;\n  }\n}\n",
  },
  {
    about: 'a handler',
    rule: 'javascript/sql-from-values',
    path: 'src/app.js',
    before:
      "const express = require('express');\nconst { Pool } = require('pg');\n\nconst app = express();\nconst pool = new Pool();\n\napp.get('/users/:id', async (req, res) => {\n  const id = req.params.id;\n  res.json(await pool.query(`SELECT * FROM users WHERE id = ${id}`));\n});\n\nmodule.exports = app;\n",
  },
  {
    about: 'an agent of the module',
    rule: 'javascript/tls-certificate-check-off',
    path: 'src/client.js',
    before:
      "const https = require('https');\n\nconst agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });\n",
  },
  {
    about: 'a named import',
    rule: 'javascript/tls-certificate-check-off',
    path: 'src/client.mjs',
    before:
      "import { get } from 'node:https';\n\nexport function fetchStatus(host, done) {\n  get({ host, path: '/status', rejectUnauthorized: false }, done);\n}\n",
  },
  {
    about: 'a value of the module',
    rule: 'javascript/predictable-secret',
    path: 'src/session.js',
    before: "const http = require('http');\n\nconst token = Math.random().toString(36).slice(2);\n",
  },
  {
    about: 'a function of an ES module',
    rule: 'javascript/predictable-secret',
    path: 'src/session.mjs',
    before:
      "import http from 'node:http';\n\nexport function makeToken() {\n  return Math.random().toString(36).slice(2);\n}\n",
  },
  {
    about: 'a session',
    rule: 'javascript/script-readable-cookie',
    path: 'src/app.js',
    before:
      "const express = require('express');\nconst session = require('express-session');\n\nconst app = express();\napp.use(session({ secret: 's', cookie: { httpOnly: false, maxAge: 60000 } }));\n",
  },
  {
    about: 'a value in a command',
    rule: 'javascript/shell-injection',
    path: 'src/archive.js',
    before:
      "const { exec } = require('child_process');\n\nmodule.exports = { pack(folder, done) {\n  exec(`tar czf backup.tgz ${folder}`, done);\n} };\n",
    after:
      "const { execFile } = require('child_process');\n\nmodule.exports = { pack(folder, done) {\n  execFile('tar', ['czf', 'backup.tgz', folder], done);\n} };\n",
  },
  {
    about: 'a condition',
    rule: 'javascript/dynamic-code',
    path: 'src/rule.js',
    before: "exports.check = function (rule) {\n  return new Function('order', `return ${rule.condition}`);\n};\n",
    after: 'exports.check = function (rule) {\n  return (order) => order.status === rule.condition;\n};\n',
  },
  {
    about: 'a file that a request names',
    rule: 'javascript/path-from-request',
    path: 'src/files.js',
    before:
      "const path = require('path');\nconst app = require('express')();\nconst folder = '/srv/files';\napp.get('/file', (req, res) => res.sendFile(path.join(folder, req.query.name)));\n",
    after:
      "const path = require('path');\nconst app = require('express')();\nconst folder = '/srv/files';\napp.get('/file', (req, res) => res.sendFile(path.join(folder, path.basename(req.query.name))));\n",
  },
  {
    about: 'an answer',
    rule: 'javascript/reflected-input',
    path: 'src/hello.js',
    before:
      "const app = require('express')();\napp.get('/hello', (req, res) => res.send(`<h1>Hello ${req.query.name}</h1>`));\n",
    after:
      "const app = require('express')();\nconst escape = (text) => text.replace(/</g, '&lt;');\napp.get('/hello', (req, res) => res.send(`<h1>Hello ${escape(req.query.name)}</h1>`));\n",
  },
  {
    about: 'another site',
    rule: 'javascript/open-redirect',
    path: 'src/login.js',
    before: "const app = require('express')();\napp.post('/login', (req, res) => res.redirect(req.query.next));\n",
    after:
      "const app = require('express')();\napp.post('/login', (req, res) => {\n  const next = String(req.query.next);\n  res.redirect(/^\\/[^/]/.test(next) ? next : '/');\n});\n",
  },
];

for (const one of cases)
  test(`${one.rule}: ${one.about}`, async () => {
    assert.is(await judge(one), BOTH);
  });

test('every kind of JavaScript witness has a case', () => {
  const ran = new Set(cases.map(({ rule }) => rule));
  assert.equal(
    Object.keys(javascriptKinds).filter((rule) => !ran.has(rule)),
    [],
  );
});

test.run();
