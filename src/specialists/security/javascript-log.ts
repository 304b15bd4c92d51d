// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/** Secrets that are written to a log. Rule: only names that say plainly what they hold, and only the value itself. */
import { callsOf, FOR_DEVELOPMENT, piecesOf, SCRIPT } from '../javascript-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { span } from '../structural.ts';

const LOGS =
  /^(console\.(log|info|warn|error|debug)|(log|logger|winston|pino|req\.log|this\.logger|fastify\.log)\.(log|info|warn|error|debug|trace))$/;
/** What a person starts in a terminal tells that person. */
const BY_HAND = /(^|\/)(cli|bin|scripts?|tools|install(er)?|setup)(\/|[.-]|$)/;
const SECRET =
  /(^|\.)(\w*[pP]assw(or)?d|passphrase|secret|clientSecret|apiKey|accessToken|refreshToken|authToken|privateKey|creditCard|cardNumber|cvv|ssn)$/;

/** A token that belongs to somebody, and not to a grammar. */
const TOKEN = /(^|\.)(body|user|session|auth|account|credentials|payload|login|profile|config)\.token$/;

const loggedSecret: RuleImpl = {
  id: 'javascript/secret-in-log',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-532',
  title: 'Keep secrets out of the log',
  rationale:
    'A log is read by more people and kept longer than what it tells about, and a password in it is a password that everyone with the log knows. Three stars take its place, so that the line stays as it is otherwise. Lengths, comparisons, names of fields, and values that something masks are left alone.',
  fixable: true,
  trigger: /passw|secret|apiKey|token|privateKey|creditCard|cardNumber|cvv|ssn|passphrase/i,
  example: {
    path: 'src/login.js',
    before: 'console.log(`login ${user.name} with ${user.password}`);\n',
    after: 'console.log(`login ${user.name} with ***`);\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: "console.log('wrong password for', user.name);\n" },
    { path: 'src/b.js', text: 'console.log(`password has ${password.length} characters`);\n' },
    { path: 'src/c.js', text: 'console.log(mask(user.password), !!apiKey);\n' },
    { path: 'src/d.js', text: 'form.log(user.password);\n' },
    { path: 'src/e.js', text: "console.log('unexpected', token, node.token);\n" },
    { path: 'src/cli/setup.js', text: 'console.log(`Password: ${data.password}`);\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path) || BY_HAND.test(file.path)) return [];
    const parser = /tokeni[sz]|lexer|parser|\btoken\.(type|value|kind)\b/i.test(file.text);
    return callsOf(await context.tree(), new Map()).flatMap((call): Match[] => {
      if (!LOGS.test(call.callee.text())) return [];
      const values = call.args.flatMap((arg) => {
        const put = piecesOf(arg).flatMap((piece) => (piece.text === null ? [piece.node] : []));
        return put.length > 0 ? put : [arg];
      });
      const told = values.find(
        (value) =>
          /^(identifier|member_expression)$/.test(String(value.kind())) &&
          (SECRET.test(value.text()) || (!parser && TOKEN.test(value.text()))),
      );
      if (!told || /^[A-Z]/.test(told.text())) return [];
      const part = told.parent();
      const edit = part?.is('template_substitution')
        ? { ...span(part), text: '***' }
        : { ...span(told), text: "'***'" };
      return [{ ...span(call.node), message: `${told.text()} is written to the log.`, edits: [edit] }];
    });
  },
};

export const logRules: readonly RuleImpl[] = [loggedSecret];
