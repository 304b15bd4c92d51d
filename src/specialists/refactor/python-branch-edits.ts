/**
 * Which edits of ruff are made of branches. Rule: ruff's own or a simpler one, and null where fewer words are no gain or
 * nobody can tell.
 */
import { lineStart } from '../lines.ts';
import type { RuleContext, TextEdit } from '../rule.ts';
import type { RuffFinding } from '../style/ruff.ts';
import type { SourceFile } from '../types.ts';
import { bodyAbove, bodyBelow, isBlock, MOST_MOVED, saysElse, statementsOf } from './habits.ts';

/** `a == 1 or a == 2`: a tuple compares as the chain does; a set would hash. */
export function asTuple(finding: RuffFinding): readonly TextEdit[] | null {
  const [edit, ...more] = finding.edits;
  const parts = /^(\w+) (not in|in) [{(]([^{}()[\]]*?),?[})]$/.exec(edit?.text ?? '');
  if (!edit || more.length > 0 || !parts) return null;
  const [, name, operator, values = ''] = parts;
  const items = values.split(', ');
  if (items.length < 2 || !items.every((item) => /^(-?\d+|'[^'\\]*'|"[^"\\]*")$/.test(item))) return null;
  return [{ ...edit, text: `${name} ${operator} (${values})` }];
}

/** Two conditions of a line each that need no brackets, and no third one inside or around them. */
export function joined(finding: RuffFinding, { text }: SourceFile): readonly TextEdit[] | null {
  const from = lineStart(text, finding.start);
  const [outer = '', inner = ''] = text.slice(from).split('\n');
  if (![outer, inner].every((line) => /^[ \t]*(?:el)?if\b.*:[ \t]*$/.test(line) && !/\bor\b/.test(line))) return null;
  const body = bodyBelow(text, from + outer.length + 1);
  const [first = '', ...more] = statementsOf(body);
  if (body.length > MOST_MOVED || (more.length === 0 && first.startsWith('if '))) return null;
  const above = text.slice(0, from).trimEnd().split('\n').at(-1) ?? '';
  const isInside = /^[ \t]*(?:el)?if\b.*:$/.test(above) && indentOf(above) < indentOf(outer);
  return isInside && statementsOf(bodyBelow(text, from - 1)).length === 1 ? null : finding.edits;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The last of several questions stays one of them; bool() is no gain around what is a boolean, or is long. */
export function asCondition(finding: RuffFinding, { text }: SourceFile): readonly TextEdit[] | null {
  const made = finding.edits.map((edit) => edit.text).join('');
  if (text.startsWith('elif', finding.start) || made.includes('\n')) return null;
  if (/\bbool\(\(?(isinstance|issubclass|hasattr|callable|any|all)\b|\bbool\(.*\b(and|or)\b/.test(made)) return null;
  // Without its `not` the value is whatever it is.
  if (text.startsWith('if not ', finding.start) && !/^\s*return (not |bool\()/.test(made)) return null;
  const before = bodyAbove(text, finding.start);
  return /^return (True|False)$/.test(statementsOf(before).at(-1) ?? '') && before.length > 0 ? null : finding.edits;
}

/** Branches that do nothing stand in a row as a table does. */
export function sameBranches(finding: RuffFinding, { text }: SourceFile): readonly TextEdit[] | null {
  const head = /:[ \t]*\n[ \t]*([^\n]*)\n/.exec(text.slice(finding.start));
  return /^(pass|continue|break|\.\.\.|return( None)?)$/.test(head?.[1]?.trim() ?? '') ? null : finding.edits;
}

/** The edits of ruff, where an else is taken out that says nothing else. */
export async function withoutElse(
  finding: RuffFinding,
  file: SourceFile,
  context: RuleContext,
): Promise<readonly TextEdit[] | null> {
  // A chain of elif reads as a table; only a last else is taken out, and none that says something to a program.
  if (!/^else:[ \t]*\r?\n/.test(file.text.slice(finding.start))) return null;
  const body = bodyBelow(file.text, finding.start);
  if (body.length > MOST_MOVED) return null;
  const [first = '', ...more] = statementsOf(body);
  if (more.length === 0 && !isBlock(first) && (await saysElse(file, context))) return null;
  return finding.edits;
}

/** Where the other branch is an if too, the two mirror each other. */
export function asElif(finding: RuffFinding, { text }: SourceFile): readonly TextEdit[] | null {
  const at = text.startsWith('else', finding.start) ? finding.start : text.lastIndexOf('else', finding.start);
  const mirror = statementsOf(bodyAbove(text, at));
  if (bodyBelow(text, at).length > MOST_MOVED) return null;
  return mirror.every((statement) => isBlock(statement) || statement.startsWith('el')) ? null : finding.edits;
}
