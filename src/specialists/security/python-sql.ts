/**
 * Values in the text of SQL. Rule: rewritten only when every value stands where SQL wants a value,
 * and the file's imports say how the driver marks a parameter; everything else is reported.
 */
import { isFixed, originOf } from '../python-flow.ts';
import { type Call, type Imports, plainString, readPython, resolve } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { isFragment, type Query, readQuery, withMarks } from './python-query.ts';
import { listedBeside, type Steps, stepsOf } from './python-sql-steps.ts';

const STARTS = /^\s*(select|insert\s+into|update|delete\s+from|replace\s+into|merge\s+into|with)\b/i;
const DRIVERS: Readonly<Record<string, string>> = {
  sqlite3: '?',
  aiosqlite: '?',
  apsw: '?',
  duckdb: '?',
  pyodbc: '?',
  mariadb: '?',
  psycopg: '%s',
  psycopg2: '%s',
  psycopg2cffi: '%s',
  aiopg: '%s',
  pg8000: '%s',
  pymysql: '%s',
  aiomysql: '%s',
  asyncmy: '%s',
  MySQLdb: '%s',
  mysql: '%s',
  pymssql: '%s',
  cx_Oracle: ':1',
  oracledb: ':1',
};
/** Parts of drivers whose text or parameters are written in another way. */
const UNLIKE = /^(pg8000\.native|oracledb\.exceptions)\b/;

/** How the driver of the call marks a parameter: by the connection that stands in the function, else by the only kind that the file imports. */
function markOf(call: Call, imports: Imports): string | null {
  const modules = [...imports.values()].map((name) => name.split('.')[0] ?? '');
  if (isFetch(call, imports)) return '$';
  const connected = driverBehind(call.callee.field('object'), imports);
  if (connected) return DRIVERS[connected] ?? null;
  if ([...imports.values()].some((name) => UNLIKE.test(name))) return null;
  const django = [...imports.values()].some((name) => /^django\.db\.connections?$/.test(name));
  if (django && !modules.some((name) => name in DRIVERS)) return '%s';
  if (modules.some((name) => ['sqlalchemy', 'django', 'peewee', 'databases'].includes(name))) return null;
  const marks = new Set(modules.flatMap((name) => (name === 'asyncpg' ? '$' : (DRIVERS[name] ?? []))));
  return marks.size === 1 ? ([...marks][0] ?? null) : null;
}

/** The driver that made the connection or cursor in this function, or null. */
function driverBehind(object: Node | null, imports: Imports, depth = 3): string | null {
  const value = object?.is('identifier') ? originOf(object)?.value : object?.is('attribute') ? keptIn(object) : object;
  if (!value?.is('call') || depth === 0) return null;
  const callee = value.field('function');
  const module = resolve(callee, imports)?.split('.')[0] ?? '';
  if (module in DRIVERS && /connect|Connection/.test(callee?.text() ?? '')) return module;
  const inner = callee?.field('attribute')?.text() === 'cursor' ? callee.field('object') : null;
  return inner ? driverBehind(inner, imports, depth - 1) : null;
}

/** What `self.connection` is given in its class, when it is given one thing. */
function keptIn(attribute: Node): Node | null {
  const owner = enclosing(attribute, ['class_definition']);
  const given = (owner ? nodesOf(owner, 'assignment') : []).filter(
    (one) => one.field('left')?.text() === attribute.text(),
  );
  return /^self\.\w+$/.test(attribute.text()) && given.length === 1 ? (given[0]?.field('right') ?? null) : null;
}

/** `fetch` and its like of asyncpg, whose values stand behind the text one by one. */
function isFetch(call: Call, imports: Imports): boolean {
  const method = /^fetch(row|val)?$/.test(call.callee.field('attribute')?.text() ?? '');
  return method && [...imports.values()].some((name) => /^asyncpg\b/.test(name));
}

/** The edits that hand the values over as parameters; none when one of them is not plainly a value. */
function parameterise(call: Call, argument: Node, text: Node, query: Query, mark: string | null): TextEdit[] {
  if (!mark || call.positional.length !== 1 || call.keywords.size > 0 || call.splat) return [];
  if (mark === '$' && !query.values.every((value, at) => isText(query, value, at))) return [];
  const made = withMarks(query, (at) => (mark === ':1' ? `:${at}` : mark === '$' ? `$${at}` : mark));
  if (!made || (text.id() !== argument.id() && !isSettled(argument, text, query))) return [];
  const listed = made.values.join(', ');
  const tuple = mark === '$' ? listed : made.values.length === 1 ? `(${listed},)` : `(${listed})`;
  const statement = `${query.quote}${made.text}${query.quote}`;
  if (text.id() === argument.id()) return [{ ...span(argument), text: `${statement}, ${tuple}` }];
  const { end } = span(argument);
  return [
    { ...span(text), text: statement },
    { start: end, end, text: `, ${tuple}` },
  ];
}

