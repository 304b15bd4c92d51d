/**
 * SQL text behind a query builder. Rule: an edit only for `text(…)` of SQLAlchemy and `raw(…)` of Django, whose values stand
 * right beside the text; elsewhere each builder has its own way to bind a value.
 */
import { isFixed, originOf, textWithOrigins } from '../python-flow.ts';
import { type Call, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { span } from '../structural.ts';
import { valuesPutIn } from './python-html.ts';
import { readQuery, withMarks } from './python-query.ts';

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
    '`text()` of SQLAlchemy, `raw()` and `RawSQL` of Django send their text as it is, so a value inside it can change the statement. A value that stands right of a comparison becomes `:name` in `text(…)` of SQLAlchemy and `%s` in `raw` of Django, and is handed over beside the text; other statements are reported only. Statements without values, and names of tables and columns, which cannot be bound, are left alone.',
  fixable: true,
  aliases: ['S608', 'S611', 'B608', 'B611'],
  trigger: /\b(text|raw|RawSQL|extra)\s*\(/,
  example: {
    path: 'app/store.py',
    before:
      'from sqlalchemy import text\n\n\ndef find(session, name):\n    return session.execute(text(f"SELECT id FROM users WHERE name = \'{name}\'"))\n',
    after:
      'from sqlalchemy import text\n\n\ndef find(session, name):\n    return session.execute(text("SELECT id FROM users WHERE name = :name"), {"name": name})\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from sqlalchemy import text\n\nquery = text("SELECT id FROM users WHERE name = :name").bindparams(name=name)\n',
    },
    { path: 'app/b.py', text: 'from sqlalchemy import text\n\nquery = text(f"SELECT id FROM {table_name}")\n' },
    { path: 'app/c.py', text: 'def text(line):\n    return line\n\n\nlabel = text(f"select {name} from the list")\n' },
    { path: 'app/e.py', text: 'users = User.objects.extra(where=["name = %s"], params=[name])\n' },
    { path: 'app/d.py', text: 'users = User.objects.raw("SELECT id FROM users WHERE name = %s", [name])\n' },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      if (extraText(call)) return [{ ...span(call.node), message: 'A value is put into the text of an SQL query.' }];
      const given = sqlOf(call);
      const text = given?.is('identifier') ? (originOf(given)?.value ?? given) : given;
      if (!given || !text || !SQL.test(text.text())) return [];
      const values = valuesPutIn(text) ?? [];
      if (!values.some((value) => !isFixed(value) && !PART.test(textWithOrigins(value)))) return [];
      const clause = /\btext$/.test(call.name ?? '');
      const beside = text === given && clause ? bound(call, given) : [];
      const edits =
        text !== given ? [] : beside.length > 0 ? beside : clause ? withParameters(call, given) : listed(call, given);
      return [{ ...span(call.node), message: 'A value is put into the text of an SQL query.', edits }];
    });
  },
};

/** `objects.extra(where=["name = '%s'" % name])` of Django. */
function extraText(call: Call): boolean {
  const list = /\.objects\b.*\.extra$/s.test(call.callee.text()) ? call.keywords.get('where') : null;
  const texts = list?.is('list') ? list.namedChildren() : [];
  return texts.some((text) =>
    (valuesPutIn(text) ?? []).some((value) => !isFixed(value) && !PART.test(textWithOrigins(value))),
  );
}

/** The text that a call hands to the database as it is. */
function sqlOf(call: Call): Node | null {
  const name = call.name ?? '';
  const known =
    /^(sqlalchemy\.(sql\.(expression\.)?)?text|django\.db\.models\.expressions\.RawSQL|sqlmodel\.text)$/.test(name);
  const raw = call.callee.is('attribute') && /\.objects\.raw$/.test(call.callee.text());
  return known || raw ? (call.positional[0] ?? null) : null;
}

/** `execute(text("… :name"), {"name": name})`, when the text is all that is executed. */
function bound(call: Call, text: Node): TextEdit[] {
  const outer = call.node.parent()?.parent();
  const alone =
    call.node.parent()?.namedChildren().length === 1 && call.positional.length === 1 && !text.text().includes('\n');
  const query = readQuery(text);
  if (
    !outer?.is('call') ||
    !alone ||
    !query ||
    !/\.(execute|scalar|scalars)$/.test(outer.field('function')?.text() ?? '')
  )
    return [];
  const names = query.values.map((value) => /(?:^|\.)(\w+)$/.exec(value.text())?.[1] ?? '');
  const made = withMarks(query, (at) => `:${names[at - 1]}`);
  if (!made || names.includes('') || new Set(names).size < names.length) return [];
  const pairs = names.map((name, at) => `"${name}": ${made.values[at]}`).join(', ');
  const { end } = span(call.node);
  return [
    { ...span(text), text: `${query.quote}${made.text}${query.quote}` },
    { start: end, end, text: `, {${pairs}}` },
  ];
}

/** `text("… :name").bindparams(name=name)`, wherever the text goes. */
function withParameters(call: Call, text: Node): TextEdit[] {
  const query = readQuery(text);
  if (!query || call.positional.length !== 1 || call.keywords.size > 0 || text.text().includes('\n')) return [];
  if (call.node.parent()?.is('attribute')) return [];
  const names = query.values.map((value) => /(?:^|\.)(\w+)$/.exec(value.text())?.[1] ?? '');
  const made = withMarks(query, (at) => `:${names[at - 1]}`);
  if (!made || names.includes('') || new Set(names).size < names.length) return [];
  const given = names.map((name, at) => `${name}=${made.values[at]}`).join(', ');
  const { end } = span(call.node);
  return [
    { ...span(text), text: `${query.quote}${made.text}${query.quote}` },
    { start: end, end, text: `.bindparams(${given})` },
  ];
}

/** `raw("… %s", [name])` of Django. */
function listed(call: Call, text: Node): TextEdit[] {
  const query = readQuery(text);
  const alone = /\.objects\.raw$/.test(call.callee.text()) && call.positional.length === 1 && call.keywords.size === 0;
  const made = alone && query ? withMarks(query, () => '%s') : null;
  if (!made || !query) return [];
  return [{ ...span(text), text: `${query.quote}${made.text}${query.quote}, [${made.values.join(', ')}]` }];
}

export const rawSqlRules: readonly RuleImpl[] = [rawQuery];
