/**
 * Breaks new lines of a program, one at a time. Pure but for the parser. Rule: each mutant is a program that can be read,
 * and means something else wherever it is reached; few, on as many lines as there are.
 */
import { parseSyntax, type SyntaxNode } from '../../code/index.ts';
import { isTestFile, type Language, languageOf } from '../test-files.ts';
import type { Change } from '../types.ts';

export interface Mutant {
  path: string;
  /** 1-based, in the candidate. */
  line: number;
  what: string;
  /** The whole file. */
  text: string;
}

const LARGEST = 200_000;

/** The best first; at most one for each changed line. */
export async function mutantsOf(changes: readonly Change[]): Promise<Mutant[]> {
  const found: Array<Mutant & { rank: number }> = [];
  for (const change of changes) {
    const language = languageOf(change.path);
    if (language === null || change.after === null || isTestFile(change.path) || change.after.length > LARGEST)
      continue;
    found.push(...(await inFile(change.path, change.before ?? '', change.after, language)));
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ rank: _, ...mutant }) => mutant);
}

/** Broken versions of lines that stand there already, 1-based and inclusive; the best first. */
export async function mutantsAt(path: string, text: string, [from, to]: readonly [number, number]): Promise<Mutant[]> {
  const language = languageOf(path);
  if (language === null || isTestFile(path) || text.length > LARGEST) return [];
  const lines = new Set(Array.from({ length: to - from + 1 }, (_, at) => from + at));
  const found = await onLines(path, text, lines, language);
  return found.sort((a, b) => a.rank - b.rank).map(({ rank: _, ...mutant }) => mutant);
}

interface Edit {
  rank: number;
  what: string;
  start: number;
  end: number;
  text: string;
}

function inFile(path: string, before: string, after: string, language: Language) {
  return onLines(path, after, changedLines(before, after), language);
}

