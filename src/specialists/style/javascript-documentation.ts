/** Doc comments of exported functions. Rule: report only, and only where nearly all exports of the file have one. */
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';

/** Exported functions that a file needs before it can be said to document them, and the share that does. */
const ENOUGH = 8;
const SHARE = 0.9;

const documented = Array.from(
  { length: 10 },
  (_, index) => `/** Returns part ${index}. */\nexport function part${index}(text) {\n  return text[${index}];\n}\n`,
).join('\n');
const bare =
  'export function whole(text) {\n  const trimmed = text.trim();\n  const lower = trimmed.toLowerCase();\n  return lower;\n}\n';

const missingDoc: RuleImpl = {
  id: 'javascript/missing-doc-comment',
  languages: ['javascript', 'typescript'],
  severity: 'low',
  title: 'Document the function like its neighbours',
  rationale:
    'Nearly every exported function of this file has a doc comment, so readers look for one here too. What it should say only its author knows, so this is reported only. Files that leave more than one function in ten without, functions that are not exported, overloads, and functions of a few lines are left alone.',
  fixable: false,
  taste: true,
  aliases: ['jsdoc/require-jsdoc', 'require-jsdoc'],
  trigger: /\/\*\*[\s\S]*\bexport\b/,
  example: { path: 'src/parts.js', before: `${documented}\n${bare}` },
  lookAlikes: [
    { path: 'src/a.js', text: `${documented}\n${bare.replace('export ', '')}` },
    { path: 'src/b.js', text: `${bare}\n${bare.replace('whole', 'half')}\n${documented}` },
    { path: 'src/c.js', text: `${documented}\nexport function whole(text) {\n  return text;\n}\n` },
    { path: 'src/d.js', text: bare },
  ],
  async find(_file, context) {
    const exported = nodesOf(await context.tree(), 'export_statement').flatMap((node) => {
      const declaration = node.field('declaration');
      return declaration?.is('function_declaration') ? [{ node, name: declaration.field('name') ?? declaration }] : [];
    });
    const without = exported.filter(
      ({ node, name }, at) => !hasDoc(node) && exported[at - 1]?.name.text() !== name.text(),
    );
    if (exported.length < ENOUGH || without.length > exported.length * (1 - SHARE)) return [];
    return without
      .filter(({ node }) => node.text().split('\n').length > 4)
      .map(
        ({ name }): Match => ({
          ...span(name),
          message: `${name.text()} has no doc comment; nearly all others here have one.`,
        }),
      );
  },
};

function hasDoc(node: Node): boolean {
  const before = node.prev();
  return !!before?.is('comment') && /^\/[*/]/.test(before.text());
}

export const documentationRules: readonly RuleImpl[] = [missingDoc];
