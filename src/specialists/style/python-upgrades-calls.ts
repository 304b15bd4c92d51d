/**
 * Names that a newer Python has a plainer word for. Rule: the oldest Python that the repository supports has the new
 * word too, and the old one leaves no unused import behind.
 */
import type { RuleImpl, TextEdit } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { mayBePython2, type RuffRule, ruffRule } from './ruff-rule.ts';

type Accept = NonNullable<RuffRule['accept']>;

/** Does the repository say that it needs at least this minor version of Python 3? */
const since =
  (minor: number, also: (file: SourceFile) => boolean = () => true): Accept =>
  (_finding, file, context) => {
    const { python } = context.options.conventions;
    return python && python[0] === 3 && python[1] >= minor && also(file) ? 'edit' : 'drop';
  };

/** Is `module.` used for something else than `name`? Then its import stays used. */
const usedBesides = (module: string, name: string) => (file: SourceFile) =>
  [...file.text.matchAll(new RegExp(`\\b${module}\\.(\\w+)`, 'g'))].some((use) => use[1] !== name);

/** A line that goes from between blank lines, or from the top, takes the blank line below along. */
function withBlankLine(edit: TextEdit, { text }: SourceFile): TextEdit {
  const alone = edit.start === 0 || /\n[ \t]*\r?\n$/.test(text.slice(0, edit.start));
  const below = /^[ \t]*\r?\n/.exec(text.slice(edit.end))?.[0] ?? '';
  return edit.text === '' && alone ? { ...edit, end: edit.end + below.length } : edit;
}

