/**
 * Values that come from outside of the source. Rule: only in files that certainly run on Node, and the program stops where
 * the variable is not set: nothing starts with a default that nobody chose.
 */
import { bindingsOf, keyOf } from '../javascript-source.ts';
import { beforeOnLine } from '../lines.ts';
import type { Node, TextEdit } from '../rule.ts';
import { enclosing, span, wholeText } from '../structural.ts';
import { usualEnd } from './javascript-manner.ts';
import { inCapitals, isVariableName } from './spelling.ts';

/** Modules that exist on the server only. */
const SERVER =
  /^(fs|fs\/promises|http|https|http2|net|tls|child_process|os|path|cluster|worker_threads|dgram|dns|express|koa|fastify|@hapi\/hapi|@nestjs\/\w+|pg|mysql|mysql2(\/promise)?|mariadb|sqlite3|better-sqlite3|mongodb|mongoose|redis|ioredis|jsonwebtoken|aws-sdk|nodemailer|[\w@/]*-session)$/;
/** Modules of pages: what a bundler makes of `process.env` there is written elsewhere. */
const PAGE =
  /^(react|react-dom|react-native|preact|vue|svelte|solid-js|jquery|@angular\/.*|next\/(link|router|image|head))$/;
const FUNCTIONS =
  /^(function_declaration|function_expression|arrow_function|method_definition|generator_function(_declaration)?|class_body)$/;

/** Does the file run on Node, and not in a page? */
export function runsOnNode(root: Node, path: string): boolean {
  const text = wholeText(root);
  if (/\.[jt]sx$/.test(path) || /['"]use client['"]|\bimport\.meta\.env\b|\b(document|window)\./.test(text))
    return false;
  const modules = [...bindingsOf(root).values()].map(({ module }) => module);
  if (
    modules.some((module) => PAGE.test(module)) ||
    /\b(REACT_APP|NEXT_PUBLIC|VUE_APP|GATSBY|EXPO_PUBLIC|VITE)_/.test(text)
  )
    return false;
  return /\bprocess\.env\b/.test(text) || modules.some((module) => SERVER.test(module));
}

/** `process.env.NAME` in the place of `literal`, and a line above its statement that stops without it. */
export function fromEnvironment(literal: Node, name: string, typed: boolean): TextEdit[] {
  const above = literal.ancestors();
  const at = above.findIndex((_, index) => /^(statement_block|program)$/.test(String(above[index + 1]?.kind())));
  const statement = above[at];
  // What is known about a variable in the line above is forgotten by the compiler inside of a function.
  if (!statement || (typed && above.slice(0, at).some((node) => FUNCTIONS.test(String(node.kind()))))) return [];
  const text = wholeText(literal.getRoot().root());
  const { start } = span(statement);
  const indent = beforeOnLine(text, start);
  if (indent.trim() !== '' || /import_statement/.test(String(statement.kind()))) return [];
  const quote = literal.text().startsWith('"') ? '"' : "'";
  const read = /process\.env\[/.test(text) ? `process.env[${quote}${name}${quote}]` : `process.env.${name}`;
  const end = /;\s*$/.test(statement.text()) || !/\n/.test(text) ? ';' : usualEnd(text);
  const guard = `if (!${read}) throw new Error(${quote}${name} is not set${quote})${end}\n${indent}`;
  return [
    { start, end: start, text: guard },
    { ...span(literal), text: read },
  ];
}

const GENERAL = /^(PASSWORD|PASSWD|PWD|SECRET|TOKEN|KEY|API_KEY|ACCESS_TOKEN|AUTH_TOKEN)$/;

/** What a variable of the environment is called after a name of the source, with its owner where the name is a general one. */
export function variableName(name: string, literal: Node): string | null {
  const made = inCapitals(name);
  if (!isVariableName(made)) return null;
  const owner = GENERAL.test(made) ? ownerOf(literal) : '';
  return owner ? `${owner}_${made}` : made;
}

/** Who the object belongs to: a call that connects somewhere, or the name that it is given. */
function ownerOf(literal: Node): string {
  const object = literal.parent()?.is('pair') ? literal.parent()?.parent() : null;
  const holder = object?.parent();
  const call = holder?.is('arguments') ? holder.parent() : null;
  const callee = (call?.field('function') ?? call?.field('constructor'))?.text() ?? '';
  if (/^(mysql|pg|mariadb|db|database)\b|\b(createPool|createConnection|Pool|Client|Sequelize)$/i.test(callee))
    return 'DB';
  if (/^(redis|ioredis)\b|Redis$/i.test(callee)) return 'REDIS';
  if (/(createTransport)$/.test(callee)) return 'SMTP';
  if (holder?.is('pair'))
    return /^(auth|credentials)$/.test(keyOf(holder) ?? '') ? '' : inCapitals(keyOf(holder) ?? '');
  return holder?.is('variable_declarator') && !/^(config|options|settings)$/i.test(holder.field('name')?.text() ?? '')
    ? inCapitals(holder.field('name')?.text() ?? '')
    : '';
}

/** Is the text a value that the program reads where it stands: no default of a parameter? */
export function isReadHere(literal: Node): boolean {
  return !enclosing(literal, ['formal_parameters', 'assignment_pattern', 'object_assignment_pattern', 'switch_case']);
}
