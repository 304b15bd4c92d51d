/**
 * A function of a script that another module exports too, word for word: it is imported from there. Rule: every name in it means
 * the same in both modules, the import can make no cycle, and its form is one that the file uses already; else null.
 */
import { posix } from 'node:path';
import type { SyntaxNode } from '../../code/index.ts';
import type { TextEdit } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import type { FunctionText } from './functions.ts';
import { declarationsIn, referencesIn, resolveIn } from './javascript-bindings.ts';
import { isWithin, readSyntax } from './source.ts';

/** `copy` of `file` by the export `name` of `other`. */
export async function importInstead(
  file: SourceFile,
  root: SyntaxNode,
  copy: FunctionText,
  other: SourceFile,
  name: string,
): Promise<TextEdit[] | null> {
  if (
    !copy.top ||
    copy.exported ||
    name !== copy.name ||
    /\b(this|arguments|eval|import\.meta|new\.target|require)\b/.test(copy.key)
  )
    return null;
  const there = await readSyntax(other);
  if (there === null) return null;
  const [own, theirs] = [declarationsIn(root), declarationsIn(there)];
  const once = (some: typeof own) =>
    some.filter((one) => one.name === name && one.scope.kind === 'program').length === 1;
  if (!once(own) || !once(theirs)) return null;
  for (const reference of referencesIn(copy.node)) {
    const means = resolveIn(reference, own);
    if (reference.text === name || (means && isWithin(means.node, copy))) continue;
    const namesake = theirs.find((one) => one.name === reference.text && one.scope.kind === 'program');
    if (!means && !namesake) continue;
    const [here, elsewhere] = [importOf(root, reference.text, file.path), importOf(there, reference.text, other.path)];
    if (here === null || here !== elsewhere) return null;
    if (!isUsedElsewhere(root, reference.text, copy)) return null;
  }
  if (!isUsedElsewhere(root, name, copy)) return null;
  const added = addition(file, root, there, other, name);
  return added === null ? null : [added, withoutFunction(file.text, copy)];
}

function isUsedElsewhere(root: SyntaxNode, name: string, apart: { start: number; end: number }): boolean {
  return referencesIn(root).some(
    (one) =>
      one.text === name && !isWithin(one, apart) && ![...one.above()].some(({ kind }) => kind === 'import_statement'),
  );
}

/** What an imported name stands for, in words that are the same in every file; null: it is not imported. */
function importOf(root: SyntaxNode, name: string, path: string): string | null {
  for (const statement of root.children.filter(({ kind }) => kind === 'import_statement')) {
    const source = sourceOf(statement);
    for (const one of declarationsIn(statement))
      if (one.name === name) {
        const place = source.startsWith('.') ? posix.join(posix.dirname(path), source) : source;
        return `${place} ${one.node.parent?.text.replace(/\s+/g, ' ')}`;
      }
  }
  return null;
}

function sourceOf(statement: SyntaxNode): string {
  return statement.child('string')?.text.slice(1, -1) ?? '';
}

function addition(
  file: SourceFile,
  root: SyntaxNode,
  there: SyntaxNode,
  other: SourceFile,
  name: string,
): TextEdit | null {
  const imports = root.children.filter(
    (one) => one.kind === 'import_statement' && !one.children.some(({ kind }) => kind === 'type'),
  );
  const relative = imports.filter((one) => sourceOf(one).startsWith('.'));
  const bare = (path: string) => path.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
  const known = relative.find((one) => bare(posix.join(posix.dirname(file.path), sourceOf(one))) === bare(other.path));
  if (known) {
    const names = [...known.below()].filter(({ kind }) => kind === 'import_specifier');
    const last = names.at(-1);
    if (!last || known.text.includes('\n') || known.text.length > 80 - name.length) return null;
    const after = names.find(({ text }) => text.toLowerCase() > name.toLowerCase());
    return after
      ? { start: after.start, end: after.start, text: `${name}, ` }
      : { start: last.end, end: last.end, text: `, ${name}` };
  }
  const model = relative.at(-1);
  const last = imports.at(-1);
  const depends = there.children.some(
    (one) =>
      /^(import_statement|export_statement)$/.test(one.kind) &&
      one.child('string') !== undefined &&
      !/^(node:|[a-z])/.test(sourceOf(one)),
  );
  if (!model || !last || depends || /\brequire\s*\(/.test(other.text)) return null;
  const ending = /\.[cm]?[jt]sx?$/.exec(sourceOf(model))?.[0] ?? '';
  const own = /\.[cm]?[jt]sx?$/.exec(other.path)?.[0] ?? '';
  // A compiled ending stands for the source's.
  if (ending !== '' && ending !== own && ending !== own.replace('t', 'j')) return null;
  const place = posix.relative(posix.dirname(file.path), bare(other.path));
  const quote = model.child('string')?.text.charAt(0) ?? "'";
  const path = `${place.startsWith('.') ? '' : './'}${place}${ending}`;
  const semicolon = last.text.endsWith(';') ? ';' : '';
  return { start: last.end, end: last.end, text: `\nimport { ${name} } from ${quote}${path}${quote}${semicolon}` };
}

function withoutFunction(text: string, { start, end }: FunctionText): TextEdit {
  const after = /^\s*/.exec(text.slice(end))?.[0].length ?? 0;
  if (end + after < text.length) return { start, end: end + after, text: '' };
  const before = /\s*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { start: start - before, end: text.length, text: '\n' };
}
