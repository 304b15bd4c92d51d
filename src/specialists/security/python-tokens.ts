/**
 * Who may do what: signed tokens, comparisons of secrets, checks that vanish. Rule: an edit only where the program does
 * the same afterwards, except for what an attacker gains.
 */
import { originOf } from '../python-flow.ts';
import { type Call, type PythonFile, plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { moduleAtTop } from './python-environment.ts';

const unverified: RuleImpl = {
  id: 'python/unverified-token',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-347',
  title: 'Verify tokens before they are believed',
  rationale:
    'A JSON Web Token that is decoded without its signature being checked says whatever the sender wrote. Where the same file verifies other tokens in one way, with a key that is known everywhere, this one is verified in that way too, and `none` is taken out of a list that names real algorithms; elsewhere it is reported only. Functions that read the header to choose a key and verify afterwards, lists of real algorithms, and other libraries are left alone.',
  fixable: true,
  aliases: ['S506'],
  trigger: /\bjwt\b|\bjose\b/,
  example: {
    path: 'app/auth.py',
    before:
      'import jwt\n\n\ndef user_of(token):\n    return jwt.decode(token, options={"verify_signature": False})["sub"]\n\n\ndef admin_of(token):\n    return jwt.decode(token, KEY, algorithms=["HS256"])["adm"]\n',
    after:
      'import jwt\n\n\ndef user_of(token):\n    return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]\n\n\ndef admin_of(token):\n    return jwt.decode(token, KEY, algorithms=["HS256"])["adm"]\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import jwt\n\n\ndef user_of(token):\n    return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]\n',
    },
    {
      path: 'app/b.py',
      text: 'import jwt\n\n\ndef user_of(token):\n    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]\n    return jwt.decode(token, KEYS[issuer], algorithms=["RS256"])\n',
    },
    {
      path: 'app/c.py',
      text: 'import codec\n\n\ndef read(token):\n    return codec.decode(token, options={"verify_signature": False})\n',
    },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    const decodes = calls.filter((call) => /^(jwt|jose\.jwt)\.decode$/.test(call.name ?? ''));
    const isOff = (call: (typeof calls)[number]) =>
      /["']verify_signature["']\s*:\s*False/.test(call.keywords.get('options')?.text() ?? '') ||
      !!call.keywords.get('verify')?.is('false') ||
      /["']none["']/i.test(call.keywords.get('algorithms')?.text() ?? '');
    return decodes.filter(isOff).flatMap((call): Match[] => {
      const scope = enclosing(call.node, ['function_definition', 'module']);
      const verified = decodes.some(
        (other) => !isOff(other) && enclosing(other.node, ['function_definition', 'module'])?.id() === scope?.id(),
      );
      const message = 'The token is read without checking its signature.';
      return verified
        ? []
        : [
            {
              ...span(call.node),
              message,
              edits: signedOnly(
                call,
                decodes.filter((other) => !isOff(other)),
              ),
            },
          ];
    });
  },
};

/** The list of algorithms without `none`, when it names others; else the way of the other tokens of the file. */
function signedOnly(call: Call, verified: readonly Call[]): TextEdit[] {
  const list = call.keywords.get('algorithms');
  const items = list?.is('list') ? list.namedChildren() : [];
  const kept = items.filter((item) => plainString(item)?.toLowerCase() !== 'none');
  const checks = !/verify_signature/.test(call.keywords.get('options')?.text() ?? '') && !call.keywords.has('verify');
  if (list && checks && kept.length > 0 && kept.length < items.length)
    return [{ ...span(list), text: `[${kept.map((item) => item.text()).join(', ')}]` }];
  return asElsewhere(call, verified);
}

/** The key and the algorithms that the only other way of decoding in this file gives, when they are known everywhere. */
function asElsewhere(call: Call, verified: readonly Call[]): TextEdit[] {
  const ways = new Set(
    verified.map(
      (one) =>
        `${one.positional[1]?.text() ?? one.keywords.get('key')?.text()}, algorithms=${one.keywords.get('algorithms')?.text()}`,
    ),
  );
  const [way] = ways;
  const [token, ...more] = call.positional;
  const plain = /^([A-Z][A-Z0-9_]*|\w+(\.\w+)+), algorithms=(\[(["'][A-Z]+\d+["'](, )?)+\]|[A-Z][A-Z0-9_]*)$/;
  const options = /^\{\s*["']verify_signature["']\s*:\s*False,?\s*\}$/.test(call.keywords.get('options')?.text() ?? '');
  if (
    ways.size !== 1 ||
    !way ||
    !plain.test(way) ||
    /^(self|cls)\./.test(way) ||
    !token ||
    more.length > 0 ||
    call.splat
  )
    return [];
  const list = call.node.field('arguments');
  return list && options && call.keywords.size === 1 ? [{ ...span(list), text: `(${token.text()}, ${way})` }] : [];
}

const MAC = /\bhmac\.(new|digest)\(|\.hexdigest\(\)|\bcompute_signature\(|\bhash_password\(|\bsign(ature)?\(/;
const SECRET = /(^|[._])(signature|sig|digest|hmac|mac|token|secret|api_?key|password_hash|csrf|hash)$/i;

/** What a file that works with hmac expects to be given. */
const EXPECTED = /^(expected|computed|calculated)_(signature|sig|hmac|mac)$/;

const timing: RuleImpl = {
  id: 'python/comparison-tells-time',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-208',
  title: 'Compare secrets in constant time',
  rationale:
    '`==` stops at the first character that differs, so the time it takes tells how much of a guess was right. `hmac.compare_digest` takes the same time for every guess. Both sides are turned into text and encoded, since it takes nothing else, so that it answers what `==` answered. Only digests made by hmac, password hashes and secrets of the environment are judged; other comparisons are left alone.',
  fixable: true,
  trigger: /\bhmac\b|password_hash|hash_password|(environ|getenv)\W+\w*(TOKEN|SECRET|PASSWORD|KEY)/,
  example: {
    path: 'app/hook.py',
    before:
      'import hashlib\nimport hmac\n\n\ndef check(body: bytes, given: str) -> bool:\n    expected = hmac.new(KEY, body, hashlib.sha256).hexdigest()\n    return expected == given\n',
    after:
      'import hashlib\nimport hmac\n\n\ndef check(body: bytes, given: str) -> bool:\n    expected = hmac.new(KEY, body, hashlib.sha256).hexdigest()\n    return hmac.compare_digest(expected.encode(), given.encode())\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import hmac\n\n\ndef check(body, given):\n    expected = hmac.new(KEY, body, "sha256").hexdigest()\n    return hmac.compare_digest(expected, given)\n',
    },
    {
      path: 'app/e.py',
      text: 'import inspect\n\n\ndef check(given, expected_signature):\n    return given == expected_signature\n',
    },
    { path: 'app/b.py', text: 'import hmac\n\n\ndef check(name, given):\n    return name == given\n' },
    {
      path: 'app/c.py',
      text: 'import hmac\n\n\ndef check(body):\n    expected = hmac.new(KEY, body, "sha256").hexdigest()\n    return expected == ""\n',
    },
    {
      path: 'app/d.py',
      text: 'import hashlib  # not hmac\n\n\ndef same(a, b):\n    return hashlib.md5(a).hexdigest() == b\n',
    },
  ],
  async find(_file, context) {
    const python = await readPython(context);
    const { root } = python;
    return nodesOf(root, 'comparison_operator').flatMap((node): Match[] => {
      const [left, right, more] = node.namedChildren();
      const operator = node.children()[1]?.text();
      if (!left || !right || more || !/^[!=]=$/.test(operator ?? '')) return [];
      if (
        [left, right].some(
          (side) => plainString(side) !== null || /^(none|true|false|integer)$/.test(String(side.kind())),
        )
      )
        return [];
      const named = python.imports.has('hmac') && !node.ancestors().some((one) => one.is('assert_statement'));
      const macs = [left, right].map((side) => isMac(side) || (named && EXPECTED.test(side.text())));
      const hashes =
        [left, right].some((side) => /(^|[._])password_hash$/.test(side.text())) &&
        [left, right].some((side) => /hash\w*\(/.test(side.text()));
      const kept = [left, right].some(isKept);
      if (!macs.some(Boolean) && !hashes && !kept) return [];
      const module = importedHmac(python, node);
      const bytes = (side: Node) => (isDeclaredText(side) || isHex(side) ? side.text() : `str(${side.text()})`);
      const call = `hmac.compare_digest(${bytes(left)}.encode(), ${bytes(right)}.encode())`;
      const text = operator === '==' ? call : `not ${call}`;
      const edits =
        module?.local === 'hmac' &&
        !(kept && [left, right].some(mayBeMissing)) &&
        ![left, right].some((side) => /\bawait\b|\n/.test(side.text()))
          ? [...module.edits, { ...span(node), text }]
          : [];
      return [{ ...span(node), message: 'The time of the comparison tells how much of a guess was right.', edits }];
    });
  },
};

/** `hmac` by its own name, and the edits that import it. */
function importedHmac({ root, imports }: PythonFile, use: Node): { local: string; edits: TextEdit[] } | null {
  const edits = moduleAtTop(root, imports, use, 'hmac');
  return edits && { local: 'hmac', edits };
}

function isMac(node: Node): boolean {
  const written = originOf(node)?.value.text() ?? node.text();
  return (
    MAC.test(written) &&
    /\bhmac\.|compute_signature|\bsign(ature)?\(/.test(written) &&
    (SECRET.test(node.text()) || /hmac\.(new|digest)\(/.test(written))
  );
}

/** A secret of the environment: whoever compares with it tells how much of a guess was right. */
function isKept(node: Node): boolean {
  const text = node.is('identifier') ? (originOf(node)?.value.text() ?? '') : node.text();
  return /^os\.(environ\[|environ\.get\(|getenv\()["']\w*(TOKEN|SECRET|PASSWORD|API_KEY|ACCESS_KEY)["']/.test(text);
}

/** `os.environ.get("…")` of a variable that is not set is None, whose text anybody can send. */
function mayBeMissing(node: Node): boolean {
  const text = node.is('identifier') ? (originOf(node)?.value.text() ?? '') : node.text();
  return /^os\.(environ\.get|getenv)\(/.test(text);
}

const isHex = (node: Node) =>
  node.is('identifier') && /^hmac\.new\([\s\S]*\)\.hexdigest\(\)$/.test(originOf(node)?.value.text() ?? '');

/** A parameter of the function around that is declared as `str` and given nothing else. */
function isDeclaredText(node: Node): boolean {
  const owner = enclosing(node, ['function_definition']);
  if (!node.is('identifier') || originOf(node) || !owner) return false;
  const parameters = owner.field('parameters')?.namedChildren() ?? [];
  return parameters.some(
    (one) => one.is('typed_parameter') && new RegExp(`^${node.text()}\\s*:\\s*str$`).test(one.text()),
  );
}

const AUTHORISES =
  /\b(is_(admin|staff|superuser|authenticated|owner|authorized|authorised|allowed|moderator)|has_(perm|perms|permission|role|access)\w*|can_(edit|delete|view|access|write|read|manage)\w*|check_(permission|access)\w*|owner(_id)?\s*==)\b/;

const assertion: RuleImpl = {
  id: 'python/assert-decides-access',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-617',
  title: 'Check permissions without assert',
  rationale:
    '`python -O` leaves every assert out, and with it the check of who may do this. The same check as `if not …: raise AssertionError(…)` does what the assert did, with and without that switch; another exception, which the framework turns into a 403, may be better and is for a person to choose. Asserts in tests, and those about anything but permissions, are left alone.',
  fixable: true,
  aliases: ['S101', 'B101'],
  trigger: /^\s*assert\b/m,
  example: {
    path: 'app/views.py',
    before: 'def delete(request, pk):\n    assert request.user.is_staff, "staff only"\n    remove(pk)\n',
    after:
      'def delete(request, pk):\n    if not request.user.is_staff:\n        raise AssertionError("staff only")\n    remove(pk)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'def delete(pk):\n    assert pk is not None\n    remove(pk)\n' },
    {
      path: 'app/b.py',
      text: 'def delete(user, pk):\n    if not user.is_staff:\n        raise PermissionError("staff only")\n    remove(pk)\n',
    },
    { path: 'tests/test_views.py', text: 'def test_staff(user):\n    assert user.is_staff\n' },
  ],
  async find(file, context) {
    const root = await context.tree();
    if (/^\t/m.test(file.text)) return [];
    return nodesOf(root, 'assert_statement').flatMap((node): Match[] => {
      const [condition, message, more] = node.namedChildren();
      if (!condition || more || !AUTHORISES.test(condition.text()) || !enclosing(node, ['function_definition']))
        return [];
      return [
        { ...span(node), message: 'python -O leaves this check out.', edits: rewritten(node, condition, message) },
      ];
    });
  },
};

function rewritten(node: Node, condition: Node, message: Node | undefined): TextEdit[] {
  const column = node.range().start.column;
  const before = node.parent()?.is('block') && node.prev()?.range().end.line !== node.range().start.line;
  if (!before || node.text().includes('\n') || /^(tuple|lambda)$/.test(String(condition.kind()))) return [];
  const simple = /^(attribute|call|identifier|subscript)$/.test(String(condition.kind()));
  const negated = simple ? `not ${condition.text()}` : `not (${condition.text()})`;
  const text = `if ${negated}:\n${' '.repeat(column + 4)}raise AssertionError(${message?.text() ?? ''})`;
  return [{ ...span(node), text }];
}

export const tokenRules: readonly RuleImpl[] = [unverified, timing, assertion];
