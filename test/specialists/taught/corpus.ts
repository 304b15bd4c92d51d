/**
 * Small commits that teach something, with places that need the same and places that look like it and are fine. `give`: the
 * text after; a `Look` must stay as it is.
 */
export interface Lesson {
  name: string;
  path: string;
  before: string;
  after: string;
  siblings: Array<{ path: string; text: string; gives: string }>;
  others: Array<{ path: string; text: string }>;
}

const py = (head: string, line: string) => `${head}\n\n\ndef work(path, data, name):\n    ${line}\n`;
const js = (head: string, line: string) => `${head}\n\nfunction work(path, data, name) {\n  ${line}\n}\n`;

interface Short {
  name: string;
  /** The imports that all files share. */
  head: string;
  before: string;
  after: string;
  /** Line and what becomes of it. */
  same: Array<[text: string, gives: string]>;
  other: string[];
  /** Whole files that are fine. */
  files?: string[];
}

function lessons(ending: string, make: typeof py, all: readonly Short[]): Lesson[] {
  return all.map(({ name, head, before, after, same, other, files = [] }) => ({
    name: `${ending}: ${name}`,
    path: `app/first.${ending}`,
    before: make(head, before),
    after: make(head, after),
    siblings: same.map(([text, gives], at) => ({
      path: `app/same${at}.${ending}`,
      text: make(head, text),
      gives: make(head, gives),
    })),
    others: [...other.map((line) => make(head, line)), ...files].map((text, at) => ({
      path: `app/other${at}.${ending}`,
      text,
    })),
  }));
}

