/** Adds the import that an edit needs. Rule: never a name that the file uses for something else. */
import { boundNames, type Imports } from '../python-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { nodesOf, span, wholeText } from '../structural.ts';

/** The local name of `module.name` (or of `module`), and the edits that import it; null when that cannot be done plainly. */
export function imported(
  root: Node,
  imports: Imports,
  module: string,
  name: string | null,
  beside: RegExp,
): { local: string; edits: TextEdit[] } | null {
  const wanted = name ? `${module}.${name}` : module;
  const known = [...imports].find(([, target]) => target === wanted)?.[0];
  if (known) return { local: known, edits: [] };
  const local = name ?? module;
  if (imports.has(local) || boundNames(root).has(local)) return null;
  const extended = name ? amongOthers(root, module, name) : null;
  if (extended) return { local, edits: [extended] };
  const statements = ['import_statement', 'import_from_statement']
    .flatMap((kind) => nodesOf(root, kind))
    .filter((node) => node.parent()?.is('module') && beside.test(node.text()));
  const last = statements.sort((a, b) => span(a).start - span(b).start).at(-1);
  if (!last || last.next()?.text() === ';') return null;
  const line = name ? `from ${module} import ${name}` : `import ${module}`;
  const { end } = span(last);
  return { local, edits: [{ start: end, end, text: `\n${line}` }] };
}

/** `name` among what `from module import …` of the file brings already, in its place where the names are sorted. */
function amongOthers(root: Node, module: string, name: string): TextEdit | null {
  const statement = nodesOf(root, 'import_from_statement').find(
    (node) => node.parent()?.is('module') && node.field('module_name')?.text() === module,
  );
  const names = statement?.fieldChildren('name') ?? [];
  const [first, last] = [names[0], names.at(-1)];
  if (!statement || !first || !last || /[#\\*]/.test(statement.text())) return null;
  if (!statement.text().includes('\n') && statement.text().length + name.length > 85) return null;
  const texts = names.map((one) => one.text());
  const sorted = [...texts].sort().join() === texts.join();
  const at = sorted ? texts.findIndex((one) => one > name) : -1;
  const between = names[1] ? wholeText(root).slice(span(first).end, span(names[1]).start) : ', ';
  const next = at === -1 ? null : names[at];
  if (next) return { start: span(next).start, end: span(next).start, text: `${name}${between}` };
  return { start: span(last).end, end: span(last).end, text: `${between}${name}` };
}
