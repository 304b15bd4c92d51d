/** Witnesses of Python rules, really run: exploited before, refused after; and none where none is possible. */
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pythonKinds } from '../../src/specialists/witness/python.ts';
import { type Case, judge, run, witnessOf } from './witness-support.ts';

const test = suite('specialists/witness-python');
const BOTH = 'exploited, refused';

const cases: Array<Case & { about: string }> = [
  {
    about: 'a cursor as a parameter',
    rule: 'python/sql-injection',
    path: 'app/store.py',
    before:
      'import sqlite3\n\n\ndef find(cursor, name):\n    return cursor.execute("SELECT id FROM users WHERE name = \'" + name + "\'")\n',
  },
  {
    about: 'a connection of the module, an f-string, a number',
    rule: 'python/sql-injection',
    path: 'store.py',
    before:
      'import sqlite3\n\nDB = sqlite3.connect("users.db")\n\n\ndef user(user_id: int):\n    row = DB.cursor().execute(f"SELECT id FROM users WHERE id = {user_id}").fetchone()\n    return row[0]\n',
  },
  {
    about: 'a method, a driver that is not installed, an own module beside it',
    rule: 'python/sql-injection',
    path: 'shop/store.py',
    beside: { 'shop/__init__.py': '', 'shop/text.py': 'def tidy(name):\n    return name.strip()\n' },
    before:
      'import psycopg2\n\nfrom .text import tidy\n\n\nclass Store:\n    def __init__(self, url):\n        self.connection = psycopg2.connect(url)\n\n    def find(self, name, limit=10):\n        wanted = tidy(name)\n        with self.connection.cursor() as cursor:\n            cursor.execute("SELECT id FROM users WHERE name = \'%s\'" % wanted)\n            return [row for row in cursor]\n',
  },
  {
    about: 'the second of two statements; modules of the tree that are called as those of asyncio',
    rule: 'python/sql-injection',
    path: 'src/app/store.py',
    beside: {
      'src/app/__init__.py': '',
      'src/socket.py': 'raise SystemExit\n',
      'logging/__init__.py': 'raise SystemExit\n',
    },
    before:
      'import sqlite3\n\n\nasync def find(db, name):\n    await db.execute("DELETE FROM log")\n    async with db.execute(f"SELECT id FROM users WHERE name = \'{name}\'") as rows:\n        return [row async for row in rows]\n',
  },
  {
    about: 'a file that is named in the code, read on import',
    rule: 'python/yaml-load',
    path: 'app/settings.py',
    before: 'import yaml\n\nwith open("a.yml") as stream:\n    settings = yaml.load(stream, Loader=yaml.Loader)\n',
  },
  {
    about: 'a path, a text',
    rule: 'python/yaml-load',
    path: 'app/settings.py',
    before:
      'import yaml\n\n\ndef read(path):\n    with open(path) as stream:\n        return yaml.load(stream.read(), Loader=yaml.UnsafeLoader)\n',
  },
  {
    about: 'a stream as a parameter',
    rule: 'python/yaml-load',
    path: 'settings.py',
    before: 'from yaml import Loader\nimport yaml\n\n\ndef read(stream):\n    return yaml.load(stream, Loader)\n',
  },
  {
    about: 'a request',
    rule: 'python/pickle-from-outside',
    path: 'app/view.py',
    before: 'import pickle\n\n\ndef read(request):\n    return pickle.loads(request.body)\n',
    after: 'import json\n\n\ndef read(request):\n    return json.loads(request.body)\n',
  },
  {
    about: 'a cookie in base64',
    rule: 'python/pickle-from-outside',
    path: 'app/view.py',
    before:
      'import base64\nimport pickle\n\n\ndef read(request):\n    data = base64.b64decode(request.cookies["cart"])\n    return pickle.loads(data)\n',
    after:
      'import base64\nimport json\n\n\ndef read(request):\n    data = base64.b64decode(request.cookies["cart"])\n    return json.loads(data)\n',
  },
  {
    about: 'the keyboard',
    rule: 'python/eval-from-outside',
    path: 'app/calc.py',
    before: 'expression = input("> ")\nprint(eval(expression))\n',
    after: 'import ast\n\nexpression = input("> ")\nprint(ast.literal_eval(expression))\n',
  },
  {
    about: 'a value in a shell command',
    rule: 'python/shell-injection',
    path: 'app/archive.py',
    before: 'import subprocess\n\n\ndef unpack(name):\n    subprocess.run(f"tar xf {name}", shell=True, check=True)\n',
    after: 'import subprocess\n\n\ndef unpack(name):\n    subprocess.run(["tar", "xf", name], check=True)\n',
  },
  {
    about: 'between quotes, mended by quoting',
    rule: 'python/shell-injection',
    path: 'app/archive.py',
    before: 'import os\n\n\ndef unpack(name):\n    os.system("tar xf \'" + name + "\'")\n',
    after: 'import os\nimport shlex\n\n\ndef unpack(name):\n    os.system("tar xf " + shlex.quote(name))\n',
  },
  {
    about: 'a file of a request',
    rule: 'python/path-from-request',
    path: 'app/files.py',
    before:
      'import os\n\nfrom flask import request, send_file\n\nFOLDER = "/srv/files"\n\n\ndef download():\n    path = os.path.join(FOLDER, request.args["name"])\n    return send_file(path)\n',
    after:
      'import os\n\nfrom flask import request, send_file\n\nFOLDER = "/srv/files"\n\n\ndef download():\n    path = os.path.realpath(os.path.join(FOLDER, request.args["name"]))\n    if not path.startswith(FOLDER + os.sep):\n        raise ValueError(path)\n    return send_file(path)\n',
  },
  {
    about: 'open',
    rule: 'python/path-from-request',
    path: 'app/files.py',
    before:
      'import os\n\n\ndef show(request):\n    with open(os.path.join("pages", request.GET["page"])) as page:\n        return page.read()\n',
    after:
      'import os\n\n\ndef show(request):\n    with open(os.path.join("pages", os.path.basename(request.GET["page"]))) as page:\n        return page.read()\n',
  },
  {
    about: 'an answer',
    rule: 'python/reflected-input',
    path: 'app/views.py',
    before:
      'from flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.route("/hello")\ndef hello():\n    name = request.args.get("name")\n    return f"<h1>Hello {name}</h1>"\n',
    after:
      'import html\n\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.route("/hello")\ndef hello():\n    name = request.args.get("name")\n    return f"<h1>Hello {html.escape(name)}</h1>"\n',
  },
  {
    about: 'a parameter',
    rule: 'python/is-literal',
    path: 'app/modes.py',
    before: 'def fast(mode):\n    if mode is "fast":\n        return 1\n    return 2\n',
  },
  {
    about: 'on import',
    rule: 'python/tls-verify-off',
    path: 'app/client.py',
    before: 'import requests\n\nreply = requests.get("https://api.example.com/v1", verify=False, timeout=5)\n',
  },
  {
    about: 'a session',
    rule: 'python/tls-verify-off',
    path: 'app/client.py',
    before:
      'import requests\n\n\ndef fetch(url):\n    session = requests.Session()\n    session.verify = False\n    return session.get(url).json()\n',
  },
  {
    about: 'httpx',
    rule: 'python/tls-verify-off',
    path: 'app/client.py',
    before:
      'import httpx\n\n\ndef fetch(path):\n    return httpx.get(f"https://example.com/{path}", verify=False).text\n',
  },
  {
    about: 'on import',
    rule: 'python/ssl-unverified-context',
    path: 'app/tls.py',
    before: 'import ssl\n\ncontext = ssl._create_unverified_context()\n',
  },
  {
    about: 'in a function',
    rule: 'python/ssl-context-check-off',
    path: 'app/tls.py',
    before:
      'import ssl\n\n\ndef make():\n    context = ssl.create_default_context()\n    context.check_hostname = False\n    context.verify_mode = ssl.CERT_NONE\n    return context\n',
  },
  {
    about: 'a function',
    rule: 'python/predictable-secret',
    path: 'app/accounts.py',
    before:
      'import random\nimport string\n\n\ndef make_password(length):\n    return "".join(random.choice(string.ascii_letters) for _ in range(length))\n',
  },
  {
    about: 'a value of the module',
    rule: 'python/predictable-secret',
    path: 'app/accounts.py',
    before: 'import random\n\nSECRET_KEY = random.randbytes(16)\n',
  },
  {
    about: 'run as a program',
    rule: 'python/flask-debug',
    path: 'app/main.py',
    before:
      'from flask import Flask\n\napp = Flask(__name__)\n\nif __name__ == "__main__":\n    app.run(port=8000, debug=True)\n',
  },
];

