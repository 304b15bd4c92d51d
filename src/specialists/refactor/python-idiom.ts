/**
 * Branches that can be said in fewer words, on top of ruff. Rule: ruff says where; its edit is taken only where the same
 * expressions are evaluated in the same order, and one that would lose a comment or make a line too long is not made.
 */
import { lineStart } from '../lines.ts';
import { holdsAll } from '../performance/trigger.ts';
import type { Match, RuleContext, RuleImpl, TextEdit } from '../rule.ts';
import { type RuffFinding, ruffFindings } from '../style/ruff.ts';
import type { SourceFile } from '../types.ts';
import { asCondition, asElif, asTuple, joined, sameBranches, withoutElse } from './python-branch-edits.ts';

const CODES = [
  ...(['SIM102', 'SIM103', 'SIM114', 'RET505', 'RET506', 'PLR5501', 'PLR1714'] as const),
  ...(['SIM101', 'SIM110', 'SIM210', 'SIM401', 'PLR1711'] as const),
] as const;

interface BranchRule extends Omit<RuleImpl, 'find' | 'languages' | 'severity' | 'aliases' | 'fixable'> {
  code: (typeof CODES)[number];
  pylint?: readonly string[];
  message: string;
  /** Ruff's edits, or ours in their place; null: no defect, or nothing that is certainly right. */
  edits?: (
    finding: RuffFinding,
    file: SourceFile,
    context: RuleContext,
  ) => readonly TextEdit[] | null | Promise<readonly TextEdit[] | null>;
}

/** Makes a rule of one of ruff's codes about branches. */
export function branchRule({ code, message, edits: choose, pylint = [], ...rule }: BranchRule): RuleImpl {
  return {
    ...rule,
    languages: ['python'],
    severity: 'low',
    fixable: true,
    taste: true,
    aliases: [code, ...pylint],
    async find(file, context) {
      const found = (await ruffFindings(file, context, CODES)).filter((one) => one.code === code);
      const matches: Match[] = [];
      for (const finding of found) {
        const edits = choose ? await choose(finding, file, context) : finding.edits;
        if (edits === null || edits.length === 0 || !isSafe(edits, file)) continue;
        const { start } = finding;
        const end = firstLineEnd(file.text, start, finding.end);
        matches.push({ start, end, message, edits });
      }
      return matches;
    },
  };
}

function firstLineEnd(text: string, start: number, end: number): number {
  const newline = text.indexOf('\n', start);
  return newline === -1 ? end : Math.min(end, newline);
}

const LONGEST = 88;

