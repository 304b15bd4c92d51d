/**
 * Misspelt words in comments and docstrings. Rule: prose only: never a string, a name, an address or an example of code,
 * and no word that the code around it uses as a name, however it is spelt.
 */
import type { Match, Node, RuleContext, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import type { SourceFile } from '../types.ts';
import { misspellings } from './misspellings.ts';

/** Comments that tools obey, licences, and authors' lines: not for us to spell. */
const NOT_PROSE =
  /copyright|licen[cs]e|eslint|biome|prettier|pylint|noqa|@ts-|sourceMapping|codespell|cspell|type:\s*ignore|<reference|@author|translators?:/i;

const known = misspellings;

const lookAlikesFor = (comment: string, name: string, extension: string) => [
  { path: `app/a.${extension}`, text: `${comment} Receives the separate parts.\n` },
  {
    path: `app/b.${extension}`,
    text: `${name} = read("recieve")\n${comment} the old name was recieve in the protocol\n`,
  },
  {
    path: `app/c.${extension}`,
    text: `${comment} see https://example.org/seperate and the option \`seperate\` of seperate_all()\n`,
  },
  {
    path: `app/d.${extension}`,
    text: `text = "recieve"\n${comment} the header "recieved" and 'occured' are sent so; Recieve.from, x.occured\n`,
  },
];

function typoRule(
  rule: Pick<RuleImpl, 'id' | 'languages' | 'example' | 'lookAlikes'>,
  prose: (file: SourceFile, root: Node) => Array<[number, number]>,
): RuleImpl {
  return {
    ...rule,
    severity: 'low',
    title: 'Correct the spelling of a comment',
    rationale:
      'A misspelt word makes a comment harder to find and to read. The word is no word of English in any of its spellings and has one correction; only comments and docstrings are touched, so the program stays the same. Strings, names, words that the code itself uses in that spelling, quoted words, addresses, and examples of code are left alone.',
    fixable: true,
    tests: true,
    aliases: ['codespell', 'cspell'],
    // Cheap: every entry of the list has one of these in it.
    trigger: /[a-z]{4}/,
    async find(file, context) {
      const words = await context.perRun('misspellings', async () => known());
      if (![...file.text.matchAll(/[A-Za-z]{3,}/g)].some(([word]) => words.has(word.toLowerCase()))) return [];
      return correct(file, prose(file, await tree(context)), words);
    },
  };
}

async function tree(context: RuleContext): Promise<Node> {
  return context.tree();
}

/** One match for each misspelt word inside `ranges`. */
function correct(
  file: SourceFile,
  ranges: ReadonlyArray<[number, number]>,
  words: ReadonlyMap<string, string>,
): Match[] {
  const outside = textOutside(file.text, ranges);
  return ranges.flatMap(([from, to]) => {
    const text = withoutCode(file.text.slice(from, to));
    if (NOT_PROSE.test(text)) return [];
    return [...text.matchAll(/[A-Za-z]{3,}/g)].flatMap((found): Match[] => {
      const [word] = found;
      const right = words.get(word.toLowerCase());
      const cased = right === undefined ? null : inCaseOf(word, right);
      if (!cased || !standsAlone(text, found.index, word)) return [];
      if (new RegExp(word, 'i').test(outside)) return [];
      const start = from + found.index;
      const end = start + word.length;
      return [{ start, end, message: `"${word}" is spelt "${cased}".`, edits: [{ start, end, text: cased }] }];
    });
  });
}

/** What is not prose: names in the code decide how a word is spelt. */
function textOutside(text: string, ranges: ReadonlyArray<[number, number]>): string {
  const parts: string[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    parts.push(text.slice(at, from));
    at = to;
  }
  return [...parts, text.slice(at)].join(' ');
}

/** `word` or `Word`; words in capitals and in mixed case are names. */
function inCaseOf(word: string, right: string): string | null {
  if (word === word.toLowerCase()) return right;
  const first = word.charAt(0);
  return word.slice(1) === word.slice(1).toLowerCase() ? first + right.slice(1) : null;
}

/** Is the word between spaces and the punctuation of sentences? Quoted words and parts of names are not ours. */
function standsAlone(text: string, at: number, word: string): boolean {
  const before = text.charAt(at - 1);
  const [after, next] = [text.charAt(at + word.length), text.charAt(at + word.length + 1)];
  if (!/^[\s(*#/]?$/.test(before) || (before === '/' && !/\/\/$/.test(text.slice(0, at)))) return false;
  if (/^\s?$/.test(after) || (after === ')' && /^[\s.,;:]?$/.test(next))) return true;
  return /[.,;:!?]/.test(after) && /^[\s)]?$/.test(next);
}

/** Blanks out examples, quoted names and addresses; offsets stay. */
function withoutCode(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, '\u0000');
  const fenced = text
    .replace(/```[\s\S]*?(```|$)/g, blank)
    .replace(/@example[\s\S]*?(?=\n\s*\*?\s*@|\*\/|$)/g, blank)
    .replace(/<(code|pre)>[\s\S]*?(<\/\1>|$)/g, blank)
    .replace(/``[^`]*``|`[^`\n]*`|\w+:\/\/\S+|\S+@\S+/g, blank);
  let indent: number | null = null;
  let last = '';
  const lines = fenced.split('\n').map((line) => {
    const depth = /^\s*/.exec(line)?.[0].length ?? 0;
    const empty = line.trim() === '';
    if (indent !== null && !empty && depth <= indent) indent = null;
    const isCode =
      indent !== null ||
      /^\s*(\*\s*)?(#\s*)?(>>>|\.\.\. |\$ |>|@\w+|\d+:)/.test(line) ||
      /[;{}=]\s*$|\w\(.*\)\s*;?\s*$|^\s*[#*/ ]*(import|from|def|class|return|const|let|var)\s/.test(line);
    if (!empty) {
      if (
        indent === null &&
        (/::\s*$/.test(line) || /^\s*\.\. (code|code-block|sourcecode|parsed-literal|doctest)/.test(line))
      )
        indent = depth;
      last = line;
    }
    return isCode && last === line && !empty ? blank(line) : line;
  });
  return lines.join('\n');
}

export const pythonTypos = typoRule(
  {
    id: 'python/misspelt-comment',
    languages: ['python'],
    example: {
      path: 'app/a.py',
      before: 'size = 1  # the lenght in bytes\n',
      after: 'size = 1  # the length in bytes\n',
    },
    lookAlikes: [
      ...lookAlikesFor('#', 'data', 'py'),
      {
        path: 'app/e.py',
        text: 'def read():\n    """Reads.\n\n    >>> recieve()\n    occured\n\n    Example::\n\n        seperate the parts\n    """\n    return 1\n',
      },
      { path: 'app/f.py', text: 'RECIEVED = 1\n# when it was recieved\n' },
    ],
  },
  (file, root) => {
    const comments = nodesOf(root, 'comment').map((node) => span(node));
    const usesDocs = /__doc__|argparse|docopt|click|typer/.test(file.text);
    const docs = usesDocs
      ? []
      : docstrings(root)
          .filter((node) => !/>>>/.test(node.text()))
          .map((node) => span(node));
    return [...comments, ...docs].map(({ start, end }): [number, number] => [start, end]).sort((a, b) => a[0] - b[0]);
  },
);

/** Strings that stand first in a module, class or function. */
function docstrings(root: Node): Node[] {
  const bodies = ['class_definition', 'function_definition']
    .flatMap((kind) => nodesOf(root, kind))
    .map((node) => node.field('body'));
  return [root, ...bodies].flatMap((body) => {
    const first = body?.namedChildren().find((child) => !child.is('comment'));
    const text = first?.is('expression_statement') ? first.namedChildren()[0] : null;
    return text?.is('string') && /^[rR]?("""|''')/.test(text.text()) ? [text] : [];
  });
}

export const javascriptTypos = typoRule(
  {
    id: 'javascript/misspelt-comment',
    languages: ['javascript', 'typescript'],
    example: {
      path: 'src/a.js',
      before: 'const size = 1; // the lenght in bytes\n',
      after: 'const size = 1; // the length in bytes\n',
    },
    lookAlikes: [
      ...lookAlikesFor('//', 'const data', 'js').map((one) => ({
        ...one,
        text: one.text.replace(/^text/, 'const text'),
      })),
      { path: 'app/e.js', text: '/**\n * Reads.\n *\n * @example\n * seperate the parts\n */\nexport const a = 1;\n' },
      {
        path: 'app/f.js',
        text: '/*\n * if (recieved) return;\n * foo.recieve(1);\n * ```\n * occured again\n * ```\n */\nexport const b = 1;\n',
      },
    ],
  },
  (_file, root) => nodesOf(root, 'comment').map((node) => [span(node).start, span(node).end]),
);
