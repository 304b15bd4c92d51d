/**
 * TLS checks that were switched off in other words than `verify=False`. Rule: a value is turned back where nothing else
 * decides about it; what stands under a condition is somebody's decision and is left alone.
 */
import { originOf } from '../python-flow.ts';
import { plainString, readPython, removeArgument, resolve, variablesFrom } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

/** Somebody chose it: under `if`, in `else`, in an `except`, or in a conditional expression. */
export function isChosen(node: Node): boolean {
  return enclosing(node, ['if_statement', 'conditional_expression', 'except_clause', 'match_statement']) !== null;
}

const AIOHTTP_VERBS = /^(get|post|put|patch|delete|head|options|request|ws_connect)$/;
const POOLS = /^urllib3\.(\w+\.)*(PoolManager|ProxyManager|HTTPSConnectionPool|connection_from_url|proxy_from_url)$/;

const aiohttpOff: RuleImpl = {
  id: 'python/aiohttp-tls-check-off',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-295',
  title: 'Verify TLS certificates in aiohttp requests',
  rationale:
    'With `ssl=False` (earlier `verify_ssl=False`) aiohttp accepts any certificate, so whoever sits between it and the server can read and change the traffic. Verification is the default: in a connector the argument is removed, in a request of a session it becomes `True`, since the session may say otherwise. Requests to localhost and plain http, contexts of your own and values that something chooses are left alone.',
  fixable: true,
  aliases: ['S501', 'B501'],
  trigger: /\baiohttp\b[\s\S]*\b(verify_)?ssl\s*=\s*False\b/,
  example: {
    path: 'app/client.py',
    before: 'import aiohttp\n\nconnector = aiohttp.TCPConnector(ssl=False, limit=20)\n',
    after: 'import aiohttp\n\nconnector = aiohttp.TCPConnector(limit=20)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import aiohttp\n\nconnector = aiohttp.TCPConnector(ssl=context)\n' },
    { path: 'app/b.py', text: 'import aiohttp\nimport mqtt\n\nclient = mqtt.connect(host, ssl=False)\n' },
    {
      path: 'app/c.py',
      text: 'import aiohttp\n\nsession = aiohttp.ClientSession()\nsession.get("https://localhost:8443/", ssl=False)\n',
    },
    {
      path: 'app/d.py',
      text: 'import aiohttp\n\nif insecure:\n    connector = aiohttp.TCPConnector(ssl=False)\n',
    },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    const sessions = variablesFrom(root, imports, ['aiohttp.ClientSession']);
    return calls.flatMap((call): Match[] => {
      const value = call.keywords.get('ssl') ?? call.keywords.get('verify_ssl');
      if (!value?.is('false') || isChosen(call.node) || call.positional.some(isLocal)) return [];
      const connector = /^aiohttp\.(connector\.)?TCPConnector$/.test(call.name ?? '');
      const object = call.callee.field('object')?.text() ?? '';
      const verb = AIOHTTP_VERBS.test(call.callee.field('attribute')?.text() ?? '');
      if (!connector && !(verb && sessions.has(object))) return [];
      const edit = connector && !call.splat ? removeArgument(value) : { ...span(value), text: 'True' };
      return [{ ...span(value.parent() ?? value), message: 'aiohttp accepts any TLS certificate.', edits: [edit] }];
    });
  },
};

/** An address without TLS, or of this machine. */
export function isLocal(url: Node | undefined): boolean {
  return /^["'f]*(http:\/\/|https:\/\/(localhost|127\.|0\.0\.0\.0|\[::1\]))/.test(url?.text() ?? '');
}

const urllib3Off: RuleImpl = {
  id: 'python/urllib3-tls-check-off',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-295',
  title: 'Require TLS certificates in urllib3 pools',
  rationale:
    'A urllib3 pool with `cert_reqs` CERT_NONE accepts any certificate, so whoever sits between it and the server can read and change the traffic. The value becomes CERT_REQUIRED in the same spelling; it is not removed, because before version 1.25 the default was to check nothing. Pools whose value is computed or chosen by a condition are left alone.',
  fixable: true,
  aliases: ['S501', 'B501'],
  trigger: /\burllib3\b[\s\S]*\bCERT_NONE\b/,
  example: {
    path: 'app/client.py',
    before: 'import urllib3\n\npool = urllib3.PoolManager(cert_reqs="CERT_NONE", maxsize=4)\n',
    after: 'import urllib3\n\npool = urllib3.PoolManager(cert_reqs="CERT_REQUIRED", maxsize=4)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import urllib3\n\npool = urllib3.PoolManager(cert_reqs="CERT_REQUIRED")\n' },
    {
      path: 'app/b.py',
      text: 'import urllib3\n\nif insecure:\n    pool = urllib3.PoolManager(cert_reqs="CERT_NONE")\n',
    },
    {
      path: 'app/c.py',
      text: 'import urllib3\n\npool = urllib3.PoolManager(cert_reqs="CERT_NONE" if insecure else "CERT_REQUIRED")\n',
    },
    { path: 'app/d.py', text: 'import urllib3\nimport mysql\n\nmysql.connect(cert_reqs="CERT_NONE")\n' },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const value = call.keywords.get('cert_reqs');
      if (!value || !POOLS.test(call.name ?? '') || isChosen(call.node)) return [];
      const none = plainString(value) === 'CERT_NONE' || resolve(value, imports) === 'ssl.CERT_NONE';
      if (!none) return [];
      const text = value.text().replace('CERT_NONE', 'CERT_REQUIRED');
      return [
        {
          ...span(value.parent() ?? value),
          message: 'The pool accepts any TLS certificate.',
          edits: [{ ...span(value), text }],
        },
      ];
    });
  },
};

