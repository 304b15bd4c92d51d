/**
 * What a web application opens to everybody, and what it writes to its log. Rule: only literal values outside of files
 * that say themselves that they are for development; what is meant instead is asked of the environment.
 */
import { plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { fromEnvironment, moduleAtTop } from './python-environment.ts';
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
    'With `DEBUG = True` Django shows its settings, its source and the values of every variable to whoever causes an error. `DJANGO_DEBUG=1` in the environment switches it on from then on, and it is off else; that is written where the file names the hosts that the site answers to, without which Django does not start with debugging off, and elsewhere it is reported only. Settings for development and tests, computed values, and what stands under a condition are left alone.',
  fixable: true,
  trigger: /^DEBUG\s*=\s*True/m,
  example: {
    path: 'site/settings.py',
    before: 'import os\n\nDEBUG = True\nALLOWED_HOSTS = ["shop.example.org"]\nINSTALLED_APPS = []\n',
    after:
      'import os\n\nDEBUG = os.environ.get("DJANGO_DEBUG") == "1"\nALLOWED_HOSTS = ["shop.example.org"]\nINSTALLED_APPS = []\n',
  },
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
    const { root, imports } = await readPython(context);
    const found = settings(root, /^DEBUG$/);
    if (found.length !== 1 || !found[0]?.value.is('true')) return [];
    const { node, value } = found[0];
    const hosts = settings(root, /^ALLOWED_HOSTS$/).some((one) => one.value.namedChildren().length > 0);
    const os = hosts ? moduleAtTop(root, imports, value, 'os') : null;
    const edits = os ? [...os, { ...span(value), text: 'os.environ.get("DJANGO_DEBUG") == "1"' }] : [];
    return [{ ...span(node), message: 'Errors show settings and source to everybody.', edits }];
  },
};

