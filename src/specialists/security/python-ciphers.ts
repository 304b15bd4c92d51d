/**
 * Ciphers, keys and protocol versions that protect less than they seem to. Rule: a number or a version is raised where
 * nothing depends on the old one; what is stored or exchanged already is reported only.
 */
import { plainString, readPython } from '../python-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { isChosen } from './python-tls.ts';

const BROKEN =
  /^Crypto(dome)?\.Cipher\.(DES3?|ARC4|ARC2|Blowfish|CAST)\.new$|^cryptography\.hazmat\.(primitives|decrepit)\.ciphers\.algorithms\.(TripleDES|ARC4|Blowfish|IDEA|CAST5|SEED)$/;

const weakCipher: RuleImpl = {
  id: 'python/weak-cipher',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-327',
  title: 'Encrypt with AES-GCM instead of a broken cipher',
  rationale:
    'DES, 3DES, RC4 and Blowfish can be broken with ordinary machines, and ECB shows where a text repeats itself. AES in GCM hides the text and notices changes. What was encrypted already has to be carried over, so this is reported only; other ciphers, and functions that only read old data, are left alone.',
  fixable: false,
  aliases: ['S304', 'S305', 'B304', 'B305'],
  trigger: /\b(Crypto|Cryptodome|cryptography)\b/,
  example: {
    path: 'app/box.py',
    before:
      'from Crypto.Cipher import DES\n\n\ndef seal(key, data):\n    return DES.new(key, DES.MODE_CBC).encrypt(data)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from Crypto.Cipher import AES\n\n\ndef seal(key, data):\n    return AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)\n',
    },
    {
      path: 'app/b.py',
      text: 'from Crypto.Cipher import DES\n\n\ndef read_old(key, data):\n    return DES.new(key, DES.MODE_CBC).decrypt(data)\n',
    },
    { path: 'app/c.py', text: 'from .Cipher import DES  # not Crypto\n\nDES.new(key)\n' },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const name = call.name ?? '';
      const mode = [...call.positional, ...call.keywords.values()].some((one) =>
        /\.MODE_ECB$|\bmodes\.ECB\(/.test(one.text()),
      );
      const ecb = mode && /\.(AES\.new|ciphers\.Cipher|base\.Cipher)$/.test(name);
      if (!BROKEN.test(name) && !ecb) return [];
      const around = enclosing(call.node, ['function_definition'])?.text() ?? '';
      if (/\.decrypt\(|decryptor\(/.test(around) && !/\.encrypt\(|encryptor\(/.test(around)) return [];
      const what = ecb ? 'ECB' : (name.split('.').findLast((part) => part !== 'new') ?? '');
      return [{ ...span(call.node), message: `${what} does not protect what it encrypts.` }];
    });
  },
};

const weakKey: RuleImpl = {
  id: 'python/short-rsa-key',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-326',
  title: 'Make RSA keys of at least 2048 bits',
  rationale:
    'RSA and DSA keys of 1024 bits and less are within reach of those who can spend money on it, and certificate authorities and clients have refused them for years. The number becomes 2048, the shortest that is accepted today; nothing but the new key depends on it. Longer keys, computed numbers and what stands under a condition are left alone.',
  fixable: true,
  aliases: ['S505', 'B505'],
  trigger: /\b(rsa|RSA|dsa|DSA|RSAKey)\b/,
  example: {
    path: 'app/keys.py',
    before:
      'from cryptography.hazmat.primitives.asymmetric import rsa\n\nkey = rsa.generate_private_key(public_exponent=65537, key_size=1024)\n',
    after:
      'from cryptography.hazmat.primitives.asymmetric import rsa\n\nkey = rsa.generate_private_key(public_exponent=65537, key_size=2048)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'from Crypto.PublicKey import RSA\n\nkey = RSA.generate(4096)\n' },
    { path: 'app/b.py', text: 'from Crypto.PublicKey import RSA\n\nkey = RSA.generate(bits)\n' },
    { path: 'app/c.py', text: 'from .keys import RSA\n\nkey = RSA.generate(1024)\n' },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const name = call.name ?? '';
      const bits = /^Crypto(dome)?\.PublicKey\.(RSA|DSA)\.generate$|^paramiko\.RSAKey\.generate$/.test(name)
        ? (call.positional[0] ?? call.keywords.get('bits'))
        : /^cryptography\.hazmat\.primitives\.asymmetric\.(rsa|dsa)\.generate_private_key$/.test(name)
          ? (call.keywords.get('key_size') ?? call.positional[name.includes('.rsa.') ? 1 : 0])
          : null;
      const size = bits?.is('integer') ? Number(bits.text()) : 4096;
      if (!bits || size >= 2048 || size < 256 || isChosen(call.node)) return [];
      return [
        {
          ...span(call.node),
          message: `A key of ${size} bits can be broken.`,
          edits: [{ ...span(bits), text: '2048' }],
        },
      ];
    });
  },
};

