/** Marks that mean nothing where they stand. Rule: the value of every expression stays the same. */
import type { RuleImpl } from '../rule.ts';
import { nodeWhere } from '../structural.ts';
import { ruffRule } from './ruff-rule.ts';

export const leftoverRules: readonly RuleImpl[] = [
  ruffRule({
    code: 'F541',
    id: 'python/f-string-without-value',
    title: 'Drop the f of strings that insert nothing',
    rationale:
      'An f-string without a placeholder is an ordinary string whose prefix makes readers look for the value that is missing. The prefix goes, and doubled braces become single ones, so the text stays the same. A string that is joined with an f-string which does insert something is left alone.',
    message: 'The f-string inserts nothing.',
    fixable: true,
    trigger: /\b[rR]?[fF][rR]?["']/,
    example: { path: 'app/a.py', before: 'print(f"done")\n', after: 'print("done")\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'print(f"done in {seconds} s")\n' },
      { path: 'app/c.py', text: 'print(f"done " f"in {seconds} s")\n' },
      { path: 'app/d.py', text: 'print("done", "f", rf"{name}\\d")\n' },
    ],
  }),
  ruffRule({
    code: 'C408',
    taste: true,
    id: 'python/empty-collection-call',
    title: 'Write empty collections as literals',
    rationale:
      '`dict()`, `list()` and `tuple()` look the name up and call it; `{}`, `[]` and `()` are the same value, made at once. Only calls without arguments are rewritten: `dict(a=1)` is a matter of taste, and files that give one of these names another meaning are left alone.',
    message: 'An empty collection is made by a call.',
    fixable: true,
    trigger: /\b(dict|list|tuple)\(\s*\)/,
    accept: ({ start, end }, file) => (/^\w+\(\s*\)$/.test(file.text.slice(start, end)) ? 'edit' : 'drop'),
    example: { path: 'app/a.py', before: 'options = dict()\n', after: 'options = {}\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'options = dict(a=1)\nnames = list(options)\nseen = set()\n' },
      { path: 'app/c.py', text: 'class A:\n    rows: list = field(default_factory=list)\n    pairs = make.list()\n' },
      { path: 'app/d.py', text: 'def list():\n    return 1\n\n\nitems = list()\n' },
    ],
  }),
  ruffRule({
    code: 'W605',
    id: 'python/invalid-escape',
    severity: 'medium',
    title: 'Write backslashes that are meant as such',
    rationale:
      'A backslash before a character that forms no escape is kept by Python today, with a SyntaxWarning since 3.12 and an error to come. The string becomes a raw string, or the backslash is doubled where other escapes stand beside it, so its value stays the same. Raw strings and real escapes are left alone.',
    message: 'The backslash forms no escape.',
    fixable: true,
    trigger: /\\[^\n\\'"abfnrtv0-7xNuU]/,
    example: {
      path: 'app/a.py',
      before: 'import re\n\nDIGITS = re.compile("\\d+")\n',
      after: 'import re\n\nDIGITS = re.compile(r"\\d+")\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'import re\n\nDIGITS = re.compile(r"\\d+")\n' },
      { path: 'app/c.py', text: 'TEXT = "\\\\d \\n \\x41 \\u00e9"\n' },
      { path: 'app/d.py', text: '# a comment with \\d\nTEXT = "d"\n' },
    ],
  }),
  ruffRule({
    code: 'E703',
    taste: true,
    id: 'python/trailing-semicolon',
    title: 'Remove trailing semicolons',
    rationale:
      'A semicolon at the end of a line separates nothing in Python. It is removed and nothing else changes. Semicolons between two statements and inside strings are left alone.',
    message: 'The semicolon separates nothing.',
    fixable: true,
    trigger: /;[ \t]*(#[^\n]*)?$/m,
    example: { path: 'app/a.py', before: 'count = 1;\n', after: 'count = 1\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'a = 1; b = 2\n' },
      { path: 'app/c.py', text: 'QUERY = """\nselect 1;\n"""\n' },
      { path: 'app/d.py', text: '# count = 1;\ncount = 1\n' },
    ],
  }),
  ruffRule({
    code: 'PIE790',
    taste: true,
    id: 'python/needless-pass',
    title: 'Remove pass where something else stands',
    rationale:
      'A block that holds a docstring or another statement needs no `pass`; left in place it looks as if something were still to come. It is removed and nothing else changes. A `pass` or `...` that is alone in its block, stands beside a comment, or says that a documented function does nothing is left alone.',
    message: 'The block has other statements: pass does nothing.',
    fixable: true,
    trigger: /^\s*pass\b/m,
    accept: async ({ start, end }, file, context) => {
      const { text } = file;
      const rest = text.slice(end, text.indexOf('\n', end) + 1 || undefined);
      const above = text.slice(0, start).trimEnd().split('\n').at(-1) ?? '';
      if (text.slice(start, end) !== 'pass' || rest.trim() !== '' || /^\s*#/.test(above)) return 'drop';
      const node = await nodeWhere(context, 'pass_statement', (range) => range.start === start);
      const block = node?.parent();
      const statements = block?.namedChildren().filter((one) => !one.is('comment')).length ?? 0;
      return block?.parent()?.is('class_definition') || statements > 2 ? 'edit' : 'drop';
    },
    mend: (edit, { text }) => ({ ...edit, start: afterText(text, edit.start) }),
    example: {
      path: 'app/a.py',
      before: 'class Missing(Exception):\n    """Nothing has that name."""\n\n    pass\n',
      after: 'class Missing(Exception):\n    """Nothing has that name."""\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'class Missing(Exception):\n    pass\n' },
      { path: 'app/c.py', text: 'def later():\n    """To be written."""\n    pass  # subclasses may override\n' },
      {
        path: 'app/d.py',
        text: 'class Reader(Protocol):\n    def read(self) -> str:\n        """Reads."""\n        ...\n',
      },
    ],
  }),
];

/** Start of the blank lines above a line: they belong to the `pass` below the docstring. */
function afterText(text: string, lineStart: number): number {
  const blank = /\n((?:[ \t]*\r?\n)+)$/.exec(text.slice(0, lineStart));
  return lineStart - (blank?.[1]?.length ?? 0);
}
