/** What keeps a server from answering others, and copies by way of text. Rule: reported only. */
import { bindingsOf, callsOf, SCRIPT } from '../javascript-source.ts';
import { lineStart } from '../lines.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { FEW } from './few.ts';
import { bare, isFunction, methodCall } from './javascript-values.ts';

const BLOCKS =
  /^((fs|fs-extra|graceful-fs)\.(default\.)?\w+Sync|child_process\.(default\.)?(exec|execFile|spawn)Sync|zlib\.(default\.)?\w+Sync|crypto\.(default\.)?(pbkdf2|scrypt)Sync)$/;
const ROUTES = /^(get|post|put|patch|delete|del|all|use|options|head|route|on)$/;
const ROUTERS = /^(this\.)?(\w*[aA]pp|\w*[rR]outer|\w*[sS]erver|fastify|api|route)$/;
const SERVERS = /^((http|https|http2)\.(default\.)?(createServer|createSecureServer))$/;

const blockingCall: RuleImpl = {
  id: 'javascript/blocking-call-in-handler',
  languages: SCRIPT,
  severity: 'medium',
  title: 'Do not block the server while it answers',
  rationale:
    'A call of the Sync kind inside a request handler stops the whole process until the disk, the other process or the key derivation is done: no other request is answered meanwhile. The asynchronous one, or reading once at the start, lets others go on. Expected: more requests per second and shorter waits for others under load, nothing for a single one; not measured in this program. The handler has to become asynchronous, so nothing is edited. Calls at the start of the program, in scripts and outside handlers are left alone.',
  fixable: false,
  aliases: ['n/no-sync', 'node/no-sync'],
  trigger: /Sync\s*\(/,
  example: {
    path: 'src/a.js',
    before:
      "import fs from 'node:fs';\n\nexport function routes(app) {\n  app.get('/', (req, res) => {\n    res.send(fs.readFileSync('page.html', 'utf8'));\n  });\n}\n",
  },
  lookAlikes: [
    {
      path: 'src/b.js',
      text: "import fs from 'node:fs';\n\nconst page = fs.readFileSync('page.html', 'utf8');\nexport const routes = (app) => app.get('/', (req, res) => res.send(page));\n",
    },
    {
      path: 'src/c.js',
      text: "import fs from 'node:fs';\n\nexport const load = (cache) => cache.get('page', () => fs.readFileSync('page.html', 'utf8'));\n",
    },
    {
      path: 'src/d.js',
      text: "import { readSync } from './sensor.js';\n\nexport const routes = (app) => app.get('/', (req, res) => res.send(readSync()));\n",
    },
    {
      path: 'src/e.js',
      text: "import fs from 'node:fs';\n\nexport const routes = (app) => app.get('port', (value) => fs.writeFileSync('port', value));\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const bindings = bindingsOf(root);
    const calls = callsOf(root, bindings);
    const servers = new Set(calls.filter((call) => SERVERS.test(call.imported ?? '')).map((call) => call.node.id()));
    const found = calls.filter(({ node, imported }) => {
      if (!BLOCKS.test(imported ?? '')) return false;
      const handler = node.ancestors().find(isFunction);
      return !!handler && isHandler(handler, servers);
    });
    return found.slice(0, FEW).map(
      ({ node, method }): Match => ({
        ...span(node),
        message: `${method} stops the whole server while a request is answered.`,
      }),
    );
  },
};

/** Is it given to a route or a server, and does it take a request and an answer? */
function isHandler(handler: Node, servers: ReadonlySet<number>): boolean {
  const call = handler.parent()?.is('arguments') ? handler.parent()?.parent() : null;
  const parameters = handler.field('parameters')?.namedChildren() ?? [];
  const first = (handler.field('parameter') ?? parameters[0]?.field('pattern') ?? parameters[0])?.text() ?? '';
  if (!call) return false;
  if (servers.has(call.id())) return true;
  const route = methodCall(call);
  const known = !!route && ROUTES.test(route.method) && ROUTERS.test(route.object.text());
  return (
    known &&
    /^_?(req|request|ctx|context|c)$/.test(first) &&
    (parameters.length >= 2 || /^(ctx|context|c)$/.test(first))
  );
}

const copyByText: RuleImpl = {
  id: 'javascript/copy-by-text',
  languages: SCRIPT,
  severity: 'low',
  title: 'Copy values without writing them as text',
  rationale:
    '`JSON.parse(JSON.stringify(x))` writes a value as text and reads it again to copy it. `structuredClone` (Node 17 and later) or a copy of what is needed says what is meant and keeps dates, maps and undefined. Because it keeps them, the result is another one, so this is reported and not edited. Expected: from nothing to a few times faster, depending on the value; not measured in this program. Texts from elsewhere, replacers and revivers are left alone.',
  fixable: false,
  aliases: ['unicorn/prefer-structured-clone'],
  trigger: /JSON\s*\.parse\s*\(\s*JSON\s*\.stringify/,
  example: { path: 'src/a.js', before: 'export const copy = (settings) => JSON.parse(JSON.stringify(settings));\n' },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const copy = (text) => JSON.parse(text);\n' },
    { path: 'src/c.js', text: 'export const copy = (x) => JSON.parse(JSON.stringify(x, replacer));\n' },
    { path: 'src/d.js', text: 'export const copy = (x) => JSON.parse(JSON.stringify(x), revive);\n' },
    {
      path: 'src/e.js',
      text: '// drops what JSON does not know\nexport const plain = (x) => JSON.parse(JSON.stringify(x));\n',
    },
  ],
  async find(file, context) {
    const found = nodesOf(await context.tree(), 'call_expression').filter((node) => {
      const outer = methodCall(node);
      const inner = outer?.args.length === 1 ? methodCall(bare(outer.args[0] ?? node)) : null;
      if (outer?.object.text() !== 'JSON' || outer.method !== 'parse' || inner?.args.length !== 1) return false;
      return inner.object.text() === 'JSON' && inner.method === 'stringify' && !isExplained(node, file.text);
    });
    return found.slice(0, FEW).map((node) => ({ ...span(node), message: 'A value is copied by way of text.' }));
  },
};

/** Does a comment on the line or above it say why? Then it is meant. */
function isExplained(node: Node, text: string): boolean {
  const { start, end } = span(node);
  const from = lineStart(text, text.lastIndexOf('\n', start));
  const to = text.indexOf('\n', end);
  return /(\/\/|\*).*\b(undefined|drops?|strips?|removes?|seriali[sz]\w*|plain|JSON|normali[sz]\w*)\b/i.test(
    text.slice(from, to === -1 ? undefined : to).replaceAll('JSON.', ''),
  );
}

export const serverRules: readonly RuleImpl[] = [blockingCall, copyByText];
