/**
 * A Python function that another file has too, word for word: it is imported from there. Rule: every name in it means the same in
 * both files, the import can make no cycle, and its form is one that the file uses already; else the answer is null.
 */
import type { SyntaxNode } from '../../code/index.ts';
import type { TextEdit } from '../rule.ts';
import type { SourceFile, Unbinds } from '../types.ts';
import type { FunctionText } from './functions.ts';
import { bindingsIn, freeNamesOf } from './python-bindings.ts';
import { readSyntax } from './source.ts';

interface Imported {
  local: string;
  /** `module` or `module.name`. */
  target: string;
  statement: SyntaxNode;
}

export interface Consolidation {
  edits: TextEdit[];
  unbinds?: Unbinds;
}

/** `copy` of `file` by `name` of `other`. */
export async function importInstead(
  file: SourceFile,
  root: SyntaxNode,
  copy: FunctionText,
  other: SourceFile,
  name: string,
): Promise<Consolidation | null> {
  if (
    !copy.top ||
    name !== copy.name ||
    /\b(global|nonlocal|locals|vars|super|__name__|__file__|__package__)\b/.test(copy.key)
  )
    return null;
  const there = await readSyntax(other);
  const free = freeNamesOf(copy.node);
  if (there === null || free === null) return null;
  const [own, theirs] = [importsOf(root), importsOf(there)];
  if (own === null || theirs === null) return null;
  if (bindingsIn(root).filter(({ text }) => text === name).length !== 1) return null;
  if (bindingsIn(there).filter(({ text }) => text === name).length !== 1) return null;
  const near = folderOf(file.path) === folderOf(other.path);
  const leftovers: Imported[] = [];
  for (const one of free) {
    const [here, other] = [own.find(({ local }) => local === one), theirs.find(({ local }) => local === one)];
    const bound = (tree: SyntaxNode) => bindingsIn(tree).filter(({ text }) => text === one).length;
    if (!here && !other && bound(root) === 0 && bound(there) === 0) continue;
    if (!here || !other || here.target !== other.target || bound(root) !== 1 || bound(there) !== 1) return null;
    if (here.target.startsWith('.') && !near) return null;
    if (!isUsedElsewhere(file.text, one, [copy, here.statement])) leftovers.push(here);
  }
  // Who only hands it on would be told that the import is not used.
  if (!isUsedElsewhere(file.text, name, [copy])) return null;
  const added = addition(file, own, theirs, other, name);
  if (added === null) return null;
  const removed = leftovers.map(({ statement }) => withoutStatement(file.text, statement));
  if (removed.some((edit) => edit === null)) return null;
  const edits = [added, withoutFunction(file.text, copy), ...removed.filter((edit) => edit !== null)];
  return leftovers.length === 0
    ? { edits }
    : { edits, unbinds: { names: leftovers.map(({ local }) => local), usedElsewhere: 'report' } };
}

