/**
 * Values that come from outside of the source. Rule: the lookup fails where the variable is not set, so that nothing
 * starts with a default that nobody chose.
 */
import { boundNames, type Imports } from '../python-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { enclosing, span, wholeText } from '../structural.ts';
import { inCapitals, isVariableName } from './spelling.ts';

/** Modules of the standard library that a file begins with; below others a blank line follows. */
const STANDARD =
  /^from (__future__|abc|argparse|asyncio|base64|collections|contextlib|dataclasses|datetime|enum|functools|hashlib|hmac|io|json|logging|os|pathlib|random|re|socket|subprocess|tempfile|typing|urllib|uuid|xml)\b/;

/** `os.environ["NAME"]` and the import that it needs at the top of the file; null where `os` means something else. */
export function fromEnvironment(
  root: Node,
  imports: Imports,
  use: Node,
  name: string,
): { text: string; edits: TextEdit[] } | null {
  const os = moduleAtTop(root, imports, use, 'os');
  return os && { text: `os.environ["${name}"]`, edits: os };
}

/** The edits that bind `module` above `use`, none when it is bound; null when that cannot be done plainly. */
export function moduleAtTop(root: Node, imports: Imports, use: Node, module: string): TextEdit[] | null {
  const own = new RegExp(`^import (.*, *)?${module}(\\.\\w+)*( *,.*)?$`);
  const top = root.namedChildren().filter((node) => !node.is('comment'));
  const bound = top.find((node) => node.is('import_statement') && own.test(node.text()));
  if (bound && imports.get(module) === module) return span(bound).end < span(use).start ? [] : null;
  if (imports.has(module) || boundNames(root).has(module)) return null;
  const body = top.filter((node, at) => !(at === 0 && isText(node)) && !node.is('future_import_statement'));
  const [first] = body;
  if (!first || span(first).start > span(use).start) return null;
  if (!/^import(_from)?_statement$/.test(String(first.kind()))) return [before(first, `import ${module}\n\n`)];
  if (first.is('import_from_statement'))
    return [before(first, `import ${module}\n${STANDARD.test(first.text()) ? '' : '\n'}`)];
  const run = body.slice(
    0,
    body.findIndex((node) => !node.is('import_statement') || node.text() > `import ${module}`),
  );
  const last = run.at(-1);
  if (!last) return [before(first, `import ${module}\n`)];
  const line = wholeText(root).indexOf('\n', span(last).end);
  const end = line < 0 ? span(last).end : line;
  return end < span(use).start ? [{ start: end, end, text: `\nimport ${module}` }] : null;
}

function before(node: Node, text: string): TextEdit {
  const { start } = span(node);
  return { start, end: start, text };
}

function isText(node: Node): boolean {
  return node.is('expression_statement') && node.child(0)?.is('string') === true;
}

/** Words that say what a value is and not whose it is. */
const GENERAL = /^(PASSWORD|PASSWD|PWD|SECRET|TOKEN|KEY|ACCESS_KEY|ACCESS_TOKEN|AUTH_TOKEN)$/;
const OWNERS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(psycopg\d?|pymysql|MySQLdb|mysql|asyncpg|aiomysql|pg8000|pymssql|oracledb|mariadb)\b/, 'DB'],
  [/^(redis|aioredis)\b/, 'REDIS'],
  [/^(paramiko|asyncssh)\b/, 'SSH'],
  [/^(ftplib|pysftp)\b/, 'FTP'],
  [/^pymongo\b/, 'MONGO'],
];

/** What a variable of the environment is called after a name of the source; `owner` is who is given a general one. */
export function variableName(name: string, owner: string | null = null): string | null {
  const made = inCapitals(name);
  if (!isVariableName(made)) return null;
  const whose = OWNERS.find(([pattern]) => pattern.test(owner ?? ''))?.[1];
  return GENERAL.test(made) && whose ? `${whose}_${made}` : made;
}

/** Is it evaluated where it stands, and not when somebody calls: no default of a parameter, no decorator? */
export function isEvaluatedHere(node: Node): boolean {
  const kinds = ['default_parameter', 'typed_default_parameter', 'decorator', 'lambda'];
  return !kinds.includes(String(node.kind())) && !enclosing(node, kinds);
}
