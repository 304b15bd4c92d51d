// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * SQL put together from values. Rule: an edit only where every value stands in a place where SQL admits a parameter, in
 * a file that imports exactly one known driver; everything else is reported.
 */
import {
  bindingsOf,
  type Call,
  callsOf,
  isCallback,
  type Piece,
  piecesOf,
  SCRIPT,
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import {
  isAllowed,
  isChecked,
  isGuarded,
  isJoinedParts,
  isListOfParameters,
  isNumberOf,
  isTypedChoice,
} from './javascript-allowed.ts';
import { isNumeric } from './javascript-numbers.ts';
import { grownPieces, isCompared } from './javascript-sql-steps.ts';

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

/** How the call wants its values: as a list, as named replacements, or in a tagged template. */
type Style = '$1' | '?' | ':' | 'tag' | 'prepare';

/** `prepare(…).get()`, which is given no values yet: where they go. */
function unbound(call: Call): Node | null {
  const method = call.node.parent();
  const run =
    method?.is('member_expression') && /^(get|all|run|iterate)$/.test(method.field('property')?.text() ?? '')
      ? method.parent()
      : null;
  const list = run?.is('call_expression') ? run.field('arguments') : null;
  return list?.children().some((child) => child.isNamed()) ? null : (list ?? null);
}

function styleOf(call: Call, modules: readonly string[]): Style | null {
  const receiver = call.receiver?.text() ?? '';
  if (/^\$(query|execute)RawUnsafe$/.test(call.method)) return 'tag';
  if (call.method === 'raw') return modules.includes('knex') && /^(this\.)?knex$/.test(receiver) ? '?' : null;
  if (call.method === 'prepare') return modules.includes('better-sqlite3') && unbound(call) ? 'prepare' : null;
  if (modules.includes('sequelize')) return call.method === 'query' && /sequelize$/i.test(receiver) ? ':' : null;
  const methods = modules.includes('sqlite3') ? /^(get|all|run|each)$/ : /^(query|execute)$/;
  return methods.test(call.method) ? parameterOf(modules) : null;
}

/** The edits that hand every value of `pieces` over as a parameter, or null when that may be wrong. */
function parameterised(call: Call, pieces: readonly Piece[], style: Style): TextEdit[] | null {
  const [given, second, third] = call.args;
  const query = given && textOf(given);
  if (!given || !query || third || (second && style !== ':' && !isCallback(second))) return null;
  if (pieces.some((piece) => /\?|\$\d|(^|[^:]):\w/.test(piece.text ?? ''))) return null;
  const moved: Array<{ index: number; before: number; after: number; name: string; value: string }> = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece.text !== null || isHarmless(piece.node)) continue;
    const place = placeOf(pieces, index, style);
    if (!place) return null;
    moved.push({ index, ...place, name: nameOf(piece.node) });
  }
  if (style === ':' && new Set(moved.map(({ name }) => name)).size < moved.length) return null;
  if (style === 'tag' && moved.length !== pieces.filter(({ text }) => text === null).length) return null;
  const holes = moved.map(({ name }, at) => (style === '$1' ? `$${at + 1}` : style === ':' ? `:${name}` : '?'));
  const rewritten = query.is('template_string')
    ? moved.map(({ index, before, after, value }, at) => {
        const { start, end } = span(pieces[index]?.node.parent() ?? query);
        return { start: start - before, end: end + after, text: style === 'tag' ? `\${${value}}` : (holes[at] ?? '') };
      })
    : joined(query, pieces, moved, holes);
  const beside = rewritten && handedOver(call, given, moved, style);
  return beside && [...rewritten, ...beside];
}

/** The text itself, or where a name got it that stands in the statement right above and is used nowhere else. */
function textOf(given: Node): Node | null {
  if (!given.is('identifier')) return given;
  const written = writtenValue(given);
  const statement = written.ancestors().find((above) => /_declaration$/.test(String(above.kind())));
  const block = statement?.parent();
  const uses = block ? nodesOf(block, 'identifier').filter((one) => one.text() === given.text()).length : 0;
  const next = statement?.next();
  const adjacent = next && span(next).start <= span(given).start && span(given).end <= span(next).end;
  return uses === 2 && adjacent ? written : null;
}

function nameOf(node: Node): string {
  return node.text().split('.').at(-1) ?? '';
}

