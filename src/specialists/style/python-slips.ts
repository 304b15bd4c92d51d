/** Slips of the language that do something else than they seem to. Rule: edited only where nothing but the slip is meant. */
import type { RuleImpl } from '../rule.ts';
import { ruffRule } from './ruff-rule.ts';

export const slipRules: readonly RuleImpl[] = [
  ruffRule({
    id: 'python/raise-not-implemented',
    code: 'F901',
    severity: 'medium',
    title: 'Raise NotImplementedError',
    rationale:
      '`NotImplemented` is a value that comparisons return, not an exception: raising it fails with a TypeError that says nothing about what is missing. `NotImplementedError` is what is meant, and is a RuntimeError as before the TypeError was none. Returning NotImplemented from a comparison, which is right, is left alone.',
    message: 'NotImplemented is no exception.',
    fixable: true,
    trigger: /\braise\s+NotImplemented\b/,
    example: {
      path: 'app/a.py',
      before: 'class Shape:\n    def area(self):\n        raise NotImplemented\n',
      after: 'class Shape:\n    def area(self):\n        raise NotImplementedError\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'class Shape:\n    def area(self):\n        raise NotImplementedError\n' },
      { path: 'app/c.py', text: 'class Shape:\n    def __eq__(self, other):\n        return NotImplemented\n' },
      { path: 'app/d.py', text: 'def f():\n    raise NotImplementedYet("raise NotImplemented")\n' },
    ],
  }),
  ruffRule({
    id: 'python/assert-on-tuple',
    code: 'F631',
    severity: 'medium',
    title: 'Assert the condition, not a tuple',
    rationale:
      'A tuple that is not empty is always true, so `assert (condition, message)` never fails. Without the parentheses it is a condition and its message, and may then fail where it did not before: whether that is a defect found or a test to mend is for a person, so it is reported only. Conditions in parentheses are left alone.',
    message: 'A tuple is always true: this never fails.',
    fixable: false,
    trigger: /\bassert\s*\(/,
    example: { path: 'app/a.py', before: 'def f(n):\n    assert (n > 0, "must be positive")\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'def f(n):\n    assert n > 0, "must be positive"\n' },
      { path: 'app/c.py', text: 'def f(n):\n    assert (n > 0), "must be positive"\n' },
      { path: 'app/d.py', text: 'def f(n):\n    assert (n > 0)\n' },
    ],
  }),
  ruffRule({
    id: 'python/repeated-key',
    code: 'F601',
    severity: 'medium',
    title: 'Write each key of a dict once',
    rationale:
      'A key that stands twice in a dict literal takes its last value, and the first is lost without a word. Which of the two is meant is not written in the source, so it is reported only. Keys that are computed, and the same key with the same value, are left alone.',
    message: 'The key stands twice; only its last value counts.',
    fixable: false,
    trigger: /\{/,
    accept: (finding) => (finding.edits.length > 0 ? 'drop' : 'report'),
    example: { path: 'app/a.py', before: 'SIZES = {"small": 1, "large": 2, "small": 3}\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'SIZES = {"small": 1, "large": 2}\n' },
      { path: 'app/c.py', text: 'SIZES = {name(): 1, name(): 2}\n' },
      { path: 'app/d.py', text: 'SIZES = [{"small": 1}, {"small": 2}]\n' },
    ],
  }),
  ruffRule({
    id: 'python/leftover-breakpoint',
    code: 'T100',
    severity: 'medium',
    title: 'Take breakpoints out',
    rationale:
      'A breakpoint stops the program and waits for somebody at a terminal, who is not there on a server. Debuggers of the product itself may be meant, so it is reported only. Functions of the same name from elsewhere and words in texts are left alone.',
    message: 'The program stops here and waits for a person.',
    fixable: false,
    trigger: /\bbreakpoint\s*\(|\bset_trace\s*\(/,
    accept: (finding, file) => (/^\s*(import|from)\b/.test(file.text.slice(finding.start)) ? 'drop' : 'report'),
    example: { path: 'app/a.py', before: 'def f(value):\n    breakpoint()\n    return value\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'from .ui import breakpoint\n\nbreakpoint()\n' },
      { path: 'app/c.py', text: 'TEXT = "breakpoint()"\n' },
      { path: 'app/d.py', text: 'class Debugger:\n    def breakpoint(self):\n        return self.breakpoint()\n' },
    ],
  }),
  ruffRule({
    id: 'python/shared-default',
    code: 'B006',
    severity: 'medium',
    title: 'Make default values anew for each call',
    rationale:
      'A list or dict that is the default of an argument is made once, and every call that leaves the argument out gets the same one, with what the others put in. It is reported where the function changes it, keeps it or hands it out; what should happen with None depends on the callers, so it is reported only. Defaults that are only read are left alone.',
    message: 'Every call shares this value.',
    fixable: false,
    trigger: /=\s*(\[|\{|list\(|dict\(|set\()/,
    accept: (finding, file) => {
      const name = /(\w+)\s*(?::[^=]*)?=\s*$/.exec(file.text.slice(0, finding.start))?.[1];
      const body = file.text.slice(finding.end).split(/\n\s*(?:async\s+)?(?:def|class|@)\b|\n(?=\S)/)[0] ?? '';
      const changes = new RegExp(
        `(?<![.\\w])${name}\\.(append|extend|insert|update|add|setdefault|pop|remove|clear)\\(|(?<![.\\w])${name}\\[[^\\]]+\\]\\s*[+-]?=[^=]|(?<![.\\w])${name}\\s*\\+=`,
      );
      return name && changes.test(body) ? 'report' : 'drop';
    },
    example: { path: 'app/a.py', before: 'def add(item, items=[]):\n    items.append(item)\n    return items\n' },
    lookAlikes: [
      {
        path: 'app/b.py',
        text: 'def add(item, items=None):\n    items = items or []\n    items.append(item)\n    return items\n',
      },
      { path: 'app/c.py', text: 'def show(items=[]):\n    for item in items:\n        print(item)\n' },
      {
        path: 'app/e.py',
        text: 'class Pages:\n    def prepare(self, names={}):\n        self.names = dict(names)\n        self.names.update(size=1)\n',
      },
      { path: 'app/d.py', text: 'def add(item, items=()):\n    return [*items, item]\n' },
    ],
  }),
];