const contextOff: RuleImpl = {
  id: 'python/ssl-context-check-off',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-295',
  title: 'Leave the checks of TLS contexts on',
  rationale:
    '`ssl.create_default_context` makes a context that checks the certificate and the name of the host; setting `check_hostname` to False or `verify_mode` to CERT_NONE takes that back, and the connection is no longer authenticated. The value becomes what the function sets itself. Contexts from elsewhere or for servers, and what stands under a condition, are left alone.',
  fixable: true,
  aliases: ['S323', 'B323'],
  trigger: /\bcreate_default_context\b[\s\S]*(check_hostname\s*=\s*False|verify_mode\s*=\s*(ssl\.)?CERT_NONE)/,
  example: {
    path: 'app/tls.py',
    before: 'import ssl\n\ncontext = ssl.create_default_context()\ncontext.verify_mode = ssl.CERT_NONE\n',
    after: 'import ssl\n\ncontext = ssl.create_default_context()\ncontext.verify_mode = ssl.CERT_REQUIRED\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import ssl\n\ncontext = ssl.create_default_context()\nif not verify:\n    context.check_hostname = False\n    context.verify_mode = ssl.CERT_NONE\n',
    },
    {
      path: 'app/b.py',
      text: 'import ssl\n\ncontext = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)\ncontext.verify_mode = ssl.CERT_NONE\n',
    },
    {
      path: 'app/c.py',
      text: 'import ssl\n\ncontext = make()  # not ssl.create_default_context\ncontext.check_hostname = False\n',
    },
    { path: 'app/d.py', text: 'import ssl\n\ncontext = ssl.create_default_context()\ncontext.check_hostname = True\n' },
  ],
  async find(file, context) {
    if (file.text.includes('CLIENT_AUTH')) return [];
    const { root, imports } = await readPython(context);
    return nodesOf(root, 'assignment').flatMap((node): Match[] => {
      const [left, right] = [node.field('left'), node.field('right')];
      const object = left?.is('attribute') ? left.field('object') : null;
      const made = object ? originOf(object) : null;
      const fresh =
        made?.how === 'whole' && resolve(made.value.field('function'), imports) === 'ssl.create_default_context';
      if (!left || !right || !fresh || isChosen(node)) return [];
      const name = left.field('attribute')?.text();
      const host = name === 'check_hostname' && right.is('false');
      const certificate = name === 'verify_mode' && resolve(right, imports) === 'ssl.CERT_NONE';
      if (!host && !certificate) return [];
      const text = host ? 'True' : right.text().replace('CERT_NONE', 'CERT_REQUIRED');
      const imported = host || right.is('attribute');
      const message = `The TLS context no longer checks ${host ? 'the name of the host' : 'certificates'}.`;
      return [{ ...span(node), message, edits: imported ? [{ ...span(right), text }] : [] }];
    });
  },
};

/** `session.verify = False` of requests: what `verify=False` says once, for every request. */
export function sessionSwitch(root: Node, sessions: ReadonlySet<string>): Node[] {
  return nodesOf(root, 'assignment').filter((node) => {
    const left = node.field('left');
    const isVerify = left?.is('attribute') && left.field('attribute')?.text() === 'verify';
    return (
      isVerify &&
      sessions.has(left?.field('object')?.text() ?? '') &&
      !!node.field('right')?.is('false') &&
      !isChosen(node)
    );
  });
}

export const tlsRules: readonly RuleImpl[] = [aiohttpOff, urllib3Off, contextOff];
