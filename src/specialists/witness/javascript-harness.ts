// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the program is text.
/**
 * The parts that a JavaScript witness is put together from. Rule: the module is loaded from the tree by node's own loader;
 * only its own end is added to (so that what it does not export can be called), and only `verdict` is heard.
 */

/** Modules at the border of a program: always stand-ins, so that nothing is sent and nothing has to be installed. */
const BORDER = [
  ...['pg', 'mysql', 'mysql2', 'mysql2/promise', 'mariadb', 'sqlite3', 'better-sqlite3', 'knex', 'sequelize'],
  ...['express', 'fastify', 'koa', 'koa-router', '@koa/router', 'express-session', 'cookie-session', 'koa-session'],
  ...['@fastify/session', '@fastify/cookie', 'body-parser', 'cookie-parser', 'cors', 'helmet', 'morgan'],
  ...['axios', 'request', 'got', 'needle', 'superagent', 'node-fetch', 'undici'],
];

export const HEAD = String.raw`'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { createHash } = require('node:crypto');
const Module = require('node:module');
const { pathToFileURL } = require('node:url');
const { writeSync } = fs;
const end = process.reallyExit.bind(process);
const TOP = process.cwd();

function verdict(word) {
  writeSync(1, word + '\n');
  end(0);
}

process.stdout.write = process.stderr.write = () => true;
process.on('uncaughtException', () => end(0));
process.on('unhandledRejection', () => end(0));

// Stands in for what the code needs: answers everything and tells "observe" of every call.
function stub(name) {
  const own = new Map([
    ['then', undefined],
    ['toJSON', () => 'stub'],
    [Symbol.toPrimitive, (hint) => (hint === 'number' ? 12 : 'stub')],
    [Symbol.iterator, function* () {}],
    [Symbol.asyncIterator, async function* () {}],
  ]);
  return new Proxy(function () {}, {
    get(target, key) {
      if (!own.has(key)) own.set(key, typeof key === 'symbol' || key === 'prototype' ? target[key] : stub(name + '.' + key));
      return own.get(key);
    },
    set(target, key, value) {
      own.set(key, value);
      return true;
    },
    apply(target, self, args) {
      observe(name, args);
      return stub(name + '()');
    },
    construct(target, args) {
      observe(name, args);
      return stub(name + '()');
    },
  });
}

const BORDER = new Set(BORDER_NAMES);
const values = new Proxy({}, { get: (own, key) => (typeof key === 'symbol' ? undefined : PAYLOAD), has: () => true });
const request = new Proxy(
  {},
  {
    get(own, key) {
      if (typeof key === 'symbol') return undefined;
      if (/^(query|params|body|headers|cookies|signedCookies|request)$/.test(key)) return key === 'request' ? request : values;
      if (/^(get|header|param)$/.test(key)) return () => PAYLOAD;
      return /url|path/i.test(key) ? PAYLOAD : stub('request.' + key);
    },
  },
);

// Handlers that the module gives to its (stand-in) server, by method and path.
const handlers = new Map();

function handedIn(name, args) {
  const handler = args.findLast((one) => typeof one === 'function');
  if (handler) handlers.set(name.split('.').at(-1) + ' ' + String(args[0]), handler);
}
`.replace('BORDER_NAMES', JSON.stringify(BORDER));

export const LOAD = String.raw`
function isModule(full, text) {
  if (/\.c[jt]s$/.test(full)) return false;
  if (/\.m[jt]s$/.test(full)) return true;
  for (let dir = path.dirname(full); dir.startsWith(TOP); dir = path.dirname(dir)) {
    const manifest = path.join(dir, 'package.json');
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module' || isWritten(text);
  }
  return isWritten(text);
}

function isWritten(text) {
  return /^\s*(import\s[^(]|export\s)/m.test(text);
}

// Runs in a thread of its own: knows the files by name, and nothing of this program.
const HOOKS = ${'`'}
  let data;
  export async function initialize(given) { data = given; }
  export async function resolve(specifier, context, next) {
    if (specifier in data.stubs) return { url: 'border:' + specifier, format: 'module', shortCircuit: true };
    return next(specifier, context);
  }
  export async function load(url, context, next) {
    if (url.startsWith('border:')) {
      const name = url.slice(7);
      const own = data.stubs[name].map((one) => 'export const ' + one + ' = border.' + one + ';');
      const source = 'const border = globalThis.ambientStub(' + JSON.stringify(name) + ');export default border;' + own.join('');
      return { format: 'module', source, shortCircuit: true };
    }
    if (url.split('?')[0] !== data.url) return next(url, context);
    if (data.plain) return { format: 'module', source: data.plain + data.expose, shortCircuit: true };
    const loaded = await next(url, { ...context, format: 'module' });
    return { ...loaded, source: String(loaded.source) + data.expose };
  }
${'`'};

let registered = false;
let times = 0;

// Loads the module of the tree anew, and returns what it was asked for. Types go first, where it was given without them:
// "plain" has it by the digest of its text.
async function load({ file, target, stubs, plain = {} }) {
  const full = path.join(TOP, file);
  const expose = '\n;try { globalThis.ambientTarget = (' + target + '); } catch { globalThis.ambientTarget = undefined; }';
  globalThis.ambientStub = stub;
  times += 1;
  const text = fs.readFileSync(full, 'utf8');
  const given = plain[createHash('sha256').update(text).digest('hex').slice(0, 16)];
  if (given !== undefined || isModule(full, text)) {
    const url = pathToFileURL(full).href;
    const known = Object.fromEntries(Object.entries(stubs).filter(([name]) => BORDER.has(name)));
    const data = { url, expose, stubs: known, plain: given };
    if (!registered) Module.register('data:text/javascript,' + encodeURIComponent(HOOKS), { parentURL: url, data });
    registered = true;
    await import(url + '?' + times);
    return globalThis.ambientTarget;
  }
  const { _load } = Module;
  const { _compile } = Module.prototype;
  Module._load = (name, ...rest) => (BORDER.has(name) ? stub(name) : _load(name, ...rest));
  Module.prototype._compile = function (text, name, ...rest) {
    return _compile.call(this, name === full ? text + expose : text, name, ...rest);
  };
  delete require.cache[full];
  Module.createRequire(full)(full);
  return globalThis.ambientTarget;
}

// What came of it. Broken code says nothing.
async function attempt(work) {
  try {
    return { returned: await work() };
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof TypeError || error instanceof SyntaxError) end(0);
    if (/^(ERR_)?MODULE_NOT_FOUND|^ERR_(UNSUPPORTED|UNKNOWN|REQUIRE)/.test(error?.code ?? '')) end(0);
    return { raised: error };
  }
}
`;
