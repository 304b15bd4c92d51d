/** What a Rust file tests. Rule: what a program asserts of itself outside of its tests is its own affair. */
import { parseSyntax, type SyntaxNode } from '../../code/index.ts';
import { canonical, isComment, joined, tokensOf } from './canonical.ts';
import type { FoundTest, Grammar } from './grammar.ts';
import { afterTheEnd } from './read-python.ts';
import { STRENGTH } from './reading.ts';
import { type Claim, claim, claimsOf } from './truth.ts';

const TEST = /^(\w+::)*(test|rstest|test_case|case|bench|quickcheck|proptest|wasm_bindgen_test)\b/;

/** @param expressions what stands in the macros of the file, parsed beforehand: the grammar leaves it in tokens. */
export function rust(expressions: ReadonlyMap<string, SyntaxNode>): Grammar {
  return {
    functions: /^(function_item|closure_expression)$/,
    conditions: /^(if_expression|match_arm|while_expression)$/,
    returns: /^return_expression$/,
    calls: /^(call_expression|macro_invocation)$/,
    tests(root) {
      const found: FoundTest[] = [];
      for (const node of root.below()) {
        // `mod tests;`: without this line nobody compiles the file.
        if (
          node.kind === 'mod_item' &&
          node.child('declaration_list') === undefined &&
          attributesOf(node).some((one) => insideOf(one) === 'cfg(test)')
        )
          found.push({ names: [`mod ${node.child('identifier')?.text ?? ''}`], node, body: node });
        if (node.kind !== 'function_item' || !attributesOf(node).some((one) => TEST.test(insideOf(one)))) continue;
        const modules = [...node.above()].filter(({ kind }) => kind === 'mod_item').reverse();
        found.push({ names: [...modules, node].map((one) => one.child('identifier')?.text ?? ''), node, body: node });
      }
      return found;
    },
    functionName: (node) => (node.kind === 'function_item' ? (node.child('identifier')?.text ?? null) : null),
    claims(node) {
      if (node.kind === 'function_item') {
        const panic = attributesOf(node)
          .map(insideOf)
          .find((text) => text.startsWith('should_panic'));
        return panic === undefined
          ? null
          : [
              claim('panics', panic.includes('expected') || panic.includes('="') ? STRENGTH.error : STRENGTH.anyError, {
                expected: panic,
              }),
            ];
      }
      if (node.kind === 'call_expression') {
        return /\.(expect_err|unwrap_err)$/.test(canonical(node.children[0]))
          ? [claim(canonical(node.children[0]), STRENGTH.fails)]
          : null;
      }
      if (node.kind !== 'macro_invocation') return null;
      const word = canonical(node.children[0]).split('::').at(-1) ?? '';
      const given = partsOf(node.child('token_tree'));
      if (/^(debug_|prop_|pretty_)?assert$/.test(word)) {
        const expression = expressions.get(given[0] ?? '');
        return expression
          ? claimsOf(expression)
          : [claim(given[0] ?? '', given[0] === 'true' ? STRENGTH.never : STRENGTH.truthy)];
      }
      if (/assert_(eq|ne)$|^assert_(eq|ne)/.test(word)) return [equality(given, /ne$/.test(word))];
      if (/^assert_matches$|^assert_(ok|err|some)\w*$|snapshot$/.test(word))
        return [claim(given[0] ?? '', /snapshot/.test(word) ? STRENGTH.snapshot : STRENGTH.contains)];
      if (/^(debug_|prop_)?assert\w*$/.test(word)) return [claim(given[0] ?? '', STRENGTH.contains)];
      return /^(panic|unreachable)$/.test(word) ? [claim(word, STRENGTH.fails)] : null;
    },
    dead(node, inside) {
      for (const above of node.above()) {
        if (above === inside) break;
        if (above.kind === 'if_expression' && canonical(above.children[1]) === 'false')
          return 'under a condition that never holds';
        if (above.kind === 'call_expression' && /catch_unwind$/.test(canonical(above.children[0])))
          return 'its failure is caught';
      }
      return afterTheEnd(node, inside, /^return_expression$/);
    },
    marker(node) {
      if (node.kind !== 'attribute_item' && node.kind !== 'inner_attribute_item') return null;
      const text = insideOf(node);
      if (/^ignore\b/.test(text)) return 'ignore';
      if (/^cfg_attr\(.*\bignore\b/.test(text)) return text;
      return /^cfg\((?!test\))/.test(text) ? text : null;
    },
    rows: (node) =>
      node.kind === 'attribute_item' && /^(\w+::)*(case|test_case)\b/.test(insideOf(node))
        ? 1
        : /^(array_expression)$/.test(node.kind) && node.parent?.kind === 'for_expression'
          ? node.children.filter(({ kind }) => kind === ',').length + 1
          : 0,
  };
}

/** Parses, once, every condition that a macro is given. */
export async function conditionsIn(root: SyntaxNode): Promise<Map<string, SyntaxNode>> {
  const wanted = new Set<string>();
  for (const node of root.below())
    if (node.kind === 'macro_invocation' && /assert$/.test(canonical(node.children[0])))
      wanted.add(partsOf(node.child('token_tree'))[0] ?? '');
  const found = new Map<string, SyntaxNode>();
  const texts = [...wanted].filter((text) => text !== '' && text.length < 2000).slice(0, 2000);
  const parsed = await parseSyntax('a.rs', texts.map((text) => `fn a() { if ${text} {} }`).join('\n'));
  const functions = (parsed?.children ?? []).filter(({ kind }) => kind === 'function_item');
  texts.forEach((text, index) => {
    for (const node of functions[index]?.below() ?? [])
      if (node.kind === 'if_expression' && node.children[1]) {
        found.set(text, node.children[1]);
        break;
      }
  });
  return found;
}

/** The arguments of a macro, canonical; commas in brackets do not part them. */
export function partsOf(tree: SyntaxNode | undefined): string[] {
  const parts: SyntaxNode[][] = [[]];
  for (const child of tree?.children.slice(1, -1) ?? []) {
    if (child.kind === ',') parts.push([]);
    else if (!isComment(child)) parts.at(-1)?.push(child);
  }
  return parts.filter((part) => part.length > 0).map((part) => joined(part.flatMap(tokensOf)));
}

function equality([one = '', other = '']: readonly string[], negated: boolean): Claim {
  const literal = (text: string) =>
    !/[A-Za-z_]/.test(text.replace(/"[^"]*"|\b(true|false|vec|None|u\d+|i\d+|usize|f\d+)\b/g, ''));
  if ((literal(one) && literal(other)) || (one === other && !one.includes('('))) return claim(one, STRENGTH.never);
  const [subject, value] = literal(one) ? [other, one] : [one, other];
  const size = /\.len\(\)$/.test(subject);
  return claim(subject, negated ? STRENGTH.differs : size ? STRENGTH.size : STRENGTH.exact, {
    expected: literal(value) ? value : null,
  });
}

/** The attributes that stand before an item. */
export function attributesOf(node: SyntaxNode): SyntaxNode[] {
  const siblings = node.parent?.children ?? [];
  const found: SyntaxNode[] = [];
  for (let at = siblings.indexOf(node) - 1; at >= 0; at--) {
    const sibling = siblings[at];
    if (sibling === undefined || (!isComment(sibling) && sibling.kind !== 'attribute_item')) break;
    if (sibling.kind === 'attribute_item') found.push(sibling);
  }
  return found;
}

export function insideOf(attribute: SyntaxNode): string {
  return canonical(attribute.child('attribute'));
}

/** Is it in a module that is only there for tests? */
export function inTests(node: SyntaxNode): boolean {
  return [...node.above()].some(
    (above) => above.kind === 'mod_item' && attributesOf(above).some((one) => /^cfg\(.*\btest\b/.test(insideOf(one))),
  );
}
