// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * Ciphers, keys and comparisons that protect less than they seem to. Rule: a number is raised where nothing depends on
 * the old one; what is stored or exchanged already is reported only.
 */
import {
  type Binding,
  bindingsOf,
  callsOf,
  FOR_DEVELOPMENT,
  isConditional,
  keyOf,
  literalText,
  SCRIPT,
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { reached } from './javascript-imports.ts';

const weakCipher: RuleImpl = {
  id: 'javascript/weak-cipher',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-327',
  title: 'Encrypt with AES-GCM instead of a broken cipher',
  rationale:
    'DES, 3DES, RC4 and RC2 can be broken with ordinary machines, and ECB shows where a text repeats itself. `aes-256-gcm` with a random IV of 12 bytes hides the text and notices changes. What was encrypted already has to be carried over, so this is reported only; other ciphers, names that are computed, protocols that prescribe the cipher (NTLM), and reading of old data are left alone.',
  fixable: false,
  trigger: /createCipheriv/,
  example: {
    path: 'src/box.js',
    before: "const crypto = require('crypto');\n\nconst cipher = crypto.createCipheriv('des-ede3-cbc', key, iv);\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const crypto = require('crypto');\n\nconst c = crypto.createCipheriv('aes-256-gcm', key, iv);\n",
    },
    {
      path: 'src/b.js',
      text: "const crypto = require('crypto');\n\nconst c = crypto.createDecipheriv('des-ede3-cbc', key, iv);\n",
    },
    {
      path: 'src/c.js',
      text: "const crypto = require('crypto');\n\nconst c = crypto.createCipheriv(algorithm, key, iv);\n",
    },
    { path: 'src/d.js', text: "codec.createCipheriv('des-cbc', key, iv);\n" },
    {
      path: 'src/ntlm/hash.js',
      text: "const crypto = require('crypto');\n\nconst des = crypto.createCipheriv('DES-ECB', key, '');\n",
    },
  ],
  async find(file, context) {
    if (/ntlm|lanman|\bsmb\b/i.test(file.path + file.text)) return [];
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      if (call.imported !== 'crypto.createCipheriv' || !call.args[0]) return [];
      const name = literalText(writtenValue(call.args[0])) ?? '';
      if (!/^(des|rc4|rc2|bf|blowfish|idea|cast5?|seed)\b|^id-smime|-ecb$/i.test(name)) return [];
      return [{ ...span(call.node), message: `${name} does not protect what it encrypts.` }];
    });
  },
};

const weakKey: RuleImpl = {
  id: 'javascript/short-rsa-key',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-326',
  title: 'Make RSA keys of at least 2048 bits',
  rationale:
    'RSA keys of 1024 bits and less are within reach of those who can spend money on it, and certificate authorities and clients have refused them for years. The number becomes 2048, the shortest that is accepted today; nothing but the new key depends on it. Longer keys, computed numbers, and development scripts are left alone.',
  fixable: true,
  trigger: /modulusLength/,
  example: {
    path: 'src/keys.js',
    before:
      "const crypto = require('crypto');\n\nconst pair = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });\n",
    after:
      "const crypto = require('crypto');\n\nconst pair = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "crypto.generateKeyPairSync('rsa', { modulusLength: 4096 });\n" },
    { path: 'src/b.js', text: "crypto.generateKeyPairSync('rsa', { modulusLength: bits });\n" },
    { path: 'src/c.js', text: 'hash({ modulusLength: 512 });\n' },
    { path: 'scripts/dev/keys.js', text: "crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });\n" },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    return nodesOf(await context.tree(), 'pair').flatMap((pair): Match[] => {
      const value = pair.field('value');
      if (keyOf(pair) !== 'modulusLength' || !value?.is('number') || isConditional(pair)) return [];
      const callee = pair.parent()?.parent()?.parent()?.field('function')?.text() ?? '';
      const bits = Number(value.text());
      if (!/generateKey(Pair(Sync)?)?$/.test(callee) || !(bits >= 256 && bits < 2048)) return [];
      return [
        { ...span(pair), message: `A key of ${bits} bits can be broken.`, edits: [{ ...span(value), text: '2048' }] },
      ];
    });
  },
};

