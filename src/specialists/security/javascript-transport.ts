/**
 * TLS certificates and cross-origin access. Rule: only values that are written as literals and that nothing chooses are
 * edited; what somebody put under a condition is a decision and is left alone.
 */
import {
  bindingsOf,
  callsOf,
  FOR_DEVELOPMENT,
  isConditional,
  keyOf,
  literalText,
  pairOf,
  SCRIPT,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

/** Does the object configure a server that asks for client certificates? There `false` means "optional". */
function belongsToServer(object: Node | null): boolean {
  const call = object?.parent()?.parent();
  const callee = call?.field('function')?.text() ?? call?.field('constructor')?.text() ?? '';
  return !!pairOf(object, 'requestCert') || /(createServer|createSecureServer|\.?Server)$/.test(callee);
}

const certificateCheckOff: RuleImpl = {
  id: 'javascript/tls-certificate-check-off',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-295',
  title: 'Check TLS certificates',
  rationale:
    'With `rejectUnauthorized: false` any certificate is accepted, so whoever sits on the way can read and change the traffic. The value becomes `true`, which is the default of Node; `strictSSL: false` of request and the options of an agent are the same switch. A server with a private certificate authority is trusted by its certificate in the `ca` option, not by no check at all; database connections (`ssl: {…}`) often need that option first and are reported only. Values under a condition, servers with optional client certificates, tests and development scripts are left alone.',
  fixable: true,
  trigger: /(rejectUnauthorized|strictSSL)['"]?\s*[:=]\s*false/,
  example: {
    path: 'src/client.js',
    before: 'const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });\n',
    after: 'const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: true });\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'const agent = new https.Agent({ rejectUnauthorized: config.strict });\n' },
    { path: 'src/b.ts', text: 'const options = isLocal ? { rejectUnauthorized: false } : {};\n' },
    { path: 'src/c.js', text: 'https.createServer({ key, cert, rejectUnauthorized: false }, app).listen(443);\n' },
    { path: 'src/d.ts', text: 'const server = { requestCert: true, rejectUnauthorized: false };\n' },
    { path: 'src/f.js', text: 'lint({ strictSSL: false });\nvalidator.options.rejectUnauthorized = false;\n' },
    { path: 'scripts/dev/proxy.js', text: 'request({ rejectUnauthorized: false });\n' },
    { path: 'src/e.js', text: 'if (process.env.INSECURE) {\n  options = { rejectUnauthorized: false };\n}\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const root = await context.tree();
    const message = 'Any certificate is accepted: the traffic can be read and changed on its way.';
    const set = nodesOf(root, 'assignment_expression').flatMap((node): Match[] => {
      const [left, value] = [node.field('left')?.text() ?? '', node.field('right')];
      if (!value?.is('false') || isConditional(node)) return [];
      if (!/(^|\.)(https\.globalAgent|\w*[aA]gent)\.options\.rejectUnauthorized$/.test(left)) return [];
      return [{ ...span(node), message, edits: [{ ...span(value), text: 'true' }] }];
    });
    const given = nodesOf(root, 'pair').flatMap((pair): Match[] => {
      const value = pair.field('value');
      const name = keyOf(pair) ?? '';
      if (!value?.is('false') || !(name === 'rejectUnauthorized' || (name === 'strictSSL' && usesRequest(file.text))))
        return [];
      const object = pair.parent();
      if (isConditional(pair) || belongsToServer(object)) return [];
      const holder = object?.parent();
      const database = holder?.is('pair') && /^(ssl|dialectOptions)$/.test(keyOf(holder) ?? '');
      return [{ ...span(pair), message, edits: database ? [] : [{ ...span(value), text: 'true' }] }];
    });
    return [...set, ...given];
  },
};

/** `strictSSL` is the switch of request and its descendants. */
function usesRequest(text: string): boolean {
  return /['"](request|request-promise(-native)?|@cypress\/request|postman-request|teeny-request)['"]/.test(text);
}

const tlsEnvironment: RuleImpl = {
  id: 'javascript/tls-check-off-for-process',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-295',
  title: 'Do not switch certificate checks off',
  rationale:
    'NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off for every connection of the process, those of its libraries included. What needs the exception is not written in the source, so this is reported only; the setting under a condition, in tests and in development scripts is left alone.',
  fixable: false,
  trigger: /NODE_TLS_REJECT_UNAUTHORIZED/,
  example: { path: 'src/index.js', before: "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n" },
  lookAlikes: [
    { path: 'src/a.js', text: "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '1';\n" },
    { path: 'src/b.js', text: "if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') warn();\n" },
    { path: 'src/c.js', text: "if (local) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n" },
    { path: 'src/d.js', text: 'delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const root = await context.tree();
    const isOff = (value: Node | null) => value?.text() === '0' || literalText(value) === '0';
    const set = nodesOf(root, 'assignment_expression').filter((node) => {
      const left = node.field('left')?.text() ?? '';
      const named = /^process\.env(\.|\[['"])NODE_TLS_REJECT_UNAUTHORIZED(['"]\])?$/.test(left);
      return named && isOff(node.field('right'));
    });
    const given = nodesOf(root, 'pair').filter(
      (pair) => keyOf(pair) === 'NODE_TLS_REJECT_UNAUTHORIZED' && isOff(pair.field('value')),
    );
    return [...set, ...given]
      .filter((node) => !isConditional(node))
      .map((node) => ({ ...span(node), message: 'Certificate checks are off for every connection of the process.' }));
  },
};

const corsAnyOrigin: RuleImpl = {
  id: 'javascript/cors-any-origin-with-credentials',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-942',
  title: 'Name the origins that may send credentials',
  rationale:
    'CORS that allows credentials and reflects every origin (`origin: true`) lets any web page act as the signed-in user; with `origin: "*"` browsers refuse the answer, so it does not work either. Which origins are meant is not written in the source, so this is reported only. Public access without credentials is left alone.',
  fixable: false,
  trigger: /\bcors\b/i,
  example: {
    path: 'src/app.js',
    before: "const cors = require('cors');\n\napp.use(cors({ origin: true, credentials: true }));\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const cors = require('cors');\n\napp.use(cors({ origin: '*' }));\n" },
    { path: 'src/b.js', text: "import cors from 'cors';\n\napp.use(cors({ origin: allowed, credentials: true }));\n" },
    {
      path: 'src/c.js',
      text: "const cors = require('cors');\n\napp.use(cors({ origin: true, credentials: false }));\n",
    },
    { path: 'src/d.ts', text: "import { cors } from './ours';\n\nuse(cors({ origin: true, credentials: true }));\n" },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const known = /^(cors\.default|hono\/cors\.cors|@koa\/cors\.default|@fastify\/cors\.default)$/;
      if (!known.test(call.imported ?? '')) return [];
      const origin = pairOf(call.args[0], 'origin')?.field('value') ?? null;
      const any = origin?.is('true') || literalText(origin) === '*';
      if (!any || !pairOf(call.args[0], 'credentials')?.field('value')?.is('true')) return [];
      return [{ ...span(call.node), message: 'Every origin may send requests with credentials.' }];
    });
  },
};

/** Calls that set a cookie: where its name and its options stand among the arguments. */
function cookieOptions(object: Node): { name: string | null; session: boolean } | null {
  const holder = object.parent();
  if (holder?.is('pair') && keyOf(holder) === 'cookie') {
    const call = enclosing(holder, ['call_expression']);
    const callee = call?.field('function')?.text() ?? '';
    return /(^|\.)session$/i.test(callee) ? { name: null, session: true } : null;
  }
  const call = holder?.is('arguments') ? holder.parent() : null;
  const callee = call?.field('function')?.text() ?? '';
  if (!call || !holder) return null;
  const args = holder.children().filter((child) => child.isNamed() && !child.is('comment'));
  if (/(^|\.)cookieSession$/.test(callee)) return { name: null, session: true };
  if (/^set(Signed)?Cookie$/.test(callee)) return { name: args[1]?.text() ?? '', session: false };
  if (/\.(cookie|setCookie)$/.test(callee) || /\bcookies(\(\))?\.set$/i.test(callee))
    return { name: args[0]?.text() ?? '', session: false };
  return null;
}

function cookieFlag(root: Node, flag: string): Array<{ pair: Node; value: Node; name: string | null }> {
  return nodesOf(root, 'pair').flatMap((pair) => {
    const [value, object] = [pair.field('value'), pair.parent()];
    if (keyOf(pair) !== flag || !value?.is('false') || !object?.is('object')) return [];
    const cookie = cookieOptions(object);
    return cookie && !isConditional(pair) ? [{ pair, value, name: cookie.name }] : [];
  });
}

/** Libraries whose session cookie holds an id or sealed data that only the server can use. */
const SESSIONS = /^(express-session|cookie-session|koa-session|@fastify\/session|@fastify\/secure-session)$/;

const scriptReadableCookie: RuleImpl = {
  id: 'javascript/script-readable-cookie',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-1004',
  title: 'Keep session cookies from scripts',
  rationale:
    'A session cookie without HttpOnly can be read by any script of the page, so one cross-site scripting flaw is enough to steal a session. `httpOnly: false` becomes `true` for the cookie of a known session library, which is of use to the server alone. Cookies whose name says session, token or login may be read by the page on purpose and are reported only; other cookies are left alone.',
  fixable: true,
  trigger: /httpOnly['"]?\s*:\s*false/,
  example: {
    path: 'src/app.js',
    before:
      "const session = require('express-session');\n\napp.use(session({ secret, cookie: { httpOnly: false, maxAge: 60000 } }));\n",
    after:
      "const session = require('express-session');\n\napp.use(session({ secret, cookie: { httpOnly: true, maxAge: 60000 } }));\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "res.cookie('theme', theme, { httpOnly: false });\n" },
    { path: 'src/b.js', text: "res.cookie('XSRF-TOKEN', req.csrfToken(), { httpOnly: false });\n" },
    { path: 'src/c.js', text: 'app.use(session({ secret, cookie: { httpOnly: true } }));\n' },
    { path: 'src/d.js', text: 'render({ httpOnly: false });\n' },
    { path: 'src/e.ts', text: "setCookie(c, 'lang', lang, { httpOnly: false });\n" },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const root = await context.tree();
    const known = [...bindingsOf(root).values()].some(({ module }) => SESSIONS.test(module));
    return cookieFlag(root, 'httpOnly').flatMap(({ pair, value, name }): Match[] => {
      const message = 'Scripts of the page can read the session cookie.';
      if (name === null) return [{ ...span(pair), message, edits: known ? [{ ...span(value), text: 'true' }] : [] }];
      const telling = /sess|sid\b|auth|token|jwt|login/i.test(name) && !/csrf|xsrf/i.test(name);
      return telling ? [{ ...span(pair), message }] : [];
    });
  },
};

const plainHttpCookie: RuleImpl = {
  id: 'javascript/plain-http-cookie',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-614',
  title: 'Send session cookies over HTTPS only',
  rationale:
    'A cookie without the Secure flag is also sent over plain http, where anyone on the way can read and reuse it. Whether the site is served over https everywhere, and behind which proxy, is not written in the source, so this is reported only; computed values, cookies without a telling name, and development files are left alone.',
  fixable: false,
  trigger: /secure['"]?\s*:\s*false/,
  example: { path: 'src/app.js', before: "res.cookie('session_id', id, { httpOnly: true, secure: false });\n" },
  lookAlikes: [
    { path: 'src/a.js', text: "res.cookie('session_id', id, { secure: process.env.NODE_ENV === 'production' });\n" },
    { path: 'src/b.js', text: 'nodemailer.createTransport({ host, port: 587, secure: false });\n' },
    { path: 'src/c.js', text: "res.cookie('theme', theme, { secure: false });\n" },
    { path: 'examples/d.js', text: "res.cookie('session_id', id, { secure: false });\n" },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    return cookieFlag(await context.tree(), 'secure').flatMap(({ pair, name }): Match[] => {
      const telling = name === null || /sess|sid\b|auth|token|jwt|login/i.test(name);
      return telling ? [{ ...span(pair), message: 'The session cookie is sent over plain http too.' }] : [];
    });
  },
};

export const transportRules: readonly RuleImpl[] = [
  certificateCheckOff,
  tlsEnvironment,
  corsAnyOrigin,
  scriptReadableCookie,
  plainHttpCookie,
];