const python = lessons('py', py, [
  {
    name: 'a safe loader',
    head: 'import yaml',
    before: 'return yaml.load(data)',
    after: 'return yaml.safe_load(data)',
    same: [
      ['return yaml.load(open(path).read())', 'return yaml.safe_load(open(path).read())'],
      ['x = [yaml.load(name)]', 'x = [yaml.safe_load(name)]'],
    ],
    other: [
      'return yaml.load(data, Loader=name)',
      'return "yaml.load(data)"  # yaml.load(data)',
      'return yaml.load(*data)',
    ],
    files: [
      'from shop import yaml\n\nx = yaml.load(data)\n',
      'class A:\n    def f(self, yaml):\n        return yaml.load(self)\n',
      'import json as yaml\n\nx = yaml.load(data)\n',
    ],
  },
  {
    name: 'a time limit',
    head: 'import requests',
    before: 'return requests.get(path)',
    after: 'return requests.get(path, timeout=10)',
    same: [
      ['return requests.get(f"{path}/a")', 'return requests.get(f"{path}/a", timeout=10)'].map((s) =>
        s.replace('f"{path}/a"', 'path + "/a"'),
      ) as [string, string],
      [
        'return requests.get(\n        data["url"]\n    )',
        'return requests.get(\n        data["url"], timeout=10\n    )',
      ],
    ],
    other: [
      'return requests.get(path, timeout=3)',
      'return requests.post(path)',
      'return requests.get(path, params=data)',
      'return requests.get(*data)',
    ],
    files: ['def f(requests, path):\n    return requests.get(path)\n'],
  },
  {
    name: 'another hash',
    head: 'import hashlib',
    before: 'return hashlib.md5(data).hexdigest()',
    after: 'return hashlib.sha256(data).hexdigest()',
    same: [['return hashlib.md5(name + data).digest()', 'return hashlib.sha256(name + data).digest()']],
    other: [
      'return hashlib.sha1(data).hexdigest()',
      'return hashlib.md5()',
      'return hashlib.md5(data, usedforsecurity=False)',
    ],
  },
  {
    name: 'an encoding, for texts alone',
    head: 'import json',
    before: 'return json.load(open(path))',
    after: 'return json.load(open(path, encoding="utf-8"))',
    same: [['return json.load(open(name)), 1', 'return json.load(open(name, encoding="utf-8")), 1']],
    other: ['return open(path, "rb").read()', 'return json.load(open(path, "rb"))'],
  },
  {
    name: 'parameters of a query',
    head: 'import sqlite3',
    before: 'db = sqlite3.connect(path)\n    return db.execute("select * from users where id = %s" % name)',
    after: 'db = sqlite3.connect(path)\n    return db.execute("select * from users where id = %s", (name,))',
    same: [
      [
        "base = sqlite3.connect(':memory:')\n    base.execute('select a from orders where id = %s' % data.id)",
        "base = sqlite3.connect(':memory:')\n    base.execute('select a from orders where id = %s', (data.id,))",
      ],
    ],
    other: [
      'db = sqlite3.connect(path)\n    return db.execute("select * from a where b = %s and c = %s" % name)',
      'db = sqlite3.connect(path)\n    return db.execute("select * from a where b = %s" % (name, data))',
      'db = data.connect(path)\n    return db.execute("select * from users where id = %s" % name)',
    ],
  },
  {
    name: 'parameters of a query, with a cursor that is handed in',
    head: 'import sys',
    before: 'path.execute("select a from t where n = %s" % name)',
    after: 'path.execute("select a from t where n = %s", (name,))',
    same: [
      [
        'path.execute("delete from t where n = %s" % data[0])',
        'path.execute("delete from t where n = %s", (data[0],))',
      ],
    ],
    other: [
      'name.execute("delete from t where n = %s" % data[0])',
      'path.execute("delete from t where n = %d" % data[0])',
    ],
  },
  {
    name: 'code that is only read',
    head: 'import ast',
    before: 'return eval(data)',
    after: 'return ast.literal_eval(data)',
    same: [['return [eval(name)]', 'return [ast.literal_eval(name)]']],
    other: ['return eval(data, {})', 'return data.eval(name)'],
    files: ['x = eval(data)\n', 'def eval(x):\n    return x\n\n\ny = eval(1)\n'],
  },
  {
    name: 'a checked certificate',
    head: 'import requests',
    before: 'return requests.post(path, data, verify=False)',
    after: 'return requests.post(path, data, verify=True)',
    same: [['return requests.post(name, {"a": 1}, verify=False)', 'return requests.post(name, {"a": 1}, verify=True)']],
    other: ['return requests.post(path, data, verify=name)', 'return requests.get(path, data, verify=False)'],
  },
  {
    name: 'a clock with a zone',
    head: 'from datetime import datetime, timezone',
    before: 'return datetime.utcnow()',
    after: 'return datetime.now(timezone.utc)',
    same: [['data.set(datetime.utcnow())', 'data.set(datetime.now(timezone.utc))']],
    other: ['return datetime.now()', 'return datetime.utcnow() - data', 'return datetime.utcnow().isoformat()'],
    files: [
      'from datetime import datetime\n\nx = datetime.utcnow()\n',
      'import datetime\n\nx = datetime.datetime.utcnow()\n',
    ],
  },
  {
    name: 'no shell',
    head: 'import subprocess',
    before: 'subprocess.run(data, shell=True)',
    after: 'subprocess.run(data, shell=False)',
    same: [['subprocess.run(name, shell=True)', 'subprocess.run(name, shell=False)']],
    other: ['subprocess.call(name, shell=True)', 'subprocess.run(name, shell=True, check=True)'],
  },
  {
    name: 'a new name of a method',
    head: 'import logging\n\nlog = logging.getLogger(__name__)',
    before: 'log.warn("slow: %s", name)',
    after: 'log.warning("slow: %s", name)',
    same: [['log.warn("late: %s", data[0])', 'log.warning("late: %s", data[0])']],
    other: ['log.warn(name)', 'log.info("slow: %s", name)', 'data.warn("slow: %s", name)'],
    files: ['import warnings as log\n\nlog.warn("slow: %s", name)\n'],
  },
  {
    name: 'a command whose result nobody looks at',
    head: 'import os\nimport subprocess',
    before: 'os.system(data)',
    after: 'subprocess.run(data, check=True)',
    same: [['os.system(name.line)', 'subprocess.run(name.line, check=True)']],
    other: ['return os.system(data)', 'x = 1 if os.system(data) else 0', 'data.system(name)'],
  },
  {
    name: 'a method that is gone',
    head: 'import inspect',
    before: 'return inspect.getargspec(data)',
    after: 'return inspect.getfullargspec(data)',
    same: [['return inspect.getargspec(data.run)', 'return inspect.getfullargspec(data.run)']],
    other: ['return inspect.getargspec', 'return name.getargspec(data)'],
  },
]);

