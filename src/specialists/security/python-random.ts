/**
 * Predictable random numbers in secrets. Rule: only where the code itself says that it makes a secret, and only calls
 * that `secrets` has an equal for; the imports are left as they have to be afterwards, with nothing unused.
 */
import { boundNames, type Call, type Imports, namesAround, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span, within } from '../structural.ts';

const STRONG =
  /(^|_)(password|passwd|passphrase|api_?key|secret_?key|client_?secret|shared_?secret|nonce|salt|otp|csrf|session_?(id|key)|(reset|verification|recovery|backup|invite)_?codes?)(_|$)/;
const TOKEN =
  /(^|_)(auth|access|session|reset|csrf|api|refresh|bearer|verification|invite|signup|login|activation|security)_?token|^_*(generate|make|create|new|gen|random|issue)_(\w+_)?token$/;
const ALPHABET = /\b(ascii_letters|ascii_lowercase|ascii_uppercase|hexdigits|digits|alphabet|charset|chars|letters)\b/i;

/** What is said about a secret is none. */
const ABOUT =
  /(^|_)(hints?|prompt|label|message|strength|policy|help|tips?|questions?|quiz|placeholder|reminder|delay)(_|$)/;

function makesSecret(call: Call): boolean {
  const names = namesAround(call.node).map((name) =>
    name
      .split('.')
      .at(-1)!
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toLowerCase(),
  );
  if (names.some((name) => ABOUT.test(name))) return false;
  if (names.some((name) => STRONG.test(name) || TOKEN.test(name))) return true;
  const alphabet = call.positional.some((argument) => ALPHABET.test(argument.text()));
  return alphabet && names.some((name) => /(^|_)tokens?(_|$)/.test(name));
}

/** The call of `secrets` that means the same, or null. */
function replacement(call: Call): string | null {
  if (call.name === 'random.choices') return drawnText(call);
  if (call.splat || call.keywords.size > 0) return null;
  const [first, second] = call.positional;
  const integers = call.positional.map((node) => (node.is('integer') ? Number(node.text()) : Number.NaN));
  if (call.name === 'random.choice' && first && !second) return `secrets.choice(${first.text()})`;
  if (call.name === 'random.randbytes' && first && !second) return `secrets.token_bytes(${first.text()})`;
  if (call.name === 'random.getrandbits' && first && !second) return `secrets.randbits(${first.text()})`;
  if (call.name === 'random.randrange' && integers.length === 1 && integers[0]! > 0)
    return `secrets.randbelow(${integers[0]})`;
  const [low, high] = integers;
  if (call.name !== 'random.randint' || integers.length !== 2 || !(low! >= 0 && high! >= low!)) return null;
  return low === 0 ? `secrets.randbelow(${high! + 1})` : `${low} + secrets.randbelow(${high! - low! + 1})`;
}

/** `"".join(random.choices(letters, k=n))`: the letters are drawn one by one, which `join` takes as well. */
function drawnText(call: Call): string | null {
  const joins = call.node.parent()?.parent()?.field('function');
  const only = call.node.parent()?.is('argument_list') && call.node.parent()?.namedChildren().length === 1;
  const [letters, weights] = call.positional;
  const count = call.keywords.get('k');
  if (!only || !joins?.is('attribute') || joins.field('attribute')?.text() !== 'join' || call.splat) return null;
  if (!letters || weights || !count || call.keywords.size > 1 || call.node.text().includes('\n')) return null;
  return `secrets.choice(${letters.text()}) for _ in range(${count.text()})`;
}

/** May `text` stand where the call stood without parentheses of its own? */
function standsAlone(node: Node): boolean {
  return ['argument_list', 'assignment', 'return_statement', 'interpolation', 'list', 'keyword_argument'].includes(
    String(node.parent()?.kind()),
  );
}

const DRAWS = /^random\.(choice|choices|randint|randrange|random|sample|getrandbits|randbytes|uniform|shuffle)$/;

