/**
 * Broken hashes where forging one would matter. Rule: report only, and only where the code's own names say that it makes
 * a token, a signature or a secret; checksums, cache keys and protocols that prescribe the function are left alone.
 */
import { type Call, namesAround, plainString, readPython } from '../python-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { span } from '../structural.ts';
import { inSnakeCase } from './spelling.ts';

/** What somebody could forge or guess. */
const GUARDS =
  /(^|_)(signature|sign|signed|token|secret|secret_?key|api_?key|access_?key|session_?(id|key)|csrf|xsrf|nonce|otp|(reset|verification|activation|invite)_?(code|key|link)|encryption_?key|cipher_?key)(_|$)/;
/** What a hash is made for when forging it gains nothing, and what other parties prescribe. */
const PRESCRIBED =
  /check_?sum|e_?tag|cache|finger_?print|digest_?auth|http_?digest|gravatar|cnonce|websocket|sec_?accept|oauth1|hmac|content_?md5|pwned|hibp|ntlm|torrent|info_?hash|git|blob|dedup|bucket|shard|version|revision|file_?name|uuid|tokeni[sz]|func(tion)?_?sign|call_?sign|type_?sign|method_?sign|significan|design|assign|sign_?(up|in|out)/i;

function algorithmOf(call: Call): string | null {
  if (/^hashlib\.(md5|sha1)$/.test(call.name ?? '')) return call.name?.split('.')[1] ?? null;
  const name = call.name === 'hashlib.new' ? (plainString(call.positional[0]) ?? '') : '';
  return /^(md4|md5|sha-?1)$/i.test(name) ? name : null;
}

const weakHash: RuleImpl = {
  id: 'python/weak-hash-in-secret',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-328',
  title: 'Do not guard anything with MD5 or SHA-1',
  rationale:
    'Two texts with the same MD5 or SHA-1 can be made, and a token that is the MD5 of a time or a name can be computed by anyone. A token comes from the secrets module, a signature from hmac with SHA-256; what is stored or exchanged already decides how to get there, so this is reported only. Calls with `usedforsecurity=False`, checksums, etags, cache keys, HMACs and protocols that prescribe the function are left alone; passwords have a rule of their own.',
  fixable: false,
  aliases: ['S303', 'S324', 'B303', 'B324'],
  trigger: /\bhashlib\b/,
  example: {
    path: 'app/accounts.py',
    before:
      'import hashlib\n\n\ndef make(user):\n    reset_token = hashlib.md5(user.email.encode()).hexdigest()\n    return reset_token\n',
  },
  lookAlikes: [
    {
      path: 'app/f.py',
      text: 'import hashlib\n\n\nclass DigestAuth:\n    def client_nonce(self, count):\n        return hashlib.sha1(str(count).encode()).hexdigest()\n',
    },
    {
      path: 'app/a.py',
      text: 'import hashlib\n\netag = hashlib.md5(body).hexdigest()\nchecksum = hashlib.sha1(body).hexdigest()\n',
    },
    { path: 'app/b.py', text: 'import hashlib\n\ntoken = hashlib.md5(name, usedforsecurity=False).hexdigest()\n' },
    { path: 'app/c.py', text: 'import hashlib\n\nsignature = hashlib.sha256(body).hexdigest()\n' },
    {
      path: 'app/d.py',
      text: 'import hashlib\n\n\ndef cache_key(token):\n    token_key = hashlib.md5(token).hexdigest()\n    return token_key\n',
    },
    {
      path: 'app/e.py',
      text: 'import hashlib\n\n\ndef function_signature(call):\n    return hashlib.sha1(call.source).hexdigest()\n',
    },
  ],
  async find(file, context) {
    if (/class \w*Digest\w*Auth|cnonce/.test(file.text)) return [];
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const algorithm = algorithmOf(call);
      if (!algorithm || call.keywords.get('usedforsecurity')?.is('false') || call.splat) return [];
      const names = namesAround(call.node).map((name) => inSnakeCase(name.split('.').at(-1) ?? ''));
      const given = call.positional.map((one) => one.text()).join(' ');
      if (!names.some((name) => GUARDS.test(name)) || PRESCRIBED.test(`${names.join(' ')} ${given}`)) return [];
      if (/passw|passphrase/i.test(given)) return [];
      return [{ ...span(call.node), message: `What ${algorithm} makes here can be forged or guessed.` }];
    });
  },
};

export const hashRules: readonly RuleImpl[] = [weakHash];
