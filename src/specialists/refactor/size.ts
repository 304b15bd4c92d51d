/**
 * What is too branched or too large to keep in mind. Rule: it is reported and never changed, the worst first and few in a
 * file; the place is the line that names it, so that work inside brings no news.
 */
import { SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleContext, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import type { LanguageId, SourceFile } from '../types.ts';
import { codeLines, type Measured, measureFunctions } from './metrics.ts';

/** In one file; the next come when these are settled. */
const MOST = 3;
const METHODS = 30;
const CLASS_LINES = 500;

const PYTHON: readonly LanguageId[] = ['python'];

/** The worst of `found`, and all of them where two states are compared. */
export function worst<T>(found: readonly T[], badness: (one: T) => number, context: RuleContext): T[] {
  const sorted = found.toSorted((a, b) => badness(b) - badness(a));
  return context.options.uncapped ? sorted : sorted.slice(0, MOST);
}

function measured(file: SourceFile, context: RuleContext): Promise<Measured[]> {
  return context.perFile('functions', async () => measureFunctions(file, await context.tree()));
}

/** The line that names it. */
export function headOf(text: string, start: number, end: number): { start: number; end: number } {
  const newline = text.indexOf('\n', start);
  return { start, end: newline === -1 ? end : Math.min(end, newline) };
}

function setting(context: RuleContext, key: string, otherwise: number): number {
  const value = context.options.settings[key];
  return typeof value === 'number' ? value : otherwise;
}

const callOf = (name: string | null) => (name === null ? 'A function without a name' : name);

function complexRule(
  languages: readonly LanguageId[],
  texts: Pick<RuleImpl, 'id' | 'example' | 'lookAlikes'>,
): RuleImpl {
  return {
    ...texts,
    languages,
    severity: 'low',
    title: 'Split a function with many branches',
    rationale:
      'Each branch is one more way through a function that a reader has to follow and a test has to cover. Counted are if, loops, handlers of exceptions, cases of match and, in JavaScript, conditional expressions and logical operators; a whole switch counts once, and what stands in an inner function counts there. The limit is agents.RefactorArchitect.complexity_threshold.',
    fixable: false,
    aliases: ['C901', 'PLR0912', 'complexity', 'sonarjs/cognitive-complexity'],
    trigger: /\bif\b/,
    async find(file, context) {
      const limit = setting(context, 'complexity_threshold', 15);
      const found = (await measured(file, context)).filter(({ complexity }) => complexity > limit);
      return worst(found, ({ complexity }) => complexity, context).map(({ name, start, end, complexity }) => ({
        ...headOf(file.text, start, end),
        message: `${callOf(name)} has a cyclomatic complexity of ${complexity}, above ${limit}.`,
      }));
    },
  };
}

function longRule(languages: readonly LanguageId[], texts: Pick<RuleImpl, 'id' | 'example' | 'lookAlikes'>): RuleImpl {
  return {
    ...texts,
    languages,
    severity: 'low',
    title: 'Split a function of many lines',
    rationale:
      'A function that does not fit on a few screens holds several that nobody has named. Lines with code are counted; blank lines, comments, documentation and the lines of inner functions are not. The limit is agents.RefactorArchitect.max_function_lines.',
    fixable: false,
    aliases: ['PLR0915', 'max-lines-per-function', 'max-statements'],
    trigger: /\n/,
    async find(file, context) {
      const limit = setting(context, 'max_function_lines', 100);
      if (file.text.split('\n', limit + 1).length <= limit) return [];
      const found = (await measured(file, context)).filter(({ lines }) => lines > limit);
      return worst(found, ({ lines }) => lines, context).map(({ name, start, end, lines }) => ({
        ...headOf(file.text, start, end),
        message: `${callOf(name)} has ${lines} lines of code, above ${limit}.`,
      }));
    },
  };
}

interface ClassSize {
  name: string;
  start: number;
  end: number;
  methods: number;
  lines: number;
}

function classRule(languages: readonly LanguageId[], texts: Pick<RuleImpl, 'id' | 'example' | 'lookAlikes'>): RuleImpl {
  return {
    ...texts,
    languages,
    severity: 'low',
    title: 'Split a class that does everything',
    rationale: `A class of more than ${METHODS} methods and ${CLASS_LINES} lines of code has more than one reason to change. Visitors and handlers, most of whose methods share the beginning of their name, are tables and are left alone; so are accessors, which are not counted.`,
    fixable: false,
    aliases: ['PLR0904', 'max-lines'],
    trigger: /\bclass\b/,
    async find(file, context) {
      if (file.text.split('\n', CLASS_LINES + 1).length <= CLASS_LINES) return [];
      const root = await context.tree();
      const lines = codeLines(file, root);
      const found = (file.language === 'python' ? ['class_definition'] : ['class_declaration', 'class'])
        .flatMap((kind) => nodesOf(root, kind))
        .filter((node) => node.field('body') !== null)
        .map((node) => sizeOf(node, lines))
        .filter((one) => one.methods > METHODS && one.lines > CLASS_LINES);
      return worst(found, (one) => one.lines, context).map(
        ({ name, start, end, methods, lines: count }): Match => ({
          ...headOf(file.text, start, end),
          message: `${name} has ${methods} methods and ${count} lines of code.`,
        }),
      );
    },
  };
}

function sizeOf(node: Node, lines: readonly number[]): ClassSize {
  const { start, end } = span(node);
  const names = (node.field('body')?.children() ?? []).flatMap((member) => {
    if (member.is('decorated_definition')) {
      const accessor = member
        .children()
        .some((one) => one.is('decorator') && /property|setter|cached/.test(one.text()));
      return accessor ? [] : [member.field('definition')?.field('name')?.text() ?? ''];
    }
    if (!/^(function_definition|method_definition)$/.test(String(member.kind()))) return [];
    return /^(static\s+)?(get|set)\s/.test(member.text()) ? [] : [member.field('name')?.text() ?? ''];
  });
  const own = names.filter((name) => !/^__\w+__$/.test(name));
  return {
    name: node.field('name')?.text() ?? 'A class',
    ...{ start, end },
    methods: isTable(own) ? 0 : own.length,
    lines: lines.filter((offset) => start <= offset && offset < end).length,
  };
}

/** `visit_If`, `visit_For`: a table that is written as methods. */
function isTable(names: readonly string[]): boolean {
  const beginnings = new Map<string, number>();
  for (const name of names) {
    const first = /^_*[a-z]+(?=[_A-Z])/.exec(name)?.[0] ?? name;
    beginnings.set(first, (beginnings.get(first) ?? 0) + 1);
  }
  return Math.max(0, ...beginnings.values()) > names.length / 2;
}

const times = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('');
const pythonIfs = (count: number) => `def route(x):\n${times(count, (at) => `    if x == ${at}:\n        f(${at})\n`)}`;
const scriptIfs = (count: number) =>
  `function route(x) {\n${times(count, (at) => `  if (x === ${at}) f(${at});\n`)}}\n`;
const pythonLines = (count: number) => `def build(a):\n${times(count, (at) => `    a.put(${at})\n`)}`;
const scriptLines = (count: number) => `function build(a) {\n${times(count, (at) => `  a.put(${at});\n`)}}\n`;
const NAMES = ['load', 'keep', 'drop', 'send', 'draw', 'move'];
const nameAt = (at: number) => `${NAMES[at % NAMES.length]}_${at}`;
const pythonClass = (count: number, name = nameAt) =>
  `class Shop:\n${times(count, (at) => `    def ${name(at)}(self):\n${times(16, (line) => `        self.put(${line})\n`)}`)}`;
const scriptClass = (count: number, name = nameAt) =>
  `class Shop {\n${times(count, (at) => `  ${name(at)}() {\n${times(16, (line) => `    this.put(${line});\n`)}  }\n`)}}\n`;

export const sizeRules: readonly RuleImpl[] = [
  complexRule(PYTHON, {
    id: 'python/complex-function',
    example: { path: 'app/a.py', before: pythonIfs(15) },
    lookAlikes: [
      { path: 'app/b.py', text: pythonIfs(14) },
      { path: 'app/c.py', text: `${pythonIfs(9)}\n\n${pythonIfs(9).replace('route', 'other')}` },
      { path: 'tests/test_a.py', text: pythonIfs(20) },
      {
        path: 'app/d.py',
        text: `def f():\n    pass\n\n\n${pythonIfs(15).replace('def route(x):', 'if True:').replaceAll('\n        f', '\n        g')}`,
      },
    ],
  }),
  complexRule(SCRIPT, {
    id: 'javascript/complex-function',
    example: { path: 'src/a.js', before: scriptIfs(15) },
    lookAlikes: [
      { path: 'src/b.js', text: scriptIfs(14) },
      { path: 'src/a.test.js', text: scriptIfs(20) },
      {
        path: 'src/c.js',
        text: `function f(x) {\n  switch (x) {\n${times(20, (at) => `    case ${at}: return ${at} + 1;\n`)}  }\n  if (x) return 1;\n}\n`,
      },
      {
        path: 'src/d.ts',
        text: `export const f = (x: number) => {\n${scriptIfs(9)}${scriptIfs(9).replace('route', 'other')}};\n`,
      },
    ],
  }),
  longRule(PYTHON, {
    id: 'python/long-function',
    example: { path: 'app/a.py', before: pythonLines(100) },
    lookAlikes: [
      { path: 'app/b.py', text: pythonLines(99) },
      { path: 'app/c.py', text: `def f(a):\n    """${'Text.\n'.repeat(120)}    """\n    return a\n` },
      { path: 'app/d.py', text: `def f(a):\n${'    # why\n\n'.repeat(80)}    return a\n` },
      { path: 'tests/test_a.py', text: pythonLines(150) },
      {
        path: 'app/e.py',
        text: `def f(a):\n${pythonLines(70).replace(/^/gm, '    ').trimEnd()}\n    return build\n${pythonLines(50).replace('build', 'other').replace(/^/gm, '    ').trimEnd()}\n`,
      },
    ],
  }),
  longRule(SCRIPT, {
    id: 'javascript/long-function',
    example: { path: 'src/a.js', before: scriptLines(100) },
    lookAlikes: [
      { path: 'src/b.js', text: scriptLines(97) },
      {
        path: 'src/c.js',
        text: `(function () {\n${scriptLines(80)}${scriptLines(80).replace('build', 'other')}})();\n`,
      },
      { path: 'src/d.spec.js', text: `describe('x', () => {\n${scriptLines(150)}});\n` },
      { path: 'src/e.js', text: `function f(a) {\n${'  // why\n'.repeat(120)}  return a;\n}\n` },
    ],
  }),
  classRule(PYTHON, {
    id: 'python/large-class',
    example: { path: 'app/a.py', before: pythonClass(31) },
    lookAlikes: [
      { path: 'app/b.py', text: pythonClass(30) },
      { path: 'app/c.py', text: pythonClass(40, (at) => `visit_${at}`) },
      {
        path: 'app/d.py',
        text: `class Shop:\n${times(60, (at) => `    def ${nameAt(at)}(self):\n        return ${at}\n`)}`,
      },
    ],
  }),
  classRule(SCRIPT, {
    id: 'javascript/large-class',
    example: { path: 'src/a.js', before: scriptClass(31) },
    lookAlikes: [
      { path: 'src/b.js', text: scriptClass(30) },
      { path: 'src/c.js', text: scriptClass(40, (at) => `handleA${at}`) },
      {
        path: 'src/d.ts',
        text: `class Shop {\n${times(60, (at) => `  ${nameAt(at)}() {\n    return ${at};\n  }\n`)}}\n`,
      },
    ],
  }),
];
