// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code.
/** What fixes of SecurityGuardian do beyond their one example, and where they keep their hands off: exact text after every edit. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { languageOf } from '../../src/code/index.ts';
import { loadSpecialist, type SourceFile } from '../../src/specialists/index.ts';
import { mended } from '../support/corpora.ts';

const specialist = await loadSpecialist('SecurityGuardian');
const conventions = { python: [3, 9] as const, esm: true, tools: [], ignoredRules: [] };
const test = suite('specialists/security-fixes');

async function diagnose(path: string, text: string) {
  const language = languageOf(path) ?? 'python';
  const source: SourceFile = { path, blob: '0'.repeat(40), text, language, test: false };
  const { found, skipped } = await specialist.diagnose([source], { conventions, settings: {} } as never);
  assert.equal(skipped, []);
  return { rules: found.map(({ finding }) => finding.rule), after: mended(source, found) };
}

/** What it shows, the file, before, after. */
const MENDED: Array<[string, string, string, string]> = [
  [
    'the import stands behind the docstring and what comes from the future',
    'app/a.py',
    '"""Settings."""\nfrom __future__ import annotations\n\nDB_PASSWORD = "q8Zr2vLx0TnB5kWd"\n',
    '"""Settings."""\nfrom __future__ import annotations\n\nimport os\n\nDB_PASSWORD = os.environ["DB_PASSWORD"]\n',
  ],
  [
    'the import is sorted in among the plain ones',
    'app/b.py',
    'import json\nimport sys  # arguments\n\nimport requests\n\nrequests.get(URL, headers={"api_key": "q8Zr2vLx0TnB5kWd"})\n',
    'import json\nimport os\nimport sys  # arguments\n\nimport requests\n\nrequests.get(URL, headers={"api_key": os.environ["API_KEY"]})\n',
  ],
  [
    'a general name is told apart by who is given it',
    'app/c.py',
    'import os\n\nimport psycopg2\n\ndb = psycopg2.connect(user="app", password="pgM4ster!2021")\n',
    'import os\n\nimport psycopg2\n\ndb = psycopg2.connect(user="app", password=os.environ["DB_PASSWORD"])\n',
  ],
  [
    'named places of format keep their order',
    'app/d.py',
    "import sqlite3\n\n\ndef f(cur, old, new):\n    cur.execute(\"UPDATE t SET a = '{new}' WHERE a = '{old}'\".format(old=old, new=new))\n",
    'import sqlite3\n\n\ndef f(cur, old, new):\n    cur.execute("UPDATE t SET a = ? WHERE a = ?", (new, old))\n',
  ],
  [
    'the driver is the one that made the connection in the class',
    'app/e.py',
    'import sqlite3\nimport pymysql\n\n\nclass Store:\n    def __init__(self):\n        self.db = pymysql.connect(host="db")\n\n    def f(self, name):\n        cur = self.db.cursor()\n        cur.execute(f"SELECT id FROM t WHERE name = \'{name}\'")\n',
    'import sqlite3\nimport pymysql\n\n\nclass Store:\n    def __init__(self):\n        self.db = pymysql.connect(host="db")\n\n    def f(self, name):\n        cur = self.db.cursor()\n        cur.execute("SELECT id FROM t WHERE name = %s", (name,))\n',
  ],
  [
    'SQL in several steps gets a list beside it',
    'app/f.py',
    'import sqlite3\n\n\ndef f(db, name, limit):\n    sql = "SELECT id FROM t WHERE 1 = 1"\n    if name:\n        sql += " AND name = \'" + name + "\'"\n    sql += " ORDER BY id"\n    return db.execute(sql)\n',
    'import sqlite3\n\n\ndef f(db, name, limit):\n    sql = "SELECT id FROM t WHERE 1 = 1"\n    params = []\n    if name:\n        sql += " AND name = ?"\n        params.append(name)\n    sql += " ORDER BY id"\n    return db.execute(sql, params)\n',
  ],
  [
    'a statement of SQLAlchemy with a name binds its values itself',
    'app/g.py',
    'from sqlalchemy import text\n\n\ndef f(session, name):\n    found = text(f"SELECT id FROM t WHERE name = \'{name}\'")\n    return session.execute(found)\n',
    'from sqlalchemy import text\n\n\ndef f(session, name):\n    found = text("SELECT id FROM t WHERE name = :name").bindparams(name=name)\n    return session.execute(found)\n',
  ],
  [
    'a target with a name falls back to the start of the site',
    'app/h.py',
    'from django.shortcuts import redirect\n\n\ndef f(request):\n    goal = request.GET.get("next")\n    return redirect(goal)\n',
    'from django.shortcuts import redirect\nfrom django.utils.http import url_has_allowed_host_and_scheme\n\n\ndef f(request):\n    goal = request.GET.get("next")\n    if not url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()):\n        goal = "/"\n    return redirect(goal)\n',
  ],
  [
    'the mode keeps all but the one bit',
    'app/i.py',
    'import os\n\nos.chmod(path, 0o666)\n',
    'import os\n\nos.chmod(path, 0o664)\n',
  ],
  [
    'an escape that the file imports is used',
    'src/a.js',
    "import escapeHtml from 'escape-html';\n\napp.get('/a', (req, res) => res.send('<p title=\"' + req.query.t + '\">' + req.query.q + '</p>'));\n",
    "import escapeHtml from 'escape-html';\n\napp.get('/a', (req, res) => res.send('<p title=\"' + escapeHtml(req.query.t) + '\">' + escapeHtml(req.query.q) + '</p>'));\n",
  ],
  [
    'brackets where the file reads its environment by brackets',
    'src/b.ts',
    "const host = process.env['HOST'];\nexport const dbPassword = 'pgM4ster!2021';\n",
    "const host = process.env['HOST'];\nif (!process.env['DB_PASSWORD']) throw new Error('DB_PASSWORD is not set');\nexport const dbPassword = process.env['DB_PASSWORD'];\n",
  ],
  [
    'missing functions of crypto are imported beside the one that is there',
    'src/c.mjs',
    "import { createHmac } from 'node:crypto';\n\nexport const ok = (body, given) => {\n  const mac = createHmac('sha256', KEY).update(body).digest('hex');\n  return mac === given;\n};\n",
    "import { createHmac, createHash, timingSafeEqual } from 'node:crypto';\n\nexport const ok = (body, given) => {\n  const mac = createHmac('sha256', KEY).update(body).digest('hex');\n  return timingSafeEqual(createHash('sha256').update(String(mac)).digest(), createHash('sha256').update(String(given)).digest());\n};\n",
  ],
  [
    'a secret of the environment that is not set equals nothing',
    'src/h.js',
    "const crypto = require('crypto');\n\nconst ok = (req) => req.headers['x-token'] !== process.env.ADMIN_TOKEN;\n",
    "const crypto = require('crypto');\n\nconst ok = (req) => !(process.env.ADMIN_TOKEN !== undefined && crypto.timingSafeEqual(crypto.createHash('sha256').update(String(req.headers['x-token'])).digest(), crypto.createHash('sha256').update(String(process.env.ADMIN_TOKEN)).digest()));\n",
  ],
  [
    'Flask returns to paths of its own site',
    'app/o.py',
    'from flask import (\n    redirect,\n    request,\n)\n\n\ndef f():\n    return redirect(request.args.get("next", "/"))\n',
    String.raw`import re

from flask import (
    redirect,
    request,
)


def f():
    target = request.args.get("next", "/")
    if not re.fullmatch(r"/([^/\\\s][^\\\s]*)?", str(target)) and not str(target).startswith(request.host_url):
        target = "/"
    return redirect(target)
`,
  ],
  [
    'a path with a name is looked at where it is opened',
    'src/d.js',
    "const path = require('path');\nconst express = require('express');\n\napp.get('/a', (req, res) => {\n  const wanted = path.join(__dirname, 'files', req.query.name);\n  fs.readFile(wanted, done);\n});\n",
    "const path = require('path');\nconst express = require('express');\n\napp.get('/a', (req, res) => {\n  const wanted = path.join(__dirname, 'files', req.query.name);\n  if (!path.resolve(wanted).startsWith(path.resolve(__dirname, 'files') + path.sep)) {\n    res.sendStatus(404);\n    return;\n  }\n  fs.readFile(wanted, done);\n});\n",
  ],
  [
    'words from the address of the page are shown as text',
    'src/e.js',
    "const params = new URLSearchParams(location.search);\nbox.innerHTML = 'Hello ' + params.get('name');\n",
    "const params = new URLSearchParams(location.search);\nbox.textContent = 'Hello ' + params.get('name');\n",
  ],
  [
    'what is imported from the same module is imported beside it',
    'app/z.py',
    'import os\n\nfrom flask import Flask, request, send_file\n\n\ndef show():\n    return send_file(os.path.join(FOLDER, request.args["name"]))\n',
    'import os\n\nfrom flask import Flask, abort, request, send_file\n\n\ndef show():\n    full_path = os.path.abspath(os.path.join(FOLDER, request.args["name"]))\n    if not full_path.startswith(os.path.join(os.path.abspath(FOLDER), "")):\n        abort(404)\n    return send_file(full_path)\n',
  ],
  [
    'the session of Next is kept from scripts',
    'src/z.ts',
    "import { cookies } from 'next/headers';\n\nconst store = await cookies();\nstore.set('session', id);\n",
    "import { cookies } from 'next/headers';\n\nconst store = await cookies();\nstore.set('session', id, { httpOnly: true });\n",
  ],
  [
    'the password of a mail server comes from the environment',
    'src/y.js',
    "const mailer = require('nodemailer');\n\nmailer.createTransport({ auth: { user, pass: 'Zq8r4-Lk2x' } });\n",
    "const mailer = require('nodemailer');\n\nif (!process.env.SMTP_PASSWORD) throw new Error('SMTP_PASSWORD is not set');\nmailer.createTransport({ auth: { user, pass: process.env.SMTP_PASSWORD } });\n",
  ],
  [
    'letters that are drawn into a list',
    'src/x.js',
    "const crypto = require('crypto');\n\nconst password = Array.from({ length: 12 }, () => set[Math.floor(Math.random() * set.length)]).join('');\n",
    "const crypto = require('crypto');\n\nconst password = Array.from({ length: 12 }, () => set[crypto.randomInt(set.length)]).join('');\n",
  ],
];

