// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * SQL put together from values. Rule: an edit only for one value in a place where SQL admits a parameter, in a file
 * that imports exactly one known driver; everything else is reported.
 */
import { bindingsOf, type Call, callsOf, type Piece, piecesOf, SCRIPT, writtenValue } from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { span } from '../structural.ts';

const STATEMENT =
  /^\s*(SELECT\b[\s\S]*\bFROM\b|INSERT\s+INTO\b|UPDATE\b[\s\S]*\bSET\b|DELETE\s+FROM\b|MERGE\s+INTO\b)/i;
const DRIVERS: Readonly<Record<string, '$1' | '?'>> = {
  pg: '$1',
  mysql: '?',
  mysql2: '?',
  'mysql2/promise': '?',
  mariadb: '?',
  sqlite3: '?',
};
/** Modules of other drivers and query builders: with them the parameter style of `query` is not certain. */
const OTHERS = /^(knex|sequelize|typeorm|drizzle-orm.*|kysely|better-sqlite3|postgres|mssql|oracledb|@prisma\/client)$/;

/** The parameter of the only driver that the file imports, or null. */
function parameterOf(modules: readonly string[]): '$1' | '?' | null {
  if (modules.some((module) => OTHERS.test(module))) return null;
  const styles = new Set(modules.flatMap((module) => DRIVERS[module] ?? []));
  return styles.size === 1 ? ([...styles][0] ?? null) : null;
}

/** The edits that move the only value of `pieces` into a list of parameters, or null when that may be wrong. */
function parameterised(call: Call, pieces: readonly Piece[], parameter: '$1' | '?'): TextEdit[] | null {
  const [query, second, third] = call.args;
  const index = pieces.findIndex((piece) => piece.text === null);
  const [before, value, after] = [pieces[index - 1], pieces[index], pieces[index + 1]];
  if (!query || !value || !before?.text || third || (second && !isCallback(second))) return null;
  if (pieces.some((piece) => /\?|\$\d/.test(piece.text ?? '')) || !isPlainValue(value.node)) return null;
  const quoted = before.text.endsWith("'");
  if (quoted !== (after?.text ?? '').startsWith("'")) return null;
  if (!isComparison(pieces, index, quoted) || opensQuote(pieces, index, quoted)) return null;
  const hole = query.is('template_string')
    ? holeOfTemplate(value.node, quoted, parameter)
    : holeOfConcatenation(before.node, value.node, after?.node ?? null, quoted, parameter);
  return hole && [hole, insertion(query, value.node)];
}

function insertion(query: Node, value: Node): TextEdit {
  const { end } = span(query);
  return { start: end, end, text: `, [${value.text()}]` };
}

/** Replaces `${value}`, with the SQL quotes around it, by the parameter. */
function holeOfTemplate(value: Node, quoted: boolean, parameter: string): TextEdit | null {
  const part = value.parent();
  const strip = quoted ? 1 : 0;
  return part?.is('template_substitution')
    ? { start: span(part).start - strip, end: span(part).end + strip, text: parameter }
    : null;
}

/** `'…= ' + id + '…'` becomes one string: from inside the left one to inside the right one. */
function holeOfConcatenation(
  before: Node,
  value: Node,
  after: Node | null,
  quoted: boolean,
  parameter: string,
): TextEdit | null {
  if (!before.is('string') || (after && !after.is('string')) || !value.parent()?.is('binary_expression')) return null;
  const closing = before.text().at(-1) ?? '';
  const strip = quoted ? 1 : 0;
  const start = span(before).end - 1 - strip;
  if (!after) return { start, end: span(value).end, text: parameter + closing };
  return after.text().startsWith(closing) ? { start, end: span(after).start + 1 + strip, text: parameter } : null;
}

function isPlainValue(node: Node): boolean {
  const text = node.text();
  return (
    /^[a-z_$][\w$]*(\.[\w$]+)*$/.test(text) &&
    !/(table|column|field|order|sort|where|sql|query|clause|condition|filter|limit|offset|direction)s?$/i.test(text)
  );
}

/** Does the value stand right of a comparison, at the end or before a word of SQL? There a parameter is admitted. */
function isComparison(pieces: readonly Piece[], index: number, quoted: boolean): boolean {
  const before = (pieces[index - 1]?.text ?? '').slice(0, quoted ? -1 : undefined);
  const after = (pieces[index + 1]?.text ?? '').slice(quoted ? 1 : 0);
  return (
    /(^|[^:<>!])(=|<>|!=|<=|>=|<|>)\s*$/.test(before) &&
    /^(\s*$|\s*;|\s*\)|\s+(AND|OR|ORDER|LIMIT|GROUP|RETURNING|WHERE)\b)/i.test(after)
  );
}