/** asyncpg takes a text for a column of text and for nothing else: in quotes, and not called a time or a number. */
function isText(query: Query, value: Node, at: number): boolean {
  const quoted = /'%?$/.test(query.texts[at] ?? '') && /^%?'/.test(query.texts[at + 1] ?? '');
  return (
    quoted && !/date|day|time|since|until|before|after|_at$|uuid|(^|_)id$|number|count|price|total/i.test(value.text())
  );
}

/** A text with a name: is it used here alone, and do its values stay what they are until then? */
function isSettled(name: Node, text: Node, query: Query): boolean {
  const scope = enclosing(name, ['function_definition']);
  const names = scope ? nodesOf(scope, 'identifier').filter((one) => one.text() === name.text()) : [];
  if (!scope || names.length !== 2 || enclosing(text, ['function_definition'])?.id() !== scope.id()) return false;
  if (
    enclosing(text, ['if_statement', 'for_statement', 'while_statement', 'try_statement'])?.id() !==
    enclosing(name, ['if_statement', 'for_statement', 'while_statement', 'try_statement'])?.id()
  )
    return false;
  const between = scope.text().slice(span(text).end - span(scope).start, span(name).start - span(scope).start);
  return query.values.every((value) => value.is('identifier') && !new RegExp(`\\b${value.text()}\\b`).test(between));
}

const sqlText: RuleImpl = {
  id: 'python/sql-injection',
  languages: ['python'],
  severity: 'critical',
  cwe: 'CWE-89',
  title: 'Pass values to SQL as parameters',
  rationale:
    'A value that is put into the text of a query can end the string it stands in and change the query. As a parameter the driver keeps it apart. The query is rewritten when every value stands where SQL expects one, and the file imports drivers of one kind, which decides between `?`, `%s`, `:1` and `$1`, or the connection is made in the same function; a text that is made in several steps gets a list of its values beside it. Other queries are reported only. Constant queries, parameters that are there already, and numbers through `%d` are left alone.',
  fixable: true,
  aliases: ['S608', 'B608'],
  trigger: /\b(execute(many|script)?|fetch(row|val)?)\s*\(/,
  example: {
    path: 'app/store.py',
    before:
      'import sqlite3\n\n\ndef find(cursor, name):\n    return cursor.execute("SELECT id FROM users WHERE name = \'" + name + "\'")\n',
    after:
      'import sqlite3\n\n\ndef find(cursor, name):\n    return cursor.execute("SELECT id FROM users WHERE name = ?", (name,))\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import sqlite3\n\ncursor.execute("SELECT id FROM users WHERE name = ?", (name,))\n' },
    { path: 'app/b.py', text: 'import sqlite3\n\ncursor.execute("SELECT id FROM users WHERE id = %d" % user_id)\n' },
    {
      path: 'app/c.py',
      text: 'import sqlite3\n\ncursor.execute("SELECT id " + "FROM users")\ncursor.execute(QUERY)\n',
    },
    { path: 'app/d.py', text: 'pool.execute("select a file from " + folder)\npool.execute(f"hello {name}")\n' },
    {
      path: 'app/f.py',
      text: 'def find(cursor, where, table, name):\n    cursor.execute(f"SELECT id FROM {table} WHERE {where}", (name,))\n',
    },
    {
      path: 'app/g.py',
      text: 'import sqlite3\n\n\ndef find(conn, ids):\n    marks = ",".join("?" * len(ids))\n    return conn.execute(f"SELECT id FROM users WHERE id IN ({marks})", ids)\n',
    },
    {
      path: 'app/h.py',
      text: 'import pymysql\n\n\ndef find(cursor, state):\n    sql = "SELECT id FROM users WHERE 1 = 1"\n    args = []\n    if state:\n        sql += " AND state = %s"\n        args.append(state)\n    cursor.execute(sql, args)\n',
    },
    {
      path: 'app/i.py',
      text: 'import asyncpg\n\n\nasync def find(connection, name):\n    return await connection.fetch("SELECT id FROM users WHERE name = $1", name)\n',
    },
    { path: 'app/e.py', text: 'TABLE = "users"\ncursor.execute(f"SELECT id FROM {TABLE} WHERE name = ?", (name,))\n' },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const argument = call.positional[0];
      const method = call.callee.field('attribute')?.text() ?? '';
      if (!argument || !(/^execute(many|script)?$/.test(method) || isFetch(call, imports))) return [];
      const message = 'A value is put into the text of an SQL query.';
      const steps = stepsOf(argument);
      const mark = method === 'execute' || isFetch(call, imports) ? markOf(call, imports) : null;
      if (steps) {
        if (
          !addsValues(steps) ||
          (bindsAlready(call) && steps.added.every(({ query }) => query?.values.every(isFragment)))
        )
          return [];
        const plain = mark && /^(\?|%s)$/.test(mark) && call.positional.length === 1 && call.keywords.size === 0;
        return [{ ...span(argument), message, edits: plain ? listedBeside(argument, steps, mark) : [] }];
      }
      const text = argument.is('identifier') ? builtBefore(argument) : argument;
      const query = text ? readQuery(text) : null;
      if (!query || !STARTS.test(query.texts[0] ?? '') || !isSql(query) || query.values.every(isConstant)) return [];
      if (bindsAlready(call) && query.values.every(isFragment)) return [];
      const edits = text ? parameterise(call, argument, text, query, mark) : [];
      return [{ ...span(argument), message, edits }];
    });
  },
};

