/** SQL text behind a query builder. Rule: report only; each builder has its own way to bind a value. */
import { isFixed, originOf, textWithOrigins } from '../python-flow.ts';
import { type Call, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { span } from '../structural.ts';
import { valuesPutIn } from './python-html.ts';

const SQL = /\b(select\b[\s\S]*\bfrom|insert\s+into|update\s+[\s\S]*\bset|delete\s+from)\b/i;
/** Names of tables and columns, which cannot be bound, and what quotes them. */
const PART =
  /table|column|col\b|field|order|schema|sql|query|where|clause|placeholder|quote|ident|fragment|cond|filter|join|db_|\bmeta\b|limit|\bint\(|\blen\(/i;

const rawQuery: RuleImpl = {
  id: 'python/sql-in-raw-query',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-89',
  title: 'Bind values in raw SQL of the ORM',
  rationale:
    '`text()` of SQLAlchemy, `raw()` and `RawSQL` of Django send their text as it is, so a value inside it can change the statement. SQLAlchemy binds `:name` with `bindparams`, Django takes `%s` and a list of parameters; where the value belongs depends on the statement, so this is reported only. Statements without values, and names of tables and columns, which cannot be bound, are left alone.',
  fixable: false,
  aliases: ['S608', 'S611', 'B608', 'B611'],
  trigger: /\b(text|raw|RawSQL)\s*\(/,
  example: {
    path: 'app/store.py',
    before:
      'from sqlalchemy import text\n\n\ndef find(session, name):\n    return session.execute(text(f"SELECT id FROM users WHERE name = \'{name}\'"))\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from sqlalchemy import text\n\nquery = text("SELECT id FROM users WHERE name = :name").bindparams(name=name)\n',
    },
    { path: 'app/b.py', text: 'from sqlalchemy import text\n\nquery = text(f"SELECT id FROM {table_name}")\n' },
    { path: 'app/c.py', text: 'def text(line):\n    return line\n\n\nlabel = text(f"select {name} from the list")\n' },
    { path: 'app/d.py', text: 'users = User.objects.raw("SELECT id FROM users WHERE name = %s", [name])\n' },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const given = sqlOf(call);
      const text = given?.is('identifier') ? (originOf(given)?.value ?? given) : given;
      if (!given || !text || !SQL.test(text.text())) return [];
      const values = valuesPutIn(text) ?? [];
      if (!values.some((value) => !isFixed(value) && !PART.test(textWithOrigins(value)))) return [];
      return [{ ...span(call.node), message: 'A value is put into the text of an SQL query.' }];
    });
  },
};

/** The text that a call hands to the database as it is. */
function sqlOf(call: Call): Node | null {
  const name = call.name ?? '';
  const known =
    /^(sqlalchemy\.(sql\.(expression\.)?)?text|django\.db\.models\.expressions\.RawSQL|sqlmodel\.text)$/.test(name);
  const raw = call.callee.is('attribute') && /\.objects\.raw$/.test(call.callee.text());
  return known || raw ? (call.positional[0] ?? null) : null;
}

export const rawSqlRules: readonly RuleImpl[] = [rawQuery];
