/**
 * One import out of order. Rule: only in a block that its authors keep in alphabetical order, for which all the others
 * are the witness; imports that run something, and comments between, stop it.
 */
import { literalText, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { span } from '../structural.ts';

/** Imports that must agree on an order before one of them can be out of it. */
const WITNESSES = 6;

const ORDERS: ReadonlyArray<(a: string, b: string) => boolean> = [
  (a, b) => a <= b,
  (a, b) => a.toLowerCase() <= b.toLowerCase(),
  (a, b) => bare(a) <= bare(b),
];
const bare = (name: string) =>
  name
    .toLowerCase()
    .replace(/^node:/, '')
    .replace(/[^a-z0-9/.]/g, '');

const misplaced: RuleImpl = {
  id: 'javascript/misplaced-import',
  languages: SCRIPT,
  severity: 'low',
  title: 'Put the import where the order has it',
  rationale:
    'All other imports of this block, which come from one folder, stand in the alphabetical order of their modules, and one does not, so it is looked for in the wrong place and the next merge conflicts over it. The line moves to its place. Blocks that are not sorted but for one line, fewer than seven imports, imports from different folders, which tools group in different ways, imports of a module for what it does alone, and blocks with comments are left alone.',
  fixable: true,
  aliases: [
    'sort-imports',
    'import/order',
    'simple-import-sort/imports',
    'import-x/order',
    'perfectionist/sort-imports',
  ],
  trigger: /^import\b/m,
  example: {
    path: 'src/a.ts',
    before:
      "import { g } from './g.ts';\nimport { a } from './a.ts';\nimport { b } from './b.ts';\nimport { c } from './c.ts';\nimport { d } from './d.ts';\nimport { e } from './e.ts';\nimport { f } from './f.ts';\n\nexport { a, b, c, d, e, f, g };\n",
    after:
      "import { a } from './a.ts';\nimport { b } from './b.ts';\nimport { c } from './c.ts';\nimport { d } from './d.ts';\nimport { e } from './e.ts';\nimport { f } from './f.ts';\nimport { g } from './g.ts';\n\nexport { a, b, c, d, e, f, g };\n",
  },
  lookAlikes: [
    {
      path: 'src/b.ts',
      text: "import { a } from './a.ts';\nimport { b } from './b.ts';\nimport { c } from './c.ts';\nimport { d } from './d.ts';\nimport { e } from './e.ts';\nimport { f } from './f.ts';\nimport { g } from './g.ts';\n",
    },
    {
      path: 'src/c.ts',
      text: "import { b } from './b.ts';\nimport { a } from './a.ts';\nimport { c } from './c.ts';\n",
    },
    {
      path: 'src/d.ts',
      text: "import { g } from './g.ts';\nimport './a.css';\nimport { b } from './b.ts';\nimport { c } from './c.ts';\nimport { d } from './d.ts';\nimport { e } from './e.ts';\nimport { f } from './f.ts';\n",
    },
    {
      path: 'src/e.ts',
      text: "import { g } from './g.ts';\nimport { a } from './a.ts'; // first\nimport { b } from './b.ts';\nimport { c } from './c.ts';\nimport { d } from './d.ts';\nimport { e } from './e.ts';\nimport { f } from './f.ts';\n",
    },
    {
      path: 'src/g.ts',
      text: "import { z } from 'mitata';\nimport { a } from './a.ts';\nimport { b } from './b.ts';\nimport { c } from './c.ts';\nimport { d } from './d.ts';\nimport { e } from './e.ts';\nimport { f } from './f.ts';\nimport { i } from './';\n",
    },
    {
      path: 'src/f.ts',
      text: "import { g } from './g.ts';\nimport { a } from './a.ts';\nimport { f } from './f.ts';\nimport { c } from './c.ts';\nimport { d } from './d.ts';\nimport { e } from './e.ts';\nimport { b } from './b.ts';\n",
    },
  ],
  async find(file, context) {
    return blocksOf(await context.tree(), file.text).flatMap((block): Match[] => {
      const names = block.map((node) => literalText(node.field('source')) ?? '');
      const moves = ORDERS.flatMap((inOrder) => moveOf(names, inOrder) ?? []);
      if (!names.every((name) => folderOf(name) === folderOf(names[0] ?? '') && !/\/$/.test(name))) return [];
      const [move] = moves;
      // Two orders that disagree about what is out of place: no order.
      if (
        !move ||
        names.some((name) => name === '') ||
        moves.some((one) => one.from !== move.from || one.to !== move.to)
      )
        return [];
      if (ORDERS.some((inOrder) => isSorted(names, inOrder))) return [];
      const [moved, target] = [block[move.from], block[move.to]];
      if (!moved || (!target && move.to < block.length)) return [];
      const newline = file.text[span(moved).end] === '\r' ? '\r\n' : '\n';
      const line = moved.text() + newline;
      const at = target ? span(target).start : span(block.at(-1) ?? moved).end + newline.length;
      const { start, end } = span(moved);
      const edits = [
        { start, end: end + newline.length, text: '' },
        { start: at, end: at, text: line },
      ];
      return [{ start, end, message: 'All other imports here are in alphabetical order.', edits }];
    });
  },
};

/** What is sorted together: modules of one folder, of one scope, or packages; between those every tool has its own order. */
function folderOf(name: string): string {
  if (/^[.@~#]/.test(name)) return name.slice(0, name.lastIndexOf('/') + 1);
  return /^[a-z]+:/.exec(name)?.[0] ?? 'package';
}

/** Runs of import declarations on lines of their own, without comments or lines between, that bind something. */
function blocksOf(root: Node, text: string): Node[][] {
  const blocks: Node[][] = [];
  let block: Node[] = [];
  for (const node of root.children()) {
    const last = block.at(-1);
    const isImport = node.is('import_statement') && node.children().some((child) => child.is('import_clause'));
    const follows = last && /^\r?\n$/.test(text.slice(span(last).end, span(node).start));
    if (last && !(isImport && follows)) {
      blocks.push(block);
      // A comment or another kind of import that touches the block speaks for some of its lines.
      if (
        /^[ \t]*(\r?\n)?$/.test(text.slice(span(last).end, span(node).start)) &&
        (node.is('comment') || node.is('import_statement'))
      )
        blocks.pop();
      block = [];
    }
    if (isImport) block.push(node);
  }
  if (block.length > 0) blocks.push(block);
  return blocks.filter(
    (one) => one.length > WITNESSES && !one.some((node) => /\r|\/\/ |\/\*/.test(node.text())) && ownLines(one, text),
  );
}

function ownLines(block: readonly Node[], text: string): boolean {
  const [first, last] = [block[0], block.at(-1)];
  return (
    !!first &&
    !!last &&
    (span(first).start === 0 || text[span(first).start - 1] === '\n') &&
    /[\r\n]/.test(text[span(last).end] ?? '')
  );
}

function isSorted(names: readonly string[], inOrder: (a: string, b: string) => boolean): boolean {
  return names.every((name, at) => at === 0 || inOrder(names[at - 1] ?? '', name));
}

/** The one name whose absence leaves the rest sorted, and the place before which it belongs. */
function moveOf(
  names: readonly string[],
  inOrder: (a: string, b: string) => boolean,
): { from: number; to: number } | null {
  const out = names.flatMap((_name, at) =>
    isSorted(
      names.filter((_other, other) => other !== at),
      inOrder,
    )
      ? [at]
      : [],
  );
  const [from] = out;
  if (from === undefined || out.length !== 1) return null;
  const to = names.findIndex((name, at) => at !== from && !inOrder(name, names[from] ?? ''));
  return { from, to: to === -1 ? names.length : to };
}

export const importOrderRules: readonly RuleImpl[] = [misplaced];
