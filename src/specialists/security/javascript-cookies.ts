/**
 * Cookies that scripts read or that travel in the open. Rule: an edit only for the cookie of a known session library, which
 * nothing but the server has a use for.
 */
import {
  bindingsOf,
  type Call,
  callsOf,
  FOR_DEVELOPMENT,
  isConditional,
  keyOf,
  literalText,
  SCRIPT,
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

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
  const args = holder.namedChildren().filter((child) => !child.is('comment'));
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

const TELLING = /sess|sid\b|auth|token|jwt|login/i;
/** Libraries whose session cookie holds an id or sealed data that only the server can use. */
const SESSIONS = /^(express-session|cookie-session|koa-session|@fastify\/session|@fastify\/secure-session)$/;

const scriptReadableCookie: RuleImpl = {
  id: 'javascript/script-readable-cookie',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-1004',
  title: 'Keep session cookies from scripts',
  rationale:
    'A session cookie without HttpOnly can be read by any script of the page, so one cross-site scripting flaw is enough to steal a session. `httpOnly: false` becomes `true` for the cookie of a known session library and for one that is called a session, which is of use to the server alone. Cookies whose name says token or login may be read by the page on purpose and are reported only; other cookies are left alone.',
  fixable: true,
  trigger: /httpOnly['"]?\s*:\s*false|\.cookie\(|next\/headers/,
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
    {
      path: 'src/f.ts',
      text: "import { cookies } from 'next/headers';\n\nconst store = await cookies();\nstore.set('theme', theme);\nstore.set('session', id, { httpOnly: true });\n",
    },
    { path: 'src/e.ts', text: "setCookie(c, 'lang', lang, { httpOnly: false });\n" },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const root = await context.tree();
    const known = [...bindingsOf(root).values()].some(({ module }) => SESSIONS.test(module));
    const given = cookieFlag(root, 'httpOnly').flatMap(({ pair, value, name }): Match[] => {
      const message = 'Scripts of the page can read the session cookie.';
      if (name === null) return [{ ...span(pair), message, edits: known ? [{ ...span(value), text: 'true' }] : [] }];
      const telling = /sess|sid\b|auth|token|jwt|login/i.test(name) && !/csrf|xsrf/i.test(name);
      const edits = isSession(name) ? [{ ...span(value), text: 'true' }] : [];
      return telling ? [{ ...span(pair), message, edits }] : [];
    });
    const next = [...bindingsOf(root).values()].some(
      ({ module, name }) => module === 'next/headers' && name === 'cookies',
    );
    const bare = callsOf(root, new Map()).flatMap((call): Match[] => {
      const [name, value, options] = call.args;
      const text = literalText(name ?? null) ?? '';
      if (isNextCookie(call, next)) {
        if (!value || options || !TELLING.test(text) || /csrf|xsrf/i.test(text)) return [];
        const at = span(value).end;
        const edits = isSession(name?.text() ?? '') ? [{ start: at, end: at, text: ', { httpOnly: true }' }] : [];
        return [{ ...span(call.node), message: 'Scripts of the page can read the session cookie.', edits }];
      }
      if (call.method !== 'cookie' || !/^res(ponse)?\b/.test(call.receiver?.text() ?? '') || !value || options)
        return [];
      const { end } = span(value);
      const edits = isSession(name?.text() ?? '') ? [{ start: end, end, text: ', { httpOnly: true }' }] : [];
      return TELLING.test(text) && !/csrf|xsrf/i.test(text)
        ? [{ ...span(call.node), message: 'Scripts of the page can read the session cookie.', edits }]
        : [];
    });
    return [...given, ...bare];
  },
};

/** `cookies().set(…)` of Next, also by a name. */
function isNextCookie(call: Call, next: boolean): boolean {
  if (!next || call.method !== 'set' || !call.receiver) return false;
  return /^\(?(await )?cookies\(\)\)?$/.test(writtenValue(call.receiver).text());
}

/** The name of a session, which only the server has a use for. */
const isSession = (name: string) =>
  /^['"`](__(Host|Secure)-)?(session|sid|session_?id|sess|connect\.sid)['"`]$/i.test(name);

const plainHttpCookie: RuleImpl = {
  id: 'javascript/plain-http-cookie',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-614',
  title: 'Send session cookies over HTTPS only',
  rationale:
    'A cookie without the Secure flag is also sent over plain http, where anyone on the way can read and reuse it. Where the framework knows whether the connection is secure the flag follows it: `auto` with express-session, `req.secure` in a handler of Express; a cookie that is called a session is sent over https alone elsewhere, and to localhost; others are reported only. Computed values, cookies without a telling name, and development files are left alone.',
  fixable: true,
  trigger: /secure['"]?\s*:\s*false/,
  example: {
    path: 'src/app.js',
    before: "app.post('/', (req, res) => res.cookie('session_id', id, { httpOnly: true, secure: false }));\n",
    after: "app.post('/', (req, res) => res.cookie('session_id', id, { httpOnly: true, secure: req.secure }));\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "res.cookie('session_id', id, { secure: process.env.NODE_ENV === 'production' });\n" },
    { path: 'src/b.js', text: 'nodemailer.createTransport({ host, port: 587, secure: false });\n' },
    { path: 'src/c.js', text: "res.cookie('theme', theme, { secure: false });\n" },
    { path: 'examples/d.js', text: "res.cookie('session_id', id, { secure: false });\n" },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const root = await context.tree();
    const bound = [...bindingsOf(root).values()].some(({ module }) => module === 'express-session');
    return cookieFlag(root, 'secure').flatMap(({ pair, value, name }): Match[] => {
      const telling = name === null || TELLING.test(name);
      const message = 'The session cookie is sent over plain http too.';
      const text =
        name === null
          ? bound
            ? "'auto'"
            : null
          : followsRequest(pair)
            ? 'req.secure'
            : isSession(name)
              ? 'true'
              : null;
      return telling ? [{ ...span(pair), message, edits: text ? [{ ...span(value), text }] : [] }] : [];
    });
  },
};

/** `res.cookie(…)` in a handler whose request is called `req`: Express knows there whether the connection is secure. */
function followsRequest(pair: Node): boolean {
  const call = enclosing(pair, ['call_expression']);
  const handler = enclosing(pair, [
    'arrow_function',
    'function_expression',
    'function_declaration',
    'method_definition',
  ]);
  const parameters = handler?.field('parameters')?.text() ?? '';
  return (
    /^res\.cookie$/.test(call?.field('function')?.text() ?? '') &&
    /^\(\s*req\b/.test(parameters) &&
    /\bres\b/.test(parameters)
  );
}

export const cookieRules: readonly RuleImpl[] = [scriptReadableCookie, plainHttpCookie];
