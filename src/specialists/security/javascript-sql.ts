// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * SQL put together from values. Rule: what cannot be handed over as a parameter with certainty is reported.
 */
import { bindingsOf, callsOf, piecesOf, SCRIPT, writtenValue } from '../javascript-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { span } from '../structural.ts';
import { isNumberOf } from './javascript-allowed.ts';
import { parameterised, styleOf } from './javascript-sql-parameters.ts';
import { grownPieces, isCompared } from './javascript-sql-steps.ts';
import { isHarmless } from './javascript-sql-values.ts';

const STATEMENT =
  /^\s*(SELECT\b[\s\S]*\bFROM\b|INSERT\s+INTO\b|UPDATE\b[\s\S]*\bSET\b|DELETE\s+FROM\b|MERGE\s+INTO\b)/i;

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
