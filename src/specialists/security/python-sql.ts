/**
 * Values in the text of SQL. Rule: rewritten only when every value stands where SQL wants a value,
 * and the file's imports say how the driver marks a parameter; everything else is reported.
 */
import { originOf } from '../python-flow.ts';
import { type Call, plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

/** Text and values of a query in their order. */
export interface Query {
  texts: string[];
  values: Node[];
  /** The quote that its literals are written with. */
  quote: string;
  /** False when what is put in could be something other than one value (a tuple after %). */
  certain: boolean;
}

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
/** Names of what may be a tuple rather than one value. */
const SEVERAL = /args|params|values|tuple|row|data|record|item(s|$)/i;
/** Names of what is a piece of SQL rather than a value. */
const FRAGMENT =
  /table|column|col\b|field|order|where|clause|sql|query|stmt|cond|filter|join|fragment|schema|limit|placeholder/i;

/** Reads `"…" % x`, `"…" + x + "…"`, `"…".format(x)` and f-strings; null for anything else. */
export function readQuery(node: Node): Query | null {
  if (node.is('binary_operator')) {
    const operator = node.field('operator')?.text();
    return operator === '%' ? readPercent(node) : operator === '+' ? readSum(node) : null;
  }
  if (node.is('string')) return readInterpolated(node);
  return node.is('call') ? readFormat(node) : null;
}

function readPercent(node: Node): Query | null {
  const text = plainString(node.field('left'));
  const right = node.field('right');
  if (text === null || !right) return null;
  const elements = right.is('tuple') ? right.namedChildren() : [right];
  const texts = text.split(/%s|%r/);
  if (texts.length < 2 || /%[^%]/.test(texts.join(''))) return null;
  // `% x` with one placeholder takes a tuple of one apart: a name that speaks of several values is left to a person.
  const one = right.is('identifier') && !SEVERAL.test(right.text());
  const certain = right.is('tuple') ? !/\*/.test(right.text()) : one;
  return { texts, values: elements, quote: quoteOf(node.field('left')), certain };
}

function readSum(node: Node): Query | null {
  const parts: Node[] = [];
  const walk = (part: Node | null): void => {
    if (part?.is('binary_operator') && part.field('operator')?.text() === '+') {
      walk(part.field('left'));
      walk(part.field('right'));
    } else if (part) parts.push(part);
  };
  walk(node);
  if (!parts[0]?.is('string')) return null;
  const query: Query = { texts: [''], values: [], quote: quoteOf(parts[0]), certain: true };
  for (const part of parts) {
    const text = plainString(part);
    if (text !== null) query.texts[query.texts.length - 1] += text;
    else if (part.is('string')) return null;
    else {
      query.values.push(part);
      query.texts.push('');
    }
  }
  return query.values.length > 0 ? query : null;
}

function readInterpolated(node: Node): Query | null {
  const [start, ...rest] = node.children();
  if (!/^[fF]("|'|"""|''')$/.test(start?.text() ?? '')) return null;
  const query: Query = { texts: [''], values: [], quote: quoteOf(node), certain: true };
  for (const part of rest.slice(0, -1)) {
    const value = part.is('interpolation') ? part.field('expression') : null;
    if (value) {
      query.values.push(value);
      query.texts.push('');
      if (part.namedChildren().length !== 1 || part.text().includes('=}')) query.certain = false;
    } else query.texts[query.texts.length - 1] += part.text();
  }
  return query.values.length > 0 ? query : null;
}

function readFormat(node: Node): Query | null {
  const callee = node.field('function');
  const text = plainString(callee?.field('object'));
  if (text === null || callee?.field('attribute')?.text() !== 'format') return null;
  const values = node.field('arguments')?.namedChildren() ?? [];
  const texts = text.split(/\{\w*\}/);
  const positional = values.every((value) => !value.is('keyword_argument') && !/splat/.test(String(value.kind())));
  const simple =
    positional &&
    text.match(/\{\w*\}/g)?.every((hole) => hole === '{}' || (hole === '{0}' && values.length === 1)) === true;
  return texts.length < 2 ? null : { texts, values, quote: quoteOf(callee?.field('object')), certain: simple };
}

function quoteOf(node: Node | null | undefined): string {
  return /^[a-zA-Z]*("""|'''|"|')/.exec(node?.text() ?? '')?.[1] ?? '"';
}

/** The driver's mark for a parameter when the file imports exactly one kind of driver, else null. */
function parameterMark(imports: ReadonlyMap<string, string>): string | null {
  if ([...imports.values()].some((name) => UNLIKE.test(name))) return null;
  const modules = [...imports.values()].map((name) => name.split('.')[0] ?? '');
  const django = [...imports.values()].some((name) => /^django\.db\.connections?$/.test(name));
  if (django && !modules.some((name) => name in DRIVERS)) return '%s';
  if (modules.some((name) => ['sqlalchemy', 'django', 'peewee', 'asyncpg', 'databases'].includes(name))) return null;
  const marks = new Set(modules.flatMap((name) => DRIVERS[name] ?? []));
  return marks.size === 1 ? ([...marks][0] ?? null) : null;
}

/** The statement with marks, and the values for them; null when a value stands where SQL admits no parameter. */
export function withMarks(query: Query, markOf: (at: number) => string): { text: string; values: string[] } | null {
  if (!query.certain || query.values.length === 0 || query.values.length !== query.texts.length - 1) return null;
  const texts = [...query.texts];
  const values: string[] = [];
  for (const [at, value] of query.values.entries()) {
    if (!/^(identifier|attribute|subscript|call)$/.test(String(value.kind())) || FRAGMENT.test(value.text()))
      return null;
    const [before = '', after = ''] = [texts[at], texts[at + 1]];
    const like = /\bi?like\s+'(%?)$/i.exec(before);
    const tail = /^(%?)'/.exec(after);
    if (like && tail && (like[1] || tail[1])) {
      if (!/^[\w.]+$/.test(value.text())) return null;
      values.push(`f"${like[1]}{${value.text()}}${tail[1]}"`);
      texts[at] = before.slice(0, before.length - 1 - (like[1] ?? '').length);
      texts[at + 1] = after.slice(tail[0].length);
    } else {
      const quoted = /'$/.test(before) && /^'/.test(after);
      if (quoted) [texts[at], texts[at + 1]] = [before.slice(0, -1), after.slice(1)];
      // A column of numbers compares with the number, which the text of a statement could not hold.
      values.push((!quoted && /^str\((\w+)\)$/.exec(value.text())?.[1]) || value.text());
    }
    if (!isPlace(texts.slice(0, at + 1).join('0'), texts[at + 1] ?? '')) return null;
  }
  if (texts.some((text) => /[%?{}\\]|(^|[^:]):\w/.test(text)) || texts.join('').split("'").length % 2 === 0)
    return null;
  return { text: texts.map((text, at) => (at === 0 ? text : markOf(at) + text)).join(''), values };
}

/** Right of a comparison or in the list of VALUES, outside of quotes, and before the end or a word of SQL. */
function isPlace(before: string, after: string): boolean {
  if (/["']$/.test(before) || before.split("'").length % 2 === 0) return false;
  const compared = /(=|<|>|\blike)\s*$/i.test(before);
  const listed = /\bvalues\s*\(([^()]*,)?\s*$/i.test(before);
  if (listed) return /^\s*[,)]/.test(after);
  return compared && /^\s*($|[);]|,\s*\w+\s*=|and\b|or\b|order\b|limit\b|group\b|where\b|returning\b)/i.test(after);
}

/** The edits that hand the values over as parameters; none when one of them is not plainly a value. */
function parameterise(call: Call, argument: Node, text: Node, query: Query, mark: string | null): TextEdit[] {
  if (!mark || call.positional.length !== 1 || call.keywords.size > 0 || call.splat) return [];
  const made = withMarks(query, (at) => (mark === ':1' ? `:${at}` : mark));
  if (!made || (text.id() !== argument.id() && !isSettled(argument, text, query))) return [];
  const tuple = made.values.length === 1 ? `(${made.values[0]},)` : `(${made.values.join(', ')})`;
  const statement = `${query.quote}${made.text}${query.quote}`;
  if (text.id() === argument.id()) return [{ ...span(argument), text: `${statement}, ${tuple}` }];
  const { end } = span(argument);
  return [
    { ...span(text), text: statement },
    { start: end, end, text: `, ${tuple}` },
  ];
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
    'A value that is put into the text of a query can end the string it stands in and change the query. As a parameter the driver keeps it apart. The query is rewritten when every value stands where SQL expects one, and the file imports drivers of one kind, which decides between `?`, `%s` and `:1`; other queries are reported only. Constant queries, parameters that are there already, and numbers through `%d` are left alone.',
  fixable: true,
  aliases: ['S608', 'B608'],
  trigger: /\bexecute(many|script)?\s*\(/,
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
    { path: 'app/e.py', text: 'TABLE = "users"\ncursor.execute(f"SELECT id FROM {TABLE} WHERE name = ?", (name,))\n' },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    const mark = parameterMark(imports);
    return calls.flatMap((call): Match[] => {
      const argument = call.positional[0];
      if (!argument || !/^execute(many|script)?$/.test(call.callee.field('attribute')?.text() ?? '')) return [];
      const text = argument.is('identifier') ? builtBefore(argument) : argument;
      const query = text ? readQuery(text) : null;
      if (!query || !STARTS.test(query.texts[0] ?? '') || !isSql(query) || query.values.every(isConstant)) return [];
      if (bindsAlready(call) && query.values.every(isFragment)) return [];
      const isExecute = call.callee.field('attribute')?.text() === 'execute';
      const edits = isExecute && text ? parameterise(call, argument, text, query, mark) : [];
      return [{ ...span(argument), message: 'A value is put into the text of an SQL query.', edits }];
    });
  },
};

/** Who hands parameters over knows how: what is put into the text beside them is a table or a clause, which cannot be bound. */
const bindsAlready = (call: Call) => call.positional.length > 1 || call.keywords.size > 0;
const isFragment = (value: Node) => FRAGMENT.test(value.text());

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
  return /placeholders?|\bint\(|\blen\(|\bjoin\(/.test(text) || isChosenHere(value);
}

/** Question marks that were joined, and what the program took from its own table or list. */
function isChosenHere(value: Node): boolean {
  const written = originOf(value)?.value.text() ?? '';
  return /^["'](\?|%s|, |,)["']|["'](\?|%s)["']\]?\s*\*|^[A-Z][A-Z0-9_]*(\.get\(|\[)/.test(written);
}

export const sqlRules: readonly RuleImpl[] = [sqlText];
