/**
 * Secrets in the source. Rule: report only, since a published secret has to be revoked by a person; the message never
 * quotes it, and its range is masked before anything is hashed.
 */
import { CREDENTIALS } from '../../base/index.ts';
import { bindingsOf, callsOf, FOR_DEVELOPMENT, keyOf, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { entropy } from './entropy.ts';

const NAMED = /(passw(or)?d|passphrase|secret|api_?key|access_?token|auth_?token|private_?key|client_?secret)$/i;
const PLACEHOLDER =
  /example|sample|placeholder|change|your|dummy|test|fake|xxx|todo|redacted|insert|password|secret|\*{3}|<|\$\{|%/i;

/** Looks like made by a machine: long, mixed, no words, no path, no address. */
function isMachineMade(text: string): boolean {
  if (text.length < 16 || text.length > 200 || /[\s/.:(){}]/.test(text.replace(/[+/]+/g, '')) || PLACEHOLDER.test(text))
    return false;
  const mixed = /\d/.test(text) && /[a-z]/i.test(text) && (text.match(/\d/g)?.length ?? 0) >= 3;
  return mixed && entropy(text) >= 3.5 && !/^[a-z]+([-_][a-z0-9]+)+$/.test(text);
}

/** Functions whose second argument is a key that nobody else may know. */
const KEYED = /^(crypto\.createHmac|jsonwebtoken\.(sign|verify))$/;

function signingKeys(root: Node): Set<number> {
  const keyed = callsOf(root, bindingsOf(root)).filter((call) => KEYED.test(call.imported ?? ''));
  return new Set(keyed.flatMap((call) => (call.args[1]?.is('string') ? [call.args[1].id()] : [])));
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
    'A secret in the source is known to everyone who ever had the repository, and stays in its history after it is deleted: it has to be revoked where it was issued and read from the environment from then on. A person has to do that, so this is reported only. Examples and placeholders, names and paths, values from the environment and tests are left alone.',
  fixable: false,
  aliases: ['no-secrets/no-secrets', 'security/detect-hardcoded-secret', 'lint/security/noSecrets'],
  trigger:
    /secret|passw|passphrase|api_?key|token|private_?key|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|k_live_|npm_|AIza|PRIVATE KEY|createHmac|jsonwebtoken/i,
  example: { path: 'src/config.js', before: "const config = { apiKey: 'q8Zr4Lk2Xw9Tb7Nc3Vd1Mf6H' };\n" },
  lookAlikes: [
    { path: 'src/a.js', text: 'const config = { apiKey: process.env.API_KEY };\n' },
    { path: 'src/b.js', text: "const apiKey = 'your-api-key-goes-here-123';\n" },
    { path: 'src/c.js', text: "const accessToken = 'https://login.example.test/oauth2/v2.0/token';\n" },
    {
      path: 'src/d.js',
      text: "const labels = { password: 'Password must have 8 characters', clientSecret: 'settings.client_secret_2' };\n",
    },
    { path: 'src/e.js', text: "const key = 'AKIAIOSFODNN7EXAMPLE';\n" },
  ],
  async find(file, context) {
    const root = await context.tree();
    const texts = [...nodesOf(root, 'string'), ...nodesOf(root, 'template_string')];
    const keys = FOR_DEVELOPMENT.test(file.path) ? new Set<number>() : signingKeys(root);
    return texts.flatMap((node): Match[] => {
      const text = node.text().slice(1, -1);
      if (text.length < 16) return [];
      const issued = CREDENTIALS.find(({ pattern }) => pattern.test(text));
      const { start, end } = span(node);
      const range = { start, end, secrets: [[start, end]] as const };
      if (issued)
        return /EXAMPLE|(.)\1{7}/.test(text) ? [] : [{ ...range, message: `The source contains ${issued.what}.` }];
      if (keys.has(node.id()) && !/\s/.test(text))
        return [{ ...range, message: 'A signing key is written in the source.' }];
      const name = node.is('string') && !FOR_DEVELOPMENT.test(file.path) ? nameOf(node) : null;
      if (!name || !NAMED.test(name) || !isMachineMade(text)) return [];
      return [{ ...range, message: `The value of ${name} is written in the source.` }];
    });
  },
};
