/** Input that becomes objects or code. Rule: only what plainly comes from outside is reported; only YAML is rewritten. */
import { readPython, removeArgument, resolve } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

const UNSAFE = ['yaml.Loader', 'yaml.UnsafeLoader', 'yaml.CLoader', 'yaml.CUnsafeLoader'];

const yamlLoad: RuleImpl = {
  id: 'python/yaml-load',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-502',
  title: 'Load YAML with the safe loader',
  rationale:
    'PyYAML with the loaders Loader and UnsafeLoader, and `unsafe_load`, builds any Python object that the document names, which lets whoever wrote the document run code; without a loader old versions do the same and new ones refuse. `yaml.safe_load` reads the standard types and nothing else. FullLoader and loaders of your own are left alone, and so are files that register tags or write `!!python` themselves.',
  fixable: true,
  aliases: ['S506', 'B506'],
  trigger: /\byaml\b[\s\S]*\bload(_all)?\s*\(/,
  example: {
    path: 'app/settings.py',
    before: 'import yaml\n\nwith open("a.yml") as stream:\n    settings = yaml.load(stream, Loader=yaml.Loader)\n',
    after: 'import yaml\n\nwith open("a.yml") as stream:\n    settings = yaml.safe_load(stream)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import yaml\n\nyaml.safe_load(text)\nyaml.load(text, Loader=yaml.SafeLoader)\n' },
    { path: 'app/b.py', text: 'import yaml\n\nyaml.load(text, Loader=yaml.FullLoader)\nyaml.load(text, MyLoader)\n' },
    { path: 'app/c.py', text: 'from ruamel.yaml import YAML\n\nyaml = YAML(typ="safe")\nyaml.load(text)\n' },
    { path: 'app/d.py', text: 'import ruamel.yaml as yaml\nimport json\n\njson.load(stream)\nyaml.load(text)\n' },
    { path: 'app/e.py', text: 'import yaml\n\nyaml.load(text, **options)\n' },
  ],
  async find(file, context) {
    const { imports, calls } = await readPython(context);
    const ownTags = /add_(multi_)?constructor|add_implicit_resolver|YAMLObject|!!python/.test(file.text);
    return calls.flatMap((call): Match[] => {
      const unsafe = /^yaml\.unsafe_load(_all)?$/.test(call.name ?? '');
      if (call.splat || !(unsafe || call.name === 'yaml.load' || call.name === 'yaml.load_all')) return [];
      const loader = call.keywords.get('Loader') ?? call.positional[1];
      if (loader && !UNSAFE.includes(resolve(loader, imports) ?? '')) return [];
      const name = call.callee.field('attribute');
      const edits: TextEdit[] = [];
      if (name && !ownTags) edits.push({ ...span(name), text: `safe_${name.text().replace('unsafe_', '')}` });
      if (name && !ownTags && loader) edits.push(removeArgument(loader));
      return [{ ...span(call.node), message: 'The YAML document may build any Python object.', edits }];
    });
  },
};

