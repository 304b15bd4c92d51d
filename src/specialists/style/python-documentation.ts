/**
 * Docstrings and names. Rule: report only and quiet: a docstring is missed where nearly everything around has one, a name
 * is wrong where the decorator above it says so.
 */
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

/** Public functions that a file needs before it can be said to document them, and the share that does. */
const ENOUGH = 10;
const SHARE = 0.9;

const documented = Array.from(
  { length: 11 },
  (_, index) =>
    `def part_${index}(text):\n    """Returns part ${index}."""\n    text = text.strip()\n    return text[${index}]\n`,
).join('\n\n');
const bare = 'def whole(text):\n    text = text.strip()\n    text = text.lower()\n    return text\n';

const missingDocstring: RuleImpl = {
  id: 'python/missing-docstring',
  languages: ['python'],
  severity: 'low',
  title: 'Document the function like its neighbours',
  rationale:
    'Nearly every public function of this file has a docstring, so readers look for one here too. What it should say only its author knows, so this is reported only. Files that leave more than one function in ten without, private and nested functions, overloads, properties, overridden methods of classes with bases, and functions of a line or two are left alone.',
  fixable: false,
  taste: true,
  aliases: ['D102', 'D103', 'D1'],
  trigger: /"""|'''/,
  example: { path: 'app/parts.py', before: `${documented}\n\n${bare}` },
  lookAlikes: [
    { path: 'app/a.py', text: `${documented}\n\n${bare.replace('whole', '_whole')}` },
    { path: 'app/b.py', text: `${bare}\n\n${bare.replace('whole', 'half')}\n\n${documented}` },
    { path: 'app/c.py', text: `${documented}\n\ndef whole(text):\n    return text\n` },
    { path: 'app/d.py', text: bare },
    { path: 'app/e.py', text: `${documented}\n\n@overload\n${bare}` },
  ],
  async find(_file, context) {
    const functions = nodesOf(await context.tree(), 'function_definition').filter(isPublic);
    const without = functions.filter((node) => !hasDocstring(node));
    if (functions.length < ENOUGH || without.length > functions.length * (1 - SHARE)) return [];
    return without
      .filter((node) => lengthOf(node) > 3)
      .map((node): Match => {
        const name = node.field('name') ?? node;
        return { ...span(name), message: `${name.text()} has no docstring; nearly all others here have one.` };
      });
  },
};

function isPublic(node: Node): boolean {
  const name = node.field('name')?.text() ?? '_';
  const owner = enclosing(node, ['class_definition', 'function_definition']);
  const decorators = node.parent()?.is('decorated_definition') ? (node.parent()?.text() ?? '') : '';
  if (/^_|^(main|doctests|load_tests|setup|teardown)$/.test(name) || owner?.is('function_definition')) return false;
  if (owner && (owner.field('superclasses') || owner.field('name')?.text().startsWith('_'))) return false;
  return !/^@(\w+\.)*(overload|override|property|cached_property|\w+\.(setter|deleter|getter))\b/m.test(decorators);
}

function hasDocstring(node: Node): boolean {
  const first = node
    .field('body')
    ?.namedChildren()
    .find((child) => !child.is('comment'));
  return !!first?.is('expression_statement') && /string/.test(String(first.namedChildren()[0]?.kind()));
}

function lengthOf(node: Node): number {
  return node.text().split('\n').length;
}

const misnamedFirst: RuleImpl = {
  id: 'python/misnamed-first-argument',
  languages: ['python'],
  severity: 'low',
  title: 'Name the first argument for what it is',
  rationale:
    'A class method is given the class and a static method is given nothing, so a first argument called `self` in one of them tells readers that there is an instance where there is none. Whether the name or the decorator is the slip is not written, so this is reported only. Methods without these decorators, and every other name, are left alone.',
  fixable: false,
  aliases: ['N804', 'PLW0211'],
  trigger: /@(classmethod|staticmethod)\b/,
  example: {
    path: 'app/a.py',
    before: 'class Reader:\n    @classmethod\n    def make(self, path):\n        return self(path)\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'class Reader:\n    @classmethod\n    def make(cls, path):\n        return cls(path)\n' },
    {
      path: 'app/c.py',
      text: 'class Reader:\n    @classmethod\n    def make(klass, path):\n        return klass(path)\n',
    },
    { path: 'app/d.py', text: 'class Reader:\n    def make(self, path):\n        return self.read(path)\n' },
    {
      path: 'app/e.py',
      text: 'class Reader:\n    @staticmethod\n    def make(path, self):\n        return self.read(path)\n',
    },
  ],
  async find(_file, context) {
    return nodesOf(await context.tree(), 'decorated_definition').flatMap((node): Match[] => {
      const decorator = /^@(classmethod|staticmethod)$/m.exec(
        node
          .children()
          .filter((child) => child.is('decorator'))
          .map((one) => one.text())
          .join('\n'),
      )?.[1];
      const method = node.field('definition');
      const first = method?.field('parameters')?.namedChildren()[0];
      if (!decorator || !method?.is('function_definition') || first?.text() !== 'self') return [];
      if (!enclosing(node, ['class_definition'])) return [];
      const given = decorator === 'classmethod' ? 'is given the class' : 'is given no instance';
      return [{ ...span(first), message: `A ${decorator} ${given}, not an instance called self.` }];
    });
  },
};

export const documentationRules: readonly RuleImpl[] = [missingDocstring, misnamedFirst];