const insecureRandom: RuleImpl = {
  id: 'python/predictable-secret',
  python3: 'report',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-330',
  title: 'Make secrets with the secrets module',
  rationale:
    'The random module is a Mersenne twister: whoever sees enough of its output knows all that follows, so passwords, tokens and salts made with it can be guessed. The secrets module draws from the operating system; choice, randbelow, randbits and token_bytes take the same arguments and give values of the same range, and `join` takes letters that are drawn one by one as well as a list of them. Calls without such an equal are reported only, and code that seeds the generator or does not say that it makes a secret is left alone.',
  fixable: true,
  aliases: ['S311', 'B311'],
  trigger: /\brandom\b/,
  example: {
    path: 'app/accounts.py',
    before:
      'import random\nimport string\n\n\ndef make_password(length):\n    return "".join(random.choice(string.ascii_letters) for _ in range(length))\n',
    after:
      'import secrets\nimport string\n\n\ndef make_password(length):\n    return "".join(secrets.choice(string.ascii_letters) for _ in range(length))\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import random\n\ncolour = random.choice(COLOURS)\n' },
    {
      path: 'app/game.py',
      text: 'import random\n\nsecret_number = random.randint(1, 100)\nsecret_word = random.choice(WORDS)\n',
    },
    {
      path: 'app/model.py',
      text: 'import random\n\n\ndef mask(tokens, vocabulary):\n    token = random.choice(vocabulary)\n    return token\n',
    },
    {
      path: 'app/hints.py',
      text: 'import random\n\n\ndef shuffle_password_hint(words):\n    random.shuffle(words)\n    return words\n',
    },
    { path: 'app/b.py', text: 'import secrets\n\npassword = secrets.choice(letters)\n' },
    { path: 'app/c.py', text: 'import random\n\nrandom.seed(7)\npassword = random.choice(letters)\n' },
    { path: 'app/d.py', text: 'import random\n\nrandom = random.SystemRandom()\npassword = random.choice(letters)\n' },
  ],
  async find(file, context) {
    if (/\brandom\.seed\(|import\s+seed\b/.test(file.text)) return [];
    const { root, imports, calls } = await readPython(context);
    const draws = calls.filter((call) => DRAWS.test(call.name ?? '') && makesSecret(call));
    if (draws.length === 0) return [];
    const old = context.options.conventions.python;
    const available = !(old && (old[0] < 3 || (old[0] === 3 && old[1] < 6)));
    const rewrite = available ? planRewrite(root, imports, draws) : new Map<Call, TextEdit[]>();
    const message = 'A secret is made with random numbers that can be predicted.';
    const unbinds = { names: ['random'], usedElsewhere: 'report' } as const;
    return draws.map((call): Match => ({ ...span(call.node), message, edits: rewrite.get(call) ?? [], unbinds }));
  },
};

/** Edits per call. When they take the last use of `random` away, each carries all of them, so that no import is left over. */
function planRewrite(root: Node, imports: Imports, calls: readonly Call[]): Map<Call, TextEdit[]> {
  const plan = new Map<Call, TextEdit[]>();
  const statement = nodesOf(root, 'import_statement').find(
    (node) => node.parent()?.is('module') && node.fieldChildren('name').some((name) => name.text() === 'random'),
  );
  const first = Math.min(...calls.map((call) => span(call.node).start));
  const known = nodesOf(root, 'import_statement').some(
    (node) => node.parent()?.is('module') && span(node).end < first && /^import secrets$/.test(node.text()),
  );
  if (!statement || (!known && (imports.has('secrets') || boundNames(root).has('secrets')))) return plan;
  const isNested = (call: Call) =>
    calls.some((other) => other !== call && (within(other.node, call.node) || within(call.node, other.node)));
  for (const call of calls) {
    if (isNested(call)) continue;
    const text = call.callee.text().startsWith('random.') ? replacement(call) : null;
    if (text)
      plan.set(call, [
        { ...span(call.node), text: standsAlone(call.node) || !text.includes(' + ') ? text : `(${text})` },
      ]);
  }
  const uses = nodesOf(root, 'identifier').filter((node) => node.text() === 'random' && isUse(node));
  const removesAll = uses.length === plan.size;
  if (statement.text() !== 'import random' && removesAll && known) return new Map();
  const importing = importEdits(statement, { remove: removesAll, add: !known });
  const all = [...plan.values()].flat();
  for (const [call, edits] of plan) plan.set(call, [...importing, ...(removesAll ? all : edits)]);
  return plan;
}

function isUse(node: Node): boolean {
  const parent = node.parent();
  if (parent?.is('dotted_name') || parent?.is('aliased_import')) return false;
  if (parent?.is('keyword_argument')) return parent.field('name')?.id() !== node.id();
  return !(parent?.is('attribute') && parent.field('attribute')?.id() === node.id());
}

/** Takes `import random` away and puts `import secrets` where it sorts among the plain imports that follow. */
function importEdits(statement: Node, { remove, add }: { remove: boolean; add: boolean }): TextEdit[] {
  const name = statement.fieldChildren('name').find((one) => one.text() === 'random');
  if (name && statement.text() !== 'import random')
    return add ? [{ ...span(name), text: remove ? 'secrets' : 'random, secrets' }] : [];
  let last = statement;
  for (let next = last.next(); next && /^import [a-z_]+$/.test(next.text()); next = next.next()) {
    if (next.text() > 'import secrets' || span(next).start - span(last).end > 1) break;
    last = next;
  }
  const here = span(statement);
  if (remove && add && last.id() === statement.id()) return [{ ...here, text: 'import secrets' }];
  const edits: TextEdit[] = [];
  if (remove) edits.push({ start: here.start, end: here.end + 1, text: '' });
  if (add) edits.push({ start: span(last).end, end: span(last).end, text: '\nimport secrets' });
  return edits;
}

export const randomRules: readonly RuleImpl[] = [insecureRandom];
