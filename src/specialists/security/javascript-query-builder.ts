// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * Conditions of query builders that are put together from values. Rule: an edit only for TypeORM and `…Raw` of knex, whose
 * own way to bind a value stands right beside the text.
 */
import { bindingsOf, type Call, callsOf, type Piece, piecesOf, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { span } from '../structural.ts';
import { functionText } from './javascript-request.ts';

const PLACE = /(^|[\s(])[\w."]+\s*(=|<>|!=|<=|>=|<|>|\bI?LIKE)\s*('?)(%?)$/i;

const builtCondition: RuleImpl = {
  id: 'javascript/condition-from-values',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-89',
  title: 'Bind values in conditions of a query builder',
  rationale:
    'The text of `where` in TypeORM and of `whereRaw` in knex is sent to the database as it is, so a value inside it can change the statement. A plain value right of a comparison becomes `:name` with an object beside the text in TypeORM, and `?` with a list in knex; other texts are reported only. Conditions without values, conditions given as objects, and names of columns are left alone.',
  fixable: true,
  trigger: /\b((and|or)?[wW]here|where(Raw)|having(Raw)?)\(/,
  example: {
    path: 'src/users.ts',
    before:
      "import { Repository } from 'typeorm';\n\nconst find = (users, name) => users.createQueryBuilder('user').where(`user.name = '${name}'`).getMany();\n",
    after:
      "import { Repository } from 'typeorm';\n\nconst find = (users, name) => users.createQueryBuilder('user').where('user.name = :name', { name }).getMany();\n",
  },
  lookAlikes: [
    {
      path: 'src/a.ts',
      text: "import { Repository } from 'typeorm';\n\nusers.createQueryBuilder('user').where('user.name = :name', { name });\n",
    },
    { path: 'src/b.js', text: "const knex = require('knex');\n\ndb('users').whereRaw('name = ?', [name]);\n" },
    { path: 'src/c.js', text: 'list.where(`name = ${name}`);\n' },
    {
      path: 'src/d.ts',
      text: "import { Repository } from 'typeorm';\n\nusers.createQueryBuilder('user').where(`${alias}.name = :name`, { name });\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const modules = new Set([...bindingsOf(root).values()].map(({ module }) => module));
    return callsOf(root, new Map()).flatMap((call): Match[] => {
      const typeorm = modules.has('typeorm') && /^((and|or)Where|where|having)$/.test(call.method);
      const knex = modules.has('knex') && /^((and|or)?[wW]hereRaw|havingRaw)$/.test(call.method);
      const [text, more] = call.args;
      if (!(typeorm || knex) || !call.receiver || !text) return [];
      const pieces = piecesOf(text);
      const open = pieces.filter(
        (piece, at) => piece.text === null && PLACE.test(pieces[at - 1]?.text ?? '') && !isName(piece.node),
      );
      if (open.length === 0) return [];
      const edits =
        more || open.length !== pieces.filter((one) => one.text === null).length ? [] : bound(call, pieces, typeorm);
      return [
        {
          ...span(call.node.field('arguments') ?? call.node),
          message: 'A value inside the text can change the SQL statement.',
          edits,
        },
      ];
    });
  },
};

const isName = (node: Node) =>
  /^[A-Z][A-Z0-9_]*$/.test(node.text()) || /(table|column|field)s?$/i.test(node.text()) || node.is('number');

/** The text with places, and the values beside it; nothing when one is no plain name, or its quotes do not close. */
function bound(call: Call, pieces: readonly Piece[], typeorm: boolean): TextEdit[] {
  const [text] = call.args;
  const values: Array<{ name: string; value: string }> = [];
  let made = '';
  let skip = 0;
  for (const [at, piece] of pieces.entries()) {
    if (piece.text !== null) {
      made += piece.text.slice(skip);
      skip = 0;
      continue;
    }
    const [, , , quote = '', percent = ''] = PLACE.exec(pieces[at - 1]?.text ?? '') ?? [];
    const tail = pieces[at + 1]?.text ?? '';
    const closes = quote ? /^(%?)'/.exec(tail) : /^(?!['%])()/.exec(tail);
    const name = /(?:^|\.)([a-z_$][\w$]*)$/i.exec(piece.node.text())?.[1];
    if (name && typeorm && isShared(call, name)) return [];
    if (!closes || !name || !/^[\w$.]+$/.test(piece.node.text()) || values.some((one) => one.name === name)) return [];
    made = made.slice(0, made.length - quote.length - percent.length) + (typeorm ? `:${name}` : '?');
    const end = closes[1] ?? '';
    values.push({ name, value: percent || end ? `\`${percent}\${${piece.node.text()}}${end}\`` : piece.node.text() });
    skip = closes[0].length;
  }
  if (!text || /['\\\n]|\?\?/.test(made) || (!typeorm && /:\w/.test(made))) return [];
  const pairs = values.map(({ name, value }) => (name === value ? name : `${name}: ${value}`)).join(', ');
  const beside = typeorm ? `{ ${pairs} }` : `[${values.map(({ value }) => value).join(', ')}]`;
  return [{ ...span(text), text: `'${made}', ${beside}` }];
}

/** Is a parameter of this name given to the builder elsewhere in the function? Names are one for the whole statement. */
function isShared(call: Call, name: string): boolean {
  const text = functionText(call.node);
  const put = text.match(new RegExp(`\\$\\{([\\w$]+\\.)*${name}\\}`, 'g'))?.length ?? 0;
  return put > 1 || new RegExp(`:${name}\\b`).test(text.replace(/:\s+/g, ''));
}

export const queryBuilderRules: readonly RuleImpl[] = [builtCondition];
