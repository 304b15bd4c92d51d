/**
 * Secrets in the source and hashes that do not protect them. Rule: never quote what was found; an edit takes a secret out
 * of one place only and says that it has to be revoked all the same.
 */
import { CREDENTIALS } from '../../base/index.ts';
import { originOf } from '../python-flow.ts';
import { namesAround, type PythonFile, plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { entropy } from './entropy.ts';
import { fromEnvironment, isEvaluatedHere, variableName } from './python-environment.ts';

const NAME =
  /(^|_)(password|passwd|pwd|secret|(secret|api|access|private|jwt|signing|encryption|hmac|master|webhook)_?key|auth_?token|access_?token|token)$/i;
const PLACEHOLDER =
  /example|change|your|test|dummy|fake|mock|sample|p[a@4][s5$]{2}w[o0]rd|placeholder|xxx|\*\*\*|todo|secret|password|passw|insecure|default|\.\.\.|[<>{}$%\s]|:\/\/|^[a-z]+([-_.][a-z]+)*$|^[/.~]|^[A-Z_]+$/i;

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
    'A credential in the source is known to everyone who can read any clone, and stays in the history after it is deleted. It has to be revoked and replaced where it was issued, which only a person can do, before or after this change. The program then reads the new one from the environment, by a lookup that fails where the variable is not set: set it before this is deployed. It is written where a name is given one plain text; credentials in several pieces, in the middle of a text, as defaults of parameters or in settings that others build upon are reported only. Placeholders, examples, paths and words are left alone.',
  fixable: true,
  aliases: ['S105', 'S106', 'S107', 'B105', 'B106', 'B107'],
  trigger: /passw|pwd|secret|key|token|AKIA|ASIA|gh[pousr]_|glpat-|xox|AIza|PRIVATE KEY/i,
  example: {
    path: 'app/settings.py',
    before: 'DATABASE_PASSWORD = "q8Zr2vLx0TnB5kWd"\n',
    after: 'import os\n\nDATABASE_PASSWORD = os.environ["DATABASE_PASSWORD"]\n',
  },
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
    const python = await readPython(context);
    const { root } = python;
    const matches: Match[] = [];
    const named = [
      ...nodesOf(root, 'assignment'),
      ...nodesOf(root, 'keyword_argument'),
      ...nodesOf(root, 'default_parameter'),
    ];
    const given = [...named, ...nodesOf(root, 'pair')];
    for (const { what, pattern } of CREDENTIALS)
      for (const found of file.text.matchAll(new RegExp(pattern, 'g'))) {
        const [start, end] = [found.index, found.index + found[0].length];
        const whole = given.find(
          (node) => plainString(givenValue(node)) === found[0] && holds(givenValue(node), start),
        );
        const edits = whole && !SHARED_SETTINGS.test(file.path) ? readOutside(python, whole) : [];
        matches.push({ start, end, message: `The source contains ${what}.`, secrets: [[start, end]], edits });
      }
    for (const node of given) {
      const name = nameOf(node);
      const value = givenValue(node);
      const text = value && (plainString(value) ?? folded(value));
      if (!value || !text) continue;
      const issued = value.is('binary_operator') && CREDENTIALS.some(({ pattern }) => pattern.test(text));
      const chosen = /(password|passwd|pwd)$/i.test(name ?? '') && looksChosen(text);
      const guarded =
        NAME.test(name ?? '') && (looksRandom(text) || chosen || isSigningKey(name ?? '', text, file.path));
      if (value.is('identifier') || !(issued || guarded)) continue;
      const { start, end } = span(value);
      if (matches.some((match) => match.start < end && start < match.end)) continue;
      const edits = SHARED_SETTINGS.test(file.path) ? [] : readOutside(python, node);
      matches.push({ ...span(node), message: `${name} is a literal in the source.`, secrets: [[start, end]], edits });
    }
    return matches;
  },
};

/** Settings that others begin with, and give it a value of their own: without this one they would not load. */
const SHARED_SETTINGS = /(^|\/)(settings|config|conf)\/(common|base|defaults?|dev\w*|local\w*|ci|docker)\.py$/;

const givenValue = (node: Node) => node.field('right') ?? node.field('value');

const holds = (node: Node | null, at: number) => !!node && span(node).start <= at && at < span(node).end;

function nameOf(node: Node): string | null | undefined {
  if (node.is('pair')) return plainString(node.field('key'));
  const target = node.field('left') ?? node.field('name');
  return target?.is('subscript') ? plainString(target.field('subscript')) : target?.text().split('.').at(-1);
}

/** `os.environ["NAME"]` in the place of a plain text, where it is evaluated when the program starts or calls. */
function readOutside({ root, imports, calls }: PythonFile, node: Node): TextEdit[] {
  const value = givenValue(node);
  if (!value || plainString(value) === null || !isEvaluatedHere(node)) return [];
  // A key of several lines belongs into a file: few ways of setting a variable keep its ends of lines.
  if (/\n|-----BEGIN/.test(value.text())) return [];
  const call = enclosing(node, ['call']);
  const callee = calls.find((one) => one.node.id() === call?.id());
  const name = variableName(nameOf(node) ?? '', callee?.name ?? null);
  const read = name && fromEnvironment(root, imports, value, name);
  return read ? [...read.edits, { ...span(value), text: read.text }] : [];
}

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
      if (!/(^|[_.(["'{]|\+ ?)(password|passwd|pwd|passphrase|pw)\b/i.test(given) || /realm|nonce/i.test(given))
        return [];
      const around = [...namesAround(call.node), call.node.ancestors()[3]?.text() ?? ''].join(' ');
      if (/digest_?auth|realm|\bha1\b|pwned|breach|hibp|\[:5\]/i.test(around)) return [];
      return [{ ...span(call.node), message: `A password is hashed with ${call.name?.split('.')[1]}, which is fast.` }];
    });
  },
};

export const secretRules: readonly RuleImpl[] = [hardcodedSecret, weakPasswordHash];
