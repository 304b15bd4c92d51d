/** The Buffer constructor. Rule: an edit only where the kind of the argument is written out. */
import { argumentsOf, isLiteral, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';

/** The method that does what the constructor does for this argument; null when the argument's kind is unknown. */
function methodFor(args: readonly Node[]): 'from' | 'alloc' | null {
  const [first, second, third] = args;
  if (!first || third) return null;
  if (first.is('number')) return second ? null : 'alloc';
  const isText = first.is('template_string') || (isLiteral(first) && /^["'`]/.test(first.text()));
  if (isText) return 'from';
  return first.is('array') && !second ? 'from' : null;
}

/** For a Node that has nothing else: what asks for the method stands around it. */
function isFallback(node: Node): boolean {
  return node.ancestors().some((above) => {
    if (!above.is('ternary_expression') && !above.is('if_statement') && !above.is('binary_expression')) return false;
    const asked = above.field('condition') ?? above.field('left');
    return asked !== null && /\bBuffer\.(from|alloc(Unsafe)?)\b/.test(asked.text());
  });
}

export const bufferConstructor: RuleImpl = {
  id: 'javascript/buffer-constructor',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-908',
  title: 'Use Buffer.from and Buffer.alloc',
  rationale:
    '`new Buffer(x)` copies a text but allocates for a number: a number from outside gives memory that old versions of Node did not clear, and Node prints a deprecation warning. `Buffer.from` and `Buffer.alloc` say which one is meant. The call is changed where the argument is written as a text, a list or a number; where it is a variable its kind is unknown, and it is reported. Classes of the name from elsewhere are left alone.',
  fixable: true,
  aliases: ['unicorn/no-new-buffer', 'no-buffer-constructor', 'n/no-deprecated-api', 'node/no-deprecated-api'],
  trigger: /new Buffer\b/,
  example: {
    path: 'src/head.js',
    before: "const head = new Buffer('GET /', 'ascii');\n",
    after: "const head = Buffer.from('GET /', 'ascii');\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'const head = Buffer.from(text);\n' },
    { path: 'src/b.js', text: 'const view = new BufferView(8);\nconst text = "new Buffer(8)";\n' },
    { path: 'src/c.js', text: "import { Buffer } from './gl';\n\nconst vertices = new Buffer(8);\n" },
    { path: 'src/d.js', text: 'class Buffer {}\nconst mine = new Buffer(8);\n' },
    { path: 'src/e.js', text: 'const none = !Buffer.alloc ? new Buffer(0) : Buffer.alloc(0);\n' },
    { path: 'src/f.js', text: 'if (Buffer.from) a = Buffer.from(b);\nelse a = new Buffer(b);\n' },
  ],
  async find(file, context) {
    const own = /\b(class|function|const|let|var)\s+Buffer\b(?!\s*=\s*require\(['"](node:)?(safe-)?buffer['"]\))/;
    const foreign = /import\b[^;'"]*\bBuffer\b[^;'"]*from\s*['"](?!(node:)?buffer\/?['"]|safe-buffer['"])/;
    if (own.test(file.text) || foreign.test(file.text)) return [];
    // Buffer.from came with Node 4.5 and 5.10: a project that supports older ones keeps the constructor.
    const supported = (context.options.conventions.oldestNode ?? 20) > 5;
    return nodesOf(await context.tree(), 'new_expression').flatMap((node): Match[] => {
      const callee = node.field('constructor');
      if (callee?.text() !== 'Buffer') return [];
      if (isFallback(node)) return [];
      const method = methodFor(argumentsOf(node));
      const message = 'The Buffer constructor copies or allocates, depending on what it is given.';
      const { start } = span(node);
      const edits = method && supported ? [{ start, end: span(callee).end, text: `Buffer.${method}` }] : [];
      return [{ ...span(node), message, edits }];
    });
  },
};
