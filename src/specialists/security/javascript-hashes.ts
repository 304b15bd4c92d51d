/**
 * Broken hashes where forging one would matter. Rule: report only, and only where the code's own names say that it makes
 * a token, a signature or a secret; etags, checksums, cache keys and prescribed protocols are left alone.
 */
import { argumentsOf, callsOf, literalText, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { span } from '../structural.ts';
import { inSnakeCase } from './spelling.ts';

/** What somebody could forge or guess. */
const GUARDS =
  /(^|_)(signature|signed|token|secret|secret_?key|api_?key|access_?key|session_?(id|key)|csrf|xsrf|nonce|otp|(reset|verification|activation|invite)_?(code|key|link))(_|$)/;
/** What a hash is made for when forging it gains nothing, and what other parties prescribe. */
const PRESCRIBED =
  /check_?sum|e_?tag|cache|finger_?print|digest_?auth|gravatar|cnonce|websocket|sec_?accept|oauth1|hmac|content_?md5|pwned|ntlm|torrent|info_?hash|git|blob|dedup|bucket|shard|version|revision|file_?name|uuid|tokeni[sz]|func(tion)?_?sign|module|chunk|integrity|identifier_?hash/i;

const weakHash: RuleImpl = {
  id: 'javascript/weak-hash-in-secret',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-328',
  title: 'Do not guard anything with MD5 or SHA-1',
  rationale:
    'Two texts with the same MD5 or SHA-1 can be made, and a token that is the MD5 of a time or a name can be computed by anyone. A token comes from `crypto.randomBytes`, a signature from `crypto.createHmac` with SHA-256; what is stored or exchanged already decides how to get there, so this is reported only. Checksums, etags, cache keys, HMACs and protocols that prescribe the function are left alone; passwords have a rule of their own.',
  fixable: false,
  trigger: /createHash/,
  example: {
    path: 'src/invite.js',
    before:
      "const crypto = require('crypto');\n\nconst resetToken = crypto.createHash('md5').update(user.email).digest('hex');\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const etag = crypto.createHash('sha1').update(body).digest('base64');\n" },
    { path: 'src/b.js', text: "const signature = crypto.createHash('sha256').update(body).digest('hex');\n" },
    { path: 'src/c.js', text: "const cacheToken = crypto.createHash('md5').update(source).digest('hex');\n" },
    { path: 'src/d.js', text: "const signature = crypto.createHmac('sha1', key).update(body).digest('hex');\n" },
    { path: 'src/e.js', text: "const name = crypto.createHash('md5').update(token).digest('hex');\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, new Map()).flatMap((call): Match[] => {
      const algorithm = call.method === 'createHash' ? (literalText(argumentsOf(call.node)[0] ?? null) ?? '') : '';
      if (!/^(md4|md5|sha-?1)$/i.test(algorithm)) return [];
      const statement = statementOf(call.node);
      const names = namesAround(call.node).map(inSnakeCase);
      if (!names.some((name) => GUARDS.test(name)) || PRESCRIBED.test(`${names.join(' ')} ${statement}`)) return [];
      if (/passw|passphrase/i.test(statement)) return [];
      return [{ ...span(call.node), message: `What ${algorithm} makes here can be forged or guessed.` }];
    });
  },
};

function statementOf(node: Node): string {
  return (
    node
      .ancestors()
      .find((above) => /(_statement|_declaration)$/.test(String(above.kind())))
      ?.text() ?? ''
  );
}

/** What the value becomes, and the function that makes it. */
function namesAround(node: Node): string[] {
  const names: string[] = [];
  for (const above of node.ancestors()) {
    const kind = String(above.kind());
    const target = above.field(
      { variable_declarator: 'name', assignment_expression: 'left', pair: 'key' }[kind] ?? 'none',
    );
    if (target) names.push(target.field('property')?.text() ?? target.text());
    if (!/^(function_declaration|function_expression|method_definition|arrow_function)$/.test(kind)) continue;
    names.push(
      above.field('name')?.text() ??
        (above.parent()?.is('variable_declarator') ? above.parent()?.field('name')?.text() : '') ??
        '',
    );
    break;
  }
  return names;
}

export const hashRules: readonly RuleImpl[] = [weakHash];
