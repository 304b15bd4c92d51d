// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * Objects from outside that become more than data: keys of prototypes, operators of a database, entities of a document.
 * Rule: an edit only where it takes nothing away that was meant.
 */
import { bindingsOf, callsOf, keyOf, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { isAsked, isAskedName } from './javascript-request.ts';

const FUNCTIONS = ['function_declaration', 'function_expression', 'arrow_function', 'method_definition'];
const GUARD =
  /__proto__|prototype['"`]|constructor['"`]|Object\.create\(null\)|new Map\(|hasOwn|isSafeKey|isUnsafe|structuredClone/;

const deepMerge: RuleImpl = {
  id: 'javascript/prototype-through-merge',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-1321',
  title: 'Keep __proto__ out of deep merges',
  rationale:
    'A merge that follows the keys of its source into objects also follows `__proto__` and `constructor`, so a document with such a key changes every object of the process. Skipping these three keys keeps everything else as it is: no data has them on purpose. The guard is written where the loop has a body in braces, else this is reported only. Copies of one level, merges that guard already, and merges into maps are left alone.',
  fixable: true,
  trigger: /\bfor\b|forEach/,
  example: {
    path: 'src/merge.js',
    before:
      "function merge(target, source) {\n  for (const key in source) {\n    if (typeof source[key] === 'object') merge(target[key], source[key]);\n    else target[key] = source[key];\n  }\n  return target;\n}\n",
    after:
      "function merge(target, source) {\n  for (const key in source) {\n    if (key === '__proto__' || key === 'constructor' || key === 'prototype') continue;\n    if (typeof source[key] === 'object') merge(target[key], source[key]);\n    else target[key] = source[key];\n  }\n  return target;\n}\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: 'function copy(target, source) {\n  for (const key in source) target[key] = source[key];\n}\n',
    },
    {
      path: 'src/b.js',
      text: "function merge(target, source) {\n  for (const key in source) {\n    if (key === '__proto__') continue;\n    if (typeof source[key] === 'object') merge(target[key], source[key]);\n    else target[key] = source[key];\n  }\n}\n",
    },
    {
      path: 'src/c.js',
      text: 'function walk(node, visit) {\n  for (const key in node) {\n    visit(node[key]);\n    walk(node[key], visit);\n  }\n}\n',
    },
    {
      path: 'src/d.js',
      text: 'function freeze(value) {\n  const out = {};\n  for (const key in value) {\n    out[key] = freeze(value[key]);\n  }\n  return out;\n}\n',
    },
  ],
  async find(_file, context) {
    return nodesOf(await context.tree(), 'for_in_statement').flatMap((loop): Match[] => {
      const owner = enclosing(loop, FUNCTIONS);
      const name = owner?.field('name')?.text() ?? owner?.parent()?.field('name')?.text() ?? '';
      const key = /^\w+$/.exec(loop.field('left')?.text() ?? '')?.[0];
      const body = loop.field('body');
      if (!owner || !key || !name || !body || GUARD.test(owner.text())) return [];
      const merging = mergeCall(body, name, key);
      const parameters = owner.field('parameters')?.text() ?? '';
      if (!merging || !new RegExp(`\\b${merging.target}\\b`).test(parameters)) return [];
      if (!new RegExp(`\\b${merging.target}\\[${key}\\]\\s*=[^=]`).test(body.text())) return [];
      const first = body.is('statement_block') ? body.children().find((child) => child.isNamed()) : undefined;
      const at = first ? span(first).start : 0;
      const text = `if (${key} === '__proto__' || ${key} === 'constructor' || ${key} === 'prototype') continue;\n`;
      const edits = first ? [{ start: at, end: at, text: text + indentOf(first) }] : [];
      return [
        {
          ...span(merging.node),
          message: 'A key `__proto__` of the source reaches the prototype of every object.',
          edits,
        },
      ];
    });
  },
};

/** `merge(target[key], source[key])`: the function calls itself with what the key leads to on both sides. */
function mergeCall(body: Node, name: string, key: string): { node: Node; target: string } | null {
  for (const call of nodesOf(body, 'call_expression')) {
    if (call.field('function')?.text().split('.').at(-1) !== name) continue;
    const [target, source] = call.field('arguments')?.namedChildren() ?? [];
    const into = new RegExp(`^\\(*(\\w+)\\[${key}\\]`).exec(target?.text() ?? '');
    const value = /^\w+/.exec(source?.text() ?? '')?.[0] ?? '';
    const named = new RegExp(`\\b(const|let|var) ${value}\\s*=\\s*\\w+\\[${key}\\]`).test(body.text());
    const from = named || new RegExp(`\\w+\\[${key}\\]`).test(source?.text() ?? '');
    if (into && from) return { node: call, target: into[1] ?? '' };
  }
  return null;
}

function indentOf(node: Node): string {
  return ' '.repeat(node.range().start.column);
}

const requestedPath: RuleImpl = {
  id: 'javascript/property-from-request',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-1321',
  title: 'Do not let requests choose property paths',
  rationale:
    'A path such as `__proto__.isAdmin` or `constructor.prototype.x` that a request chooses changes every object of the process; older versions of lodash follow it. Which paths are meant is not written in the source, so this is reported only. Constant paths, reading, and values alone from the request are left alone.',
  fixable: false,
  trigger: /lodash|dot-prop|object-path|set-value/,
  example: {
    path: 'src/settings.js',
    before: "const _ = require('lodash');\n\n_.set(settings, req.body.path, req.body.value);\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const _ = require('lodash');\n\n_.set(settings, 'theme.colour', req.body.value);\n" },
    { path: 'src/b.js', text: "const _ = require('lodash');\n\nconst value = _.get(settings, req.body.path);\n" },
    { path: 'src/c.js', text: "const _ = require('lodash');\n\ncache.set(settings, req.body.path);\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const sets =
        /^(lodash(\.set)?\.(set|setWith|update|default)|lodash\/set\.default|dot-prop\.(set|default)|set-value\.default|object-path\.set)$/;
      const path = call.args[1];
      if (!sets.test(call.imported ?? '') || !path || !isAsked(path)) return [];
      return [{ ...span(call.node), message: 'The request chooses which property is set.' }];
    });
  },
};