/** The defect is in the package itself: a stand-in would show nothing. */
const hasYaml = spawnSync('python3', ['-s', '-c', 'import yaml']).status === 0;

for (const one of cases)
  if (one.rule === 'python/yaml-load' && !hasYaml) test.skip(`no PyYAML here: ${one.rule}: ${one.about}`, () => {});
  else
    test(`${one.rule}: ${one.about}`, async () => {
      assert.is(await judge(one), BOTH);
    });

test('every kind of Python witness has a case, but the one that needs a package', () => {
  const ran = new Set(cases.map(({ rule }) => rule));
  const missing = Object.keys(pythonKinds).filter((rule) => !ran.has(rule));
  assert.equal(missing, ['python/unescaped-markup']);
});

const SQL = (body: string): Case => ({
  ...{ rule: 'python/sql-injection', path: 'a.py' },
  before: `import sqlite3\n\n\n${body}`,
});

test('no witness where the code cannot be reached by name, or nothing comes from outside', async () => {
  const query = `cursor.execute("SELECT id FROM users WHERE name = '" + name + "'")`;
  const inside = SQL(`def make(cursor):\n    def find(name):\n        return ${query}\n    return find\n`);
  const own = SQL(`def find(cursor):\n    name = ask()\n    return ${query}\n`);
  for (const one of [inside, own]) assert.is((await witnessOf(one)).witness, null, one.before);
});

test('a missing module, broken code and a fix that mends nothing are not taken for a refusal', async () => {
  const one = SQL(
    `def find(cursor, name):\n    return cursor.execute("SELECT id FROM users WHERE name = '" + name + "'")\n`,
  );
  const { witness } = await witnessOf(one);
  if (witness === null) return assert.unreachable('no witness');
  const says = (text: string) => run(witness, { 'a.py': text }).says;
  assert.is(says(`import not_installed\n${one.before}`), 'unclear');
  assert.is(says(one.before.replace('+ name +', '+ nam +')), 'unclear');
  assert.is(says(one.before.replace('+ name +', '+ str(name) +')), 'exploited');
  assert.is(says('print("refused")\nimport sys\nsys.exit(0)\n'), 'unclear');
});

test.run();
