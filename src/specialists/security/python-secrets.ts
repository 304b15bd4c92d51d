/** Secrets in the source and hashes that do not protect them. Rule: report only, and never quote what was found. */
import { CREDENTIALS } from '../../base/index.ts';
import { originOf } from '../python-flow.ts';
import { namesAround, plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { entropy } from './entropy.ts';

const NAME =
  /(^|_)(password|passwd|pwd|secret|secret_?key|api_?key|access_?key|auth_?token|access_?token|private_?key|token)$/i;
const PLACEHOLDER =
  /example|change|your|test|dummy|fake|mock|sample|placeholder|xxx|\*\*\*|todo|secret|password|passw|insecure|default|\.\.\.|[<>{}$%\s]|:\/\/|^[a-z]+([-_.][a-z]+)*$|^[/.~]|^[A-Z_]+$/i;

function looksRandom(value: string): boolean {
  if (value.length < 12 || value.length > 200 || PLACEHOLDER.test(value)) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= 3.3;
}

/** Looks like a password that somebody chose: no word, no name, no label. */
function looksChosen(value: string): boolean {
  if (value.length < 8 || value.length > 64 || PLACEHOLDER.test(value) || /[/:()[\]]/.test(value)) return false;
  return /\d/.test(value) && /[a-z]/i.test(value) && !/^[a-z]+([-_.][a-z0-9]+)*$/i.test(value);
}

/** The key that Django and Flask sign everything with; its own words count as little as Django's prefix. */
function isSigningKey(name: string, value: string, path: string): boolean {
  if (name !== 'SECRET_KEY' || value.length < 20 || /\s|\.\.\.|change|your|example|replace|dummy|<|\{/i.test(value))
    return false;
  return (
    /\d/.test(value) &&
    entropy(value) >= 3.3 &&
    !/(^|[/_.-])(dev\w*|local|tests?|testing|ci|demo|examples?|docs?|sample)([/_.-]|$)/i.test(path)
  );
}

/** The text that constants and literals joined by `+` make, or null. */
function folded(node: Node | null, depth = 3): string | null {
  const text = plainString(node);
  if (text !== null || !node || depth === 0) return text;
  if (node.is('parenthesized_expression')) return folded(node.namedChildren()[0] ?? null, depth);
  if (node.is('identifier')) {
    const origin = originOf(node);
    return origin?.how === 'whole' ? folded(origin.value, depth - 1) : null;
  }
  if (!node.is('binary_operator') || node.field('operator')?.text() !== '+') return null;
  const [left, right] = [folded(node.field('left'), depth), folded(node.field('right'), depth)];
  return left === null || right === null ? null : left + right;
}

const hardcodedSecret: RuleImpl = {
  id: 'python/hardcoded-secret',
  languages: ['python'],
  severity: 'critical',
  cwe: 'CWE-798',
  title: 'Remove credentials from the source',
  rationale:
    'A credential in the source is known to everyone who can read any clone, and stays in the history after it is deleted. It has to be revoked and replaced where it was issued, which only a person can do, so this is reported only; afterwards the program reads it from the environment or a secret store. Placeholders, examples, paths and words are left alone.',
  fixable: false,
  aliases: ['S105', 'S106', 'S107', 'B105', 'B106', 'B107'],
  trigger: /passw|pwd|secret|key|token|AKIA|ASIA|gh[pousr]_|glpat-|xox|AIza|PRIVATE KEY/i,
  example: { path: 'app/settings.py', before: 'DATABASE_PASSWORD = "q8Zr2vLx0TnB5kWd"\n' },
  lookAlikes: [
    { path: 'app/a.py', text: 'PASSWORD = os.environ["PASSWORD"]\nAPI_KEY = ""\nTOKEN = None\n' },
    { path: 'app/b.py', text: 'PASSWORD = "change-me-2024-please"\nSECRET_KEY = "your-secret-key-1234"\n' },
    {
      path: 'app/c.py',
      text: 'PASSWORD_FIELD = "q8Zr2vLx0TnB5kWd"\ntoken = "access_token"\nkey = "AKIAIOSFODNN7EXAMPLE"\n',
    },
    { path: 'app/d.py', text: 'password = "https://example.org/reset/2024"\nTOKEN = "{prefix}-{number:08d}"\n' },
    { path: 'app/e.py', text: 'HEADER = "-----BEGIN PRIVATE KEY-----"\n' },
  ],
  async find(file, context) {
    const root = await context.tree();
    const matches: Match[] = [];
    for (const { what, pattern } of CREDENTIALS)
      for (const found of file.text.matchAll(new RegExp(pattern, 'g'))) {
        const [start, end] = [found.index, found.index + found[0].length];
        matches.push({ start, end, message: `The source contains ${what}.`, secrets: [[start, end]] });
      }
    const named = [
      ...nodesOf(root, 'assignment'),
      ...nodesOf(root, 'keyword_argument'),
      ...nodesOf(root, 'default_parameter'),
    ];
    for (const node of named) {
      const target = node.field('left') ?? node.field('name');
      const name = target?.is('subscript') ? plainString(target.field('subscript')) : target?.text().split('.').at(-1);
      const value = node.field('right') ?? node.field('value');
      const text = value && (plainString(value) ?? folded(value));
      if (!value || !text) continue;
      const issued = value.is('binary_operator') && CREDENTIALS.some(({ pattern }) => pattern.test(text));
      const chosen = /(password|passwd|pwd)$/i.test(name ?? '') && looksChosen(text);
      const guarded =
        NAME.test(name ?? '') && (looksRandom(text) || chosen || isSigningKey(name ?? '', text, file.path));
      if (value.is('identifier') || !(issued || guarded)) continue;
      const { start, end } = span(value);
      if (matches.some((match) => match.start < end && start < match.end)) continue;
      matches.push({ ...span(node), message: `${name} is a literal in the source.`, secrets: [[start, end]] });
    }
    return matches;
  },
};

const weakPasswordHash: RuleImpl = {
  id: 'python/weak-password-hash',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-327',
  title: 'Hash passwords with a slow, salted function',
  rationale:
    'MD5, SHA-1 and a single round of SHA-2 are made to be fast, so a stolen table of password hashes is read within hours. scrypt, argon2 or bcrypt take their place, but stored hashes must be carried over, so this is reported only. Hashes of files, cache keys and protocols that prescribe the function are left alone.',
  fixable: false,
  aliases: ['S303', 'S324', 'B303', 'B324'],
  trigger: /\bhashlib\b/,
  example: {
    path: 'app/accounts.py',
    before:
      'import hashlib\n\n\ndef store(user, password):\n    user.hash = hashlib.md5(password.encode()).hexdigest()\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import hashlib\n\nname = hashlib.md5(content).hexdigest()\n' },
    {
      path: 'app/b.py',
      text: 'import hashlib\n\nkey = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1)\n',
    },
    {
      path: 'app/c.py',
      text: 'import hashlib\n\n\ndef digest_auth(user, realm, password):\n    return hashlib.md5(f"{user}:{realm}:{password}".encode()).hexdigest()\n',
    },
    {
      path: 'app/d.py',
      text: 'import hashlib\n\n# breach lists are keyed by SHA-1\nprefix = hashlib.sha1(password.encode()).hexdigest()[:5]\n',
    },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      if (!/^hashlib\.(md5|sha1|sha224|sha256|sha512)$/.test(call.name ?? '')) return [];
      const given = call.positional[0]?.text() ?? '';
      if (!/(^|[_.(])(password|passwd|pwd|passphrase|pw)\b/i.test(given) || /realm|nonce/i.test(given)) return [];
      const around = [...namesAround(call.node), call.node.ancestors()[3]?.text() ?? ''].join(' ');
      if (/digest_?auth|realm|ha1|pwned|breach|hibp|\[:5\]/i.test(around)) return [];
      return [{ ...span(call.node), message: `A password is hashed with ${call.name?.split('.')[1]}, which is fast.` }];
    });
  },
};

export const secretRules: readonly RuleImpl[] = [hardcodedSecret, weakPasswordHash];