const weakTls: RuleImpl = {
  id: 'python/old-tls-version',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-327',
  title: 'Speak TLS 1.2 or newer',
  rationale:
    'SSL 3, TLS 1.0 and TLS 1.1 have known attacks and are refused by browsers and standards. The version becomes TLS 1.2 in the same spelling: it checks no more and no less than before, and every maintained server speaks it. `PROTOCOL_TLS_CLIENT`, which also checks certificates, is better where nothing else is meant. Newer versions, and what stands under a condition, are left alone.',
  fixable: true,
  aliases: ['S502', 'S503', 'B502', 'B503'],
  trigger: /PROTOCOL_(SSLv[23]|TLSv1\b|TLSv1_1\b)|TLSVersion\.(SSLv3|TLSv1\b|TLSv1_1\b)/,
  example: {
    path: 'app/tls.py',
    before: 'import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n',
    after: 'import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # was PROTOCOL_TLSv1\n',
    },
    { path: 'app/b.py', text: 'import ssl\n\nif old:\n    context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n' },
    {
      path: 'app/c.py',
      text: 'import ssl\n\nNAMES = {ssl.PROTOCOL_TLSv1: "TLS 1.0", ssl.TLSVersion.TLSv1: "TLS 1.0"}\n',
    },
    { path: 'app/d.py', text: 'import ssl\n\ncontext.maximum_version = ssl.TLSVersion.TLSv1_1\n' },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    if (imports.get('ssl') !== 'ssl') return [];
    const given = calls.flatMap((call) => {
      const takes = call.name === 'ssl.SSLContext' || call.name === 'ssl.wrap_socket';
      return takes ? [...call.positional, ...call.keywords.values()] : [];
    });
    const set = nodesOf(root, 'assignment').flatMap((node) => {
      const minimum = /\.minimum_version$/.test(node.field('left')?.text() ?? '');
      return minimum ? [node.field('right')].flatMap((right) => right ?? []) : [];
    });
    return [...given, ...set].flatMap((node): Match[] => {
      const version = /^ssl\.(PROTOCOL_|TLSVersion\.)(SSLv[23]|TLSv1|TLSv1_1)$/.exec(node.text());
      if (!version || isChosen(node) || version[2] === 'SSLv23') return [];
      return [
        {
          ...span(node),
          message: `${version[2]} has known attacks.`,
          edits: [{ ...span(node), text: `ssl.${version[1]}TLSv1_2` }],
        },
      ];
    });
  },
};

const fastDerivation: RuleImpl = {
  id: 'python/fast-password-hasher',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-916',
  title: 'Hash passwords slowly and with a salt',
  rationale:
    'The MD5 and SHA-1 hashers of Django exist for tests and old tables, and PBKDF2 with a few thousand rounds is tried at millions of guesses per second. Django makes new hashes with the first hasher of the list and still reads old ones with the others, so PBKDF2 is put in front; what pbkdf2_hmac made already has to be carried over and is reported only. Settings for tests, lists whose first hasher is slow, and computed numbers are left alone.',
  fixable: true,
  trigger: /PASSWORD_HASHERS|pbkdf2_hmac/,
  example: {
    path: 'app/settings.py',
    before: 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]\n',
    after:
      'PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", "django.contrib.auth.hashers.MD5PasswordHasher"]\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'PASSWORD_HASHERS = [\n    "django.contrib.auth.hashers.Argon2PasswordHasher",\n    "django.contrib.auth.hashers.MD5PasswordHasher",\n]\n',
    },
    { path: 'app/settings/test.py', text: 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]\n' },
    { path: 'app/c.py', text: 'import hashlib\n\nkey = hashlib.pbkdf2_hmac("sha256", password, salt, 600000)\n' },
  ],
  async find(file, context) {
    if (/(^|[/_.-])(tests?|testing|dev|local|ci|fast)([/_.-]|$)/i.test(file.path)) return [];
    const { root, calls } = await readPython(context);
    const lists = nodesOf(root, 'assignment').filter((node) => {
      const first = node.field('left')?.text() === 'PASSWORD_HASHERS' ? node.field('right')?.namedChildren()[0] : null;
      return (
        /hashers\.(Unsalted)?(MD5|SHA1)PasswordHasher$/.test(plainString(first) ?? '') &&
        !enclosing(node, ['if_statement'])
      );
    });
    const rounds = calls.filter((call) => {
      const [, secret, , count] = call.positional;
      const few = count?.is('integer') && Number(count.text().replaceAll('_', '')) < 50_000;
      return call.name === 'hashlib.pbkdf2_hmac' && few && /passw(or)?d|passphrase|\bpwd\b/i.test(secret?.text() ?? '');
    });
    const message = 'Guesses at a password are tried quickly.';
    const first = lists.map((node): Match => {
      const item = node.field('right')?.namedChildren()[0];
      const { start } = span(item ?? node);
      const quote = item?.text()[0] ?? '"';
      const lead = node.text().includes('\n') ? `,\n${' '.repeat(item?.range().start.column ?? 4)}` : ', ';
      const text = `${quote}django.contrib.auth.hashers.PBKDF2PasswordHasher${quote}${lead}`;
      return { ...span(node), message, edits: [{ start, end: start, text }] };
    });
    return [...first, ...rounds.map((call): Match => ({ ...span(call.node), message }))];
  },
};

export const cipherRules: readonly RuleImpl[] = [weakCipher, weakKey, weakTls, fastDerivation];