const weakTls: RuleImpl = {
  id: 'javascript/old-tls-version',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-327',
  title: 'Speak TLS 1.2 or newer',
  rationale:
    'SSL 3, TLS 1.0 and TLS 1.1 have known attacks and are refused by browsers and standards. `minVersion` becomes TLSv1.2, which is the default of Node and which every maintained server speaks. `secureProtocol` names one version alone, so it is reported only. Newer versions, computed values, values under a condition and development scripts are left alone.',
  fixable: true,
  trigger: /minVersion|secureProtocol|DEFAULT_MIN_VERSION/,
  example: {
    path: 'src/client.js',
    before: "const agent = new https.Agent({ keepAlive: true, minVersion: 'TLSv1' });\n",
    after: "const agent = new https.Agent({ keepAlive: true, minVersion: 'TLSv1.2' });\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const agent = new https.Agent({ minVersion: 'TLSv1.3' });\n" },
    { path: 'src/b.js', text: 'const agent = new https.Agent({ minVersion: config.tls });\n' },
    { path: 'src/c.js', text: "const schema = { minVersion: 'v1' };\n" },
    { path: 'src/d.js', text: "const options = legacy ? { minVersion: 'TLSv1' } : {};\n" },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    return nodesOf(await context.tree(), 'pair').flatMap((pair): Match[] => {
      const [key, value] = [keyOf(pair), pair.field('value')];
      const text = literalText(value) ?? '';
      const old = key === 'minVersion' && /^(TLSv1(\.[01])?|SSLv3)$/.test(text);
      const single = key === 'secureProtocol' && /^(SSLv[23]|TLSv1(_1)?)_(client_|server_)?method$/.test(text);
      if (!value || isConditional(pair) || !(old || single)) return [];
      const quote = value.text()[0] ?? "'";
      const edits = old ? [{ ...span(value), text: `${quote}TLSv1.2${quote}` }] : [];
      return [{ ...span(pair), message: `${text} has known attacks.`, edits }];
    });
  },
};

const weakDerivation: RuleImpl = {
  id: 'javascript/fast-key-derivation',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-916',
  title: 'Derive keys from passwords slowly',
  rationale:
    'PBKDF2 is as strong as its rounds are many: with a few thousand a stolen table is tried at millions of guesses per second. Today 600,000 rounds of SHA-256 are advised, or `crypto.scrypt`. What is stored already was made with the old number, so this is reported only. Numbers that are computed, and derivations from anything but passwords are left alone.',
  fixable: false,
  trigger: /pbkdf2/,
  example: {
    path: 'src/login.js',
    before: "const crypto = require('crypto');\n\nconst key = crypto.pbkdf2Sync(password, salt, 1000, 32, 'sha1');\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const crypto = require('crypto');\n\ncrypto.pbkdf2Sync(password, salt, 600000, 32, 'sha256');\n",
    },
    {
      path: 'src/b.js',
      text: "const crypto = require('crypto');\n\ncrypto.pbkdf2Sync(password, salt, rounds, 32, 'sha256');\n",
    },
    {
      path: 'src/c.js',
      text: "const crypto = require('crypto');\n\ncrypto.pbkdf2Sync(masterKey, salt, 1, 32, 'sha256');\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const [secret, , rounds] = call.args;
      if (!/^crypto\.pbkdf2(Sync)?$/.test(call.imported ?? '') || !rounds?.is('number')) return [];
      if (
        !/passw(or)?d|passphrase|\bpwd\b/i.test(secret?.text() ?? '') ||
        Number(rounds.text().replaceAll('_', '')) >= 50_000
      )
        return [];
      return [{ ...span(call.node), message: `${rounds.text()} rounds are tried quickly.` }];
    });
  },
};

