/** Cookies that travel or are read where they should not. Rule: only literal False and missing flags are judged, and
 * only what the server alone has a use for is edited. */
import { type Call, type PythonFile, plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

/** Cookie arguments and settings that are literally False: keyword in set_cookie calls, names in settings. */
function cookieFlags({ root, calls }: PythonFile, keyword: string, setting: RegExp): Node[] {
  const off = calls.flatMap((call) => {
    const value = call.keywords.get(keyword);
    const isCookie = /^set_(signed_)?cookie$/.test(call.callee.field('attribute')?.text() ?? '');
    return isCookie && value?.is('false') && !/csrf|xsrf/i.test(call.node.text()) ? [value] : [];
  });
  const named = nodesOf(root, 'assignment')
    .filter((node) => {
      const left = node.field('left');
      const key = left?.is('subscript') ? plainString(left.field('subscript')) : left?.text();
      return setting.test(key ?? '') && node.field('right')?.is('false');
    })
    .flatMap((node) => node.field('right') ?? []);
  return [...off, ...named];
}

/** The call that sets the cookie, or the assignment of the setting. */
function setterOf(value: Node): Node {
  return enclosing(value, ['call', 'assignment']) ?? value;
}

/** A cookie that is called a session or a token, and is given no flag at all. */
function isBareSession(call: Call): boolean {
  const name = plainString(call.positional[0] ?? call.keywords.get('key')) ?? '';
  const flags = ['httponly', 'secure', 'samesite', 'domain'].some((flag) => call.keywords.has(flag));
  return (
    call.callee.field('attribute')?.text() === 'set_cookie' &&
    !call.splat &&
    !flags &&
    /sess|(^|_)sid$|auth|token|jwt/i.test(name) &&
    !/csrf|xsrf/i.test(name)
  );
}

/** Settings modules that say themselves that they are for development. */
const FOR_DEVELOPMENT =
  /(^|[/_.-])(dev|devel|development|local|debug|test|tests|testing|demo|example|examples|docs?)([/_.-]|$)/i;

const insecureCookie: RuleImpl = {
  id: 'python/insecure-cookie',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-614',
  title: 'Send cookies over HTTPS only',
  rationale:
    'A cookie without the Secure flag is also sent over plain http, where anyone on the way can read and reuse it. The flag is switched on; browsers send such a cookie to localhost without https as well. Settings for development and cookies for CSRF scripts are left alone.',
  fixable: true,
  trigger: /secure['"\]\s]*=\s*False/i,
  example: {
    path: 'app/view.py',
    before: 'response.set_cookie("session", value, secure=False, httponly=True)\n',
    after: 'response.set_cookie("session", value, secure=True, httponly=True)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'response.set_cookie("session", value, secure=True)\n' },
    { path: 'app/settings/local.py', text: 'SESSION_COOKIE_SECURE = False\n' },
    { path: 'app/b.py', text: 'connect(host, secure=False)\n' },
    { path: 'app/c.py', text: 'SESSION_COOKIE_SECURE = not DEBUG\nHAS_SECURE = False\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const setting = /^(SESSION|CSRF|LANGUAGE|REMEMBER)_COOKIE_SECURE$/;
    const message = 'The cookie is sent over plain http too.';
    return cookieFlags(await readPython(context), 'secure', setting).map(
      (value): Match => ({ ...span(setterOf(value)), message, edits: [{ ...span(value), text: 'True' }] }),
    );
  },
};

const readableCookie: RuleImpl = {
  id: 'python/script-readable-cookie',
  languages: ['python'],
  severity: 'low',
  cwe: 'CWE-1004',
  title: 'Keep session cookies from scripts',
  rationale:
    'A cookie without HttpOnly can be read by any script of the page, so one cross-site scripting flaw is enough to steal a session. The id of a session is of use to the server alone, so there the flag is switched on, and in the settings of Django and Flask. Other cookies may be meant to be read by scripts and are reported only; cookies whose name says csrf are left alone.',
  fixable: true,
  trigger: /httponly['"\]\s]*=\s*False|\bset_cookie\(/i,
  example: {
    path: 'app/view.py',
    before: 'response.set_cookie("session", value, secure=True, httponly=False)\n',
    after: 'response.set_cookie("session", value, secure=True, httponly=True)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'response.set_cookie("session", value, httponly=True)\n' },
    { path: 'app/b.py', text: 'response.set_cookie("csrftoken", value, httponly=False)\n' },
    { path: 'app/c.py', text: 'CSRF_COOKIE_HTTPONLY = False\nmake(httponly=False)\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const message = 'Scripts of the page can read the cookie.';
    const python = await readPython(context);
    const off = cookieFlags(python, 'httponly', /^(SESSION|REMEMBER)_COOKIE_HTTPONLY$/).map((value): Match => {
      const setter = setterOf(value);
      const session = setter.is('assignment') || isSession(setter);
      return { ...span(setter), message, edits: session ? [{ ...span(value), text: 'True' }] : [] };
    });
    const bare = python.calls.filter(isBareSession).map(({ node }): Match => {
      const list = node.field('arguments');
      const at = list ? span(list).end - 1 : 0;
      const plain = isSession(node) && !/,\s*\)$/.test(list?.text() ?? ',)');
      return { ...span(node), message, edits: plain ? [{ start: at, end: at, text: ', httponly=True' }] : [] };
    });
    return [...off, ...bare];
  },
};

/** Is it the id of a session, which only the server has a use for? A token may be meant for the page. */
function isSession(call: Node | null | undefined): boolean {
  return /\.set_cookie\(\s*(key\s*=\s*)?["'](session|sid|session_?id|sessid|PHPSESSID|JSESSIONID)["']/i.test(
    call?.text() ?? '',
  );
}

export const cookieRules: readonly RuleImpl[] = [insecureCookie, readableCookie];
