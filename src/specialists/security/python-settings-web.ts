/**
 * What a web application opens to everybody, and what it writes to its log. Rule: only literal values outside of files
 * that say themselves that they are for development; settings are reported only.
 */
import { plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { valuesPutIn } from './python-html.ts';

const FOR_DEVELOPMENT =
  /(^|[/_.-])(dev|devel|development|local|debug|test|tests|testing|ci|demo|example|examples|docs?|sample|template|project_template|integration|t)([/_.-]|$)/i;

/** Settings that stand alone in a module of Django's settings. */
function settings(root: Node, name: RegExp): Array<{ node: Node; value: Node }> {
  return nodesOf(root, 'assignment').flatMap((node) => {
    const value = name.test(node.field('left')?.text() ?? '') ? node.field('right') : null;
    const top = !enclosing(node, ['function_definition', 'class_definition', 'if_statement', 'try_statement']);
    return value && top ? [{ node, value }] : [];
  });
}

const isSettings = (path: string, text: string) =>
  /settings|config/i.test(path) && /\b(INSTALLED_APPS|MIDDLEWARE|DATABASES|ROOT_URLCONF|SECRET_KEY)\b/.test(text);

const djangoDebug: RuleImpl = {
  id: 'python/django-debug',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-489',
  title: 'Do not switch debugging on in settings',
  rationale:
    'With `DEBUG = True` Django shows its settings, its source and the values of every variable to whoever causes an error. Which settings go to production is not written in the source, so this is reported only: read it from the environment, off by default. Settings for development and tests, computed values, and what stands under a condition are left alone.',
  fixable: false,
  trigger: /^DEBUG\s*=\s*True/m,
  example: { path: 'site/settings.py', before: 'DEBUG = True\nINSTALLED_APPS = []\n' },
  lookAlikes: [
    { path: 'site/settings/local.py', text: 'DEBUG = True\nINSTALLED_APPS = []\n' },
    {
      path: 'site/settings.py',
      text: 'DEBUG = os.environ.get("DEBUG") == "1"\nINSTALLED_APPS = []\n#\nDEBUG = True if local else False\n',
    },
    { path: 'tools/run.py', text: 'DEBUG = True\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path) || !isSettings(file.path, file.text)) return [];
    const found = settings((await readPython(context)).root, /^DEBUG$/);
    if (found.length !== 1 || !found[0]?.value.is('true')) return [];
    return [{ ...span(found[0].node), message: 'Errors show settings and source to everybody.' }];
  },
};

const anyHost: RuleImpl = {
  id: 'python/any-host-allowed',
  languages: ['python'],
  severity: 'low',
  cwe: 'CWE-644',
  title: 'Name the hosts that the site answers to',
  rationale:
    'With `ALLOWED_HOSTS = ["*"]` Django believes any Host header, which then stands in the links of password mails and in caches. Which names the site has is not written in the source, so this is reported only. Named hosts, computed lists, and settings for development are left alone.',
  fixable: false,
  trigger: /ALLOWED_HOSTS\s*=\s*[[(]\s*["']\*["']/,
  example: { path: 'site/settings.py', before: 'ALLOWED_HOSTS = ["*"]\nINSTALLED_APPS = []\n' },
  lookAlikes: [
    { path: 'site/settings.py', text: 'ALLOWED_HOSTS = ["shop.example.org"]\n' },
    { path: 'site/settings_dev.py', text: 'ALLOWED_HOSTS = ["*"]\nINSTALLED_APPS = []\n' },
    { path: 'site/settings/base.py', text: 'if DEBUG:\n    ALLOWED_HOSTS = ["*"]\nINSTALLED_APPS = []\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    return settings((await readPython(context)).root, /^ALLOWED_HOSTS$/).flatMap(({ node, value }): Match[] => {
      const [only, more] = value.namedChildren();
      if (plainString(only) !== '*' || more) return [];
      return [{ ...span(node), message: 'Any Host header is believed.' }];
    });
  },
};

const anyOrigin: RuleImpl = {
  id: 'python/cors-any-origin',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-942',
  title: 'Name the origins that may read answers',
  rationale:
    'CORS for every origin together with credentials lets any web page act as the signed-in user, and Starlette then sends every origin back; in the settings of Django it opens every view at once. Which origins are meant is not written in the source, so this is reported only. Named origins, public access without credentials, and settings for development are left alone.',
  fixable: false,
  trigger: /CORS_(ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)\s*=\s*True|CORSMiddleware|\bCORS\(/,
  example: {
    path: 'app/main.py',
    before:
      'from fastapi.middleware.cors import CORSMiddleware\n\napp.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from fastapi.middleware.cors import CORSMiddleware\n\napp.add_middleware(CORSMiddleware, allow_origins=["*"])\n',
    },
    {
      path: 'app/b.py',
      text: 'from fastapi.middleware.cors import CORSMiddleware\n\napp.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)\n',
    },
    { path: 'site/settings/dev.py', text: 'CORS_ALLOW_ALL_ORIGINS = True\n' },
    { path: 'site/settings.py', text: 'CORS_ALLOW_ALL_ORIGINS = DEBUG\nCORSMiddleware = None\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const { root, calls } = await readPython(context);
    const message = 'Any web page may read the answers.';
    const set = settings(root, /^CORS_(ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)$/).filter(({ value }) => value.is('true'));
    const given = calls.filter((call) => {
      const origins = call.keywords.get('allow_origins') ?? call.keywords.get('origins');
      const any = /^(\[\s*)?["']\*["'](\s*,?\s*\])?$/.test(origins?.text() ?? '');
      const middleware =
        /CORSMiddleware$/.test(call.name ?? call.positional[0]?.text() ?? '') ||
        call.positional.some((one) => /CORSMiddleware$/.test(one.text()));
      const credentials = call.keywords.get('allow_credentials') ?? call.keywords.get('supports_credentials');
      return any && credentials?.is('true') && (middleware || call.name === 'flask_cors.CORS');
    });
    return [...set.map(({ node }) => node), ...given.map((call) => call.node)].map((node) => ({
      ...span(node),
      message,
    }));
  },
};

const LOGS =
  /^(print|(\w+\.)*(log|logger|logging|_logger|_log|LOG|LOGGER)\.(debug|info|warning|warn|error|critical|exception|log))$/;
const SECRET =
  /(^|[._])(password|passwd|passphrase|secret|client_secret|api_?key|access_token|refresh_token|auth_token|token|private_key|credit_card|card_number|cvv|ssn)$/i;

const loggedSecret: RuleImpl = {
  id: 'python/secret-in-log',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-532',
  title: 'Keep secrets out of the log',
  rationale:
    'A log is read by more people and kept longer than what it tells about, and a password in it is a password that everyone with the log knows. Three stars take its place, so that the line stays as it is otherwise. Lengths, names of fields, tokens of a parser, what a command-line tool prints, and values that something masks are left alone.',
  fixable: true,
  trigger:
    /\b(log|logger|logging|_logger|LOG|LOGGER)\b[\s\S]*(passw|secret|api_?key|token|private_key|credit_card|card_number|cvv|ssn)/i,
  example: {
    path: 'app/login.py',
    before: 'log.info("login of %s with %s", user.name, user.password)\n',
    after: 'log.info("login of %s with %s", user.name, "***")\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'log.warning("wrong password for %s", user.name)\n' },
    { path: 'app/b.py', text: 'log.debug("token has %d characters", len(token))\n' },
    { path: 'app/c.py', text: 'import tokenize\n\nlog.debug("token %s", token)\n' },
    { path: 'app/d.py', text: 'log.info("key %s", mask(api_key))\n' },
  ],
  async find(file, context) {
    const { calls } = await readPython(context);
    const parser = /tokeni[sz]|lexer|parser|\btoken\.(type|value|kind)\b|\bast\b/i.test(file.text);
    return calls.flatMap((call): Match[] => {
      const callee = call.callee.text();
      if (!LOGS.test(callee) || callee === 'print') return [];
      const given = [...call.positional, ...call.keywords.values()].flatMap(
        (one) => valuesPutIn(one)?.concat(one) ?? [one],
      );
      const told = given.find((one) => /^(identifier|attribute)$/.test(String(one.kind())) && SECRET.test(one.text()));
      if (!told || (parser && /token$/i.test(told.text())) || /^[A-Z_.]+$/.test(told.text())) return [];
      const part = told.parent();
      const plain = !part?.is('interpolation') || part.namedChildren().length === 1;
      const edit = part?.is('interpolation') ? { ...span(part), text: '***' } : { ...span(told), text: '"***"' };
      return [{ ...span(call.node), message: `${told.text()} is written to the log.`, edits: plain ? [edit] : [] }];
    });
  },
};

export const webRules: readonly RuleImpl[] = [djangoDebug, anyHost, anyOrigin, loggedSecret];