const timing: RuleImpl = {
  id: 'javascript/comparison-tells-time',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-208',
  title: 'Compare signatures in constant time',
  rationale:
    '`===` stops at the first character that differs, so the time it takes tells how much of a guess was right. `crypto.timingSafeEqual` compares two buffers of equal length in constant time; digests of both sides are such buffers, whatever was given, and are equal only if both sides are. The functions of crypto are imported where they are missing. Only comparisons with an HMAC that this file makes, and with a secret of the environment, are judged; other comparisons are left alone.',
  fixable: true,
  trigger: /createHmac|process\.env\W+\w*(TOKEN|SECRET|PASSWORD|KEY)/,
  example: {
    path: 'src/hook.js',
    before:
      "const crypto = require('crypto');\n\nfunction check(body, given) {\n  const expected = crypto.createHmac('sha256', key).update(body).digest('hex');\n  return expected === given;\n}\n",
    after:
      "const crypto = require('crypto');\n\nfunction check(body, given) {\n  const expected = crypto.createHmac('sha256', key).update(body).digest('hex');\n  return crypto.timingSafeEqual(crypto.createHash('sha256').update(String(expected)).digest(), crypto.createHash('sha256').update(String(given)).digest());\n}\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const crypto = require('crypto');\n\nconst mac = crypto.createHmac('sha256', key).update(body).digest();\nconst fine = crypto.timingSafeEqual(mac, given);\n",
    },
    {
      path: 'src/b.js',
      text: "const crypto = require('crypto');\n\nconst mac = crypto.createHmac('sha256', key).update(body).digest('hex');\nif (mac === undefined) stop();\n",
    },
    { path: 'src/c.js', text: "const mac = createHmac('sha256', key);\nif (name === given) stop();\n" },
    {
      path: 'src/d.js',
      text: "const mac = crypto.createHmac('sha256', key).update(body).digest('hex');\nif (mac.length === given.length) go();\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const bindings = bindingsOf(root);
    return nodesOf(root, 'binary_expression').flatMap((node): Match[] => {
      if (!/^[!=]==?$/.test(node.field('operator')?.text() ?? '')) return [];
      const [left, right] = [node.field('left'), node.field('right')];
      if (
        !left ||
        !right ||
        [left, right].some((side) => /^(undefined|null|true|false|number|string)$/.test(String(side.kind())))
      )
        return [];
      if (![left, right].some((side) => isMac(writtenValue(side)) || isKept(writtenValue(side)))) return [];
      const kept = [left, right].find((side) => isKept(writtenValue(side)));
      const edits = comparedByDigest(root, bindings, node, left, right, kept ?? null);
      return [{ ...span(node), message: 'The time of the comparison tells how much of a guess was right.', edits }];
    });
  },
};

/** Two SHA-256 digests have the same length whatever was given, and are equal only if what was given is. */
function comparedByDigest(
  root: Node,
  bindings: Map<string, Binding>,
  node: Node,
  left: Node,
  right: Node,
  kept: Node | null,
): TextEdit[] {
  const crypto = reached(root, bindings, 'crypto', ['createHash', 'timingSafeEqual'], 'createHmac');
  if (!crypto || ![left, right].every((side) => /^[\w.]+(\[['"][\w-]+['"]\])?$/.test(side.text()))) return [];
  const digest = (side: Node) => `${crypto.prefix}createHash('sha256').update(String(${side.text()})).digest()`;
  // A variable that is not set has a text as well, which anybody can send.
  if (kept && !isKept(kept)) return [];
  const equal = `${crypto.prefix}timingSafeEqual(${digest(left)}, ${digest(right)})`;
  const text = kept ? `(${kept.text()} !== undefined && ${equal})` : equal;
  const edit = { ...span(node), text: /^!/.test(node.field('operator')?.text() ?? '') ? `!${text}` : text };
  return [edit, ...crypto.edits];
}

/** A secret of the environment: whoever compares with it tells how much of a guess was right. */
const isKept = (node: Node) =>
  /^process\.env(\.|\[['"])\w*(TOKEN|SECRET|PASSWORD|API_KEY|ACCESS_KEY)(['"]\])?!?$/.test(node.text());

function isMac(node: Node): boolean {
  const written = /^(`[^`]*\$\{)?(\w+\.)?createHmac\(/.test(node.text()) && /\.digest\(/.test(node.text());
  if (written || !node.is('template_string')) return written;
  return nodesOf(node, 'template_substitution').some((part) => {
    const value = part.child(1);
    return value?.is('identifier') ? isMac(writtenValue(value)) : false;
  });
}

export const cipherRules: readonly RuleImpl[] = [weakCipher, weakKey, weakTls, weakDerivation, timing];