export const callUpgradeRules: readonly RuleImpl[] = [
  ruffRule({
    code: 'UP005',
    id: 'python/removed-assertion-name',
    title: 'Use names of unittest that still exist',
    rationale:
      'Python 3.12 removed the old names of the assertions of unittest, such as assertEquals and failUnless; a test that uses one does not run there any more. The new name is the same method and exists since Python 3.2. Files that are kept running on Python 2 are left alone.',
    message: 'Python 3.12 removed this name.',
    fixable: true,
    trigger:
      /\bself\.(fail(Unless|If)\w*|assert(Equals|NotEquals|AlmostEquals|NotAlmostEquals|_|RegexpMatches|NotRegexpMatches|RaisesRegexp|DictContainsSubset|ItemsEqual)|failUnlessRaises)\b/,
    accept: (_finding, file, context) => (mayBePython2(file, context) ? 'drop' : 'edit'),
    example: {
      path: 'tests/test_a.py',
      before:
        'import unittest\n\n\nclass TestA(unittest.TestCase):\n    def test_a(self):\n        self.assertEquals(1, one())\n',
      after:
        'import unittest\n\n\nclass TestA(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(1, one())\n',
    },
    lookAlikes: [
      {
        path: 'tests/test_b.py',
        text: 'class TestB(TestCase):\n    def test_b(self):\n        self.assertEqual(1, one())\n',
      },
      {
        path: 'tests/test_c.py',
        text: 'import six\n\n\nclass TestC(TestCase):\n    def test_c(self):\n        self.assertEquals(1, one())\n',
      },
      { path: 'tests/test_d.py', text: '# self.assertEquals was removed\nTEXT = "self.assertEquals(1, 2)"\n' },
    ],
  }),
  ruffRule({
    code: 'UP010',
    taste: true,
    conventions: { python: [3, 9] },
    id: 'python/needless-future-import',
    title: 'Drop future imports that are the present',
    rationale:
      'An import from __future__ switches on what the oldest supported Python does anyway, so it says nothing. It is removed where the repository says that it needs Python 3; `annotations`, which still changes something, is left alone, and so are files whose repository does not say what it supports.',
    message: 'The oldest supported Python does this anyway.',
    fixable: true,
    trigger: /\bfrom __future__ import\b/,
    accept: since(7),
    mend: withBlankLine,
    example: {
      path: 'app/a.py',
      before: 'from __future__ import generator_stop\nimport json\n\nprint(json)\n',
      after: 'import json\n\nprint(json)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'from __future__ import annotations\n\nname: str = "a"\n' },
      { path: 'app/c.py', text: 'from .__future__ import print_function\n\nprint_function()\n' },
      { path: 'app/d.py', text: 'TEXT = "from __future__ import print_function"\n' },
    ],
  }),
  ruffRule({
    code: 'UP011',
    taste: true,
    conventions: { python: [3, 9] },
    id: 'python/empty-cache-call',
    title: 'Use lru_cache without an empty call',
    rationale:
      'Since Python 3.8 `lru_cache` decorates by itself; an empty call means the same and looks as if something were configured. It is removed where the repository says that it needs Python 3.8. Calls with arguments are left alone.',
    message: 'The empty call configures nothing.',
    fixable: true,
    trigger: /\blru_cache\(\)/,
    accept: since(8),
    example: {
      path: 'app/a.py',
      before: 'from functools import lru_cache\n\n\n@lru_cache()\ndef read():\n    return load()\n',
      after: 'from functools import lru_cache\n\n\n@lru_cache\ndef read():\n    return load()\n',
    },
    lookAlikes: [
      {
        path: 'app/b.py',
        text: 'from functools import lru_cache\n\n\n@lru_cache(maxsize=8)\ndef read():\n    return load()\n',
      },
      { path: 'app/c.py', text: 'from .caches import lru_cache\n\n\n@lru_cache()\ndef read():\n    return load()\n' },
      { path: 'app/d.py', text: 'from functools import lru_cache\n\nread = lru_cache()(load)\n' },
    ],
  }),
  ruffRule({
    code: 'UP017',
    taste: true,
    conventions: { python: [3, 12] },
    id: 'python/utc-alias',
    title: 'Write datetime.UTC',
    rationale:
      'Python 3.11 has `datetime.UTC` for `datetime.timezone.utc`: the same object by its plain name. It is written where the repository says that it needs 3.11 and the module is imported as a whole, so that no import changes. Other spellings are left alone.',
    message: 'The time zone has a plain name.',
    fixable: true,
    trigger: /\bdatetime\.timezone\.utc\b/,
    accept: since(11, (file) => /^import datetime$/m.test(file.text)),
    example: {
      path: 'app/a.py',
      before: 'import datetime\n\nnow = datetime.datetime.now(datetime.timezone.utc)\n',
      after: 'import datetime\n\nnow = datetime.datetime.now(datetime.UTC)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'import datetime\n\nnow = datetime.datetime.now(datetime.UTC)\n' },
      { path: 'app/c.py', text: 'from datetime import datetime, timezone\n\nnow = datetime.now(timezone.utc)\n' },
      { path: 'app/d.py', text: 'import datetime\n\nzone = datetime.timezone(offset)\n' },
    ],
  }),
  ruffRule({
    code: 'UP021',
    taste: true,
    conventions: { python: [3, 9] },
    id: 'python/universal-newlines',
    title: 'Write text instead of universal_newlines',
    rationale:
      'Since Python 3.7 `text=True` is the name of what subprocess called universal_newlines. The argument is renamed where the repository says that it needs 3.7; calls of other functions and arguments that come from a dictionary are left alone.',
    message: 'The argument has a plainer name.',
    fixable: true,
    trigger: /\buniversal_newlines\b/,
    accept: since(7),
    example: {
      path: 'app/a.py',
      before: 'import subprocess\n\nsubprocess.run(["git", "log"], universal_newlines=True, check=True)\n',
      after: 'import subprocess\n\nsubprocess.run(["git", "log"], text=True, check=True)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'import subprocess\n\nsubprocess.run(["git", "log"], text=True, check=True)\n' },
      { path: 'app/c.py', text: 'run(["git", "log"], universal_newlines=True)\n' },
      { path: 'app/d.py', text: 'OPTIONS = dict(universal_newlines=True)\n' },
    ],
  }),
  ruffRule({
    code: 'UP033',
    taste: true,
    conventions: { python: [3, 9] },
    id: 'python/unbounded-cache',
    title: 'Write functools.cache',
    rationale:
      'Python 3.9 has `functools.cache` for `lru_cache(maxsize=None)`: the same unbounded cache by its plain name. It is written where the repository says that it needs 3.9 and functools is imported as a whole, so that no import changes. Bounded caches are left alone.',
    message: 'The unbounded cache has a plain name.',
    fixable: true,
    trigger: /\bfunctools\.lru_cache\(\s*maxsize\s*=\s*None/,
    accept: since(9),
    example: {
      path: 'app/a.py',
      before: 'import functools\n\n\n@functools.lru_cache(maxsize=None)\ndef read():\n    return load()\n',
      after: 'import functools\n\n\n@functools.cache\ndef read():\n    return load()\n',
    },
    lookAlikes: [
      {
        path: 'app/b.py',
        text: 'import functools\n\n\n@functools.lru_cache(maxsize=8)\ndef read():\n    return load()\n',
      },
      {
        path: 'app/c.py',
        text: 'from functools import lru_cache\n\n\n@lru_cache(maxsize=None)\ndef read():\n    return load()\n',
      },
      { path: 'app/d.py', text: 'import functools\n\nread = functools.lru_cache(maxsize=None)(load)\n' },
    ],
  }),
  ruffRule({
    code: 'UP039',
    taste: true,
    id: 'python/empty-class-parentheses',
    title: 'Drop empty parentheses of classes',
    rationale:
      'A class without bases needs no parentheses; empty ones look as if something had been forgotten. They are removed and the class stays the same. Classes with bases or arguments, and files that are kept running on Python 2, where a class without bases is another kind, are left alone.',
    message: 'The parentheses are empty.',
    fixable: true,
    trigger: /^[ \t]*class \w+\(\):/m,
    accept: (_finding, file, context) => (mayBePython2(file, context) ? 'drop' : 'edit'),
    example: { path: 'app/a.py', before: 'class Reader():\n    size = 1\n', after: 'class Reader:\n    size = 1\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'class Reader:\n    size = 1\n' },
      { path: 'app/c.py', text: 'class Reader(Base):\n    size = 1\n' },
      { path: 'app/d.py', text: 'import six\n\n\nclass Reader():\n    size = 1\n' },
    ],
  }),
  ruffRule({
    code: 'UP041',
    taste: true,
    conventions: { python: [3, 12] },
    id: 'python/timeout-alias',
    title: 'Name TimeoutError by its one name',
    rationale:
      'Since Python 3.11 asyncio.TimeoutError and socket.timeout are the same class as TimeoutError; one name shows that handlers catch the same thing. It is written where the repository says that it needs 3.11 and the module is used for something else besides, so that its import stays.',
    message: 'The exception is another name of TimeoutError.',
    fixable: true,
    trigger: /\b(asyncio\.TimeoutError|socket\.timeout)\b/,
    accept: since(11, (file) =>
      [
        ['asyncio', 'TimeoutError'],
        ['socket', 'timeout'],
      ].every(([module, name]) => !file.text.includes(`${module}.${name}`) || usedBesides(module!, name!)(file)),
    ),
    example: {
      path: 'app/a.py',
      before:
        'import asyncio\n\n\nasync def read():\n    try:\n        await asyncio.wait_for(load(), 5)\n    except asyncio.TimeoutError:\n        return None\n',
      after:
        'import asyncio\n\n\nasync def read():\n    try:\n        await asyncio.wait_for(load(), 5)\n    except TimeoutError:\n        return None\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'import asyncio\n\ntry:\n    asyncio.run(main())\nexcept TimeoutError:\n    stop()\n' },
      { path: 'app/c.py', text: 'import asyncio\n\ntry:\n    main()\nexcept asyncio.TimeoutError:\n    stop()\n' },
      { path: 'app/d.py', text: 'from .net import asyncio\n\nasyncio.run(main())\nERROR = asyncio.TimeoutError\n' },
    ],
  }),
];