/** Is the first step SQL, and does one of the others put in a value right of a comparison? */
function addsValues({ first, added }: Steps): boolean {
  return (
    STARTS.test((first.field('right')?.text() ?? '').replace(/^\(?\s*[fF]?["']+/, '')) &&
    added.some(({ query }) =>
      query?.values.some(
        (value, at) =>
          !isConstant(value) && !isFragment(value) && /(=|<|>|\bi?like)\s*'?%?$/i.test(query.texts[at] ?? ''),
      ),
    )
  );
}

/** Who hands parameters over knows how: what is put into the text beside them is a table or a clause, which cannot be bound. */
const bindsAlready = (call: Call) => call.positional.length > 1 || call.keywords.size > 0;

/** What the variable was assigned last, above the call in the same function. */
function builtBefore(variable: Node): Node | null {
  const scope = enclosing(variable, ['function_definition', 'module']);
  const before = (scope ? nodesOf(scope, 'assignment') : []).filter(
    (node) => node.field('left')?.text() === variable.text() && span(node).end <= span(variable).start,
  );
  const last = before.at(-1);
  const own = last ? enclosing(last, ['function_definition', 'module']) : null;
  return own?.id() === scope?.id() ? (last?.field('right') ?? null) : null;
}

/** Enough of SQL's words to be no sentence. */
function isSql(query: Query): boolean {
  const text = query.texts.join(' ');
  return (
    /\b(where|set|values|join|into)\b/i.test(text) ||
    (/\bfrom\s+["'`]?\s*(\w|$)/i.test(text) && /\bselect\b[\s\S]*\b(\*|id|count|,)/i.test(text))
  );
}

/** CONSTANT_NAMES, literals and joins of placeholders cannot carry input. */
function isConstant(value: Node): boolean {
  const text = value.text();
  if (/^(\w+\.)*_*[A-Z][A-Z0-9_]*$/.test(text) || /^["'\d]/.test(text)) return true;
  if (isFixed(value)) return true;
  return /placeholders?|\bint\(|\blen\(|\bjoin\(/.test(text) || isChosenHere(value);
}

/** `NAMES.get(key, "name")` and `names[key]` of a dictionary whose values are all written here. */
function isPicked(value: Node): boolean {
  const from = originOf(value)?.value;
  const callee = from?.is('call') ? from.field('function') : null;
  const table =
    callee?.field('attribute')?.text() === 'get'
      ? callee.field('object')
      : from?.is('subscript')
        ? from.field('value')
        : null;
  const written = table?.is('identifier') ? originOf(table)?.value : null;
  const other = callee ? (from?.field('arguments')?.namedChildren()[1] ?? null) : null;
  const values = written?.is('dictionary') ? written.namedChildren().map((pair) => pair.field('value')) : [];
  return values.length > 0 && [...values, ...(other ? [other] : [])].every((one) => plainString(one) !== null);
}

/** Question marks that were joined, and what the program took from its own table or list. */
function isChosenHere(value: Node): boolean {
  if (isPicked(value)) return true;
  const written = originOf(value)?.value.text() ?? '';
  return /^["'](\?|%s|, |,)["']|["'](\?|%s)["']\]?\s*\*|^[A-Z][A-Z0-9_]*(\.get\(|\[)/.test(written);
}

export const sqlRules: readonly RuleImpl[] = [sqlText];
