/**
 * Functions that differ in a few names and values. Rule: their words are compared one by one after names and values are put
 * aside; only long ones count, and they are reported, since what a common function would look like is a decision.
 */
import { createHash } from 'node:crypto';
import { SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleContext, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import type { LanguageId, SourceFile } from '../types.ts';
import { headOf, worst } from './size.ts';
import { lineFinder } from './source.ts';

const FEWEST_LINES = 12;
const FEWEST_WORDS = 80;
/** Differences that a common function would have to know; as a part of all words. */
const MOST_OTHER = 0.12;

interface Shaped {
  name: string;
  start: number;
  end: number;
  lines: number;
  words: string[];
}

const WORD = /[A-Za-z_$][\w$]*|\d[\w.]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[^\s\w]/g;
const KEYWORD =
  /^(and|as|assert|async|await|break|case|catch|class|const|continue|def|del|do|elif|else|except|finally|for|from|function|if|import|in|is|lambda|let|new|not|of|or|pass|raise|return|self|super|switch|this|throw|try|typeof|var|while|with|yield)$/;

function nearRule(
  languages: readonly LanguageId[],
  kinds: readonly string[],
  texts: Pick<RuleImpl, 'id' | 'example' | 'lookAlikes'>,
): RuleImpl {
  return {
    ...texts,
    languages,
    severity: 'low',
    title: 'Make one of two functions that are nearly the same',
    rationale:
      'Two long functions that differ in a few names and values are one with parameters, and a mistake that is mended in one of them stays in the other. What the parameters should be called, and whether the two are alike by chance, is for a person to decide: it is reported and not changed.',
    fixable: false,
    aliases: ['R0801', 'duplicate-code', 'jscpd'],
    trigger: /\n(?:[^\n]*\n){24}/,
    async find(file, context) {
      const root = await context.tree();
      const shaped = kinds
        .flatMap((kind) => nodesOf(root, kind))
        .flatMap((node): Shaped[] => {
          const { start, end } = span(node);
          const text = file.text.slice(start, end);
          if (text.split('\n').length < FEWEST_LINES || isOneCall(node)) return [];
          return [shape(file, node.field('name')?.text() ?? '', start, end)];
        });
      return compare(
        file,
        shaped.filter(
          ({ name, lines, words }) => !isProtocol(name) && lines >= FEWEST_LINES && words.length >= FEWEST_WORDS,
        ),
        context,
      );
    },
  };
}

/** A body that hands on to another function: what the two have in common stands there already. */
function isOneCall(node: Node): boolean {
  const inside =
    node
      .field('body')
      ?.namedChildren()
      .filter((child) => !child.is('comment')) ?? [];
  const isText = (one: Node) => one.is('expression_statement') && one.child(0)?.is('string') === true;
  return (
    inside.filter((one) => !isText(one)).length <= 1 &&
    !inside.some((one) => /^(if|for|while|try|with)_/.test(String(one.kind())))
  );
}

/** `__init__`, `constructor`: the same in many classes, and bound to each. */
export function isProtocol(name: string): boolean {
  return /^(__\w+__|constructor)$/.test(name);
}

function shape({ text, language }: SourceFile, name: string, start: number, end: number): Shaped {
  const comments = language === 'python' ? /#[^\n]*|"""[\s\S]*?"""/g : /\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  const code = text.slice(start, end).replace(comments, ' ');
  const lines = code.split('\n').filter((line) => /\w/.test(line)).length;
  return { name, start, end, lines, words: code.slice(code.indexOf('(')).match(WORD) ?? [] };
}

function compare(file: SourceFile, shaped: readonly Shaped[], context: RuleContext): Match[] {
  const groups = new Map<string, Shaped[]>();
  for (const one of shaped) {
    const skeleton = one.words.map((word) => (/^[A-Za-z_$\d"']/.test(word) && !KEYWORD.test(word) ? 'x' : word));
    const key = createHash('sha256').update(skeleton.join(' ')).digest('base64');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const line = lineFinder(file.text);
  const found: Array<Match & { lines: number }> = [];
  for (const group of groups.values())
    for (const other of group) {
      const before = group.find((one) => one.start < other.start && isNear(one, other));
      if (!before) continue;
      const message = `${other.name} differs from ${before.name} in line ${line(before.start)} in a few names and values only.`;
      found.push({ ...headOf(file.text, other.start, other.end), message, lines: other.lines });
    }
  return worst(found, ({ lines }) => lines, context).map(({ start, end, message }) => ({ start, end, message }));
}

/** Each name or value stands for one other throughout, and few do. */
function isNear(one: Shaped, other: Shaped): boolean {
  const stands = new Map<string, string>();
  let differences = 0;
  for (const [at, word] of one.words.entries()) {
    const against = other.words[at] ?? '';
    if ((stands.get(word) ?? against) !== against) return false;
    stands.set(word, against);
    if (word !== against) differences += 1;
  }
  return differences > 0 && differences <= one.words.length * MOST_OTHER;
}

const pythonBody = (thing: string) => `def load_${thing}(path, limit):
    rows = []
    with open(path) as lines:
        for number, line in enumerate(lines):
            if number > limit:
                break
            name, _, value = line.partition("=")
            if not name.strip() or not value.strip():
                continue
            rows.append((name.strip(), ${thing}(value.strip())))
    if not rows:
        raise ValueError("nothing in " + path)
    rows.sort(key=lambda row: row[0])
    return rows
`;
const scriptBody = (thing: string) => `export function load${thing}(lines, limit) {
  const rows = [];
  for (const [number, line] of lines.entries()) {
    if (number > limit) break;
    const [name, value] = line.split('=');
    if (!name.trim() || !value.trim()) {
      continue;
    }
    rows.push([name.trim(), new ${thing}(value.trim())]);
  }
  if (rows.length === 0) {
    throw new Error('nothing in ' + lines);
  }
  rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return rows;
}
`;

export const nearRules: readonly RuleImpl[] = [
  nearRule(['python'], ['function_definition'], {
    id: 'python/near-clone',
    example: { path: 'app/a.py', before: `${pythonBody('Price')}\n\n${pythonBody('Weight')}` },
    lookAlikes: [
      {
        path: 'app/b.py',
        text: `${pythonBody('Price')}\n\n${pythonBody('Weight').replace('number > limit', 'number >= limit')}`,
      },
      {
        path: 'app/c.py',
        text: `${pythonBody('Price')}\n\n${pythonBody('Weight').replace('name.strip(), W', 'value.strip(), W')}`,
      },
      { path: 'tests/test_a.py', text: `${pythonBody('Price')}\n\n${pythonBody('Weight')}` },
      // Both hand on to the function that they have in common.
      {
        path: 'app/e.py',
        text: ['GET', 'PUT']
          .map((verb) => {
            const names = Array.from({ length: 24 }, (_, at) => `option_${at}`);
            return `def ${verb.toLowerCase()}(url, ${names.join(', ')}):\n    "Sends it."\n    return request(\n        "${verb}",\n${names.map((name) => `        ${name}=${name},\n`).join('')}    )\n`;
          })
          .join('\n\n'),
      },
      {
        path: 'app/d.py',
        text: 'def a(x):\n    y = f(x)\n    return y + 1\n\n\ndef b(x):\n    y = g(x)\n    return y + 2\n',
      },
    ],
  }),
  nearRule(SCRIPT, ['function_declaration', 'method_definition'], {
    id: 'javascript/near-clone',
    example: { path: 'src/a.js', before: `${scriptBody('Price')}\n${scriptBody('Weight')}` },
    lookAlikes: [
      {
        path: 'src/b.js',
        text: `${scriptBody('Price')}\n${scriptBody('Weight').replace('number > limit', 'number >= limit')}`,
      },
      {
        path: 'src/c.js',
        text: `${scriptBody('Price')}\n${scriptBody('Weight').replace('name.trim(), n', 'value.trim(), n')}`,
      },
      { path: 'src/a.test.js', text: `${scriptBody('Price')}\n${scriptBody('Weight')}` },
    ],
  }),
];
