/**
 * What a request may reach: other servers, fields of a record. Rule: only values that plainly
 * come from the request, and only where nothing in the function looks at where they lead.
 */
import { type Call, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { errorDetail } from './python-errors.ts';
import { valuesPutIn } from './python-html.ts';
import { CHECKED, openRedirect } from './python-redirects.ts';
import { functionText, isAsked } from './python-request.ts';

const CLIENTS =
  /^(requests|httpx)\.(get|post|put|patch|delete|head|options|request)$|^urllib\.request\.(urlopen|urlretrieve|Request)$|^urllib3\.request$/;

const serverRequest: RuleImpl = {
  id: 'python/request-to-requested-address',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-918',
  title: 'Check addresses before the server asks them',
  rationale:
    'When the request chooses the address that the server asks, it reaches what only the server can: internal services, cloud metadata, files through `file:`. Which hosts are meant is not written in the source, so this is reported only. Addresses with a fixed host, functions that look at the host or at a list first, and values that do not come straight from the request are left alone.',
  fixable: false,
  aliases: ['S310', 'B310'],
  trigger: /\b(requests|httpx|urllib|urllib3|aiohttp)\b/,
  example: {
    path: 'app/preview.py',
    before:
      'import requests\nfrom flask import request\n\n\ndef preview():\n    return requests.get(request.args["url"], timeout=5).text\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import requests\nfrom flask import request\n\n\ndef show():\n    return requests.get("https://api.example.org/items", params={"q": request.args["q"]}).json()\n',
    },
    {
      path: 'app/b.py',
      text: 'import requests\nfrom flask import request\nfrom urllib.parse import urlsplit\n\n\ndef show():\n    url = request.args["url"]\n    if urlsplit(url).hostname not in HOSTS:\n        return "no", 400\n    return requests.get(url).text\n',
    },
    { path: 'app/c.py', text: 'import requests\n\n\ndef load(url):\n    return requests.get(url).text\n' },
    {
      path: 'app/d.py',
      text: 'from flask import request\n\n\ndef show(cache):\n    return cache.get(request.args["url"])\n',
    },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const method = /^(request)$/.test(call.callee.field('attribute')?.text() ?? '');
      const address = call.keywords.get('url') ?? call.positional[method ? 1 : 0];
      if (!asksServer(call) || !address || CHECKED.test(functionText(call.node))) return [];
      const chosen = isAsked(address, imports) || (hostOf(address) ?? []).some((part) => isAsked(part, imports));
      return chosen ? [{ ...span(call.node), message: 'The request chooses which address the server asks.' }] : [];
    });
  },
};

const MADE = '(httpx\\.(Async)?Client|AsyncClient|(aiohttp\\.)?ClientSession|requests\\.[sS]ession|Session)\\(';

/** A call of a client's module, or of a client that stands in a `with` of this function. */
function asksServer(call: Call): boolean {
  if (CLIENTS.test(call.name ?? '')) return true;
  const object = call.callee.field('object');
  const verb = /^(get|post|put|patch|delete|head|request|stream)$/.test(call.callee.field('attribute')?.text() ?? '');
  if (!verb || !object?.is('identifier')) return false;
  const made = new RegExp(`${MADE}[^)]*\\)\\s+as\\s+${object.text()}\\b|\\b${object.text()}\\s*=\\s*${MADE}`);
  return made.test(functionText(call.node));
}

/** What stands where the host is: `f"http://{host}/status"`. */
function hostOf(address: Node): Node[] | null {
  return /^f["'](https?:\/\/)?\{/.test(address.text()) ? (valuesPutIn(address)?.slice(0, 1) ?? null) : null;
}

const massAssignment: RuleImpl = {
  id: 'python/mass-assignment',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-915',
  title: 'Name the fields that a request may set',
  rationale:
    'When everything in a request becomes fields of a record, whoever sends it also sets what no form shows: a role, an owner, a price. A form, a schema or the names of the fields say what is meant; which they are is not written in the source, so this is reported only. Validated data, dictionaries that were built here, and calls of anything but a class or `create` are left alone.',
  fixable: false,
  trigger: /\*\*\s*(self\.|await )?\(?request\b/,
  example: {
    path: 'app/users.py',
    before: 'from flask import request\n\n\ndef create():\n    user = User(**request.json)\n    db.session.add(user)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from flask import request\n\n\ndef create():\n    user = User(name=request.json["name"])\n',
    },
    {
      path: 'app/b.py',
      text: 'from flask import request\n\n\ndef create():\n    data = schema.load(request.json)\n    user = User(**data)\n',
    },
    { path: 'app/c.py', text: 'from flask import request\n\n\ndef show():\n    return render(**request.args)\n' },
  ],
  async find(_file, context) {
    const { root } = await readPython(context);
    return nodesOf(root, 'dictionary_splat').flatMap((splat): Match[] => {
      const call = splat.parent()?.parent();
      const callee = call?.field('function')?.text() ?? '';
      const record =
        /^(\w+\.)?[A-Z][a-z]\w*$/.test(callee) ||
        /\.(objects\.(create|update|get_or_create)|filter_by\(.*\)\.update)$/.test(callee);
      const asked =
        /^\*\*\s*(self\.)?request\.(json|form|POST|data|get_json\(\)|args|GET)(\.dict\(\)|\.to_dict\(\))?$/.test(
          splat.text(),
        );
      if (!call?.is('call') || !record || !asked || /Form|Schema|Serializer|Model\b|Request|Response/.test(callee))
        return [];
      return [{ ...span(call), message: 'Every field of the record can be set by the request.' }];
    });
  },
};

const csrfOff: RuleImpl = {
  id: 'python/csrf-check-off',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-352',
  title: 'Leave the CSRF check of views on',
  rationale:
    'With `csrf_exempt` any other page can make the browser of a signed-in user send the request. Calls from other programs, which carry no cookie, rightly switch it off, so this is reported only, and only in views that use the user or the session of the request. Webhooks, views that check a token or a signature, and other decorators are left alone.',
  fixable: false,
  trigger: /csrf_exempt/,
  example: {
    path: 'app/views.py',
    before:
      'from django.views.decorators.csrf import csrf_exempt\n\n\n@csrf_exempt\ndef delete(request, pk):\n    Report.objects.filter(pk=pk, owner=request.user).delete()\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from django.views.decorators.csrf import csrf_exempt\n\n\n@csrf_exempt\ndef webhook(request):\n    handle(request.body)\n',
    },
    {
      path: 'app/b.py',
      text: 'from django.views.decorators.csrf import csrf_exempt\n\n\n@csrf_exempt\ndef api(request):\n    check_signature(request)\n    return answer(request.user)\n',
    },
    {
      path: 'app/c.py',
      text: 'from django.views.decorators.csrf import csrf_protect\n\n\n@csrf_protect\ndef delete(request, pk):\n    remove(request.user, pk)\n',
    },
  ],
  async find(_file, context) {
    const { root } = await readPython(context);
    return nodesOf(root, 'decorator').flatMap((decorator): Match[] => {
      const view = decorator.parent()?.text() ?? '';
      if (
        !/^@(\w+\.)*(csrf_exempt|method_decorator\(\s*csrf_exempt\b[^()]*\))$/.test(decorator.text()) ||
        !/request\.(user|session)\b/.test(view)
      )
        return [];
      if (/signature|token|hmac|webhook|api_?key|authorization/i.test(view)) return [];
      return [{ ...span(decorator), message: 'Any other page can send this request for a signed-in user.' }];
    });
  },
};

export const accessRules: readonly RuleImpl[] = [serverRequest, openRedirect, massAssignment, errorDetail, csrfOff];
