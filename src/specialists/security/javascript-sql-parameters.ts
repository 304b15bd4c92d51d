/**
 * Values of SQL handed over as parameters. Rule: only where every value stands in a place where SQL admits a parameter, in
 * a file that imports exactly one known driver.
 */
import { type Call, isCallback, type Piece, writtenValue } from '../javascript-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { isHarmless } from './javascript-sql-values.ts';

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

/** How the call takes parameters; null where that is not certain. */
export function styleOf(call: Call, modules: readonly string[]): Style | null {
  const receiver = call.receiver?.text() ?? '';
  if (/^\$(query|execute)RawUnsafe$/.test(call.method)) return 'tag';
  if (call.method === 'raw') return modules.includes('knex') && /^(this\.)?knex$/.test(receiver) ? '?' : null;
  if (call.method === 'prepare') return modules.includes('better-sqlite3') && unbound(call) ? 'prepare' : null;
  if (modules.includes('sequelize')) return call.method === 'query' && /sequelize$/i.test(receiver) ? ':' : null;
  const methods = modules.includes('sqlite3') ? /^(get|all|run|each)$/ : /^(query|execute)$/;
  return methods.test(call.method) ? parameterOf(modules) : null;
}

/** The edits that hand every value of `pieces` over as a parameter, or null when that may be wrong. */
export function parameterised(call: Call, pieces: readonly Piece[], style: Style): TextEdit[] | null {
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
