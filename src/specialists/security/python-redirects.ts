/**
 * Where a request sends the browser. Rule: only values that plainly come from the request, and an edit only in Django, which
 * knows itself what belongs to the site.
 */
import { beforeOnLine } from '../lines.ts';
import { originOf } from '../python-flow.ts';
import { type Call, type Imports, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, span, wholeText } from '../structural.ts';
import { moduleAtTop } from './python-environment.ts';
import { imported } from './python-imports.ts';
import { functionText, isAsked } from './python-request.ts';

/** Somebody looks at the address before it is used. */
export const CHECKED =
  /allowed|whitelist|allow_?list|is_safe|safe_url|validat|urlparse|urlsplit|hostname|netloc|startswith\(|\bin\s+[A-Z_]{2,}|match\(|ipaddress|url_for_safe/;

const REDIRECTS =
  /^(flask\.redirect|django\.shortcuts\.redirect|django\.http\.(response\.)?HttpResponse(Permanent)?Redirect|(starlette|fastapi)\.responses\.RedirectResponse|werkzeug\.utils\.redirect|aiohttp\.web\.HTTP(Found|SeeOther|MovedPermanently|TemporaryRedirect|PermanentRedirect)|sanic\.response\.redirect|quart\.redirect|bottle\.redirect|falcon\.HTTP(Found|SeeOther|MovedPermanently))$/;

export const openRedirect: RuleImpl = {
  id: 'python/open-redirect',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-601',
  title: 'Check where a request asks to be redirected',
  rationale:
    'A redirect to an address from the request lends the name of this site to any other one, which is how phishing links look genuine. Where a view of Django returns to an address that is called the next one, `url_has_allowed_host_and_scheme` lets targets on this site through, and everything else leads to `/`; in Flask paths and the addresses of the host itself are let through. Whether other sites are meant is not written in the source elsewhere, so there it is reported only. Fixed targets, names of views, functions that look at the target first, and values that do not come straight from the request are left alone.',
  fixable: true,
  trigger: /redirect|HTTP(Found|SeeOther|MovedPermanently)/i,
  example: {
    path: 'app/login.py',
    before:
      'from django.shortcuts import redirect\n\n\ndef done(request):\n    return redirect(request.GET.get("next", "/"))\n',
    after:
      'from django.shortcuts import redirect\nfrom django.utils.http import url_has_allowed_host_and_scheme\n\n\ndef done(request):\n    target = request.GET.get("next", "/")\n    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):\n        target = "/"\n    return redirect(target)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from flask import redirect, url_for\n\n\ndef done():\n    return redirect(url_for("home"))\n',
    },
    {
      path: 'app/b.py',
      text: 'from django.shortcuts import redirect\nfrom django.utils.http import url_has_allowed_host_and_scheme\n\n\ndef done(request):\n    target = request.GET["next"]\n    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):\n        target = "/"\n    return redirect(target)\n',
    },
    { path: 'app/c.py', text: 'from flask import redirect\n\n\ndef done(target):\n    return redirect(target)\n' },
    {
      path: 'app/d.py',
      text: 'from flask import redirect, request\n\n\ndef done():\n    return redirect(f"/items/{request.form[\'id\']}")\n',
    },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const known =
        REDIRECTS.test(call.name ?? '') || (call.callee.text() === 'self.redirect' && call.positional.length > 0);
      const target = call.positional[0] ?? call.keywords.get('url') ?? call.keywords.get('location');
      if (!known || !target || !isAsked(target, imports) || CHECKED.test(functionText(call.node))) return [];
      const edits = onThisSite(root, imports, call, target);
      return [{ ...span(call.node), message: 'The request decides where the browser is sent.', edits }];
    });
  },
};

/** Names of where to go on within a site. */
const RETURNS =
  /["'](next|next_?(url|page)|return|return_?(to|url)|redirect|redirect_?(to|url)|continue|back|came_?from|success_?url)["']/i;

const RETURNS_IN_PATHS = /["'](next|next_?(url|page)|return_?(to|url)|continue|back|came_?from)["']/i;

interface Check {
  text: string;
  edits: TextEdit[];
}

/** Django knows which hosts are its own. */
function ownHost(root: Node, imports: Imports, request: string, name: string): Check | null {
  const known = imported(root, imports, 'django.utils.http', 'url_has_allowed_host_and_scheme', /^from django\./);
  const given = `${name}, allowed_hosts={${request}.get_host()}, require_https=${request}.is_secure()`;
  return known && { text: `if not ${known.local}(${given}):`, edits: known.edits };
}

/** A path of this site, with nothing in it that a browser reads as the start of a host, or an address of this very host. */
function pathOnly(root: Node, imports: Imports, use: Call, name: string): Check | null {
  const edits = moduleAtTop(root, imports, use.node, 're');
  const path = String.raw`re.fullmatch(r"/([^/\\\s][^\\\s]*)?", str(${name}))`;
  return edits && { text: `if not ${path} and not str(${name}).startswith(request.host_url):`, edits };
}

/** `return redirect(target)` behind a check of the target. */
function onThisSite(root: Node, imports: Imports, call: Call, target: Node): TextEdit[] {
  const statement = call.node.parent();
  const scope = enclosing(call.node, ['function_definition']);
  const origin = target.is('identifier') ? originOf(target)?.value : target;
  const request = /^(self\.)?request\b/.exec(origin?.text() ?? '')?.[0];
  const only = call.positional.length === 1 && call.keywords.size === 0 && !call.splat;
  const flask = /^(flask|werkzeug\.utils)\.redirect$/.test(call.name ?? '');
  if (
    !(flask || /^django\b/.test(call.name ?? '')) ||
    !only ||
    !statement?.is('return_statement') ||
    !scope ||
    !origin ||
    !request
  )
    return [];
  const name = target.is('identifier') ? target.text() : 'target';
  const taken = !target.is('identifier') && /\btarget\b/.test(scope.text());
  const check = flask ? pathOnly(root, imports, call, name) : ownHost(root, imports, request, name);
  const { start } = span(statement);
  const text = wholeText(root);
  const indent = beforeOnLine(text, start);
  const returns = flask ? RETURNS_IN_PATHS : RETURNS;
  if (!check || taken || !returns.test(origin.text()) || indent.trim() !== '' || /\n/.test(origin.text())) return [];
  const lines = [...(target.is('identifier') ? [] : [`${name} = ${target.text()}`]), check.text, `    ${name} = "/"`];
  const edits = [...check.edits, { start, end: start, text: lines.map((line) => `${line}\n${indent}`).join('') }];
  return target.is('identifier') ? edits : [...edits, { ...span(target), text: name }];
}