/** How much of the SQL around the value goes, and what is handed over; null where SQL admits no parameter. */
function placeOf(
  pieces: readonly Piece[],
  index: number,
  style: Style,
): { before: number; after: number; value: string } | null {
  const value = pieces[index]?.node;
  const [left, right] = [pieces[index - 1]?.text ?? '', pieces[index + 1]?.text ?? ''];
  if (!value || !isPlainValue(value)) return null;
  const like = /\bI?LIKE\s+'(%?)$/i.exec(left);
  const tail = /^(%?)'/.exec(right);
  if (like && tail && !opensQuote(pieces, index, true)) {
    const [head = '', end = ''] = [like[1], tail[1]];
    const text = head || end ? `\`${head}\${${value.text()}}${end}\`` : value.text();
    return { before: 1 + head.length, after: 1 + end.length, value: text };
  }
  const quoted = left.endsWith("'");
  if (quoted !== right.startsWith("'") || (style === 'tag' && !quoted)) return null;
  if (!isComparison(pieces, index, quoted) && !isListed(pieces, index, quoted)) return null;
  if (opensQuote(pieces, index, quoted)) return null;
  return { before: quoted ? 1 : 0, after: quoted ? 1 : 0, value: value.text() };
}

/** Text and values that are joined by `+` become one string, when they stand in one line between the same quotes. */
function joined(
  query: Node,
  pieces: readonly Piece[],
  moved: ReadonlyArray<{ index: number; before: number; after: number }>,
  holes: readonly string[],
): TextEdit[] | null {
  const quotes = new Set(pieces.filter(({ text }) => text !== null).map(({ node }) => node.text()[0]));
  const [quote] = quotes;
  if (!query.is('binary_expression') || quotes.size !== 1 || !quote || query.text().includes('\n')) return null;
  if (moved.length !== pieces.filter(({ text }) => text === null).length || quote === '`') return null;
  const texts = pieces.map(({ text }, at) => {
    const hole = moved.findIndex(({ index }) => index === at);
    if (hole !== -1) return holes[hole] ?? '';
    const [from, to] = [
      moved.find(({ index }) => index === at - 1)?.after ?? 0,
      moved.find(({ index }) => index === at + 1)?.before ?? 0,
    ];
    return (text ?? '').slice(from, (text ?? '').length - to);
  });
  return [{ ...span(query), text: quote + texts.join('') + quote }];
}

/** The edits beside the text: the list behind it, the replacements, or the tag. */
function handedOver(
  call: Call,
  query: Node,
  moved: ReadonlyArray<{ name: string; value: string }>,
  style: Style,
): TextEdit[] | null {
  const { end } = span(query);
  if (style === 'tag') {
    const property = call.callee.field('property');
    if (!property || call.args.length !== 1 || !query.is('template_string')) return null;
    return [
      { start: span(property).start, end: span(query).start, text: call.method.replace('Unsafe', '') },
      { start: end, end: span(call.node).end, text: '' },
    ];
  }
  if (style === 'prepare') {
    const list = unbound(call);
    return list && [{ ...span(list), text: `(${moved.map(({ value }) => value).join(', ')})` }];
  }
  if (style !== ':') return [{ start: end, end, text: `, [${moved.map(({ value }) => value).join(', ')}]` }];
  const pairs = moved.map(({ name, value }) => (name === value ? name : `${name}: ${value}`)).join(', ');
  const options = call.args[1];
  if (!options) return [{ start: end, end, text: `, { replacements: { ${pairs} } }` }];
  if (!options.is('object') || /replacements|bind|\.\.\./.test(options.text())) return null;
  const first = options.children().find((child) => child.is('pair'));
  return first ? [{ start: span(first).start, end: span(first).start, text: `replacements: { ${pairs} }, ` }] : null;
}

function isPlainValue(node: Node): boolean {
  const text = node.text();
  return (
    /^[a-z_$][\w$]*(\.[\w$]+)*(\.searchParams\.get\('[\w-]+'\))?$/.test(text) &&
    !/(table|column|field|order|sort|where|sql|query|clause|condition|filter|limit|offset|direction)s?$/i.test(text)
  );
}