const OUTSIDE =
  /\brequest\b|\brequests?\.|\brecv\(|\.recv|\bcookies?\b|b64decode|urlopen|\.(b?[lr]pop|get_message|receive_message|recvfrom|basic_get|read_message)\(|\bsys\.(argv|stdin)|\binput\(|\bos\.environ/i;

/** Does the expression, or what its variable was last assigned in the same function, come from outside? */
function fromOutside(value: Node | undefined): boolean {
  if (!value) return false;
  if (OUTSIDE.test(value.text())) return true;
  const scope = enclosing(value, ['function_definition', 'module']);
  if (!value.is('identifier') || !scope) return false;
  const before = nodesOf(scope, 'assignment').filter(
    (node) => node.field('left')?.text() === value.text() && span(node).end <= span(value).start,
  );
  return OUTSIDE.test(before.at(-1)?.field('right')?.text() ?? '');
}

/** Parameters whose name says that they are data, in a file that writes no such data itself. */
function isParameter(value: Node | undefined, names: RegExp): boolean {
  const owner = value?.is('identifier') && names.test(value.text()) ? enclosing(value, ['function_definition']) : null;
  const parameters = owner?.field('parameters')?.namedChildren() ?? [];
  return parameters.some(
    (one) => (one.is('identifier') ? one : (one.field('name') ?? one.child(0)))?.text() === value?.text(),
  );
}

const pickle: RuleImpl = {
  id: 'python/pickle-from-outside',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-502',
  title: 'Do not unpickle data from outside',
  rationale:
    'Unpickling runs whatever code the data names, so data from a request, a socket or a cookie must not reach pickle, marshal or dill. What the data may be instead (JSON, a signed message) depends on who writes it, so this is reported only. Caches and files that the program wrote itself are left alone.',
  fixable: false,
  aliases: ['S301', 'S302', 'B301', 'B302'],
  trigger: /\b(pickle|cPickle|dill|marshal|_pickle|cloudpickle)\b/,
  example: {
    path: 'app/view.py',
    before: 'import pickle\n\n\ndef read(request):\n    return pickle.loads(request.body)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import pickle\n\nwith open(CACHE, "rb") as stream:\n    data = pickle.load(stream)\n' },
    { path: 'app/b.py', text: 'import json\n\n\ndef read(request):\n    return json.loads(request.body)\n' },
    { path: 'app/c.py', text: 'import pickle\n\n\ndef copy(value):\n    return pickle.loads(pickle.dumps(value))\n' },
    {
      path: 'app/d.py',
      text: 'import pickle\n\n\ndef read(request, key):\n    message, sign = split(request.cookies["a"])\n    if hmac.compare_digest(sign, made(key, message)):\n        return pickle.loads(request.cookies["a"])\n    return None\n',
    },
  ],
  async find(file, context) {
    const { calls } = await readPython(context);
    const own = /\bdumps?\(|__setstate__|__reduce/.test(file.text);
    return calls.flatMap((call): Match[] => {
      if (!/^(pickle|cPickle|_pickle|dill|cloudpickle|marshal)\.loads?$/.test(call.name ?? '')) return [];
      const handed =
        !own &&
        /loads$/.test(call.name ?? '') &&
        isParameter(call.positional[0], /data|body|payload|raw|message|cookie|blob|content|state|token|session/i);
      if ((!handed && !fromOutside(call.positional[0])) || isSigned(call.node)) return [];
      return [{ ...span(call.node), message: `Data from outside reaches ${call.name}.` }];
    });
  },
};

/** Read only after its signature was compared. */
function isSigned(node: Node): boolean {
  const conditions = node
    .ancestors()
    .flatMap((above) => (above.is('if_statement') ? above.field('condition') : null) ?? []);
  return conditions.some((one) => /compare_digest|_lscmp|verif|signature|\bhmac\b/i.test(one.text()));
}

const evalInput: RuleImpl = {
  id: 'python/eval-from-outside',
  languages: ['python'],
  severity: 'critical',
  cwe: 'CWE-95',
  title: 'Do not evaluate input as code',
  rationale:
    'eval and exec run their text with every right of the process, so input must not reach them. What should be understood instead differs (ast.literal_eval for values, a table of functions for commands), so this is reported only. Parameters that are called an expression, a formula or data are taken for input. Constant text, code with a namespace of its own, and code that the program builds itself are left alone.',
  fixable: false,
  aliases: ['S307', 'S102', 'B307', 'B102', 'PGH001'],
  trigger: /\b(eval|exec)\s*\(/,
  example: { path: 'app/calc.py', before: 'expression = input("> ")\nprint(eval(expression))\n' },
  lookAlikes: [
    { path: 'app/a.py', text: 'import ast\n\nvalue = ast.literal_eval(input("> "))\n' },
    { path: 'app/b.py', text: 'frame.eval(input("> "))\nre.compile(request.args["q"])\n' },
    { path: 'app/c.py', text: 'def eval(text):\n    return text\n\n\neval(input("> "))\n' },
    { path: 'app/d.py', text: 'namespace = {}\nexec(compile(source, path, "exec"), namespace)\n' },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    const bound = new Set(nodesOf(root, 'assignment').map((node) => node.field('left')?.text()));
    for (const node of nodesOf(root, 'function_definition'))
      if (enclosing(node, ['class_definition', 'function_definition'])?.is('class_definition') !== true)
        bound.add(node.field('name')?.text());
    return calls.flatMap((call): Match[] => {
      const name = call.callee.is('identifier') ? call.callee.text() : '';
      if ((name !== 'eval' && name !== 'exec') || bound.has(name) || imports.has(name)) return [];
      const handed =
        name === 'eval' &&
        !call.positional[1] &&
        isParameter(
          call.positional[0],
          /^(expr(ession)?|formula|user_input|text|value|data|query|string|cmd|command|condition|calculation|equation)$/,
        );
      if (!handed && !fromOutside(call.positional[0])) return [];
      return [{ ...span(call.node), message: `Input reaches ${name} and runs as code.` }];
    });
  },
};

export const deserialiseRules: readonly RuleImpl[] = [yamlLoad, pickle, evalInput];
