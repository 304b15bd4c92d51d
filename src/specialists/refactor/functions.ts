/**
 * Functions by their text: a file's own from its tree, those of other files by a cheap look at their lines. Rule: two are
 * identical when everything after the name is, to the character; what the name stands for is asked afterwards.
 */
import type { SyntaxNode } from '../../code/index.ts';
import type { RuleContext } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { isProtocol } from './near.ts';

export interface FunctionText {
  path: string;
  name: string;
  /** Of the whole function, without `export` and decorators. */
  start: number;
  end: number;
  /** At the top of the file and without decorators. */
  top: boolean;
  exported: boolean;
  /** Everything after the name. */
  key: string;
  node: SyntaxNode;
}

/** Lines with code below which two functions are equal by chance. */
const FEWEST_LINES = 5;
const FEWEST_WORDS = 14;

const SCRIPT_FUNCTION = /^(function_declaration|generator_function_declaration|method_definition)$/;

/** Functions of the file that are large enough to be compared, in text order. */
export function functionsIn(file: SourceFile, root: SyntaxNode): FunctionText[] {
  const found: FunctionText[] = [];
  for (const node of root.below()) {
    const isFunction =
      file.language === 'python' ? node.kind === 'function_definition' : SCRIPT_FUNCTION.test(node.kind);
    const name = isFunction ? node.child('identifier', 'property_identifier') : undefined;
    if (name === undefined || isProtocol(name.text)) continue;
    const key = keyOf(file, node, name);
    if (key === null) continue;
    const exported = node.parent?.kind === 'export_statement';
    const holder = exported ? node.parent?.parent : node.parent;
    const top = /^(module|program)$/.test(holder?.kind ?? '') && node.kind !== 'method_definition';
    found.push({ path: file.path, name: name.text, start: node.start, end: node.end, top, exported, key, node });
  }
  return found;
}

/** What comes before the name (async, a star) and after it, without the indentation of the function. */
function keyOf({ text }: SourceFile, node: SyntaxNode, name: SyntaxNode): string | null {
  const raw = text.slice(node.start, node.end);
  const indent = /[ \t]*$/.exec(text.slice(0, node.start))?.[0] ?? '';
  const before = text.slice(node.start, name.start).replace(/\s+/g, ' ');
  const after = text
    .slice(name.end, node.end)
    .split('\n')
    .map((line, at) => (at > 0 && line.startsWith(indent) ? line.slice(indent.length) : line).trimEnd())
    .join('\n');
  // The same lines further in are another text where a string spans them.
  if (indent !== '' && /"""|'''|`[^`]*\n/.test(raw)) return null;
  return isLarge(after) ? `${before}\0${after}` : null;
}

function isLarge(text: string): boolean {
  const lines = text.split('\n').filter((line) => /\w/.test(line) && !/^\s*(#|\/\/|\*)/.test(line));
  return lines.length > FEWEST_LINES && (text.match(/[A-Za-z_$][\w$]*/g)?.length ?? 0) >= FEWEST_WORDS;
}

export interface Elsewhere {
  file: SourceFile;
  name: string;
}

const PYTHON_TOP = /^((?:async )?def )(\w+)/;
const SCRIPT_TOP = /^export ((?:async )?function )([\w$]+)/;

/** Top-level functions of the batch by their key, as far as a look at the lines shows; in scripts, those that are exported. */
export function functionsOfBatch(context: RuleContext, python: boolean): Promise<Map<string, Elsewhere[]>> {
  return context.perRun(`functions ${python}`, async () => {
    const index = new Map<string, Elsewhere[]>();
    for (const file of context.batch) {
      if ((file.language === 'python') !== python) continue;
      const lines = file.text.split('\n');
      for (let at = 0; at < lines.length; at += 1) {
        const head = (python ? PYTHON_TOP : SCRIPT_TOP).exec(lines[at] ?? '');
        if (!head || (python && /^@/.test(lines[at - 1] ?? ''))) continue;
        const end = python
          ? endOfPython(lines, at)
          : lines.findIndex((line, index) => index > at && line.startsWith('}'));
        if (end <= at) continue;
        const [whole, before = '', name = ''] = head;
        const after = [(lines[at] ?? '').slice(whole.length), ...lines.slice(at + 1, end + 1)]
          .map((line) => line.trimEnd())
          .join('\n');
        if (!isLarge(after)) continue;
        const key = `${before}\0${after}`;
        index.set(key, [...(index.get(key) ?? []), { file, name }]);
      }
    }
    return index;
  });
}

/** The last line of the function that begins at `at`. */
function endOfPython(lines: readonly string[], at: number): number {
  let last = at;
  for (let line = at + 1; line < lines.length; line += 1) {
    const text = lines[line] ?? '';
    if (text.trim() === '') continue;
    if (!/^[\s)]/.test(text)) break;
    last = line;
  }
  return last;
}