const javascript = lessons('js', js, [
  {
    name: 'another hash',
    head: "const crypto = require('crypto');",
    before: "return crypto.createHash('md5').update(data);",
    after: "return crypto.createHash('sha256').update(data);",
    same: [['return crypto.createHash("md5");', 'return crypto.createHash("sha256");']],
    other: [
      "return crypto.createHash('sha1');",
      "return data.createHash('md5');",
      "return `crypto.createHash('md5')`;",
    ],
    files: ["import crypto from 'crypto-js';\nexport const a = crypto.createHash('md5');\n"],
  },
  {
    name: 'text instead of HTML',
    head: "const box = document.getElementById('box');",
    before: 'box.innerHTML = name;',
    after: 'box.textContent = name;',
    same: [['box.innerHTML = data.name;', 'box.textContent = data.name;']],
    other: ['box.innerHTML += name;', 'path.innerHTML = name;', 'return box.innerHTML;'],
  },
  {
    name: 'a radix',
    head: '',
    before: 'return parseInt(data);',
    after: 'return parseInt(data, 10);',
    same: [['return parseInt(name.size) + 1;', 'return parseInt(name.size, 10) + 1;']],
    other: ['return parseInt(data, 16);', 'return data.map(parseInt);', 'return data.parseInt(name);'],
  },
  {
    name: 'no evaluation',
    head: '',
    before: 'return eval(data);',
    after: 'return JSON.parse(data);',
    same: [['return eval(name.text);', 'return JSON.parse(name.text);']],
    other: ['return eval(...data);', 'return data.eval(name);', 'return "eval(data)"; // eval(data)'],
    files: ['function eval2(JSON, data) {\n  return eval(data);\n}\n'],
  },
  {
    name: 'a buffer of text',
    head: '',
    before: 'return new Buffer(data);',
    after: 'return Buffer.from(data);',
    same: [['return new Buffer(name.value);', 'return Buffer.from(name.value);']],
    other: ["return new Buffer(data, 'hex');", 'return new Buffers(data);', 'return new Buffer(10);'].slice(0, 2),
    files: ["const Buffer = require('./buffer');\nnew Buffer(data);\n"],
  },
  {
    name: 'a program without a shell',
    head: "const { exec, execFile } = require('child_process');",
    before: 'return exec(data);',
    after: 'return execFile(data);',
    same: [['return exec(name.file);', 'return execFile(name.file);']],
    other: ['return exec(data, name);', 'return data.exec(name);'],
    files: [
      "const { exec } = require('child_process');\nexec(data);\n",
      "const { exec, execFile } = require('./run');\nexec(data);\n",
    ],
  },
  {
    name: 'a cookie that scripts cannot read',
    head: "const session = require('express-session');",
    before: 'return session({ secret: name, cookie: { httpOnly: false } });',
    after: 'return session({ secret: name, cookie: { httpOnly: true } });',
    same: [
      [
        'return session({ secret: data.key, cookie: { httpOnly: false } });',
        'return session({ secret: data.key, cookie: { httpOnly: true } });',
      ],
    ],
    other: [
      'return session({ secret: name, cookie: { secure: false } });',
      'return session({ cookie: { httpOnly: false } });',
    ],
  },
  {
    name: 'a method with another name',
    head: "const url = require('url');",
    before: 'return url.parse(path).host;',
    after: 'return new url.URL(path).host;',
    same: [['return url.parse(data.href).host;', 'return new url.URL(data.href).host;']],
    other: ['return url.parse(path).query;', 'return url.parse(path, true).host;', 'return data.parse(path).host;'],
  },
]);

