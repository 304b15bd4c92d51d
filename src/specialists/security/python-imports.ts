/** Adds the import that an edit needs. Rule: never a name that the file uses for something else. */
import { boundNames, type Imports } from '../python-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';

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
  const statements = ['import_statement', 'import_from_statement']
    .flatMap((kind) => nodesOf(root, kind))
    .filter((node) => node.parent()?.is('module') && beside.test(node.text()));
  const last = statements.sort((a, b) => span(a).start - span(b).start).at(-1);
  if (!last || last.next()?.text() === ';') return null;
  const line = name ? `from ${module} import ${name}` : `import ${module}`;
  const { end } = span(last);
  return { local, edits: [{ start: end, end, text: `\n${line}` }] };
}