/** Is a SQL string still open where the value stands, other than the one that closes right behind it? */
function opensQuote(pieces: readonly Piece[], index: number, quoted: boolean): boolean {
  const before = pieces
    .slice(0, index)
    .map((piece) => piece.text ?? '')
    .join('');
  const quotes = before.replaceAll("\\'", "'").split("'").length - 1;
  return quotes % 2 !== (quoted ? 1 : 0) || before.includes('--') || before.includes('/*');
}

function isCallback(node: Node): boolean {
  return /^(arrow_function|function_expression|function)$/.test(String(node.kind()));
}

export const sqlFromValues: RuleImpl = {
  id: 'javascript/sql-from-values',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-89',
  title: 'Pass values to SQL as parameters',
  rationale:
    'A value inside the text of a statement can change the statement. As a parameter it stays a value: `$1` with pg, `?` with mysql, mysql2, mariadb and sqlite3, and the value in a list behind the text. The text is changed only where the file imports exactly one of these drivers and a single value stands right of a comparison, where SQL admits a parameter; statements with several values, or for other drivers are reported. Names of tables and columns, which cannot be parameters, constants, tagged templates and statements without values are left alone.',
  fixable: true,
  trigger: /\b(select|insert|update|delete|merge)\b/i,
  example: {
    path: 'src/users.js',
    before:
      "const { Pool } = require('pg');\nconst pool = new Pool();\n\nconst find = (id) => pool.query(`SELECT * FROM users WHERE id = ${id}`);\n",
    after:
      "const { Pool } = require('pg');\nconst pool = new Pool();\n\nconst find = (id) => pool.query(`SELECT * FROM users WHERE id = $1`, [id]);\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'pool.query(`SELECT id FROM users WHERE id = $1`, [id]);\n' },
    { path: 'src/b.js', text: 'pool.query(sql`SELECT id FROM users WHERE id = ${id}`);\n' },
    {
      path: 'src/c.js',
      text: 'pool.query(`SELECT id FROM ${TABLE}`);\npool.query(`SELECT id FROM ${this.tableName}`);\n',
    },
    { path: 'src/d.js', text: 'log.query(`Select a user from ${place}, please`);\n' },
    { path: 'src/e.js', text: 'const text = `SELECT id FROM users WHERE id = ${id}`;\n' },
    { path: 'src/f.js', text: 'document.execute(`Update the set of ${things}`);\n' },
    {
      path: 'src/g.js',
      text: 'db.query(`SELECT id FROM users WHERE id IN (${ids.map(() => "?").join(",")})`, ids);\n',
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const bindings = bindingsOf(root);
    const modules = [...bindings.values()].map((binding) => binding.module);
    const parameter = parameterOf(modules);
    return callsOf(root, bindings).flatMap((call): Match[] => {
      const [query] = call.args;
      if (!/^(query|execute|exec|raw|prepare|all|get|run|each)$/.test(call.method) || !call.receiver || !query)
        return [];
      const pieces = piecesOf(writtenValue(query));
      const whole = pieces.map((piece) => piece.text ?? '?').join('');
      if (!STATEMENT.test(whole) || !looksLikeSql(whole)) return [];
      const values = pieces.filter((piece) => piece.text === null && !isHarmless(piece.node));
      if (values.length === 0) return [];
      const only = values.length === 1 && pieces.filter((piece) => piece.text === null).length === 1;
      const methods = modules.includes('sqlite3') ? /^(get|all|run|each)$/ : /^(query|execute)$/;
      const isQuery = methods.test(call.method) && !query.is('identifier');
      const edits = only && isQuery && parameter ? parameterised(call, pieces, parameter) : null;
      return [
        { ...span(call.node), message: 'A value inside the text can change the SQL statement.', edits: edits ?? [] },
      ];
    });
  },
};

/** English that begins like a statement has no keyword in capitals and no comparison. */
function looksLikeSql(text: string): boolean {
  return (
    /\b(SELECT|INSERT|UPDATE|DELETE|MERGE)\b/.test(text) || /\b(where\s+\w+\s*(=|<|>|like|in)|values\s*\()/i.test(text)
  );
}

/** Names of tables and columns, which cannot be parameters, constants, lists of question marks, numbers, and what an escape function returned. */
function isHarmless(node: Node): boolean {
  const text = node.text();
  return (
    /(table|schema|column|database|fields?)_?(names?|s)?$/i.test(text) ||
    /^[A-Z][A-Z0-9_]*$/.test(text) ||
    node.is('number') ||
    /['"`]\?['"`]|^(\w+\.)?(escape\w*|quote\w*|ident\w*)\(|\bNumber\(|parseInt\(|\.length$/.test(text)
  );
}
