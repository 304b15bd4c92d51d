/** Hashes, ciphers and signed tokens. Rule: report only; another algorithm changes what is stored or exchanged. */
import { argumentsOf, bindingsOf, callsOf, keyOf, literalText, pairOf, SCRIPT } from '../javascript-source.ts';
import { beforeOnLine } from '../lines.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { functionText } from './javascript-request.ts';

const PASSWORD = /passw(or)?d|passphrase|\bpwd\b/i;

const weakPasswordHash: RuleImpl = {
  id: 'javascript/weak-password-hash',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-916',
  title: 'Hash passwords with a password hash',
  rationale:
    'MD5, SHA-1 and SHA-2 are made to be fast: a stolen table of such hashes is tried at billions of guesses per second. `crypto.scrypt` is slow on purpose and salts. Stored hashes have to be migrated, so this is reported only. Hashes of anything but passwords, such as cache keys and checksums, are left alone.',
  fixable: false,
  trigger: /createHash/,
  example: {
    path: 'src/login.js',
    before: "const hash = crypto.createHash('md5').update(password).digest('hex');\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const etag = crypto.createHash('sha1').update(body).digest('base64');\n" },
    { path: 'src/b.js', text: 'const key = crypto.scryptSync(password, salt, 64);\n' },
    {
      path: 'src/c.js',
      text: "const prefix = crypto.createHash('sha1').update(password).digest('hex').slice(0, 5); // pwned passwords range API\n",
    },
    { path: 'src/d.js', text: "const id = crypto.createHash('md5').update(file + '\\n').digest('hex');\n" },
    {
      path: 'src/e.js',
      text: "async function hash(rounds, password) {\n  password = crypto.createHash('sha512').update(password).digest('hex');\n  return bcrypt.hash(password, rounds);\n}\n",
    },
  ],
  async find(file, context) {
    if (/pwned/i.test(file.text)) return [];
    const root = await context.tree();
    return callsOf(root, new Map()).flatMap((call): Match[] => {
      if (call.method !== 'update' || !PASSWORD.test(call.args[0]?.text() ?? '')) return [];
      const made = call.receiver?.is('call_expression') ? call.receiver : null;
      const isHash = /(^|\.)createHash$/.test(made?.field('function')?.text() ?? '');
      const algorithm = isHash && made ? (literalText(argumentsOf(made)[0] ?? null) ?? '') : '';
      if (!/^(md5|sha-?1|sha-?256|sha-?512|md4)$/i.test(algorithm)) return [];
      if (/^sha-?(256|512)$/i.test(algorithm) && isShortened(file.text, span(call.node).start, call.args[0])) return [];
      return [{ ...span(call.node), message: `A fast hash (${algorithm}) protects a password.` }];
    });
  },
};

/** Made as long as any other before the slow hash has it, which reads no more than 72 bytes. */
function isShortened(text: string, at: number, password: Node | undefined): boolean {
  const line = beforeOnLine(text, at).trimStart();
  return line.startsWith(`${password?.text()} = `) && /\b(bcrypt(js)?|argon2|scrypt|pbkdf2|rounds)\b/i.test(text);
}

const keylessCipher: RuleImpl = {
  id: 'javascript/removed-cipher',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-327',
  title: 'Use createCipheriv with a random IV',
  rationale:
    '`crypto.createCipher` derives key and IV from the password with one round of MD5, so equal texts give equal ciphertexts; Node 22 removed it. What was encrypted with it needs a migration, so this is reported only. `createCipheriv` and functions of the same name from elsewhere are left alone.',
  fixable: false,
  trigger: /create(C|Dec)ipher\b/,
  example: {
    path: 'src/box.js',
    before: "const crypto = require('crypto');\n\nconst cipher = crypto.createCipher('aes-256-cbc', secret);\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const crypto = require('crypto');\n\nconst cipher = crypto.createCipheriv('aes-256-gcm', key, iv);\n",
    },
    {
      path: 'src/b.js',
      text: "const forge = require('node-forge');\n\nconst cipher = forge.cipher.createCipher('AES-GCM', key);\n",
    },
    { path: 'src/c.js', text: "function createCipher(name) {\n  return name;\n}\ncreateCipher('x');\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      if (!/^crypto\.create(C|Dec)ipher$/.test(call.imported ?? '')) return [];
      return [{ ...span(call.node), message: `${call.method} has no IV and a weak key; Node 22 removed it.` }];
    });
  },
};