const anyHost: RuleImpl = {
  id: 'python/any-host-allowed',
  languages: ['python'],
  severity: 'low',
  cwe: 'CWE-644',
  title: 'Name the hosts that the site answers to',
  rationale:
    'With `ALLOWED_HOSTS = ["*"]` Django believes any Host header, which then stands in the links of password mails and in caches. Which names the site has is not written in the source: the variable `DJANGO_ALLOWED_HOSTS` names them, separated by commas, and the lookup fails where it is not set, so set it before this is deployed. Named hosts, computed lists, and settings for development are left alone.',
  fixable: true,
  trigger: /ALLOWED_HOSTS\s*=\s*[[(]\s*["']\*["']/,
  example: {
    path: 'site/settings.py',
    before: 'import os\n\nALLOWED_HOSTS = ["*"]\nINSTALLED_APPS = []\n',
    after: 'import os\n\nALLOWED_HOSTS = os.environ["DJANGO_ALLOWED_HOSTS"].split(",")\nINSTALLED_APPS = []\n',
  },
  lookAlikes: [
    { path: 'site/settings.py', text: 'ALLOWED_HOSTS = ["shop.example.org"]\n' },
    { path: 'site/settings_dev.py', text: 'ALLOWED_HOSTS = ["*"]\nINSTALLED_APPS = []\n' },
    { path: 'site/settings/base.py', text: 'if DEBUG:\n    ALLOWED_HOSTS = ["*"]\nINSTALLED_APPS = []\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const { root, imports } = await readPython(context);
    return settings(root, /^ALLOWED_HOSTS$/).flatMap(({ node, value }): Match[] => {
      const [only, more] = value.namedChildren();
      if (plainString(only) !== '*' || more) return [];
      const read = fromEnvironment(root, imports, value, 'DJANGO_ALLOWED_HOSTS');
      const edits = read ? [...read.edits, { ...span(value), text: `${read.text}.split(",")` }] : [];
      return [{ ...span(node), message: 'Any Host header is believed.', edits }];
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
    'CORS for every origin together with credentials lets any web page act as the signed-in user, and Starlette then sends every origin back; in the settings of Django it opens every view at once. Which origins are meant is not written in the source: the variable `CORS_ALLOWED_ORIGINS` names them, separated by commas, and the lookup fails where it is not set, so set it before this is deployed. Named origins, public access without credentials, and settings for development are left alone.',
  fixable: true,
  trigger: /CORS_(ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)\s*=\s*True|CORSMiddleware|\bCORS\(/,
  example: {
    path: 'app/main.py',
    before:
      'import os\n\nfrom fastapi.middleware.cors import CORSMiddleware\n\napp.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)\n',
    after:
      'import os\n\nfrom fastapi.middleware.cors import CORSMiddleware\n\napp.add_middleware(CORSMiddleware, allow_origins=os.environ["CORS_ALLOWED_ORIGINS"].split(","), allow_credentials=True)\n',
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
    const { root, imports, calls } = await readPython(context);
    const message = 'Any web page may read the answers.';
    const named = settings(root, /^CORS_(ALLOWED_ORIGINS|ORIGIN_WHITELIST)/).length > 0;
    const listed = (node: Node, prefix = ''): TextEdit[] => {
      const read = fromEnvironment(root, imports, node, 'CORS_ALLOWED_ORIGINS');
      return read ? [...read.edits, { ...span(node), text: `${prefix}${read.text}.split(",")` }] : [];
    };
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
    return [
      ...set.map(({ node, value }): Match => {
        const list = /^CORS_ORIGIN/.test(node.text()) ? 'CORS_ORIGIN_WHITELIST' : 'CORS_ALLOWED_ORIGINS';
        const edits = named ? [{ ...span(value), text: 'False' }] : listed(node, `${list} = `);
        return { ...span(node), message, edits };
      }),
      ...given.map((call): Match => {
        const origins = call.keywords.get('allow_origins') ?? call.keywords.get('origins');
        return { ...span(call.node), message, edits: origins ? listed(origins) : [] };
      }),
    ];
  },
};

const LOGS =
  /^(print|(\w+\.)*(log|logger|logging|_logger|_log|LOG|LOGGER)\.(debug|info|warning|warn|error|critical|exception|log))$/;
const SECRET =
  /(^|[._])(password|passwd|passphrase|secret|client_secret|api_?key|access_token|refresh_token|auth_token|token|private_key|credit_card|card_number|cvv|ssn)$/i;

/** Made up a few lines above: the log is how anybody hears of it. */
function isAnnounced(before: string, name: string): boolean {
  const lines = before.split('\n').slice(-6);
  const made = /\b(urandom|random\w*|secrets|token_\w+|generate\w*|make_\w+|uuid\d?|hexlify|getrandbits|choices?)\b/i;
  return lines.some((line) => line.trim().startsWith(`${name} = `) && made.test(line));
}

const loggedSecret: RuleImpl = {
  id: 'python/secret-in-log',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-532',
  title: 'Keep secrets out of the log',
  rationale:
    'A log is read by more people and kept longer than what it tells about, and a password in it is a password that everyone with the log knows. Three stars take its place, so that the line stays as it is otherwise. Lengths, names of fields, tokens of a parser, what a command-line tool prints, a password that is made up on the spot for whoever reads the log, and values that something masks are left alone.',
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
    {
      path: 'app/e.py',
      text: 'if not self.password:\n    self.password = hexlify(os.urandom(8)).decode()\n    log.info("Console password: %s", self.password)\n',
    },
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
      const told = given.find((one) => isSecret(one));
      if (!told || (parser && /token$/i.test(told.text())) || /^[A-Z_.]+$/.test(told.text())) return [];
      if (isAnnounced(file.text.slice(0, span(call.node).start), told.text())) return [];
      const part = told.parent();
      const plain = !part?.is('interpolation') || part.namedChildren().length === 1;
      const edit = part?.is('interpolation') ? { ...span(part), text: '***' } : { ...span(told), text: '"***"' };
      return [{ ...span(call.node), message: `${told.text()} is written to the log.`, edits: plain ? [edit] : [] }];
    });
  },
};

/** A name that says that it is a secret, or the field of that name: `data["password"]`. */
function isSecret(value: Node): boolean {
  if (/^(identifier|attribute)$/.test(String(value.kind()))) return SECRET.test(value.text());
  return value.is('subscript') && SECRET.test(plainString(value.field('subscript')) ?? '');
}

export const webRules: readonly RuleImpl[] = [djangoDebug, anyHost, anyOrigin, loggedSecret];