function isSafe(edits: readonly TextEdit[], file: SourceFile): boolean {
  return edits.every(({ start, end, text }) => {
    const before = file.text.slice(start, end);
    if (count(before, '#') > count(text, '#')) return false;
    const from = lineStart(file.text, start);
    const after = file.text.slice(from, start) + text;
    const longest = Math.max(...file.text.split('\n').map((line) => line.length));
    return after.split('\n').every((line) => line.length <= Math.max(LONGEST, Math.min(longest, 120)));
  });
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

export const idiomRules: readonly RuleImpl[] = [
  branchRule({
    code: 'SIM102',
    id: 'python/nested-if',
    title: 'Join conditions that stand inside each other',
    rationale:
      'An if that holds nothing but another if asks both conditions, which `and` says in one line with one level less to read. The conditions are evaluated in the same order, and the second only when the first holds, as before. An else on either of them, and a comment between them, leave it alone.',
    message: 'An if holds nothing but another if.',
    trigger: /^[ \t]*(?:el)?if\b[^\n]*:[ \t]*\n[ \t]+if\b/m,
    edits: joined,
    example: {
      path: 'app/a.py',
      before: 'def greet(user):\n    if user.active:\n        if user.name:\n            print(user.name)\n',
      after: 'def greet(user):\n    if user.active and user.name:\n        print(user.name)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'if a:\n    if b:\n        f()\n    else:\n        g()\n' },
      { path: 'app/c.py', text: 'if a:\n    if b:\n        f()\nelse:\n    g()\n' },
      { path: 'app/d.py', text: 'if a:\n    # why\n    if b:\n        f()\n' },
      { path: 'app/e.py', text: 'if a:\n    if b:\n        f()\n    g()\n' },
      { path: 'app/f.py', text: 'if __name__ == "__main__":\n    if b:\n        f()\n' },
      { path: 'app/g.py', text: 'if a or b:\n    if c:\n        f()\n' },
      { path: 'app/h.py', text: 'if a:\n    if b == 1:\n        if c:\n            f()\n' },
      { path: 'app/i.py', text: 'if a:\n    if not all(has(b)\n               for b in c):\n        f()\n' },
      { path: 'app/j.py', text: `if a:\n    if b:\n${'        f()\n'.repeat(21)}` },
    ],
  }),
  branchRule({
    code: 'SIM103',
    id: 'python/needless-branches',
    title: 'Return the condition itself',
    rationale:
      'Two branches that return True and False say what the condition says already. The condition is returned as it is where it is a comparison or `not`, and through bool() elsewhere, so that callers get the same value as before.',
    message: 'Two branches return what the condition is.',
    trigger: /\breturn (True|False)\b/,
    edits: asCondition,
    example: {
      path: 'app/a.py',
      before: 'def is_open(door):\n    if door.angle > 0:\n        return True\n    else:\n        return False\n',
      after: 'def is_open(door):\n    return door.angle > 0\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def f(a):\n    if a:\n        return True\n    return None\n' },
      {
        path: 'app/c.py',
        text: 'def f(a):\n    if a:\n        return True\n    elif g(a):\n        return True\n    else:\n        return False\n',
      },
      {
        path: 'app/d.py',
        text: 'def f(a):\n    if a:\n        log(a)\n        return True\n    else:\n        return False\n',
      },
      {
        path: 'app/e.py',
        text: 'def f(a):\n    # open doors only\n    if a > 0:\n        # yes\n        return True\n    else:\n        return False\n',
      },
      { path: 'app/f.py', text: 'def f(a):\n    if isinstance(a, B):\n        return True\n    return False\n' },
      // Callers would get what g() returns.
      { path: 'app/g.py', text: 'def f(a):\n    if not g(a):\n        return False\n    return True\n' },
      // One question after the other.
      {
        path: 'app/h.py',
        text: 'def f(a):\n    if a is None:\n        return False\n\n    if a.id == 1:\n        return True\n\n    return False\n',
      },
    ],
  }),
  branchRule({
    code: 'SIM114',
    id: 'python/same-branches',
    title: 'Join branches that do the same',
    rationale:
      'Two branches in a row with the same body are one branch with `or` between the conditions, which are evaluated in the same order as before. With two bodies a change to one is easily forgotten in the other. Branches with comments of their own are left alone.',
    message: 'Two branches in a row do the same.',
    trigger: /^[ \t]*elif\b/m,
    edits: sameBranches,
    example: {
      path: 'app/a.py',
      before:
        'def load(name):\n    if name == "a":\n        open_file(name)\n    elif missing(name):\n        open_file(name)\n    else:\n        close()\n',
      after:
        'def load(name):\n    if name == "a" or missing(name):\n        open_file(name)\n    else:\n        close()\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'if a:\n    f(1)\nelif b:\n    f(2)\n' },
      { path: 'app/c.py', text: 'if a:\n    f()\nelif b:\n    g()\nelif c:\n    f()\n' },
      { path: 'app/d.py', text: 'if a:\n    f()  # for a\nelif b:\n    f()  # for b\n' },
      { path: 'app/e.py', text: 'if a:\n    f()\nif b:\n    f()\nelif c:\n    g()\n' },
      { path: 'app/f.py', text: 'if a == "x":\n    pass\nelif a == "y":\n    pass\nelif a == "z":\n    f()\n' },
    ],
  }),
  branchRule({
    code: 'RET505',
    id: 'python/else-after-return',
    pylint: ['no-else-return'],
    title: 'Leave out else after return',
    rationale:
      'A branch that returns needs no else: what follows runs only when it did not. One level less, and the way through the function is a straight line. An elif becomes an if for the same reason. Branches with comments around the else are left alone.',
    message: 'An else follows a branch that returns.',
    trigger: holdsAll(/\breturn\b/, /\belse\b/),
    edits: withoutElse,
    example: {
      path: 'app/a.py',
      before:
        'def price(item):\n    if item.free:\n        return 0\n    else:\n        total = item.price * item.count\n        return total\n',
      after:
        'def price(item):\n    if item.free:\n        return 0\n    total = item.price * item.count\n    return total\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def f(a):\n    if a:\n        g()\n    else:\n        return 1\n' },
      {
        path: 'app/c.py',
        text: 'def f(a):\n    if a == 1:\n        return "one"\n    elif a == 2:\n        return "two"\n    elif a == 3:\n        return "three"\n',
      },
      { path: 'app/d.py', text: 'def f(a):\n    if a:\n        return 1\n    b = 2\n    return b\n' },
      {
        path: 'app/e.py',
        text: 'def f(a):\n    for b in a:\n        if b:\n            return b\n    else:\n        return 0\n',
      },
      // What the comment says to a program holds for the branch.
      {
        path: 'app/f.py',
        text: 'def f(a):\n    if a:\n        return 1\n    else:  # pragma: no cover\n        b = 2\n        return b\n',
      },
      // So it is said here.
      {
        path: 'app/g.py',
        text: ['f', 'g', 'h', 'i', 'j', 'k']
          .map((name) => `def ${name}(a):\n    if a:\n        return 1\n    else:\n        return ${name}.b\n`)
          .join('\n\n'),
      },
      {
        path: 'app/h.py',
        text: `def f(a):\n    if a:\n        return 1\n    else:\n${'        g(a)\n'.repeat(21)}        return 2\n`,
      },
    ],
  }),
  branchRule({
    code: 'PLR5501',
    id: 'python/else-with-if',
    title: 'Write elif for an if alone in an else',
    rationale:
      'An else that holds nothing but an if is an elif, one level less to read. The conditions are asked in the same order. An else with a comment or another statement is left alone.',
    message: 'An else holds nothing but an if.',
    trigger: /^[ \t]*else:[ \t]*\n[ \t]+if\b/m,
    edits: asElif,
    example: {
      path: 'app/a.py',
      before: 'def size(n):\n    if n > 10:\n        large()\n    else:\n        if n > 5:\n            medium()\n',
      after: 'def size(n):\n    if n > 10:\n        large()\n    elif n > 5:\n        medium()\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'if a:\n    f()\nelse:\n    if b:\n        g()\n    h()\n' },
      { path: 'app/c.py', text: 'if a:\n    f()\nelse:\n    # not a\n    if b:\n        g()\n' },
      { path: 'app/d.py', text: 'for a in b:\n    f()\nelse:\n    if c:\n        g()\n' },
      // The two mirror each other.
      {
        path: 'app/e.py',
        text: 'if a:\n    if b not in c:\n        c.add(b)\nelse:\n    if b in c:\n        c.remove(b)\n',
      },
    ],
  }),
  branchRule({
    code: 'PLR1714',
    id: 'python/repeated-comparison',
    pylint: ['consider-using-in'],
    title: 'Ask once whether a value is one of several',
    rationale:
      'Comparing one variable with several texts or numbers, joined by `or`, is what `in` with a tuple says: the same comparisons in the same order, until one holds. Only plain variables and written texts and whole numbers are rewritten, since attributes and calls may answer differently each time.',
    message: 'One variable is compared with several values in turn.',
    trigger: /[!=]=[^\n]*\b(?:or|and)\b[^\n]*[!=]=/,
    edits: asTuple,
    example: {
      path: 'app/a.py',
      before: 'def is_vowel(letter):\n    return letter == "a" or letter == "e" or letter == "i"\n',
      after: 'def is_vowel(letter):\n    return letter in ("a", "e", "i")\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'ok = a.b == 1 or a.b == 2\n' },
      { path: 'app/c.py', text: 'ok = a == b or a == c\n' },
      { path: 'app/d.py', text: 'ok = a == 1 or b == 2\n' },
      { path: 'app/e.py', text: 'ok = a == 1.0 or a == 2.0\n' },
      { path: 'app/f.py', text: 'ok = a() == 1 or a() == 2\n' },
    ],
  }),
];
