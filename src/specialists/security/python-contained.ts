/**
 * Keeps a path inside of the folder that it is joined to. Rule: only where the folder stands beside the name and is chosen by
 * the program, and before a statement that always opens the path; what leaves the folder counts as not found.
 */
import { beforeOnLine } from '../lines.ts';
import { isFixed, originOf } from '../python-flow.ts';
import type { Call, Imports } from '../python-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span, wholeText } from '../structural.ts';
import { moduleAtTop } from './python-environment.ts';
import { imported } from './python-imports.ts';

/** Folders that the program knows by an attribute or by its settings. */
const KNOWN = /^(self|cls|settings|app|current_app|config|conf)(\.\w+|\[["']\w+["']\])+$/;
const SOMETIMES =
  /^(lambda|list_comprehension|set_comprehension|dictionary_comprehension|generator_expression|conditional_expression|boolean_operator|function_definition)$/;

/** The edits that look at where `given`, what `call` opens, leads; none when that cannot be told. */
export function contained(root: Node, imports: Imports, call: Call, given: Node): TextEdit[] {
  const statement = statementOf(call.node);
  const scope = enclosing(call.node, ['function_definition']);
  const origin = given.is('identifier') ? originOf(given) : null;
  const joined = origin ? (origin.how === 'whole' ? origin.value : null) : given;
  const folder = joined && folderOf(joined, imports);
  if (!statement || !scope || !joined || !folder) return [];
  const held = origin && joined.parent();
  const settled = origin ? (isSettled(scope, given, held) ? statementOf(joined) : null) : statement;
  const name = origin
    ? given.text()
    : ['path', 'full_path', 'wanted'].find((one) => !new RegExp(`\\b${one}\\b`).test(scope.text()));
  const os = moduleAtTop(root, imports, statement, 'os');
  const refused = refusal(root, imports, name ?? '');
  if (!settled || !name || !os || !refused || /\n/.test(joined.text())) return [];
  const { start, end } = span(settled);
  const text = wholeText(root);
  const indent = beforeOnLine(text, start);
  if (indent.trim() !== '' || settled.next()?.text() === ';') return [];
  const check = `if not ${name}.startswith(os.path.join(os.path.abspath(${folder}), "")):\n${indent}    ${refused.text}`;
  const whole = `os.path.abspath(${joined.text()})`;
  if (origin)
    return [
      ...os,
      ...refused.edits,
      { ...span(joined), text: whole },
      { start: end, end, text: `\n${indent}${check}` },
    ];
  return [
    ...os,
    ...refused.edits,
    { start, end: start, text: `${name} = ${whole}\n${indent}${check}\n${indent}` },
    { ...span(given), text: name },
  ];
}

/** The statement of a block that `node` stands in, when it runs whenever the statement does. */
function statementOf(node: Node): Node | null {
  const above = [node, ...node.ancestors()];
  const at = above.findIndex((_, index) => above[index + 1]?.is('block'));
  const statement = above[at];
  if (!statement || above.slice(0, at).some((one) => SOMETIMES.test(String(one.kind())))) return null;
  return /^(expression_statement|return_statement|with_statement)$/.test(String(statement.kind())) ? statement : null;
}

/** Is the name given its value once, and is it a text that others may go on using? */
function isSettled(scope: Node, name: Node, assignment: Node | null): boolean {
  const uses = nodesOf(scope, 'identifier').filter((one) => one.text() === name.text());
  const bound = ['assignment', 'augmented_assignment', 'for_statement', 'named_expression', 'as_pattern'].flatMap(
    (kind) => nodesOf(scope, kind).filter((one) => (one.field('left') ?? one.field('name'))?.text() === name.text()),
  );
  const text = assignment?.field('right')?.is('call') || assignment?.field('right')?.field('operator')?.text() === '+';
  return bound.length === 1 && assignment?.is('assignment') === true && (text || uses.length === 2);
}

/** `FOLDER` of `os.path.join(FOLDER, name)`, `FOLDER / name` and `FOLDER + "/" + name`, when the program chose it. */
function folderOf(joined: Node, imports: Imports): string | null {
  if (joined.is('call') && /^(os\.path|path|ospath)\.join$/.test(joined.field('function')?.text() ?? '')) {
    const [folder, more] = joined.field('arguments')?.namedChildren() ?? [];
    return folder && more && isChosen(folder) ? folder.text() : null;
  }
  if (!joined.is('binary_operator')) return null;
  const [left, right] = [joined.field('left'), joined.field('right')];
  const operator = joined.field('operator')?.text();
  if (!left || !right || imports.size === 0) return null;
  if (operator === '/') return isChosen(left) ? left.text() : folderOf(left, imports);
  if (operator !== '+') return null;
  if (/^["'][^"']*\/["']$/.test(left.text())) return left.text();
  const [before, slash] = left.is('binary_operator') ? [left.field('left'), left.field('right')] : [];
  return before && /^["']\/["']$/.test(slash?.text() ?? '') && isChosen(before) ? before.text() : null;
}

function isChosen(folder: Node): boolean {
  return isFixed(folder) || KNOWN.test(folder.text());
}

/** What the framework of the file answers when something is not there. */
function refusal(root: Node, imports: Imports, name: string): { text: string; edits: TextEdit[] } | null {
  const modules = [...imports.values()];
  const uses = (pattern: RegExp) => modules.some((module) => pattern.test(module));
  const local = (target: string) => [...imports].find(([, known]) => known === target)?.[0];
  const web = local('aiohttp.web');
  if (web) return { text: `raise ${web}.HTTPNotFound()`, edits: [] };
  if (uses(/^tornado\b/)) {
    const tornado = local('tornado.web') ?? (local('tornado') ? 'tornado.web' : null);
    return tornado ? { text: `raise ${tornado}.HTTPError(404)`, edits: [] } : null;
  }
  const [module, thrown, call] = uses(/^flask\b/)
    ? ['flask', 'abort', 'abort(404)']
    : uses(/^django\b/)
      ? ['django.http', 'Http404', 'raise Http404']
      : uses(/^fastapi\b/)
        ? ['fastapi', 'HTTPException', 'raise HTTPException(status_code=404)']
        : uses(/^starlette\b/)
          ? ['starlette.exceptions', 'HTTPException', 'raise HTTPException(status_code=404)']
          : ['', '', `raise FileNotFoundError(${name})`];
  if (!module || !thrown) return { text: call ?? '', edits: [] };
  const beside = new RegExp(`^from ${module.split('.')[0]}\\b`);
  const found = imported(root, imports, module, thrown, beside);
  return found && call ? { text: call.replace(thrown, found.local), edits: found.edits } : null;
}
