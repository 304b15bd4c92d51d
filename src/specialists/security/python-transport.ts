/** TLS verification that was switched off. Rule: verification comes back on; what a file says about localhost is left alone. */
import { beforeOnLine } from '../lines.ts';
import { type Call, readPython, removeArgument, resolve, variablesFrom } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span, wholeText } from '../structural.ts';
import { isLocal, sessionSwitch } from './python-tls.ts';

const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request', 'stream', 'send'];
const MODULE_CALLS = ['requests', 'httpx'].flatMap((module) => VERBS.map((verb) => `${module}.${verb}`));
const CLIENTS = ['httpx.Client', 'httpx.AsyncClient'];
const SESSIONS = ['requests.Session', 'requests.session', ...CLIENTS];

/** A scanner or a probe: whoever silenced the warnings knows that nothing is verified. */
const SILENCED =
  /\bdisable_warnings\s*\(|\bInsecureRequestWarning\b|\b(filterwarnings|simplefilter)\(\s*["']ignore["']\s*\)/;

const verifyOff: RuleImpl = {
  id: 'python/tls-verify-off',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-295',
  title: 'Verify TLS certificates in HTTP requests',
  rationale:
    'With `verify=False` the client accepts any certificate, so whoever sits between it and the server can read and change the traffic. Verification is the default of requests and httpx; the argument is removed, or becomes `True` where a session might override it. Requests to localhost and plain http addresses are left alone, and a file that also silences the warnings about it means it: that is reported only. A private certificate authority is given as `verify="/path/to/ca.pem"` or `REQUESTS_CA_BUNDLE`.',
  fixable: true,
  aliases: ['S501', 'B501'],
  trigger: /\bverify\s*=\s*False\b/,
  example: {
    path: 'app/client.py',
    before: 'import requests\n\nreply = requests.get("https://api.example.com/v1", verify=False, timeout=5)\n',
    after: 'import requests\n\nreply = requests.get("https://api.example.com/v1", timeout=5)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import requests\n\nrequests.get(url, verify=True)\nrequests.get(url, verify="/etc/ca.pem")\n',
    },
    { path: 'app/b.py', text: 'import jwt\n\nclaims = jwt.decode(token, verify=False)\n' },
    { path: 'app/c.py', text: 'import requests\n\nrequests.get("https://localhost:8443/health", verify=False)\n' },
    { path: 'app/d.py', text: 'from .http import requests\n\nrequests.get(url, verify=False)\n' },
    { path: 'app/e.py', text: 'import requests\n\nrequests.get(url, verify=False)  # noqa: S501\n' },
    { path: 'app/f.py', text: 'import requests\n\ns = requests.Session()\nif insecure:\n    s.verify = False\n' },
  ],
  async find(file, context) {
    const { root, imports, calls } = await readPython(context);
    const sessions = variablesFrom(root, imports, SESSIONS);
    const meant = SILENCED.test(file.text);
    const message = 'The request accepts any TLS certificate (verify=False).';
    const switched = sessionSwitch(root, sessions).map((node): Match => {
      const value = node.field('right') ?? node;
      return { ...span(node), message, edits: [{ ...span(value), text: 'True' }] };
    });
    const given = calls.flatMap((call): Match[] => {
      const value = call.keywords.get('verify');
      if (!value?.is('false') || isLocal(call.positional[0])) return [];
      const direct = call.name !== null && [...MODULE_CALLS, ...CLIENTS].includes(call.name);
      if (!direct && !isSessionCall(call.callee, sessions)) return [];
      const edit = direct && !call.splat ? removeArgument(value) : { ...span(value), text: 'True' };
      return [{ ...span(value.parent() ?? value), message, edits: [edit] }];
    });
    return [...given, ...switched].map((match) => (meant ? { ...match, edits: [] } : match));
  },
};

function isSessionCall(callee: Node, sessions: ReadonlySet<string>): boolean {
  const object = callee.is('attribute') ? callee.field('object') : null;
  const verb = callee.field('attribute')?.text() ?? '';
  return object?.is('identifier') === true && sessions.has(object.text()) && VERBS.includes(verb);
}

const unverifiedContext: RuleImpl = {
  id: 'python/ssl-unverified-context',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-295',
  title: 'Create TLS contexts that verify certificates',
  rationale:
    '`ssl._create_unverified_context` makes a context that accepts any certificate for any host name, so the connection is encrypted but not authenticated. `ssl.create_default_context` takes the same place and checks both; it is what the standard library itself uses. A call with arguments that the default context does not know is reported and left to a person.',
  fixable: true,
  aliases: ['S323', 'B323'],
  trigger: /_create_unverified_context/,
  example: {
    path: 'app/tls.py',
    before: 'import ssl\n\ncontext = ssl._create_unverified_context()\n',
    after: 'import ssl\n\ncontext = ssl.create_default_context()\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import ssl\n\ncontext = ssl.create_default_context()\n' },
    {
      path: 'app/b.py',
      text: '# never call ssl._create_unverified_context()\nTEXT = "ssl._create_unverified_context"\n',
    },
    { path: 'app/c.py', text: 'from . import ssl\n\ncontext = ssl._create_unverified_context()\n' },
    { path: 'tests/test_tls.py', text: 'import ssl\n\ncontext = ssl._create_unverified_context()\n' },
  ],
  async find(_file, context) {
    const { root, imports } = await readPython(context);
    return nodesOf(root, 'attribute').flatMap((node): Match[] => {
      if (resolve(node, imports) !== 'ssl._create_unverified_context') return [];
      const name = node.field('attribute') ?? node;
      const call = node.parent()?.is('call') ? node.parent()?.field('arguments') : null;
      const known = (call?.namedChildren() ?? []).every((argument) =>
        /^(purpose|cafile|capath|cadata)$/.test(argument.field('name')?.text() ?? ''),
      );
      const message = 'The TLS context accepts any certificate for any host.';
      return [{ ...span(node), message, edits: known ? [{ ...span(name), text: 'create_default_context' }] : [] }];
    });
  },
};

const autoAddHostKey: RuleImpl = {
  id: 'python/ssh-any-host-key',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-295',
  title: 'Check SSH host keys',
  rationale:
    'A paramiko client with AutoAddPolicy or WarningPolicy accepts whatever host key the server shows, so a machine in the middle is not noticed. RejectPolicy refuses a key that is not known, and the known hosts of the account are loaded where the program does not load any: add the host there, once, with `ssh-keyscan`. Policies of your own are left alone.',
  fixable: true,
  aliases: ['S507', 'B507'],
  trigger: /set_missing_host_key_policy/,
  example: {
    path: 'app/deploy.py',
    before:
      'import paramiko\n\nclient = paramiko.SSHClient()\nclient.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n',
    after:
      'import paramiko\n\nclient = paramiko.SSHClient()\nclient.load_system_host_keys()\nclient.set_missing_host_key_policy(paramiko.RejectPolicy())\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import paramiko\n\nclient.set_missing_host_key_policy(paramiko.RejectPolicy())\n' },
    {
      path: 'app/b.py',
      text: 'from .keys import AutoAddPolicy\n\nclient.set_missing_host_key_policy(AutoAddPolicy())\n',
    },
    {
      path: 'tests/test_a.py',
      text: 'import paramiko\n\nclient.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n',
    },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      if (call.callee.field('attribute')?.text() !== 'set_missing_host_key_policy') return [];
      const given = call.positional[0];
      const policy = resolve(given?.is('call') ? given.field('function') : (given ?? null), imports) ?? '';
      if (!/^paramiko\.(client\.)?(AutoAdd|Warning)Policy$/.test(policy)) return [];
      return [{ ...span(call.node), message: 'The SSH client accepts any host key.', edits: rejecting(root, call) }];
    });
  },
};

/** `RejectPolicy`, and the known hosts before it where nothing loads them. */
function rejecting(root: Node, call: Call): TextEdit[] {
  const given = call.positional[0];
  const policy = (given?.is('call') ? given.field('function') : given)?.field('attribute');
  const client = call.callee.field('object');
  const statement = call.node.parent();
  if (!policy || !client || !/^[\w.]+$/.test(client.text()) || !statement?.is('expression_statement')) return [];
  const edit = { ...span(policy), text: 'RejectPolicy' };
  if (/\.load_(system_)?host_keys\(/.test(wholeText(root))) return [edit];
  const { start } = span(statement);
  const indent = beforeOnLine(wholeText(root), start);
  if (indent.trim() !== '') return [];
  return [{ start, end: start, text: `${client.text()}.load_system_host_keys()\n${indent}` }, edit];
}

export const transportRules: readonly RuleImpl[] = [verifyOff, unverifiedContext, autoAddHostKey];