async function onLines(path: string, after: string, lines: ReadonlySet<number>, language: Language) {
  const root = await parseSyntax(path, after);
  if (root === null || lines.size === 0) return [];
  const starts = [0, ...[...after.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineAt = (offset: number) => starts.findLastIndex((start) => start <= offset) + 1;
  const best = new Map<number, Edit>();
  for (const node of root.below()) {
    if (node.start === node.end) continue;
    const line = lineAt(node.start);
    if (!lines.has(line) || isApart(node, language)) continue;
    const edit = editOf(node, language);
    if (edit !== null && edit.rank < (best.get(line)?.rank ?? 9)) best.set(line, edit);
  }
  const broken = errorsIn(root);
  const mutants: Array<Mutant & { rank: number }> = [];
  for (const [line, { rank, what, start, end, text }] of best) {
    if (mutants.length === 6) break;
    const mutated = after.slice(0, start) + text + after.slice(end);
    const read = await parseSyntax(path, mutated);
    if (read !== null && errorsIn(read) <= broken) mutants.push({ path, line, what, text: mutated, rank });
  }
  return mutants;
}

/** Lines of `after` that `before` does not have, but for their indentation. */
function changedLines(before: string, after: string): Set<number> {
  const left = new Map<string, number>();
  for (const line of before.split('\n')) left.set(line.trim(), (left.get(line.trim()) ?? 0) + 1);
  const changed = new Set<number>();
  after.split('\n').forEach((line, index) => {
    const count = left.get(line.trim()) ?? 0;
    if (count > 0) left.set(line.trim(), count - 1);
    else if (line.trim() !== '') changed.add(index + 1);
  });
  return changed;
}

/** Names, types, imports and tests in the same file say nothing that a run could notice, or break everything at once. */
function isApart(node: SyntaxNode, language: Language): boolean {
  const apart =
    /^(import\w*|use_declaration|future_import\w*|package_clause|type|type_annotation|type_alias\w*|interface_\w+|comment|line_comment|block_comment|decorator|attribute_item|inner_attribute_item|parameters|formal_parameters)$/;
  if (apart.test(node.kind)) return true;
  for (const above of node.above()) {
    if (apart.test(above.kind)) return true;
    if (language === 'rust' && above.kind === 'mod_item' && /^tests?$/.test(above.child('identifier')?.text ?? ''))
      return true;
  }
  return false;
}

const OPERATORS: Record<string, string> = {
  ...{ '==': '!=', '!=': '==', '===': '!==', '!==': '===', '<': '>=', '>': '<=', '<=': '>', '>=': '<' },
  ...{ '+': '-', '-': '+', '*': '+', '/': '*', '%': '*', '&&': '||', '||': '&&', and: 'or', or: 'and' },
  ...{ is: 'is not', 'is not': 'is', in: 'not in', 'not in': 'in', '??': '&&', '+=': '-=', '-=': '+=' },
};
const BINARY =
  /^(binary_expression|binary_operator|comparison_operator|boolean_operator|augmented_assignment\w*|compound_assignment_expr)$/;

function editOf(node: SyntaxNode, language: Language): Edit | null {
  const replace = (rank: number, what: string, target: SyntaxNode, text: string): Edit => ({
    rank,
    what,
    start: target.start,
    end: target.end,
    text,
  });
  if (BINARY.test(node.kind)) {
    const operator = node.children.find(({ text, children }) => children.length < 2 && text in OPERATORS);
    return operator ? replace(1, 'another operator', operator, OPERATORS[operator.text] ?? '') : null;
  }
  if (
    /^(if_statement|elif_clause|while_statement|if_expression|conditional_expression|ternary_expression)$/.test(
      node.kind,
    )
  ) {
    const condition =
      node.kind === 'conditional_expression'
        ? node.children[2]
        : node.kind === 'ternary_expression'
          ? node.children[0]
          : node.children[1];
    if (
      condition === undefined ||
      /^(let_condition|short_var_declaration|let_chain)$/.test(condition.kind) ||
      (language === 'go' && condition.kind !== 'binary_expression')
    )
      return null;
    const negated = language === 'python' ? `not (${condition.text})` : `!(${condition.text})`;
    return replace(
      2,
      'the opposite condition',
      condition,
      condition.kind === 'parenthesized_expression' ? `(!${condition.text})` : negated,
    );
  }
  if (/^(true|false|True|False|boolean_literal)$/.test(node.kind)) {
    const other = { true: 'false', false: 'true', True: 'False', False: 'True' }[node.text];
    return other === undefined ? null : replace(3, 'the other value', node, other);
  }
  if (/^(integer|number|int_literal|integer_literal)$/.test(node.kind) && /^\d+$/.test(node.text))
    return replace(3, 'another number', node, String(Number(node.text) + 1));
  if (node.kind === 'return_statement' && /^(python|javascript)$/.test(language)) {
    const value = node.children[1];
    const nothing = language === 'python' ? 'None' : 'undefined';
    return value && value.kind !== ';' && value.text !== nothing
      ? replace(4, 'nothing is returned', value, nothing)
      : null;
  }
  if (node.kind === 'arrow_function' && language === 'javascript') {
    const body = node.children.at(-1);
    return body && body.kind !== 'statement_block' ? replace(4, 'nothing is returned', body, 'undefined') : null;
  }
  if (
    /^(string|interpreted_string_literal|string_literal)$/.test(node.kind) &&
    node.parent?.kind !== 'expression_statement' &&
    node.text.length > 3
  )
    return /^["'](?!["'])/.test(node.text)
      ? replace(5, 'another text', node, `${node.text.slice(0, 1)}~${node.text.slice(1)}`)
      : null;
  if (node.kind === 'assignment' && language === 'python' && node.children.at(-1)?.kind === 'call')
    return replace(6, 'nothing is assigned', node.children.at(-1) as SyntaxNode, 'None');
  if (
    node.kind === 'variable_declarator' &&
    /^(call_expression|await_expression|new_expression)$/.test(node.children.at(-1)?.kind ?? '')
  )
    return replace(6, 'nothing is assigned', node.children.at(-1) as SyntaxNode, 'undefined');
  if (
    node.kind === 'expression_statement' &&
    /^(call|call_expression|await_expression|await|macro_invocation)$/.test(node.children[0]?.kind ?? '')
  )
    return replace(6, 'a statement is left out', node, language === 'python' ? 'pass' : language === 'go' ? '' : ';');
  return null;
}

function errorsIn(root: SyntaxNode): number {
  let errors = 0;
  for (const node of root.below())
    if (node.kind === 'ERROR' || (node.start === node.end && node.children.length === 0)) errors += 1;
  return errors;
}