/** Imports at the top of the file; null where a star brings names that nobody knows. */
function importsOf(root: SyntaxNode): Imported[] | null {
  const found: Imported[] = [];
  for (const statement of root.children) {
    if (statement.kind === 'import_statement')
      for (const item of statement.children.filter(({ kind }) => /^(dotted_name|aliased_import)$/.test(kind))) {
        const [whole, , alias] = item.kind === 'aliased_import' ? item.children : [item];
        const target = whole?.text ?? '';
        if (!alias && target.includes('.')) return null;
        found.push({ local: alias?.text ?? target, target, statement });
      }
    if (statement.kind !== 'import_from_statement') continue;
    if (statement.child('wildcard_import')) return null;
    const module = statement.children[1]?.text ?? '';
    for (const item of statement.children.slice(2).filter(({ kind }) => /^(dotted_name|aliased_import)$/.test(kind))) {
      const [whole, , alias] = item.kind === 'aliased_import' ? item.children : [item];
      found.push({ local: alias?.text ?? whole?.text ?? '', target: `${module}.${whole?.text}`, statement });
    }
  }
  return found;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function isUsedElsewhere(text: string, name: string, apart: ReadonlyArray<{ start: number; end: number }>): boolean {
  const uses = text.matchAll(new RegExp(`(?<![\\w.])${name}\\b`, 'g'));
  return [...uses].some(({ index }) => !apart.some(({ start, end }) => start <= index && index < end));
}

const STANDARD =
  /^(__future__|abc|argparse|ast|asyncio|base64|bisect|calendar|collections|concurrent|configparser|contextlib|copy|csv|dataclasses|datetime|decimal|difflib|email|enum|errno|fnmatch|fractions|functools|getpass|glob|gzip|hashlib|heapq|hmac|html|http|importlib|inspect|io|ipaddress|itertools|json|locale|logging|math|mimetypes|operator|os|pathlib|pickle|platform|posixpath|pprint|queue|random|re|secrets|select|shlex|shutil|signal|socket|sqlite3|ssl|stat|statistics|string|struct|subprocess|sys|tarfile|tempfile|textwrap|threading|time|traceback|types|typing|unicodedata|urllib|uuid|warnings|weakref|xml|zipfile|zlib)$/;

/** The import of `name`: beside others of that module, or beside others from the same folder. */
function addition(
  file: SourceFile,
  own: Imported[],
  theirs: Imported[],
  other: SourceFile,
  name: string,
): TextEdit | null {
  const stem = /([^/]+)\.py$/.exec(other.path)?.[1] ?? '';
  if (stem === '' || stem === '__init__' || !/^\w+$/.test(stem)) return null;
  const near = folderOf(file.path) === folderOf(other.path);
  const froms = [...new Set(own.map(({ statement }) => statement))].filter(
    ({ kind }) => kind === 'import_from_statement',
  );
  const known = froms.find((statement) => means(statement.children[1]?.text ?? '', near, stem, other.path));
  if (known) {
    if (known.text.includes('\n') || known.text.includes('(') || known.text.includes(' as ')) return null;
    const names = known.children.slice(3).filter(({ kind }) => kind === 'dotted_name');
    const after = names.find(({ text }) => /^[a-z_]/.test(text) && text.toLowerCase() > name.toLowerCase());
    const last = names.at(-1);
    if (!last || known.text.length + name.length > 76) return null;
    return after
      ? { start: after.start, end: after.start, text: `${name}, ` }
      : { start: last.end, end: last.end, text: `, ${name}` };
  }
  const siblings = froms.filter((statement) => /^\.\w+$/.test(statement.children[1]?.text ?? ''));
  const alone = theirs.every(({ target }) => STANDARD.test(target.split('.')[0] ?? ''));
  if (!near || siblings.length === 0 || !alone) return null;
  const line = `from .${stem} import ${name}`;
  const next = siblings.find(({ children }) => (children[1]?.text ?? '') > `.${stem}`);
  const last = siblings.at(-1) as SyntaxNode;
  return next
    ? { start: next.start, end: next.start, text: `${line}\n` }
    : { start: last.end, end: last.end, text: `\n${line}` };
}

/** Does `module`, as the file names it, stand for the path? */
function means(module: string, near: boolean, stem: string, path: string): boolean {
  if (module === `.${stem}`) return near;
  return /^\w+(\.\w+)+$/.test(module) && `/${path}`.endsWith(`/${module.replaceAll('.', '/')}.py`);
}

/** The function and the blank lines after it, or before it where it is the last. */
function withoutFunction(text: string, { start, end }: FunctionText): TextEdit {
  const after = /^\s*/.exec(text.slice(end))?.[0].length ?? 0;
  if (end + after < text.length) return { start, end: end + after, text: '' };
  const before = /\s*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { start: start - before, end: text.length, text: '\n' };
}

/** The whole line of an import of one name; null where it brings others or shares its line. */
function withoutStatement(text: string, statement: SyntaxNode): TextEdit | null {
  const names = statement.children.filter(({ kind }) => /^(dotted_name|aliased_import)$/.test(kind)).length;
  const most = statement.kind === 'import_from_statement' && statement.children[1]?.kind === 'dotted_name' ? 2 : 1;
  const whole = text[statement.end] === '\n' && (statement.start === 0 || text[statement.start - 1] === '\n');
  return names === most && whole ? { start: statement.start, end: statement.end + 1, text: '' } : null;
}
