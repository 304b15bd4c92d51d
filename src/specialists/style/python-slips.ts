/** Slips of the language that do something else than they seem to. Rule: edited only where nothing but the slip can be meant. */
import { beforeOnLine } from '../lines.ts';
import type { RuleImpl } from '../rule.ts';
import { isKeptOrChanged, madeAnew, withoutBreakpoint, withoutTuple } from './python-slip-edits.ts';
import { ruffRule } from './ruff-rule.ts';

/** An import of it, and a call that is told where to stop or whose answer is used: part of a debugger. */
function isNoStop(text: string, start: number): boolean {
  const line = beforeOnLine(text, start).trim();
  const call = text.slice(start);
  return (
    /^(from|import)\b/.test(call) || /^[\w.]*set_trace\(\s*[^\s)]/.test(call) || /(\bassert|=|\breturn|\()$/.test(line)
  );
}

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
      'A tuple that is not empty is always true, so `assert (condition, message)` never fails. Without the parentheses it is a condition and its message, as it was meant; if it fails now, it has found something. It is rewritten where the second of two elements is a text on the same line; other tuples are reported only. Conditions in parentheses are left alone.',
    message: 'A tuple is always true: this never fails.',
    fixable: true,
    trigger: /\bassert\s*\(/,
    write: ({ start }, file, context) => withoutTuple(start, file, context),
    example: {
      path: 'app/a.py',
      before: 'def f(n):\n    assert (n > 0, "must be positive")\n',
      after: 'def f(n):\n    assert n > 0, "must be positive"\n',
    },
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
      'A breakpoint stops the program and waits for somebody at a terminal, who is not there on a server. The line is taken out where it stands for itself; where a condition asks for debugging, and in the debuggers of the product itself, it may be meant and is reported only. Functions of the same name from elsewhere and words in texts are left alone.',
    message: 'The program stops here and waits for a person.',
    fixable: true,
    trigger: /\bbreakpoint\s*\(|\bset_trace\s*\(/,
    accept: (finding, file) => (isNoStop(file.text, finding.start) ? 'drop' : 'edit'),
    write: ({ start }, file, context) => withoutBreakpoint(start, file, context),
    example: {
      path: 'app/a.py',
      before: 'def f(value):\n    breakpoint()\n    return value\n',
      after: 'def f(value):\n    return value\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'from .ui import breakpoint\n\nbreakpoint()\n' },
      { path: 'app/c.py', text: 'TEXT = "breakpoint()"\n' },
      { path: 'app/e.py', text: 'from .rdb import set_trace\n\n\ndef handler(*args):\n    set_trace(args[1])\n' },
      { path: 'app/f.py', text: 'from .rdb import set_trace\n\nassert set_trace()\n' },
      { path: 'app/d.py', text: 'class Debugger:\n    def breakpoint(self):\n        return self.breakpoint()\n' },
    ],
  }),
  ruffRule({
    id: 'python/shared-default',
    code: 'B006',
    severity: 'medium',
    title: 'Make default values anew for each call',
    rationale:
      'A list or dict that is the default of an argument is made once, and every call that leaves the argument out gets the same one, with what the others put in. It is reported where the function changes it, keeps it or hands it out. The default becomes None, and the function begins by making the value anew; where the name says that it is meant to be kept (a cache, a registry), where the same value is asked and filled like one, and where the annotation cannot say None, it is reported only. Defaults that are only read are left alone.',
    message: 'Every call shares this value.',
    fixable: true,
    trigger: /=\s*(\[|\{|list\(|dict\(|set\()/,
    accept: async ({ start }, _file, context) => ((await isKeptOrChanged(start, context)) ? 'edit' : 'drop'),
    write: ({ start }, file, context) => madeAnew(start, file, context),
    example: {
      path: 'app/a.py',
      before: 'def add(item, items=[]):\n    items.append(item)\n    return items\n',
      after:
        'def add(item, items=None):\n    if items is None:\n        items = []\n    items.append(item)\n    return items\n',
    },
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
      {
        path: 'app/f.py',
        text: 'class Request:\n    def __init__(self, data=dict()):\n        data = [] if data is None else data\n        self.data = data\n',
      },
    ],
  }),
];