/** Does the value stand right of a comparison, at the end or before a word of SQL? There a parameter is admitted. */
function isComparison(pieces: readonly Piece[], index: number, quoted: boolean): boolean {
  const before = (pieces[index - 1]?.text ?? '').slice(0, quoted ? -1 : undefined);
  const after = (pieces[index + 1]?.text ?? '').slice(quoted ? 1 : 0);
  return (
    /(^|[^:<>!])(=|<>|!=|<=|>=|<|>)\s*$/.test(before) &&
    /^(\s*$|\s*;|\s*\)|\s*,\s*\w+\s*=|\s+(AND|OR|ORDER|LIMIT|GROUP|RETURNING|WHERE)\b)/i.test(after)
  );
}

/** Is the value one of `VALUES (…)`? */
function isListed(pieces: readonly Piece[], index: number, quoted: boolean): boolean {
  const before = pieces
    .slice(0, index)
    .map((piece) => piece.text ?? '0')
    .join('');
  const after = (pieces[index + 1]?.text ?? '').slice(quoted ? 1 : 0);
  return /\bVALUES\s*\(([^()]*,)?\s*$/i.test(quoted ? before.slice(0, -1) : before) && /^\s*[,)]/.test(after);
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

export const sqlFromValues: RuleImpl = {
  id: 'javascript/sql-from-values',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-89',
  title: 'Pass values to SQL as parameters',
  rationale:
    'A value inside the text of a statement can change the statement. As a parameter it stays a value: `$1` with pg, `?` with mysql, mysql2, mariadb, sqlite3, better-sqlite3 and `knex.raw`, replacements with sequelize, a tagged template with Prisma. The text is changed only where the file imports exactly one of these and every value stands where SQL admits a parameter: right of a comparison or LIKE, or in the list of VALUES; other statements are reported. Names of tables and columns, which cannot be parameters, constants, tagged templates and statements without values are left alone.',
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
      path: 'src/h.js',
      text: 'function remove(ids) {\n  const slots = ids.map(() => "?").join(",");\n  return db.exec(`DELETE FROM users WHERE id IN (${slots})`, ids);\n}\n',
    },
    {
      path: 'src/i.js',
      text: "const sqlHour = dialect.hourAgo();\ndb.exec('DELETE FROM beats WHERE time < ' + sqlHour, [24]);\n",
    },
    {
      path: 'src/g.js',
      text: 'db.query(`SELECT id FROM users WHERE id IN (${ids.map(() => "?").join(",")})`, ids);\n',
    },
    {
      path: 'src/k.js',
      text: 'const find = (ids) => db.query(`SELECT id FROM users WHERE id IN (${ids.map((_, i) => `$${i + 1}`).join(",")})`, ids);\n',
    },
    {
      path: 'src/n.js',
      text: "async function find(req) {\n  const where = ['open'];\n  const values = [];\n  if (req.query.a) {\n    values.push(req.query.a);\n    where.push(`a = $${values.length}`);\n  }\n  return pool.query(`SELECT id FROM users WHERE ${where.join(' AND ')}`, values);\n}\n",
    },
    {
      path: 'src/o.js',
      text: "function find(req) {\n  const { sort } = req.query;\n  if (!ALLOWED.includes(sort)) throw new Error('bad sort');\n  const way = WAYS[req.query.way] || 'ASC';\n  return pool.query(`SELECT id FROM users ORDER BY ${sort} ${way}`);\n}\n",
    },
    {
      path: 'src/p.js',
      text: 'const slots = rows.map((_, i) => `($${i * 2 + 1}, $${i * 2 + 2})`).join(", ");\npool.query(`INSERT INTO users (a, b) VALUES ${slots}`, rows.flat());\n',
    },
    {
      path: 'src/m.js',
      text: "const sort = ['name', 'price'].includes(req.query.sort) ? req.query.sort : 'name';\nconst way = req.query.down ? 'DESC' : 'ASC';\ndb.query(`SELECT id FROM users ORDER BY ${sort} ${way}`);\n",
    },
    {
      path: 'src/q.ts',
      text: "enum Sort {\n  Name = 'name',\n}\ntype Way = 'ASC' | 'DESC';\nconst list = (sort: Sort, way: Way = 'ASC') => db.query(`SELECT id FROM users ORDER BY ${sort} ${way}`);\n",
    },
    {
      path: 'src/r.js',
      text: "async function update(id, body) {\n  const keys = Object.keys(body).filter((key) => EDITABLE.includes(key));\n  const set = keys.map((key, i) => `${key} = $${i + 1}`).join(', ');\n  await pool.query(`UPDATE users SET ${set} WHERE id = $${keys.length + 1}`, [...keys.map((key) => body[key]), id]);\n}\n",
    },
    {
      path: 'src/s.js',
      text: "async function update(id, body) {\n  const set = [];\n  const values = [id];\n  for (const key of ['name', 'email']) {\n    values.push(body[key]);\n    set.push(`${key} = $${values.length}`);\n  }\n  await pool.query(`UPDATE users SET ${set.join(', ')} WHERE id = $1`, values);\n}\n",
    },
    {
      path: 'src/t.js',
      text: "function find(req) {\n  let sql = 'SELECT id FROM users WHERE open';\n  const values = [];\n  if (req.query.name) {\n    values.push(req.query.name);\n    sql += ` AND name = $${values.length}`;\n  }\n  sql += ` ORDER BY ${order}`;\n  return pool.query(sql, values);\n}\n",
    },
    {
      path: 'src/l.ts',
      text: "const list = (order: 'ASC' | 'DESC') => db.query(`SELECT id FROM users ORDER BY name ${order}`);\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const bindings = bindingsOf(root);
    const modules = [...bindings.values()].map((binding) => binding.module);
    return callsOf(root, bindings).flatMap((call): Match[] => {
      const [query] = call.args;
      if (
        !/^(query|execute|exec|raw|prepare|all|get|run|each|\$(query|execute)RawUnsafe)$/.test(call.method) ||
        !call.receiver ||
        !query
      )
        return [];
      const written = writtenValue(query);
      const grown = written.is('identifier') ? grownPieces(written) : [];
      const pieces = grown.length > 0 ? grown : piecesOf(written);
      const whole = pieces.map((piece) => piece.text ?? '?').join('');
      if (!STATEMENT.test(whole) || !looksLikeSql(whole)) return [];
      const values = pieces.filter(
        (piece, at) => piece.text === null && !isNumberOf(pieces, at) && !isHarmless(piece.node),
      );
      if (grown.length > 0 && !values.some((piece) => isCompared(pieces, pieces.indexOf(piece)))) return [];
      if (values.length === 0) return [];
      const style = grown.length > 0 ? null : styleOf(call, modules);
      const edits = style ? parameterised(call, pieces, style) : null;
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

/** `$1,$2,$3` or `($1,$2),($3,$4)`, one for each element. */
const NUMBERED = /=>\s*(`[^`$]*(\$\$\{[^{}]*\}[^`$]*)+`|(['"])\$\3 *\+ *\(?[\w+ ]+\)?)\s*\)\s*\.join\(/;
/** `COLUMNS[x]`, `{ a: 'b' }[x]` and `COLUMNS.get(x)`, with a default that is written here. */
const LOOKED_UP =
  /^(\(?\{[^{}]*\}\)?|[A-Z][A-Z0-9_]*)(\[[^[\]]+\]|\.get\([^()]*\))(\s*(\|\||\?\?)\s*(['"])[\w. ]*\5)?$/;

/** Pieces of SQL by their name, names of tables and columns, which cannot be parameters, constants, lists of question marks, numbers, and what an escape function returned. */
function isHarmless(node: Node): boolean {
  const written = writtenValue(node);
  if (/^(this\.)?sql[A-Z]\w*$/.test(node.text()) && !/\breq(uest)?\b|[+$]/.test(written.text())) return true;
  if (written.id() !== node.id() && /['"`]\?['"`]|^['"`]\?/.test(written.text())) return true;
  if (NUMBERED.test(written.text()) || isNumeric(node) || isTypedChoice(node) || isAllowed(written)) return true;
  if (LOOKED_UP.test(written.text()) || isGuarded(node) || isListOfParameters(written)) return true;
  if (isChecked(node) || isJoinedParts(written)) return true;
  const text = node.text();
  return (
    /(table|schema|column|database|fields?)_?(names?|s)?$/i.test(text) ||
    /^[A-Z][A-Z0-9_]*$/.test(text) ||
    node.is('number') ||
    /['"`]\?['"`]|^(\w+\.)?(escape\w*|quote\w*|ident\w*)\(|\bNumber\(|parseInt\(|\.length$/.test(text)
  );
}
