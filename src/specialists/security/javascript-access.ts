// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * What a request may reach: other servers, other sites, fields of a record. Rule: only values that plainly come from the
 * request, and only where nothing around them looks at where they lead.
 */
import {
  bindingsOf,
  type Call,
  callsOf,
  literalText,
  pairOf,
  piecesOf,
  SCRIPT,
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { span } from '../structural.ts';
import { functionText, isAsked } from './javascript-request.ts';

/** Somebody looks at the address before it is used. */
const CHECKED =
  /allow|whitelist|permitted|trusted|\bsafe|isSafe|valid|hostname|\.host\b|\.origin\s*[!=]|startsWith\(|\.has\(|includes\(|\.test\(|\.match\(|indexOf\(/i;

/** The function without what it asks of the request, whose fields may be called `host` or `valid`. */
function around(node: Node): string {
  return functionText(node).replace(/\b(req|request|ctx)\.(query|params|body)(\.\w+)?/g, '');
}

const CLIENTS =
  /^(axios\.(default|get|post|put|patch|delete|head|request)|got\.(default|get|post|put|patch|delete|head|stream)|node-fetch\.default|needle\.(default|get|post)|superagent\.(default|get|post)|undici\.(fetch|request)|request\.(default|get|post)|https?\.(get|request)|phin\.default)$/;

const serverRequest: RuleImpl = {
  id: 'javascript/request-to-requested-address',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-918',
  title: 'Check addresses before the server asks them',
  rationale:
    'When the request chooses the address that the server asks, it reaches what only the server can: internal services, cloud metadata, files behind the firewall. Which hosts are meant is not written in the source, so this is reported only. Addresses with a fixed beginning, functions that look at the host or at a list first, and values that do not come straight from the request are left alone.',
  fixable: false,
  trigger: /\bfetch\(|axios|\bgot\b|needle|superagent|undici|https?\.(get|request)|\brequest\b/,
  example: {
    path: 'src/preview.js',
    before:
      "const axios = require('axios');\n\napp.get('/preview', async (req, res) => {\n  const page = await axios.get(req.query.url);\n  res.json({ size: page.data.length });\n});\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const axios = require('axios');\n\napp.get('/p', (req, res) => axios.get(`https://api.example.org/${req.query.id}`));\n",
    },
    {
      path: 'src/b.js',
      text: "app.get('/p', async (req, res) => {\n  const url = new URL(req.query.url);\n  if (!HOSTS.has(url.hostname)) return res.sendStatus(400);\n  await fetch(req.query.url);\n});\n",
    },
    { path: 'src/c.js', text: 'const load = (url) => fetch(url);\n' },
    { path: 'src/d.js', text: "app.get('/p', (req, res) => cache.get(req.query.url));\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const address = call.args[0];
      const isClient = CLIENTS.test(call.imported ?? '') || /^(globalThis\.)?fetch$/.test(call.callee.text());
      if (!isClient || !address || CHECKED.test(around(call.node))) return [];
      const given = pairOf(address, 'url')?.field('value') ?? address;
      if (!isAsked(given, { text: true }) && !beginsWithAsked(given)) return [];
      return [{ ...span(call.node), message: 'The request chooses which address the server asks.' }];
    });
  },
};

/** `${req.query.host}/status` and `'http://' + req.query.host`: the host itself is put in. */
function beginsWithAsked(address: Node): boolean {
  const [first, second] = piecesOf(address);
  if (first?.text === null) return isAsked(first.node);
  return /^https?:\/\/$/.test(first?.text ?? '') && second?.text === null && isAsked(second.node);
}

export const openRedirect: RuleImpl = {
  id: 'javascript/open-redirect',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-601',
  title: 'Check where a request asks to be redirected',
  rationale:
    'A redirect to an address from the request lends the name of this site to any other one, which is how phishing links look genuine. Where the value is called the next one or the one to return to, paths of this site are let through, without anything that a browser reads as the start of a host, and everything else leads to `/`. Whether other sites are meant is not written in the source elsewhere, so there it is reported only. Fixed targets, paths built behind a fixed beginning, and checked values are left alone.',
  fixable: true,
  trigger: /\bredirect\b|[lL]ocation|writeHead/,
  example: {
    path: 'src/login.js',
    before: "app.post('/login', (req, res) => res.redirect(req.query.next));\n",
    after:
      "app.post('/login', (req, res) => res.redirect(/^\\/([^/\\\\\\s][^\\\\\\s]*)?$/.test(String(req.query.next)) ? String(req.query.next) : '/'));\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "res.redirect('/home');\n" },
    { path: 'src/b.js', text: 'res.redirect(`/user/${req.params.id}`);\n' },
    { path: 'src/c.js', text: 'res.redirect(safeTarget(req.query.next));\n' },
    { path: 'src/d.js', text: 'res.redirect(301, target);\n' },
    {
      path: 'src/e.js',
      text: "app.get('/go', (req, res) => {\n  const { to } = req.query;\n  if (!TARGETS.includes(to)) return res.sendStatus(400);\n  res.redirect(to);\n});\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const target = targetOf(call);
      if (!target || !isAsked(target, { params: false, text: true }) || CHECKED.test(around(call.node))) return [];
      return [
        {
          ...span(call.node),
          message: 'The request decides where the browser is sent.',
          edits: pathOnly(call, target),
        },
      ];
    });
  },
};

/** Names of where to go on within a site. */
const RETURNS = /\b(next|next_?(url|page)|return_?(to|url)|continue|back|came_?from)(['"]\]|['"]\))?$/i;

/** The target where it is a path of this site, else the start of it. */
function pathOnly(call: Call, target: Node): TextEdit[] {
  // `Response.redirect` and its like take whole addresses only.
  if (!/^(res|response|reply|ctx|c|h)(\.status\([^()]*\))?$/.test(call.receiver?.text() ?? '')) return [];
  const plain = /^[\w$.]+(\[['"]\w+['"]\]|\(['"]\w+['"]\))?$/;
  const from = writtenValue(target)
    .text()
    .replace(/ as string$|!$/, '');
  const given = target.text().replace(/ as string$|!$/, '');
  if (!plain.test(given) || !(RETURNS.test(from) || RETURNS.test(given))) return [];
  const text = String.raw`/^\/([^/\\\s][^\\\s]*)?$/.test(String(${given})) ? String(${given}) : '/'`;
  return [{ ...span(target), text }];
}

function targetOf(call: Call): Node | null {
  if (call.imported === 'next/navigation.redirect' || (call.method === 'redirect' && call.receiver)) {
    const [first, second] = call.args;
    return (second && first?.is('number') ? second : first) ?? null;
  }
  if (call.method === 'writeHead' && /^(res|reply|response)$/.test(call.receiver?.text() ?? '')) {
    const headers = call.args.at(-1);
    return (pairOf(headers, 'location') ?? pairOf(headers, 'Location'))?.field('value') ?? null;
  }
  const isHeader =
    /^(setHeader|header|set)$/.test(call.method) && /^(res|reply|response|ctx)$/.test(call.receiver?.text() ?? '');
  if (isHeader && /^location$/i.test(literalText(call.args[0] ?? null) ?? '')) return call.args[1] ?? null;
  return null;
}

const massAssignment: RuleImpl = {
  id: 'javascript/mass-assignment',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-915',
  title: 'Name the fields that a request may set',
  rationale:
    'When the whole body of a request is copied into a record, whoever sends it also sets what no form shows: a role, an owner, a price. Which fields are meant is not written in the source, so this is reported only. Copies into a new object, single fields, and functions that pick, omit or validate first are left alone.',
  fixable: false,
  trigger: /\b(req|request|ctx\.request)\.body\b/,
  example: {
    path: 'src/users.js',
    before:
      "app.put('/me', async (req, res) => {\n  const user = await User.findById(req.session.userId);\n  Object.assign(user, req.body);\n  await user.save();\n  res.json(user);\n});\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'const copy = Object.assign({}, req.body);\n' },
    { path: 'src/b.js', text: 'Object.assign(user, { name: req.body.name });\n' },
    { path: 'src/c.js', text: 'const data = schema.parse(req.body);\nObject.assign(user, data);\n' },
    {
      path: 'src/d.js',
      text: 'app.post("/x", validate(schema), async (req, res) => res.json(await User.create(req.body)));\n',
    },
    { path: 'src/e.js', text: 'logger.create(req.body);\nqueue.update(req.body);\n' },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, new Map()).flatMap((call): Match[] => {
      const given = recordOf(call);
      if (!given || !/^(req|request|ctx\.request)\.body$/.test(given.text())) return [];
      const route =
        call.node
          .ancestors()
          .findLast((above) => above.is('call_expression'))
          ?.text() ?? '';
      if (/valid|schema|pick\(|omit\(|sanit|delete (req|request)\.body/i.test(`${route}${functionText(call.node)}`))
        return [];
      return [{ ...span(call.node), message: 'Every field of the record can be set by the request.' }];
    });
  },
};

/** What is copied into a record: `Object.assign(record, …)`, `Model.create(…)`, `Model.findByIdAndUpdate(id, …)`. */
function recordOf(call: Call): Node | null {
  const receiver = call.receiver?.text() ?? '';
  if (call.callee.text() === 'Object.assign') return call.args[0]?.is('identifier') ? (call.args[1] ?? null) : null;
  if (!/^(models?\.|db\.)?[A-Z][a-z]\w*$/.test(receiver) || receiver === 'Object') return null;
  if (/^(create|build|insertMany)$/.test(call.method)) return call.args[0] ?? null;
  return /^(findByIdAndUpdate|findOneAndUpdate|updateOne)$/.test(call.method) ? (call.args[1] ?? null) : null;
}

const errorDetail: RuleImpl = {
  id: 'javascript/stack-in-answer',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-209',
  title: 'Keep stack traces out of answers',
  rationale:
    'A stack trace names files, versions and queries, which is what an attacker looks for first. It belongs in the log; the answer needs a status and perhaps a number to find the entry by. An answer that is nothing but the trace becomes the words of the status 500, and a field `stack` beside others is left out; elsewhere this is reported only. Logging, answers under a condition such as the environment, and the message alone are left alone.',
  fixable: true,
  trigger: /\.stack\b/,
  example: {
    path: 'src/errors.js',
    before: 'app.use((err, req, res, next) => {\n  res.status(500).send(err.stack);\n});\n',
    after: "app.use((err, req, res, next) => {\n  res.status(500).send('Internal Server Error');\n});\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: 'app.use((err, req, res, next) => {\n  log.error(err.stack);\n  res.sendStatus(500);\n});\n',
    },
    {
      path: 'src/b.js',
      text: "app.use((err, req, res, next) => {\n  if (app.get('env') === 'development') res.send(err.stack);\n  else res.sendStatus(500);\n});\n",
    },
    {
      path: 'src/c.js',
      text: "app.use((err, req, res, next) => {\n  res.json({ stack: process.env.NODE_ENV === 'production' ? undefined : err.stack });\n});\n",
    },
    { path: 'src/d.js', text: 'process.send({ stack: error.stack });\nmailer.send(error.stack);\n' },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, new Map()).flatMap((call): Match[] => {
      const [given] = call.args;
      const answers =
        /^(send|json|end|write|text|body)$/.test(call.method) &&
        (/^(res|response|reply)\b/.test(call.receiver?.text() ?? '') ||
          /^(c|ctx)\.(json|text|body)$/.test(call.callee.text()));
      if (!answers || !given || !/\b(e|err|error|exception|ex)\.stack\b/.test(given.text())) return [];
      if (
        /\?|&&|\|\|/.test(given.text()) ||
        /NODE_ENV|development|production|debug|isDev/i.test(functionText(call.node))
      )
        return [];
      const alone = /^\w+\.stack$/.test(given.text()) && call.args.length === 1 && call.method === 'send';
      const field = pairOf(given, 'stack');
      const edits = alone
        ? [{ ...span(given), text: "'Internal Server Error'" }]
        : field && /^\w+\.stack$/.test(field.field('value')?.text() ?? '')
          ? withoutPair(field)
          : [];
      return [{ ...span(call.node), message: 'The stack trace is sent to whoever caused the error.', edits }];
    });
  },
};

/** The object without this pair, and without its comma. */
function withoutPair(pair: Node): TextEdit[] {
  const [previous, next] = [pair.prev(), pair.next()];
  if (previous?.is(',')) return [{ start: span(previous).start, end: span(pair).end, text: '' }];
  const after = next?.is(',') ? next.next() : null;
  return after ? [{ start: span(pair).start, end: span(after).start, text: '' }] : [];
}

export const accessRules: readonly RuleImpl[] = [serverRequest, openRedirect, massAssignment, errorDetail];
