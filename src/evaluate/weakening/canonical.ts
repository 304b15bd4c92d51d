/**
 * Code as one line: comments, layout, quotes, redundant parentheses and trailing commas are gone. Rule: two pieces of
 * code that only a formatter tells apart read the same; nothing else does.
 */
import type { SyntaxNode } from '../../code/index.ts';

const STRINGS = new Set([
  ...['string', 'interpreted_string_literal', 'raw_string_literal', 'string_literal', 'template_string'],
]);
const COMMENTS = new Set(['comment', 'line_comment', 'block_comment']);
/** Their brackets only group. */
const GROUPS = new Set(['parenthesized_expression', 'formal_parameters']);

export function isComment(node: SyntaxNode): boolean {
  return COMMENTS.has(node.kind);
}

/** The tokens of `node` in order; a string is one token in double quotes. */
export function tokensOf(node: SyntaxNode): string[] {
  if (isPlainString(node)) return [plainString(node)];
  const tokens: string[] = [];
  for (const part of node.below((inner) => !isComment(inner) && !isPlainString(inner))) {
    if (isComment(part)) continue;
    if (isPlainString(part)) tokens.push(plainString(part));
    else if (part.children.length === 0 && part.start < part.end && !isGrouping(part) && part.kind !== ';')
      tokens.push(part.text);
  }
  return tokens.filter((token, index) => token !== ',' || !/^[)\]}]$/.test(tokens[index + 1] ?? ')'));
}

/** Nobody writes a condition as long as this; what nests deeply must not be written out at every level. */
const LONG = 8000;

/** One line; words are told apart by a blank, nothing else is. Of what is very long, only how long it is. */
export function canonical(node: SyntaxNode | undefined | null): string {
  if (!node) return '';
  const length = node.end - node.start;
  return length > LONG ? `… ${length} …` : joined(tokensOf(node));
}

/** The same for a text of any length. */
export function whole(node: SyntaxNode): string {
  return joined(tokensOf(node));
}

export function joined(tokens: readonly string[]): string {
  const parts: string[] = [];
  let last = '';
  for (const token of tokens) {
    parts.push(/\w$/.test(last) && /^[\w"]/.test(token) ? ` ${token}` : token);
    last = token;
  }
  return parts.join('');
}

/** The same with every name replaced by its number in order of appearance: what stays alike when names change. */
export function shapeOf(node: SyntaxNode): string {
  const numbers = new Map<string, number>();
  const number = (name: string) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name);
  };
  return tokensOf(node)
    .map((token) => (/^[A-Za-z_$][\w$]*$/.test(token) && !FIXED.test(token) ? `$${number(token)}` : token))
    .join(' ');
}

/** Words of languages and of test frameworks: they mean what they say. */
export const FIXED =
  /^(assert|assert[A-Z]\w*|assert_(eq|ne)|expect|raises|warns|pytest|unittest|approx|not|is|in|and|or|if|else|for|while|return|raise|try|except|with|as|def|class|lambda|None|True|False|true|false|null|undefined|await|async|function|const|let|var|new|typeof|instanceof|to[A-Z]\w*|t|fail|strictEqual|deepEqual|deepStrictEqual|equal|ok|throws|rejects|resolves|match|Error|Errorf|Fatal|Fatalf|require|should|have|been|range|len|func|nil|Equal|abs|sorted|all|any|set|isinstance|skip|skipif|only|todo)$/;

export function isString(node: SyntaxNode | undefined): node is SyntaxNode {
  return node !== undefined && STRINGS.has(node.kind);
}

function isPlainString(node: SyntaxNode): boolean {
  return (
    STRINGS.has(node.kind) &&
    !node.children.some(({ kind }) => kind === 'template_substitution' || kind === 'interpolation')
  );
}

function plainString(node: SyntaxNode): string {
  const [, prefix = '', , content = ''] = /^([a-zA-Z]*)("""|'''|["'`]|#*")([\s\S]*)\2#*$/.exec(node.text) ?? [];
  return content === '' && !/^\w*(["'`])\1/.test(node.text)
    ? node.text
    : `${prefix}"${content.replace(/\\(['"])/g, '$1')}"`;
}

function isGrouping(token: SyntaxNode): boolean {
  return token.parent !== null && GROUPS.has(token.parent.kind) && /^[()]$/.test(token.kind);
}

/** Is it a value that is written out: a number, a string, a list of such? */
export function isLiteral(node: SyntaxNode | undefined): boolean {
  if (node === undefined) return false;
  return !tokensOf(node).some(
    (token) => /^[A-Za-z_$]/.test(token) && !/^(true|false|null|undefined|None|True|False|nil|vec)$/.test(token),
  );
}

/** Commas part the arguments; the brackets are left out. */
export function argumentsOf(list: SyntaxNode | undefined): SyntaxNode[] {
  return (list?.children ?? []).filter((child) => !isComment(child) && !/^[(),[\]{}]$/.test(child.kind));
}