const unsignedToken: RuleImpl = {
  id: 'javascript/unsigned-token',
  languages: SCRIPT,
  severity: 'critical',
  cwe: 'CWE-347',
  title: 'Do not accept tokens without a signature',
  rationale:
    'A JSON Web Token with the algorithm `none` carries no signature: anyone can write one. Where the list names other algorithms too, `none` is taken out of it; else which algorithm the issuer uses is not written in the source, and it is reported only. Lists of real algorithms, options of other libraries and mere comparisons with the word are left alone.',
  fixable: true,
  trigger: /['"`]none['"`]/i,
  example: {
    path: 'src/token.js',
    before:
      "const jwt = require('jsonwebtoken');\n\nconst claims = jwt.verify(token, key, { algorithms: ['HS256', 'none'] });\n",
    after:
      "const jwt = require('jsonwebtoken');\n\nconst claims = jwt.verify(token, key, { algorithms: ['HS256'] });\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const jwt = require('jsonwebtoken');\n\njwt.verify(token, key, { algorithms: ['HS256'] });\n",
    },
    {
      path: 'src/b.js',
      text: "const jwt = require('jsonwebtoken');\n\nif (header.alg === 'none') throw new Error('unsigned');\n",
    },
    { path: 'src/c.js', text: "compress(data, { algorithm: 'none' });\n" },
  ],
  async find(file, context) {
    if (!/jsonwebtoken|\bjose\b|\bjwt/i.test(file.text)) return [];
    return nodesOf(await context.tree(), 'pair').flatMap((pair): Match[] => {
      const value = pair.field('value');
      const listed = value?.is('array') ? value.children() : value ? [value] : [];
      if (!/^(algorithms?|alg)$/.test(keyOf(pair) ?? '')) return [];
      if (!listed.some((item) => literalText(item)?.toLowerCase() === 'none')) return [];
      return [
        { ...span(pair), message: 'Tokens without a signature are made or accepted.', edits: withoutNone(value) },
      ];
    });
  },
};

/** The list without `none`, when it names other algorithms as texts. */
function withoutNone(list: Node | null): TextEdit[] {
  const items = (list?.is('array') ? list.children() : []).filter((item) => item.isNamed());
  const kept = items.filter((item) => literalText(item)?.toLowerCase() !== 'none');
  if (!list || kept.length === 0 || kept.length !== items.length - 1) return [];
  if (items.some((item) => literalText(item) === null)) return [];
  return [{ ...span(list), text: `[${kept.map((item) => item.text()).join(', ')}]` }];
}

const unverifiedToken: RuleImpl = {
  id: 'javascript/unverified-token',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-347',
  title: 'Verify tokens before they are believed',
  rationale:
    '`decode` of jsonwebtoken reads a token without checking its signature, so its claims are whatever the sender wrote. The key is not in the source, so this is reported only, and only in files that never verify a token, or functions that believe a header or cookie. Functions that verify as well, `complete: true` (to choose a key by its header) and decoders of other packages are left alone.',
  fixable: false,
  trigger: /jsonwebtoken/,
  example: {
    path: 'src/auth.js',
    before: "const jwt = require('jsonwebtoken');\n\nconst user = jwt.decode(req.headers.authorization).sub;\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const jwt = require('jsonwebtoken');\n\nconst head = jwt.decode(token);\nconst claims = jwt.verify(token, keys[head.iss]);\n",
    },
    {
      path: 'src/b.js',
      text: "const jwt = require('jsonwebtoken');\n\nconst { header } = jwt.decode(token, { complete: true });\n",
    },
    { path: 'src/c.js', text: "const jwt = require('jsonwebtoken');\n\nconst text = base64.decode(part);\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const calls = callsOf(root, bindingsOf(root));
    const verifies = calls.some((call) => call.imported === 'jsonwebtoken.verify');
    return calls.flatMap((call): Match[] => {
      if (call.imported !== 'jsonwebtoken.decode' || pairOf(call.args[1], 'complete')) return [];
      const around = functionText(call.node);
      if (verifies && !(/headers|cookies|authorization/i.test(around) && !/verify/i.test(around))) return [];
      return [{ ...span(call.node), message: 'The token is read without checking its signature.' }];
    });
  },
};

export const cryptoRules: readonly RuleImpl[] = [weakPasswordHash, keylessCipher, unsignedToken, unverifiedToken];
