/** Idioms of older Pythons. Rule: nothing that the repository's lowest Python, or a file kept for Python 2, needs. */
import { lineStart } from '../lines.ts';
import type { RuleImpl } from '../rule.ts';
import { enclosing, nodeWhere } from '../structural.ts';
import { mayBePython2, type RuffRule, ruffRule } from './ruff-rule.ts';

const python3Only: NonNullable<RuffRule['accept']> = (_finding, file, context) =>
  mayBePython2(file, context) ? 'drop' : 'edit';

/** `super()` needs the cell of the class that the method is written in: a class decorator may replace that class. */
const superAccept: NonNullable<RuffRule['accept']> = async (finding, file, context) => {
  if (mayBePython2(file, context)) return 'drop';
  const { start, end } = finding;
  const call = await nodeWhere(context, 'call', (range) => range.start <= start && range.end === end);
  const owner = call ? enclosing(call, ['class_definition', 'lambda', 'list_comprehension']) : null;
  return owner?.is('class_definition') && !owner.parent()?.is('decorated_definition') ? 'edit' : 'drop';
};

export const upgradeRules: readonly RuleImpl[] = [
  ruffRule({
    code: 'UP004',
    taste: true,
    id: 'python/object-base',
    title: 'Drop the object base of classes',
    rationale:
      'Since Python 3 every class derives from object, so naming it says nothing. The base is removed and the class stays the same. Files that are kept running on Python 2, and classes with other bases besides, whose order could matter, are left alone.',
    message: 'Every class derives from object.',
    fixable: true,
    trigger: /\bobject\b/,
    accept: (finding, file, context) =>
      mayBePython2(file, context) || !/^[ \t]*class \w+\(object\)/.test(lineAt(file.text, finding.start))
        ? 'drop'
        : 'edit',
    example: {
      path: 'app/a.py',
      before: 'class Reader(object):\n    size = 1\n',
      after: 'class Reader:\n    size = 1\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'class Reader(Base):\n    size = 1\n' },
      { path: 'app/c.py', text: 'from __future__ import print_function\n\n\nclass Reader(object):\n    size = 1\n' },
      { path: 'app/d.py', text: 'def make(object):\n    return type("A", (object,), {})\n' },
    ],
  }),
  ruffRule({
    code: 'UP008',
    taste: true,
    id: 'python/super-arguments',
    title: 'Call super without arguments',
    rationale:
      'Inside a method `super()` knows its class and its instance; writing them out breaks when the class is renamed. The arguments are removed where they are exactly these two. Files that are kept running on Python 2, decorated classes (a decorator may put another class in its place), nested functions and other arguments are left alone.',
    message: 'super knows these arguments.',
    fixable: true,
    trigger: /\bsuper\(\s*\w/,
    accept: superAccept,
    example: {
      path: 'app/a.py',
      before: 'class B(A):\n    def open(self):\n        super(B, self).open()\n',
      after: 'class B(A):\n    def open(self):\n        super().open()\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'class B(A):\n    def open(self):\n        super(A, self).open()\n' },
      { path: 'app/c.py', text: 'import six\n\n\nclass B(A):\n    def open(self):\n        super(B, self).open()\n' },
      {
        path: 'app/d.py',
        text: '@dataclass(slots=True)\nclass B(A):\n    def open(self):\n        super(B, self).open()\n',
      },
      { path: 'app/e.py', text: 'class B(A):\n    def open(self):\n        super().open()\n' },
    ],
  }),
  ruffRule({
    code: 'UP012',
    taste: true,
    id: 'python/encode-literal',
    title: 'Write encoded literals as bytes',
    rationale:
      'Encoding a constant ASCII string as UTF-8 gives bytes that can be written at once as a bytes literal, without a call. The value is the same. Strings with other characters, other encodings, and files that are kept running on Python 2 are left alone.',
    message: 'A constant string is encoded by a call.',
    fixable: true,
    trigger: /\.encode\(/,
    accept: (finding, file, context) =>
      !mayBePython2(file, context) && finding.edits.every((edit) => /^b["']/.test(edit.text)) ? 'edit' : 'drop',
    example: { path: 'app/a.py', before: 'send("ping".encode("utf-8"))\n', after: 'send(b"ping")\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'send(text.encode("utf-8"))\nsend("ping".encode("utf-16"))\n' },
      { path: 'app/c.py', text: 'send("é".encode("utf-8"))\nsend(f"{ping}".encode("utf-8"))\n' },
      { path: 'app/d.py', text: 'from __future__ import unicode_literals\n\nsend("ping".encode("utf-8"))\n' },
    ],
  }),
  ruffRule({
    code: 'UP015',
    taste: true,
    id: 'python/default-open-mode',
    title: 'Leave out the default mode of open',
    rationale:
      'Text for reading is what `open` does without a mode, so `"r"`, `"rt"` and `"U"` say nothing. The argument is removed and the file is opened the same way. Other modes, other functions named open, and files that are kept running on Python 2 are left alone.',
    message: 'The mode is the default of open.',
    fixable: true,
    trigger: /\bopen\(/,
    accept: (finding, file, context) =>
      mayBePython2(file, context) || finding.edits.some((edit) => edit.text !== '') ? 'drop' : 'edit',
    example: {
      path: 'app/a.py',
      before: 'with open(path, "r", encoding="utf-8") as stream:\n    text = stream.read()\n',
      after: 'with open(path, encoding="utf-8") as stream:\n    text = stream.read()\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'with open(path, "rb") as stream:\n    data = stream.read()\n' },
      { path: 'app/c.py', text: 'archive = zipfile.ZipFile(path).open(name, "r")\n' },
      { path: 'app/d.py', text: 'from codecs import open\n\nstream = open(path, "r", "utf-8")\n' },
    ],
  }),
  ruffRule({
    code: 'UP018',
    taste: true,
    id: 'python/literal-call',
    title: 'Write constants without a call',
    rationale:
      '`str("a")`, `int(1)` and `bool(True)` return their argument. The call is removed and the value stays the same. Conversions of another type and of anything but a literal, and files that are kept running on Python 2, are left alone.',
    message: 'The call returns the literal that it is given.',
    fixable: true,
    trigger: /\b(str|bytes|int|float|bool)\(/,
    accept: (finding, file, context) => {
      const standsAlone = /[\w.]/.test(file.text[finding.end] ?? '') === false;
      return !mayBePython2(file, context) && standsAlone ? 'edit' : 'drop';
    },
    example: { path: 'app/a.py', before: 'name = str("reader")\n', after: 'name = "reader"\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'name = str(1)\nsize = int("1")\nratio = float(1)\n' },
      { path: 'app/c.py', text: 'name = str(value)\nempty = str\n' },
      { path: 'app/d.py', text: 'bits = int(1).bit_length()\n' },
    ],
  }),
  ruffRule({
    code: 'UP024',
    taste: true,
    id: 'python/os-error-alias',
    title: 'Name OSError by its one name',
    rationale:
      'IOError, EnvironmentError, WindowsError, socket.error and select.error have been the same class as OSError since Python 3.3; one name shows that handlers catch the same thing. Classes of the same names from elsewhere, and files that are kept running on Python 2, are left alone.',
    message: 'The exception is another name of OSError.',
    fixable: true,
    trigger: /\b(IOError|EnvironmentError|WindowsError|socket\.error|select\.error|mmap\.error)\b/,
    accept: python3Only,
    example: {
      path: 'app/a.py',
      before: 'try:\n    data = read()\nexcept IOError:\n    data = None\n',
      after: 'try:\n    data = read()\nexcept OSError:\n    data = None\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'try:\n    data = read()\nexcept OSError:\n    data = None\n' },
      {
        path: 'app/c.py',
        text: 'class IOError(Exception):\n    size = 1\n\n\ntry:\n    data = read()\nexcept IOError:\n    data = None\n',
      },
      {
        path: 'app/d.py',
        text: 'from __future__ import print_function\n\ntry:\n    data = read()\nexcept IOError:\n    data = None\n',
      },
    ],
  }),
  ruffRule({
    code: 'UP025',
    taste: true,
    id: 'python/unicode-prefix',
    title: 'Drop the u of strings',
    rationale:
      'Since Python 3 every string is Unicode, so the prefix says nothing. It is removed and the value stays the same. Files that are kept running on Python 2 are left alone.',
    message: 'Every string is Unicode.',
    fixable: true,
    trigger: /\b[uU]["']/,
    accept: python3Only,
    example: { path: 'app/a.py', before: 'name = u"reader"\n', after: 'name = "reader"\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'name = "reader"\ndata = b"u"\n' },
      { path: 'app/c.py', text: 'from __future__ import unicode_literals\n\nname = u"reader"\n' },
      { path: 'app/d.py', text: 'import six\n\nname = u"reader"\n' },
    ],
  }),
  ruffRule({
    code: 'UP034',
    taste: true,
    id: 'python/double-parentheses',
    title: 'Remove doubled parentheses',
    rationale:
      'A second pair of parentheses around the same expression (the only argument of a call, a condition, a value) groups nothing, and makes readers look for a tuple. The inner pair is removed and the value stays the same. Tuples, generators and parentheses that span lines are left alone.',
    message: 'The inner parentheses group nothing.',
    fixable: true,
    trigger: /\(\(/,
    accept: (finding, file) => (file.text.slice(finding.start, finding.end).includes('\n') ? 'drop' : 'edit'),
    example: { path: 'app/a.py', before: 'print((total))\n', after: 'print(total)\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'print((1, 2))\nprint((total,))\nprint(())\n' },
      { path: 'app/c.py', text: 'total = max((a + b) * c, (a))\nprint((a + b) * c)\n' },
      { path: 'app/d.py', text: 'print((yield))\n' },
    ],
  }),
];

function lineAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? undefined : end);
}
