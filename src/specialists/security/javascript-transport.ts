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
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { functionText } from './javascript-request.ts';

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

/** A program that asks its own machine, whose name is in no certificate. */
const HERE = /['"`](localhost|127\.0\.0\.1|::1)['"`]/;

const tlsEnvironment: RuleImpl = {
  id: 'javascript/tls-check-off-for-process',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-295',
  title: 'Do not switch certificate checks off',
  rationale:
    'NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off for every connection of the process, those of its libraries included. It becomes 1, which is what Node does by itself; a server with a private certificate authority is trusted by `NODE_EXTRA_CA_CERTS`, not by no check at all. The setting under a condition, in programs that ask their own machine, in tests and in development scripts is left alone.',
  fixable: true,
  trigger: /NODE_TLS_REJECT_UNAUTHORIZED/,
  example: {
    path: 'src/index.js',
    before: "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n",
    after: "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '1';\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '1';\n" },
    { path: 'src/b.js', text: "if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') warn();\n" },
    { path: 'src/c.js', text: "if (local) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n" },
    { path: 'src/d.js', text: 'delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;\n' },
    {
      path: 'extra/health.js',
      text: "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\nhttps.get({ host: process.env.HOST || '127.0.0.1' });\n",
    },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path) || HERE.test(file.text)) return [];
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
      .map((node): Match => {
        const value = node.field('right') ?? node.field('value');
        const edits = value ? [{ ...span(value), text: value.text().replace('0', '1') }] : [];
        return { ...span(node), message: 'Certificate checks are off for every connection of the process.', edits };
      });
  },
};

const corsAnyOrigin: RuleImpl = {
  id: 'javascript/cors-any-origin-with-credentials',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-942',
  title: 'Name the origins that may send credentials',
  rationale:
    'CORS that allows credentials and reflects every origin (`origin: true`) lets any web page act as the signed-in user; with `origin: "*"` browsers refuse every answer to a request with credentials, so there `credentials` becomes `false`, which changes nothing but what is promised. Which origins are meant is not written in the source, so the others are reported only. Public access without credentials is left alone.',
  fixable: true,
  trigger: /\bcors\b/i,
  example: {
    path: 'src/app.js',
    before: "const cors = require('cors');\n\napp.use(cors({ origin: '*', credentials: true }));\n",
    after: "const cors = require('cors');\n\napp.use(cors({ origin: '*', credentials: false }));\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const cors = require('cors');\n\napp.use(cors({ origin: '*' }));\n" },
    { path: 'src/b.js', text: "import cors from 'cors';\n\napp.use(cors({ origin: allowed, credentials: true }));\n" },
    {
      path: 'src/c.js',
      text: "const cors = require('cors');\n\napp.use(cors({ origin: true, credentials: false }));\n",
    },
    {
      path: 'src/e.js',
      text: "import cors from 'cors';\n\napp.use(cors({ origin: (origin, done) => done(null, ALLOWED.has(origin)), credentials: true }));\n",
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
      const any = origin?.is('true') || literalText(origin) === '*' || allowsAll(origin);
      if (!any || !pairOf(call.args[0], 'credentials')?.field('value')?.is('true')) return [];
      const credentials = pairOf(call.args[0], 'credentials')?.field('value');
      const edits = literalText(origin) === '*' && credentials ? [{ ...span(credentials), text: 'false' }] : [];
      return [{ ...span(call.node), message: 'Every origin may send requests with credentials.', edits }];
    });
  },
};

/** `(origin) => origin` and `(origin, done) => done(null, true)`: every origin is sent back. */
function allowsAll(origin: Node | null): boolean {
  const text = origin?.is('arrow_function') ? origin.text().replace(/\s+/g, ' ') : '';
  return (
    /^\(?(\w+)(: ?string)?\)? => \1$/.test(text) || /^\(_?\w+, (\w+)\) => \{? ?\1\(null, true\);? ?\}?$/.test(text)
  );
}

const corsReflected: RuleImpl = {
  id: 'javascript/cors-origin-sent-back',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-942',
  title: 'Check the origin before it is allowed',
  rationale:
    'Whoever sends the origin of the request back as `Access-Control-Allow-Origin` and allows credentials lets any web page act as the signed-in user. Which origins are meant is not written in the source, so this is reported only. Functions that compare the origin or look it up in a list, and public access without credentials, are left alone.',
  fixable: false,
  trigger: /Access-Control-Allow-Credentials/i,
  example: {
    path: 'src/cors.js',
    before:
      "app.use((req, res, next) => {\n  res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\n  res.setHeader('Access-Control-Allow-Credentials', 'true');\n  next();\n});\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "app.use((req, res, next) => {\n  if (ALLOWED.has(req.headers.origin)) {\n    res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\n    res.setHeader('Access-Control-Allow-Credentials', 'true');\n  }\n  next();\n});\n",
    },
    {
      path: 'src/b.js',
      text: "app.use((req, res, next) => {\n  res.setHeader('Access-Control-Allow-Origin', '*');\n  next();\n});\n",
    },
    {
      path: 'src/c.js',
      text: "app.use((req, res, next) => {\n  res.setHeader('Access-Control-Allow-Origin', SITE);\n  res.setHeader('Access-Control-Allow-Credentials', 'true');\n  next();\n});\n",
    },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    return callsOf(await context.tree(), new Map()).flatMap((call): Match[] => {
      const [name, value] = call.args;
      if (!/^(setHeader|header|set|append)$/.test(call.method) || !value) return [];
      if (literalText(name ?? null)?.toLowerCase() !== 'access-control-allow-origin') return [];
      const around = functionText(call.node);
      const origin = /(\.headers\??\.origin|\.headers\[['"]origin['"]\]|\.(get|header)\(['"]origin['"]\))/i;
      if (!origin.test(value.text()) && !origin.test(writtenValue(value).text())) return [];
      if (
        /\.has\(|includes\(|indexOf\(|===|!==|\.test\(|\.match\(|endsWith|allow(ed|List)|whitelist|isAllowed/i.test(
          around,
        )
      )
        return [];
      if (!/Access-Control-Allow-Credentials['"`],\s*(['"`]true|true)/i.test(around)) return [];
      return [{ ...span(call.node), message: 'Every origin may send requests with credentials.' }];
    });
  },
};

export const transportRules: readonly RuleImpl[] = [certificateCheckOff, tlsEnvironment, corsAnyOrigin, corsReflected];