const typescript = lessons('ts', js, [
  {
    name: 'a path that cannot leave',
    head: "import * as path_ from 'node:path';",
    before: 'return path_.join(path, name);',
    after: 'return path_.resolve(path, name);',
    same: [['return path_.join(data as string, name);', '']].slice(1) as Array<[string, string]>,
    other: ['return path_.join(path, name, data);', 'return [path, name].join(name);'],
    files: ["import * as path_ from './path';\npath_.join(a, b);\n"],
  },
  {
    name: 'an encoding',
    head: "import { readFileSync } from 'node:fs';",
    before: 'return JSON.parse(readFileSync(path));',
    after: "return JSON.parse(readFileSync(path, 'utf8'));",
    same: [['return JSON.parse(readFileSync(name.file));', "return JSON.parse(readFileSync(name.file, 'utf8'));"]],
    other: ['return readFileSync(path, null);', 'return data.readFileSync(path, name);'],
    files: ["import { readFileSync } from './fs';\nJSON.parse(readFileSync(a));\n"],
  },
  {
    name: 'random bytes',
    head: "import { pseudoRandomBytes, randomBytes } from 'node:crypto';",
    before: 'return pseudoRandomBytes(data);',
    after: 'return randomBytes(data);',
    same: [['return pseudoRandomBytes(name.length);', 'return randomBytes(name.length);']],
    other: ['return pseudoRandomBytes(data, name);', 'return pseudoRandomBytes;'],
    files: ["import { pseudoRandomBytes } from 'node:crypto';\npseudoRandomBytes(a);\n"],
  },
  {
    name: 'a typed client',
    head: "import { Client } from 'pg';",
    before: 'const db = new Client(path);\n  return db.query(name, data);',
    after: 'const db = new Client(path);\n  return db.safeQuery(name, data);',
    same: [],
    other: ['const db = new Server(path);\n  return db.query(name, data);'],
  },
  {
    name: 'an event that is awaited once',
    head: "import { EventEmitter } from 'node:events';",
    before: "const bus = new EventEmitter();\n  bus.addListener('ready', data);",
    after: "const bus = new EventEmitter();\n  bus.once('ready', data);",
    same: [
      [
        "const other = new EventEmitter();\n  other.addListener('ready', name.run);",
        "const other = new EventEmitter();\n  other.once('ready', name.run);",
      ],
    ],
    other: [
      "const bus = new EventEmitter();\n  bus.addListener('data', data);",
      "const bus = path;\n  bus.addListener('ready', data);",
    ],
  },
  {
    name: 'a constant-time comparison',
    head: "import { timingSafeEqual, equal } from 'node:crypto';",
    before: 'return equal(path, name);',
    after: 'return timingSafeEqual(path, name);',
    same: [['return equal(data.a, data.b);', 'return timingSafeEqual(data.a, data.b);']],
    other: ['return equal(path);', 'return path.equal(path, name);'],
  },
]);

export const corpus: readonly Lesson[] = [...python, ...javascript, ...typescript];

/** Commits that teach nothing: what they change is a decision about that place. */
export const silent: ReadonlyArray<{ name: string; path: string; before: string; after: string }> = [
  ...(
    [
      ['a number', 'sleep(1)', 'sleep(2)'],
      ['another variable', 'send(name)', 'send(data)'],
      ['the order of arguments', 'requests.get(path, data)', 'requests.get(data, path)'],
      ['loudness', 'logging.info(name)', 'logging.debug(name)'],
      ['what is printed', 'print(name)', 'print(data)'],
      ['an ordinary function', 'x = str(name)', 'x = repr(name)'],
      ['a switch of an own function', 'render(name)', 'render(name, True)'],
      ['a wrapper', 'requests.get(path)', 'requests.get(requests.utils.quote(path))'],
      ['a message', 'raise ValueError("no such thing")', 'raise ValueError("there is no such thing")'],
      ['layout', 'requests.get(path,data)', 'requests.get(path, data)'],
      ['a method that everything has', 'data.get(name)', 'data.pop(name)'],
      ['an operator', 'x = name == None', 'x = name is None'],
      ['the mode of a file', "open(name, 'wb')", "open(name, 'w')"],
      ['a broader question', 'os.path.isfile(name)', 'os.path.exists(name) and not os.path.isdir(name)'],
      ['a kind of lock', 'x = threading.Lock()', 'x = threading.RLock()'],
      ['the text of a query', 'yaml.load(name, "a = ? and b")', 'yaml.safe_load(name, "trim(a) = ? and b")'],
      ['an own function', 'render(name)', 'name in listing()'],
      ['an exception', 'raise yaml.YAMLError(name)', 'raise yaml.MarkedYAMLError(name)'],
      ['a kind of field', 'x = yaml.Loader(name)', 'x = yaml.SafeLoader(name)'],
      ['how a document looks', 'json.dumps(name)', 'json.dumps(name, indent=2)'],
      ['a parameter', 'data.send(name)', 'data.status(500).send(name)'],
      ['a new condition', 'requests.get(path)', 'if path:\n        requests.get(path)'],
      ['two things at once', 'requests.get(path); yaml.load(data)', 'requests.post(path); yaml.safe_load(data)'],
      [
        'one of two next to each other',
        'requests.get(path)\n    requests.get(name)',
        'requests.get(path, timeout=1)\n    requests.get(name)',
      ],
    ] as const
  ).map(([name, before, after]) => ({
    name,
    path: 'app/a.py',
    before: `import json, os, requests, logging, threading, yaml\n\n\ndef render(a, b=False):\n    return a\n\n\ndef work(path, data, name):\n    ${before}\n`,
    after: `import json, os, requests, logging, threading, yaml\n\n\ndef render(a, b=False):\n    return a\n\n\ndef work(path, data, name):\n    ${after}\n`,
  })),
];
