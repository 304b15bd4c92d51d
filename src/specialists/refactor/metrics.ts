/**
 * How large and how branched functions and classes are. Rule: every line and every branch counts for the innermost
 * function that it is in, so that what merely holds others (a module pattern, `describe`) is small.
 */
import type { Node } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import type { SourceFile } from '../types.ts';

export interface Measured {
  /** Null: it has none. */
  name: string | null;
  start: number;
  end: number;
  /** 1 and one for each branch. */
  complexity: number;
  /** Lines with code. */
  lines: number;
}

const FUNCTIONS = {
  python: ['function_definition'],
  script: [
    ...['function_declaration', 'generator_function_declaration', 'function_expression', 'generator_function'],
    ...['arrow_function', 'method_definition'],
  ],
};
const BRANCHES = {
  python: ['if_statement', 'elif_clause', 'for_statement', 'while_statement', 'except_clause', 'case_clause'],
  // A whole switch is one branch: a flat table of cases is easy to read.
  script: [
    ...['if_statement', 'for_statement', 'for_in_statement', 'while_statement', 'do_statement', 'catch_clause'],
    ...['switch_statement', 'ternary_expression'],
  ],
};

/** Every function of the file in text order. */
export function measureFunctions(file: SourceFile, root: Node): Measured[] {
  const family = file.language === 'python' ? 'python' : 'script';
  const functions = FUNCTIONS[family]
    .flatMap((kind) => nodesOf(root, kind))
    .map((node) => ({ name: nameOf(node), ...span(node), complexity: 1, lines: 0 }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const owner = (offset: number) => functions.findLast((one) => one.start <= offset && offset < one.end);
  const branches = BRANCHES[family].flatMap((kind) => nodesOf(root, kind));
  if (family === 'script')
    for (const node of nodesOf(root, 'binary_expression'))
      if (/^(&&|\|\||\?\?)$/.test(node.field('operator')?.text() ?? '')) branches.push(node);
  for (const branch of branches) {
    const own = owner(span(branch).start);
    if (own) own.complexity += 1;
  }
  for (const offset of codeLines(file, root)) {
    const own = owner(offset);
    if (own) own.lines += 1;
  }
  return functions;
}

/** Offsets of the first character of each line that is no comment and no documentation. */
export function codeLines(file: SourceFile, root: Node): number[] {
  const texts = nodesOf(root, 'comment');
  if (file.language === 'python')
    for (const statement of nodesOf(root, 'expression_statement'))
      if (statement.child(0)?.is('string')) texts.push(statement);
  const prose = texts.map(span).sort((a, b) => a.start - b.start);
  const lines: number[] = [];
  let next = 0;
  for (const { index } of file.text.matchAll(/^[ \t]*(?=\S)/gm)) {
    const offset = index + (/^[ \t]*/.exec(file.text.slice(index, index + 400))?.[0].length ?? 0);
    while ((prose[next]?.end ?? Number.POSITIVE_INFINITY) <= offset) next += 1;
    const inside = prose[next];
    if (inside === undefined || offset < inside.start) lines.push(offset);
  }
  return lines;
}

/** What people call the function. */
function nameOf(node: Node): string | null {
  const own = node.field('name')?.text();
  if (own) return own;
  const parent = node.parent();
  if (parent?.is('variable_declarator')) return parent.field('name')?.text() ?? null;
  if (parent?.is('pair')) return parent.field('key')?.text() ?? null;
  if (parent?.is('assignment_expression')) return parent.field('left')?.text() ?? null;
  if (parent?.is('public_field_definition') || parent?.is('field_definition'))
    return (parent.field('name') ?? parent.field('property'))?.text() ?? null;
  return null;
}