/** What another function takes out of the request says nothing about a name of this one. */
test('fine: a name of another function', async () => {
  const text =
    "const { MongoClient } = require('mongodb');\n\napp.post('/a', (req) => {\n  const { name } = req.body;\n  log(name);\n});\n\napp.post('/b', (req) => {\n  const name = String(req.body.name);\n  return users.findOne({ name });\n});\n";
  assert.equal((await diagnose('src/f.js', text)).rules, []);
});

for (const [what, path, before, after] of MENDED)
  test(`mended: ${what}`, async () => {
    assert.is((await diagnose(path, before)).after, after);
    const again = await diagnose(path, after);
    assert.is(again.after, after, 'once is enough');
    assert.equal(again.rules, []);
  });

/** What it shows, the file, its text: found and left as it is. */
const LEFT: Array<[string, string, string]> = [
  ['`os` means something else', 'app/a.py', 'os = load()\nDB_PASSWORD = "q8Zr2vLx0TnB5kWd"\n'],
  ['a default of a parameter', 'app/b.py', 'def connect(password="pgM4ster!2021"):\n    return password\n'],
  ['a secret in two pieces', 'app/c.py', 'API_KEY = "q8Zr2vLx" + "0TnB5kWd7f"\n'],
  [
    'a path that goes on as a path',
    'app/d.py',
    'import os\nfrom pathlib import Path\nfrom flask import abort, request\n\n\ndef f():\n    target = ROOT / request.args["name"]\n    with open(target) as stream:\n        return target.suffix + stream.read()\n',
  ],
  [
    'a path that is opened only sometimes',
    'app/e.py',
    'import os\nfrom flask import abort, request\n\n\ndef f(ok):\n    return open(os.path.join(ROOT, request.args["name"])).read() if ok else ""\n',
  ],
  [
    'a folder that the request chooses as well',
    'app/f.py',
    'import os\nfrom flask import request\n\n\ndef f():\n    return open(os.path.join(request.args["folder"], request.args["name"])).read()\n',
  ],
  [
    'a number for asyncpg, which takes no text for it',
    'app/g.py',
    'import asyncpg\n\n\nasync def f(db, key):\n    return await db.fetch(f"SELECT id FROM t WHERE n = {key}")\n',
  ],
  [
    'SQL that is looked at in between',
    'app/h.py',
    'import sqlite3\n\n\ndef f(db, name):\n    sql = "SELECT id FROM t WHERE 1 = 1"\n    sql += " AND name = \'" + name + "\'"\n    log(sql)\n    return db.execute(sql)\n',
  ],
  ['a name that may be meant for a pipe', 'app/i.py', 'import tempfile\n\n\ndef f():\n    return tempfile.mktemp()\n'],
  [
    'debugging where no hosts are named',
    'site/settings.py',
    'import os\n\nDEBUG = True\nALLOWED_HOSTS = []\nINSTALLED_APPS = []\n',
  ],
  [
    'templates without names',
    'app/j.py',
    'import jinja2\n\nenv = jinja2.Environment(loader=LOADER, autoescape=False)\nenv.from_string(TEXT)\n',
  ],
  [
    'a redirect that may be meant for other sites',
    'app/k.py',
    'from django.shortcuts import redirect\n\n\ndef f(request):\n    return redirect(request.GET["url"])\n',
  ],
  [
    'a secret that may be missing, whose text anybody can send',
    'app/l.py',
    'import hmac\nimport os\n\n\ndef f(token):\n    return token == os.environ.get("ADMIN_TOKEN")\n',
  ],
  [
    'an error that nothing logs',
    'app/m.py',
    'from flask import jsonify\n\n\ndef f():\n    try:\n        work()\n    except Exception as error:\n        return jsonify(error=str(error)), 500\n',
  ],
  [
    'a question mark that is no place',
    'app/n.py',
    'import sqlite3\n\n\ndef f(db, name):\n    sql = "SELECT id FROM t WHERE a = \'?\'"\n    sql += " AND name = \'" + name + "\'"\n    return db.execute(sql)\n',
  ],
  [
    'a flag of the statement, which takes no values',
    'src/g.js',
    "import Database from 'better-sqlite3';\n\nexport const f = (db, name) => db.prepare(`SELECT id FROM t WHERE name = '${name}'`).pluck().get();\n",
  ],
  [
    'a redirect that takes whole addresses only',
    'src/i.ts',
    "import { NextResponse } from 'next/server';\n\nexport function GET(request: Request) {\n  const { searchParams } = new URL(request.url);\n  return NextResponse.redirect(searchParams.get('next')!);\n}\n",
  ],
  ['a secret of a page', 'src/a.js', "document.title = 'x';\nexport const apiKey = 'q8Zr4Lk2Xw9Tb7Nc3Vd1Mf6H';\n"],
  [
    'what the compiler forgets inside of a function',
    'src/b.ts',
    "import http from 'node:http';\n\nexport const make = () => http.get({ apiKey: 'q8Zr4Lk2Xw9Tb7Nc3Vd1Mf6H' });\n",
  ],
  [
    'a value in an address',
    'src/c.js',
    "import express from 'express';\n\napp.get('/a', (req, res) => res.send(`<a href=\"${req.query.to}\">on</a>`));\n",
  ],
  [
    'a value in a script',
    'src/d.js',
    "import express from 'express';\n\napp.get('/a', (req, res) => res.send('<script>f(\"' + req.query.q + '\")</script>'));\n",
  ],
  [
    'one name for two values of a statement',
    'src/e.ts',
    "import { Repository } from 'typeorm';\n\nexport const find = (q, a, b) => q.where(`t.x = '${a.name}'`).andWhere(`t.y = '${b.name}'`);\n",
  ],
  [
    'a path in a function without a body',
    'src/f.js',
    "import path from 'path';\nimport express from 'express';\n\napp.get('/a', (req, res) => fs.readFile(path.join(ROOT, req.query.name), done));\n",
  ],
  [
    'a shell behind a promise',
    'src/s.js',
    "const { exec } = require('child_process');\nconst run = require('util').promisify(exec);\n\nconst look = (host) => run(`whois ${host}`);\n",
  ],
  [
    'a pattern that admits more than it says',
    'src/t.js',
    "const { exec } = require('child_process');\n\nfunction look(host) {\n  if (!/^[a-z]+|x$/m.test(host)) return;\n  exec(`run-it ${host}`, done);\n}\n",
  ],
  [
    'SQL that grows by a value',
    'src/u.js',
    "import { Pool } from 'pg';\n\nfunction find(name) {\n  let sql = 'SELECT id FROM t WHERE open';\n  if (name) sql += ` AND name = '${name}'`;\n  return pool.query(sql);\n}\n",
  ],
  [
    'columns that anybody may name',
    'src/v.js',
    "import { Pool } from 'pg';\n\nfunction save(body) {\n  const set = Object.keys(body).map((key, i) => `${key} = $${i + 1}`).join(', ');\n  return pool.query(`UPDATE t SET ${set}`, Object.values(body));\n}\n",
  ],
  ['keys of Koa', 'src/w.js', "const Koa = require('koa');\n\nconst app = new Koa();\napp.keys = ['q8Zr4Lk2'];\n"],
  ['a secret for when there is none', 'src/x.js', "const key = process.env.JWT_SECRET || 'secret';\n"],
  [
    'a condition of Django',
    'app/x.py',
    'def find(name):\n    return User.objects.extra(where=["name = \'%s\'" % name])\n',
  ],
  [
    'a password behind a salt',
    'app/y.py',
    'import hashlib\n\n\ndef store(password):\n    return hashlib.sha256((SALT + password).encode()).hexdigest()\n',
  ],
];

for (const [what, path, text] of LEFT)
  test(`left to a person: ${what}`, async () => {
    const { rules, after } = await diagnose(path, text);
    assert.ok(rules.length > 0, 'it is found');
    assert.is(after, text);
  });

test.run();
