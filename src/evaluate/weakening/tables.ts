/** Lists of cases that stand outside of the tests that go through them. Rule: only what is written out is counted. */
import type { SyntaxNode } from '../../code/index.ts';
import { argumentsOf, canonical } from './canonical.ts';
import type { Grammar } from './grammar.ts';

/** Lists of two and more that the tests of a file go through: by the name of a constant, or of a fixture that returns one. */
export function tablesIn(root: SyntaxNode, grammar: Grammar): Map<string, number> {
  const items = new Map<string, number>();
  const gone = new Set<string>();
  for (const node of root.below()) {
    const over = canonical(iteratedBy(node));
    if (over !== '') gone.add(over);
    const list = node.child('list', 'tuple', 'array');
    if (list === undefined) continue;
    const fixture =
      node.kind === 'return_statement' ? [...node.above()].find(({ kind }) => grammar.functions.test(kind)) : undefined;
    const name = fixture
      ? grammar.functionName(fixture)
      : /^(assignment|variable_declarator)$/.test(node.kind) && list === node.children.at(-1)
        ? canonical(node.children[0])
        : null;
    if (name !== null && /^[\w$]+$/.test(name)) items.set(name, argumentsOf(list).length);
  }
  return new Map([...items].filter(([name]) => gone.has(name)));
}

/** What a loop, a table of cases or `forEach` goes through. */
function iteratedBy(node: SyntaxNode): SyntaxNode | undefined {
  if (node.kind === 'for_statement' || node.kind === 'for_in_statement') {
    const at = node.children.findIndex(({ kind }) => kind === 'in' || kind === 'of');
    return at === -1 ? undefined : node.children[at + 1];
  }
  if (!/^call(_expression)?$/.test(node.kind)) return undefined;
  const [callee, given] = [node.children[0], argumentsOf(node.child('arguments', 'argument_list'))];
  const text = canonical(callee);
  if (/parametrize$/.test(text)) return given[1];
  if (/^(it|test|describe)(\.\w+)*\.(each|for)$/.test(text)) return given[0];
  return /\.(forEach|map)$/.test(text) ? callee?.children[0] : undefined;
}
