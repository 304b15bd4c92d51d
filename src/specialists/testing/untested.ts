/**
 * Functions that no test reaches. Rule: whoever sees the whole tree says which files no import of a test leads to; of these
 * only public functions that decide something are named, a few in a file.
 */
import { FOR_DEVELOPMENT, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleContext, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import type { SourceFile } from '../types.ts';

const FEW = 3;
/** Lines below which a function is read rather than tested. */
const LEAST = 5;
const APART =
  /(^|\/)(__main__|setup|conf|manage|wsgi|asgi|settings|conftest|noxfile|tasks|[\w.-]*\.config|gulpfile|gruntfile)\.\w+$|(^|\/)(migrations|bin|cli|commands|types)\//i;

const RATIONALE =
  'No import leads from a test to the file, so whatever the function decides is decided unseen: a change that breaks it is green. Reported for public functions with a branch or a loop, where the repository has tests of the language and none of them starts programs or loads modules by names that nobody can follow. For functions that only compute, a test is written and proposed; the others need a person who knows what they talk to.';

function find(
  file: SourceFile,
  context: RuleContext,
  functions: (root: Node) => Array<[Node, Node]>,
): Promise<Match[]> | Match[] {
  const unreached = context.options.conventions.unreached ?? [];
  if (!unreached.includes(file.path) || FOR_DEVELOPMENT.test(file.path) || APART.test(file.path)) return [];
  return context.tree().then((root) =>
    functions(root)
      .filter(([, node]) => decides(node))
      .slice(0, FEW)
      .map(([name]): Match => ({ ...span(name), message: `No test reaches ${name.text()}.` })),
  );
}

function decides(node: Node): boolean {
  const { start, end } = node.range();
  const branches =
    /^(if_statement|for_statement|for_in_statement|while_statement|try_statement|match_statement|switch_statement)$/;
  return (
    end.line - start.line + 1 >= LEAST &&
    node.findAll({ rule: { any: BRANCHES } }).some((one) => branches.test(String(one.kind())))
  );
}

const BRANCHES = [
  { kind: 'if_statement' },
  { kind: 'for_statement' },
  { kind: 'while_statement' },
  { kind: 'try_statement' },
];

const PARSE =
  'def parse(text):\n    parts = []\n    for line in text.splitlines():\n        parts.append(line.strip())\n    return parts\n';

const pythonUntested: RuleImpl = {
  id: 'python/untested-function',
  languages: ['python'],
  severity: 'low',
  title: 'Test what no test reaches',
  rationale: RATIONALE,
  fixable: false,
  conventions: { unreached: ['app/a.py', 'app/c.py', 'app/d.py', 'app/e.py', 'manage.py', 'docs/a.py'] },
  trigger: /^def [a-z]/m,
  example: { path: 'app/a.py', before: PARSE },
  lookAlikes: [
    { path: 'app/b.py', text: PARSE },
    { path: 'app/c.py', text: PARSE.replace('parse', '_parse') },
    {
      path: 'app/d.py',
      text: 'def parse(text):\n    """Splits.\n\n    At commas.\n    """\n    return text.split(",")\n',
    },
    { path: 'app/e.py', text: `@app.route("/")\n${PARSE}` },
    { path: 'manage.py', text: PARSE },
    { path: 'docs/a.py', text: PARSE },
  ],
  find: (file, context) =>
    find(file, context, (root) =>
      root.namedChildren().flatMap((node): Array<[Node, Node]> => {
        const name = node.is('function_definition') ? node.field('name') : null;
        return name && !/^(_|main$|test)/.test(name.text()) ? [[name, node]] : [];
      }),
    ),
};

const LOAD =
  'export function load(text) {\n  const parts = [];\n  for (let at = 0; at < text.length; at++) {\n    parts.push(text[at]);\n  }\n  return parts;\n}\n';

const scriptUntested: RuleImpl = {
  id: 'javascript/untested-function',
  languages: SCRIPT,
  severity: 'low',
  title: 'Test what no test reaches',
  rationale: RATIONALE,
  fixable: false,
  conventions: { unreached: ['src/a.js', 'src/c.ts', 'src/d.js', 'vite.config.js'] },
  trigger: /^export\b/m,
  example: { path: 'src/a.js', before: LOAD },
  lookAlikes: [
    { path: 'src/b.js', text: LOAD },
    { path: 'src/c.ts', text: LOAD.replace('export ', '').replace('(text)', '(text: string)') },
    {
      path: 'src/d.js',
      text: "export function load(text) {\n  return text\n    .trim()\n    .split(',')\n    .filter(Boolean);\n}\n",
    },
    { path: 'vite.config.js', text: LOAD },
  ],
  find: (file, context) =>
    find(file, context, (root) =>
      nodesOf(root, 'export_statement').flatMap((statement): Array<[Node, Node]> => {
        const inner = statement.field('declaration');
        const named = inner?.is('function_declaration') ? inner : null;
        const name = named?.field('name');
        return named && name && !/^(_|main$)/.test(name.text()) ? [[name, named]] : [];
      }),
    ),
};

export const untestedRules: readonly RuleImpl[] = [pythonUntested, scriptUntested];
