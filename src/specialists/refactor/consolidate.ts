/**
 * What becomes of a function that is the same as another one of its file: it keeps its name and calls the other. Rule: callers
 * notice nothing, whenever they call it; null where that is not certain.
 */
import { indentAt, lineStart } from '../lines.ts';
import type { TextEdit } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import type { FunctionText } from './functions.ts';
import { ownNodes, parametersOf } from './python-bindings.ts';

/** The edits that make `copy` call `kept`, which stands above it. */
export function delegation(file: SourceFile, kept: FunctionText, copy: FunctionText): TextEdit[] | null {
  if (!kept.top || !copy.top || kept.name === copy.name) return null;
  const bound = new RegExp(
    `(?<![\\w$.])${literally(kept.name)}\\s*(?:=(?!=)|[-+*/|&]=)|\\b(?:def|class|function|import|const|let|var|for|as)\\s+(?:\\*\\s*)?${literally(kept.name)}\\b|\\b(?:global|nonlocal|import)\\s[^\\n]*\\b${literally(kept.name)}\\b`,
    'g',
  );
  if ((file.text.match(bound)?.length ?? 0) !== 1) return null;
  return file.language === 'python' ? pythonDelegation(file, kept, copy) : scriptDelegation(file, kept, copy);
}

function literally(name: string): string {
  return name.replaceAll('$', '\\$');
}

const FRAMES = /\b(locals|vars|super|__class__|_getframe|currentframe|stacklevel|__tracebackhide__)\b/;

function pythonDelegation({ text }: SourceFile, kept: FunctionText, copy: FunctionText): TextEdit[] | null {
  const parameters = parametersOf(copy.node);
  const block = copy.node.child('block');
  if (!parameters || !block || FRAMES.test(copy.key) || parameters.some(({ name }) => name === kept.name)) return null;
  for (const { kind } of ownNodes(block)) if (kind === 'yield') return null;
  const statements = block.children;
  const documented = statements[0]?.kind === 'expression_statement' && statements[0].children[0]?.kind === 'string';
  const first = statements[documented ? 1 : 0];
  if (first === undefined || indentAt(text, first.start) === null) return null;
  const beforeFirst = text.slice(documented ? (statements[0]?.end ?? 0) : block.start, first.start);
  if (beforeFirst.trim() !== '') return null;
  const given = parameters.map(({ name, kind }) =>
    kind === 'rest' ? `*${name}` : kind === 'keywords' ? `**${name}` : kind === 'keyword' ? `${name}=${name}` : name,
  );
  const wait = copy.node.children[0]?.kind === 'async' ? 'await ' : '';
  return [{ start: first.start, end: copy.end, text: `return ${wait}${kept.name}(${given.join(', ')})` }];
}

function scriptDelegation({ text }: SourceFile, kept: FunctionText, copy: FunctionText): TextEdit[] | null {
  const { node, key } = copy;
  if (node.kind !== 'function_declaration' || node.child('type_parameters')) return null;
  if (/\b(this|arguments|super|new\.target|eval|yield|asserts)\b/.test(key)) return null;
  const names: string[] = [];
  for (const child of node.child('formal_parameters')?.children ?? []) {
    if (/^[(),]$/.test(child.kind)) continue;
    const inner = /^(required_parameter|optional_parameter|assignment_pattern)$/.test(child.kind)
      ? child.children[0]
      : child;
    const name = inner?.kind === 'rest_pattern' ? inner.child('identifier') : inner;
    if (name?.kind !== 'identifier' || name.text === kept.name) return null;
    names.push(inner?.kind === 'rest_pattern' ? `...${name.text}` : name.text);
  }
  const body = node.child('statement_block');
  const first = body?.children[1];
  if (!body || !first || first.kind === '}') return null;
  const indent = text.slice(lineStart(text, first.start), first.start);
  if (!/^[ \t]+$/.test(indent)) return null;
  // An overload or another declaration of the same name belongs to it.
  const heads = text.match(new RegExp(`\\bfunction\\s+${literally(copy.name)}\\b`, 'g'))?.length ?? 0;
  if (heads !== 1) return null;
  const semicolon = /;\s*\}$/.test(body.text) || /;\s*\n/.test(body.text) ? ';' : '';
  return [{ start: first.start, end: lastOf(body), text: `return ${kept.name}(${names.join(', ')})${semicolon}` }];
}

/** The end of what is between the braces, without the blanks before the last one. */
function lastOf(body: FunctionText['node']): number {
  return body.start + body.text.slice(0, -1).trimEnd().length;
}
