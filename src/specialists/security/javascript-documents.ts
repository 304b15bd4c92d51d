/** Documents that become code. Rule: an edit only for the loader whose safe twin has the same interface. */
import { bindingsOf, callsOf, keyOf, SCRIPT } from '../javascript-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';

const documents: RuleImpl = {
  id: 'javascript/code-from-document',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-502',
  title: 'Do not let documents bring functions',
  rationale:
    'With `DEFAULT_FULL_SCHEMA` js-yaml builds functions and regular expressions that the document names, which lets whoever wrote the document run code. `DEFAULT_SAFE_SCHEMA`, which the same versions have, reads the standard types and nothing else. `unserialize` of node-serialize and serialize-to-js runs the functions in its text and has no safe twin, so it is reported only. Other schemas, files that write `!!js` themselves, and functions of the same name from elsewhere are left alone.',
  fixable: true,
  trigger: /DEFAULT_FULL_SCHEMA|node-serialize|serialize-to-js/,
  example: {
    path: 'src/settings.js',
    before:
      "const yaml = require('js-yaml');\n\nconst settings = yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });\n",
    after:
      "const yaml = require('js-yaml');\n\nconst settings = yaml.load(text, { schema: yaml.DEFAULT_SAFE_SCHEMA });\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const yaml = require('js-yaml');\n\nyaml.load(text);\nyaml.load(text, { schema: yaml.CORE_SCHEMA });\n",
    },
    {
      path: 'src/b.js',
      text: "const yaml = require('./yaml');\n\nyaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });\n",
    },
    { path: 'src/c.js', text: "const s = require('node-serialize');\n\nconst text = s.serialize(value);\n" },
    { path: 'src/d.js', text: "import { unserialize } from './php';\n\nunserialize(text); // not node-serialize\n" },
  ],
  async find(file, context) {
    const root = await context.tree();
    const bindings = bindingsOf(root);
    const isYaml = [...bindings.values()].some(({ module }) => module === 'js-yaml');
    const ownTags = file.text.includes('!!js');
    const schemas = nodesOf(root, 'pair').flatMap((pair): Match[] => {
      const name = pair.field('value')?.field('property') ?? pair.field('value');
      if (!isYaml || ownTags || keyOf(pair) !== 'schema' || name?.text() !== 'DEFAULT_FULL_SCHEMA') return [];
      const edits = pair.field('value')?.is('member_expression')
        ? [{ ...span(name), text: 'DEFAULT_SAFE_SCHEMA' }]
        : [];
      return [{ ...span(pair), message: 'The document may bring functions of its own.', edits }];
    });
    const runs = callsOf(root, bindings).flatMap((call): Match[] => {
      if (!/^(node-serialize|serialize-to-js)\.(unserialize|deserialize)$/.test(call.imported ?? '')) return [];
      return [{ ...span(call.node), message: 'Functions inside the text are run.' }];
    });
    return [...schemas, ...runs];
  },
};

/** `checkServerIdentity: () => undefined` accepts the certificate of any host. */
const hostNameOff: RuleImpl = {
  id: 'javascript/host-name-check-off',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-297',
  title: 'Check the name in TLS certificates',
  rationale:
    'A `checkServerIdentity` that returns nothing accepts a valid certificate of any other host, so whoever has one for their own site can stand in the way. Which name is meant instead (usually `servername`) is not written in the source, so this is reported only. Functions that look at their arguments, and development scripts, are left alone.',
  fixable: false,
  trigger: /checkServerIdentity/,
  example: {
    path: 'src/client.js',
    before: 'const agent = new https.Agent({ checkServerIdentity: () => undefined });\n',
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: 'const agent = new https.Agent({ checkServerIdentity: (host, cert) => verify(host, cert) });\n',
    },
    { path: 'src/b.js', text: 'const agent = new https.Agent({ checkServerIdentity });\n' },
    { path: 'src/c.js', text: 'const error = tls.checkServerIdentity(host, cert);\n' },
  ],
  async find(_file, context) {
    return nodesOf(await context.tree(), 'pair').flatMap((pair): Match[] => {
      const value = pair.field('value');
      if (keyOf(pair) !== 'checkServerIdentity' || !value) return [];
      if (
        !/^(\(\w*(, \w+)*\)|\w+|function\s*\w*\s*\([^)]*\))\s*(=>)?\s*(undefined|null|void 0|\{\s*(return( undefined| null)?;?)?\s*\})$/.test(
          value.text(),
        )
      )
        return [];
      return [{ ...span(pair), message: 'A certificate of any other host is accepted.' }];
    });
  },
};

export const documentRules: readonly RuleImpl[] = [documents, hostNameOff];
