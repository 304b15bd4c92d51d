/**
 * Secrets in the source. Rule: an edit takes a secret out of one place and says that it has to be revoked all the same;
 * the message never quotes it, and its range is masked before anything is hashed.
 */
import { CREDENTIALS } from '../../base/index.ts';
import {
  bindingsOf,
  callsOf,
  FOR_DEVELOPMENT,
  keyOf,
  literalText,
  pairOf,
  piecesOf,
  SCRIPT,
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { entropy } from './entropy.ts';
import { fromEnvironment, isReadHere, runsOnNode, variableName } from './javascript-environment.ts';

const NAMED =
  /(passw(or)?d|passphrase|secret|(api|private|jwt|signing|encryption|hmac|master|webhook)_?key|access_?token|auth_?token|client_?secret)$/i;
const PLACEHOLDER =
  /example|sample|placeholder|change|your|dummy|test|fake|xxx|todo|redacted|insert|password|secret|\*{3}|<|\$\{|%/i;

/** Looks like made by a machine: long, mixed, no words, no path, no address. */
function isMachineMade(text: string): boolean {
  if (text.length < 16 || text.length > 200 || /[\s/.:(){}]/.test(text.replace(/[+/]+/g, '')) || PLACEHOLDER.test(text))
    return false;
  const mixed = /\d/.test(text) && /[a-z]/i.test(text) && (text.match(/\d/g)?.length ?? 0) >= 3;
  return mixed && entropy(text) >= 3.5 && !/^[a-z]+([-_][a-z0-9]+)+$/.test(text);
}

/** Looks like a password that somebody chose: no word, no name, no label. */
function isChosen(text: string): boolean {
  if (text.length < 8 || text.length > 64 || PLACEHOLDER.test(text) || /[\s/:{}()[\]]/.test(text)) return false;
  return /\d/.test(text) && /[a-z]/i.test(text) && !/^[a-z]+([-_.][a-z0-9]+)*$/i.test(text);
}

/** Sessions that are signed with the `secret` of their options. */
const SIGNED = /^(express-session|cookie-session|koa-session|@fastify\/session|@fastify\/cookie)$/;

function sessionSecrets(root: Node): Set<number> {
  const calls = callsOf(root, bindingsOf(root)).filter((call) =>
    SIGNED.test((call.imported ?? '').replace(/\.default$/, '')),
  );
  return new Set(
    calls.flatMap((call) => {
      const secret = pairOf(call.args[0], 'secret')?.field('value');
      return secret?.is('string') && !/change|your|example|placeholder|xxx|<|env/i.test(secret.text())
        ? [secret.id()]
        : [];
    }),
  );
}

/** Passwords and keys that are handed to a known library, and what a variable of the environment is when it is not set. */
function handedSecrets(root: Node): Map<number, string | null> {
  const bindings = bindingsOf(root);
  const mails = callsOf(root, bindings).filter(({ imported }) =>
    /^nodemailer\.(default\.)?createTransport$/.test(imported ?? ''),
  );
  const passwords = mails.flatMap(({ args }): Array<[number, string | null]> => {
    const pass = pairOf(pairOf(args[0], 'auth')?.field('value'), 'pass')?.field('value');
    const text = literalText(pass ?? null) ?? '';
    return pass?.is('string') && text.length >= 6 && !PLACEHOLDER.test(text) ? [[pass.id(), 'SMTP_PASSWORD']] : [];
  });
  const keys = nodesOf(root, 'assignment_expression').flatMap((node): Array<[number, null]> => {
    const [left, right] = [node.field('left'), node.field('right')];
    const app = left?.field('property')?.text() === 'keys' ? left.field('object') : null;
    const made = app?.is('identifier') ? /^new (\w+)\(\)$/.exec(writtenValue(app).text())?.[1] : null;
    if (!made || bindings.get(made)?.module !== 'koa' || !right?.is('array')) return [];
    const texts = right.namedChildren().filter((one) => (literalText(one) ?? '').length > 0);
    return texts
      .filter((one) => !/change|your|example|placeholder|<|env/i.test(one.text()))
      .map((one) => [one.id(), null]);
  });
  const defaults = nodesOf(root, 'binary_expression').flatMap((node): Array<[number, null]> => {
    const right = node.field('right');
    const text = right?.is('string') ? (literalText(right) ?? '') : '';
    const name = /^process\.env(?:\.(\w+)|\[['"](\w+)['"]\])$/.exec(node.field('left')?.text() ?? '');
    if (!right || !/^(\|\||\?\?)$/.test(node.field('operator')?.text() ?? '') || !name) return [];
    const variable = name[1] ?? name[2] ?? '';
    const signs = /(^|_)(JWT|SESSION|COOKIE|TOKEN|SIGNING|HMAC)_SECRET(_KEY)?$/.test(variable) && text.length > 0;
    const opens = /(^|_)(PASSWORD|PASSWD)$/.test(variable) && isChosen(text);
    return signs || opens ? [[right.id(), null]] : [];
  });
  return new Map([...passwords, ...keys, ...defaults]);
}

/** The text that constants and literals joined by `+` make, or null. */
function folded(node: Node, depth = 3): string | null {
  if (node.is('string')) return literalText(node);
  if (node.is('parenthesized_expression')) return folded(node.child(1) ?? node, depth);
  if (node.is('identifier')) {
    const written = depth > 0 ? writtenValue(node) : node;
    return written.id() === node.id() ? null : folded(written, depth - 1);
  }
  if (!node.is('binary_expression') || node.field('operator')?.text() !== '+') return null;
  const sides = [node.field('left'), node.field('right')].map((side) => (side ? folded(side, depth) : null));
  return sides[0] === null || sides[1] === null ? null : `${sides[0]}${sides[1]}`;
}

/** Secrets in several pieces: written so that nobody finds them, or to fit into a line. */
function splitSecrets(root: Node): Match[] {
  return nodesOf(root, 'binary_expression').flatMap((node): Match[] => {
    const text = node.parent()?.is('binary_expression') ? null : folded(node);
    if (text === null || text.length < 16 || /EXAMPLE|(.)\1{7}/.test(text)) return [];
    const issued = CREDENTIALS.find(({ pattern }) => pattern.test(text));
    const whole = piecesOf(node).some((piece) => CREDENTIALS.some(({ pattern }) => pattern.test(piece.text ?? '')));
    const name = nameOf(node);
    if (whole || (!issued && !(name && NAMED.test(name) && isMachineMade(text)))) return [];
    const { start, end } = span(node);
    const what = issued?.what ?? `the value of ${name}`;
    return [{ start, end, secrets: [[start, end]], message: `The source contains ${what} in pieces.` }];
  });
}

/** Functions whose second argument is a key that nobody else may know. */
const KEYED = /^(crypto\.createHmac|jsonwebtoken\.(sign|verify))$/;

function signingKeys(root: Node): Set<number> {
  const keyed = callsOf(root, bindingsOf(root)).filter((call) => KEYED.test(call.imported ?? ''));
  const constants = new Map(
    nodesOf(root, 'lexical_declaration')
      .filter((one) => one.parent()?.is('program') && one.text().startsWith('const '))
      .flatMap((one) => nodesOf(one, 'variable_declarator'))
      .flatMap((one) =>
        [one.field('value')].flatMap((value) => (value ? [[one.field('name')?.text() ?? '', value] as const] : [])),
      ),
  );
  return new Set(
    keyed.flatMap((call) => {
      const key = call.args[1] && (constants.get(call.args[1].text()) ?? writtenValue(call.args[1]));
      return key?.is('string') && !/change|your|example|placeholder|public|<|BEGIN/i.test(key.text()) ? [key.id()] : [];
    }),
  );
}

function nameOf(literal: Node): string | null {
  const holder = literal.parent();
  if (holder?.is('pair')) return keyOf(holder);
  if (holder?.is('variable_declarator')) return holder.field('name')?.text() ?? null;
  if (!holder?.is('assignment_expression')) return null;
  const left = holder.field('left');
  return (left?.is('member_expression') ? left.field('property') : left)?.text() ?? null;
}

export const hardCodedSecret: RuleImpl = {
  id: 'javascript/hard-coded-secret',
  languages: SCRIPT,
  severity: 'critical',
  cwe: 'CWE-798',
  title: 'Keep secrets out of the source',
  rationale:
    'A secret in the source is known to everyone who ever had the repository, and stays in its history after it is deleted: it has to be revoked where it was issued, which a person has to do. On Node the program then reads the new one from the environment and stops with a clear message where the variable is not set: set it before this is deployed. Secrets in several pieces, keys of several lines, in the middle of a text, as defaults, and in code for pages are reported only. Examples and placeholders, names and paths, values from the environment and tests are left alone.',
  fixable: true,
  aliases: ['no-secrets/no-secrets', 'security/detect-hardcoded-secret', 'lint/security/noSecrets'],
  trigger:
    /secret|passw|passphrase|api_?key|token|private_?key|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|k_live_|npm_|AIza|PRIVATE KEY|createHmac|jsonwebtoken|-session|nodemailer|['"]koa['"]/i,
  example: {
    path: 'src/config.js',
    before: "const http = require('http');\n\nconst config = { apiKey: 'q8Zr4Lk2Xw9Tb7Nc3Vd1Mf6H' };\n",
    after:
      "const http = require('http');\n\nif (!process.env.API_KEY) throw new Error('API_KEY is not set');\nconst config = { apiKey: process.env.API_KEY };\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'const config = { apiKey: process.env.API_KEY };\n' },
    { path: 'src/b.js', text: "const apiKey = 'your-api-key-goes-here-123';\n" },
    { path: 'src/c.js', text: "const accessToken = 'https://login.example.test/oauth2/v2.0/token';\n" },
    {
      path: 'src/d.js',
      text: "const labels = { password: 'Password must have 8 characters', clientSecret: 'settings.client_secret_2' };\n",
    },
    {
      path: 'src/f.js',
      text: "const secret = process.env.JWT_SECRET || '';\nconst password = process.env.DB_PASSWORD || 'postgres';\n",
    },
    {
      path: 'src/g.js',
      text: "const Koa = require('koa');\nconst mailer = require('nodemailer');\n\nconst app = new Koa();\napp.keys = [process.env.COOKIE_KEY];\nmailer.createTransport({ auth: { user, pass: process.env.MAIL_PASS } });\n",
    },
    { path: 'src/e.js', text: "const key = 'AKIAIOSFODNN7EXAMPLE';\n" },
  ],
  async find(file, context) {
    const root = await context.tree();
    const texts = [...nodesOf(root, 'string'), ...nodesOf(root, 'template_string')];
    const keys = FOR_DEVELOPMENT.test(file.path) ? new Set<number>() : signingKeys(root);
    const sessions = FOR_DEVELOPMENT.test(file.path) ? new Set<number>() : sessionSecrets(root);
    const split = FOR_DEVELOPMENT.test(file.path) ? [] : splitSecrets(root);
    const handed = FOR_DEVELOPMENT.test(file.path) ? new Map<number, string | null>() : handedSecrets(root);
    const onNode = runsOnNode(root, file.path);
    const outside = (literal: Node, name: string | null): TextEdit[] => {
      // A key of several lines belongs into a file: few ways of setting a variable keep its ends of lines.
      if (literal.text().includes('-----BEGIN')) return [];
      const variable = literal.is('string') && name && isReadHere(literal) ? variableName(name, literal) : null;
      return onNode && variable ? fromEnvironment(literal, variable, file.language === 'typescript') : [];
    };
    const written = texts.flatMap((node): Match[] => {
      const text = node.text().slice(1, -1);
      const variable = handed.get(node.id());
      if (variable !== undefined) {
        const [start, end] = [span(node).start, span(node).end];
        const message = 'A password or key of the program is written in the source.';
        return [{ start, end, secrets: [[start, end]], message, edits: outside(node, variable) }];
      }
      if (text.length < 8) return [];
      const issued = CREDENTIALS.find(({ pattern }) => pattern.test(text));
      const { start, end } = span(node);
      const range = { start, end, secrets: [[start, end]] as const };
      if (issued && text.length >= 16) {
        if (/EXAMPLE|(.)\1{7}/.test(text)) return [];
        const whole = issued.pattern.exec(text)?.[0] === text;
        return [
          { ...range, message: `The source contains ${issued.what}.`, edits: whole ? outside(node, nameOf(node)) : [] },
        ];
      }
      if (keys.has(node.id()) && text.length >= 16 && !/\s/.test(text)) {
        const key = node.parent()?.is('arguments')
          ? /jsonwebtoken/.test(file.text)
            ? 'JWT_SECRET'
            : null
          : nameOf(node);
        return [{ ...range, message: 'A signing key is written in the source.', edits: outside(node, key) }];
      }
      if (sessions.has(node.id()))
        return [
          {
            ...range,
            message: 'The key of the session is written in the source.',
            edits: outside(node, 'SESSION_SECRET'),
          },
        ];
      const name = node.is('string') && !FOR_DEVELOPMENT.test(file.path) ? nameOf(node) : null;
      const password = /passw(or)?d$|passphrase$/i.test(name ?? '') && isChosen(text);
      if (!name || !NAMED.test(name) || !(password || isMachineMade(text))) return [];
      return [{ ...range, message: `The value of ${name} is written in the source.`, edits: outside(node, name) }];
    });
    return [...written, ...split];
  },
};