const QUERIES =
  /^(find|findOne|findOneAndUpdate|findOneAndDelete|findOneAndReplace|updateOne|updateMany|deleteOne|deleteMany|countDocuments|exists|replaceOne)$/;

const operators: RuleImpl = {
  id: 'javascript/operators-from-request',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-943',
  title: 'Take request values in filters as values',
  rationale:
    'A value of a JSON body or a query string may be an object such as `{"$gt": ""}`, which MongoDB takes for an operator: a filter by name and password then matches anybody. `$eq` compares with the value as it is, whatever it is, and matches the same records for texts and numbers. `$where` runs text as code and is reported only. Parameters of a path, which are always text, values that are converted, and files that sanitise are left alone.',
  fixable: true,
  trigger: /\b(body|query)\b|\$where/,
  example: {
    path: 'src/users.js',
    before:
      "const User = require('./models/user');\n\napp.post('/login', async (req, res) => {\n  res.json(await User.findOne({ name: req.body.name, active: true }));\n});\n",
    after:
      "const User = require('./models/user');\n\napp.post('/login', async (req, res) => {\n  res.json(await User.findOne({ name: { $eq: req.body.name }, active: true }));\n});\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'User.findOne({ name: String(req.body.name) });\n' },
    { path: 'src/b.js', text: 'User.findOne({ name: req.params.name });\n' },
    { path: 'src/c.js', text: 'User.findOne({ where: { name: req.body.name } });\n' },
    {
      path: 'src/d.js',
      text: "app.use(mongoSanitize());\napp.post('/x', (req) => User.findOne({ name: req.body.name }));\n",
    },
    { path: 'src/e.js', text: 'items.find((item) => item.id === req.body.id);\n' },
  ],
  async find(file, context) {
    if (
      /sanitizeFilter|mongo-?sanitize|sequelize|prisma|typeorm|objection|knex|\bjoi\b|\bzod\b|class-validator/i.test(
        file.text,
      )
    )
      return [];
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const [filter] = call.args;
      if (!QUERIES.test(call.method) || !call.receiver || !filter?.is('object')) return [];
      if (!isCollection(call.receiver.text())) return [];
      const shorthand = filter.children().filter((child) => child.is('shorthand_property_identifier'));
      const named = shorthand
        .filter((name) => isAskedName(name))
        .map(
          (name): Match => ({
            ...span(name),
            message: 'The request may bring operators instead of a value.',
            edits: [{ ...span(name), text: `${name.text()}: { $eq: ${name.text()} }` }],
          }),
        );
      const pairs = filter.children().filter((child) => child.is('pair'));
      const written = pairs.flatMap((pair): Match[] => {
        const value = pair.field('value');
        if (keyOf(pair) === '$where' && value && !value.is('string'))
          return [{ ...span(pair), message: 'Text that is put together runs as code in the database.' }];
        if (!value || /^(\$|where$)/.test(keyOf(pair) ?? '$') || !isAsked(value, { params: false })) return [];
        const edits = /^(req|request|ctx\.request)\.(body|query)\.\w+$/.test(value.text())
          ? [{ ...span(value), text: `{ $eq: ${value.text()} }` }]
          : [];
        return [{ ...span(pair), message: 'The request may bring operators instead of a value.', edits }];
      });
      return [...named, ...written];
    });
  },
};

/** A model or a collection by its name: not a list. */
function isCollection(receiver: string): boolean {
  return /(^|\.)[A-Z][a-z]\w*$|[cC]ollection(\([^()]*\))?$|^(db|models?)\.\w+$|^\w+(Model|Collection)$/.test(receiver);
}

const entities: RuleImpl = {
  id: 'javascript/xml-entities',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-611',
  title: 'Do not resolve entities of XML documents',
  rationale:
    'With `noent: true` libxml replaces the entities of a document, and an entity may name a file of the server or an address behind the firewall: whoever wrote the document reads it. Off is the default; the value becomes `false`. Options of other libraries and computed values are left alone.',
  fixable: true,
  trigger: /noent/,
  example: {
    path: 'src/feed.js',
    before: "const libxml = require('libxmljs');\n\nconst doc = libxml.parseXml(text, { noent: true });\n",
    after: "const libxml = require('libxmljs');\n\nconst doc = libxml.parseXml(text, { noent: false });\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const libxml = require('libxmljs');\n\nlibxml.parseXml(text, { noent: false });\n" },
    { path: 'src/b.js', text: "const libxml = require('libxmljs');\n\nlibxml.parseXml(text, { noent: trusted });\n" },
    { path: 'src/c.js', text: "const parser = require('./parser');\n\nparser.parseXml(text, { noent: true });\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const known = [...bindingsOf(root).values()].some(({ module }) => /^(libxmljs2?|libxml2?-wasm)$/.test(module));
    return nodesOf(root, 'pair').flatMap((pair): Match[] => {
      const value = pair.field('value');
      if (!known || keyOf(pair) !== 'noent' || !value?.is('true')) return [];
      return [
        {
          ...span(pair),
          message: 'Entities of the document may name files of the server.',
          edits: [{ ...span(value), text: 'false' }],
        },
      ];
    });
  },
};

export const prototypeRules: readonly RuleImpl[] = [deepMerge, requestedPath, operators, entities];
