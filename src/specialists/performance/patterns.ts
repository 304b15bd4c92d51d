/** Regular expressions that some texts keep busy for ever. Rule: each finding names such a text, which was tried. */
import { literalText } from '../javascript-source.ts';
import { readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { type Attack, attackOn, describe } from './pattern-danger.ts';

const RATIONALE =
  'A repetition inside a repetition can match one text in many ways; when the rest does not fit, a backtracking matcher tries them all, and every further character doubles the time. A text that does so is named in the finding; the growth was counted by a matcher of our own on short ones, not measured in this program. It is harmless where nobody else writes the texts. How to mend it depends on what is meant (one repetition, parts that exclude each other, a limit on the length), so this is reported only. Patterns with back references or look-around, and those that are only quadratic, are not judged.';
/** A closed group that is repeated without end: without one nothing is exponential. */
const NESTED = /\)(?:[*+]|\{\d+,)/;

const pythonPattern: RuleImpl = {
  id: 'python/exponential-pattern',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-1333',
  title: 'Untangle the nested repetition of the pattern',
  rationale: RATIONALE,
  fixable: false,
  trigger: NESTED,
  example: {
    path: 'app/a.py',
    before: 'import re\n\nNAME = re.compile(r"^(\\w+\\s?)*$")\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'import re\n\nNAME = re.compile(r"^\\w+(?:\\s\\w+)*$")\n' },
    { path: 'app/c.py', text: 'import re\n\nNAME = re.compile(r"(\\w+\\s?)*")\n' },
    { path: 'app/d.py', text: 'import re\n\nNAME = re.compile(r"(a|b|c)+$")\n' },
    {
      path: 'app/e.py',
      text: 'import re\n\nNAME = re.compile(r"""\n    ^ (?: \\w+ \\s ) *  # words (a+)+\n    $""", re.X)\n',
    },
    { path: 'app/f.py', text: 'from ours import re\n\nNAME = re.compile(r"^(\\w+\\s?)*$")\n' },
    { path: 'app/g.py', text: 'import re\n\nNUMBER = re.compile(r"^-?(?:\\d{3},)*\\d{1,3}$")\n' },
    { path: 'app/h.py', text: 'import re\n\nQUOTED = re.compile(r\'"(?:[^"\\\\]|\\\\.)*"\')\n' },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const method = /^re\.(compile|match|fullmatch|search|findall|finditer|subn?|split)$/.exec(call.name ?? '')?.[1];
      const [node, ...others] = call.positional;
      const source = method && node ? rawText(node) : null;
      if (!node || source === null || !NESTED.test(source)) return [];
      const options = [...others, ...call.keywords.values()].map((one) => one.text()).join(' ');
      const has = (long: string, short: string) => new RegExp(`\\bre\\.(${long}|${short})\\b`).test(options);
      const dialect = {
        python: true,
        ignoreCase: has('IGNORECASE', 'I'),
        multiline: has('MULTILINE', 'M'),
        dotAll: has('DOTALL', 'S'),
        verbose: has('VERBOSE', 'X'),
      };
      return matchOf(node, attackOn(source, dialect, method === 'fullmatch'));
    });
  },
};

/** What `re` sees of a string that is written raw or without escapes that Python itself reads; else null. */
function rawText(node: Node): string | null {
  if (node.is('concatenated_string')) {
    const parts = node.namedChildren().map(rawText);
    return parts.every((part) => part !== null) ? parts.join('') : null;
  }
  const found = node.is('string') ? /^([rR]?)("""|'''|"|')([\s\S]*)\2$/.exec(node.text()) : null;
  const [, raw, , text = ''] = found ?? [];
  return !found || (!raw && /\\[\n\\'"abfnrtv0-7xNuU]/.test(text)) ? null : text;
}

const javascriptPattern: RuleImpl = {
  id: 'javascript/exponential-pattern',
  languages: ['javascript', 'typescript'],
  severity: 'medium',
  cwe: 'CWE-1333',
  title: 'Untangle the nested repetition of the pattern',
  rationale: RATIONALE,
  fixable: false,
  aliases: ['regexp/no-super-linear-backtracking', 'security/detect-unsafe-regex', 'redos/no-vulnerable'],
  trigger: NESTED,
  example: { path: 'src/a.js', before: 'export const isName = (text) => /^(\\w+\\s?)*$/.test(text);\n' },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const isName = (text) => /^\\w+(?:\\s\\w+)*$/.test(text);\n' },
    { path: 'src/c.js', text: 'export const isName = (text) => /(\\w+\\s?)*/.test(text);\n' },
    { path: 'src/d.js', text: 'export const f = (text) => /^(?:a|b|[c-e])+$/.test(text);\n' },
    { path: 'src/e.js', text: 'export const f = (a, b) => (a + b) * (a + b) + (a * b) + 1;\n' },
    { path: 'src/f.js', text: 'export const f = (text) => /^"(?:[^"\\\\]|\\\\.)*"$/.test(text);\n' },
    { path: 'src/g.js', text: 'export const f = (text) => /^(?:[a-z]+\\.)+[a-z]+$/.test(text);\n' },
    { path: 'src/h.js', text: 'export const f = (text) => /^(?=(a+))\\1b(?:a+)+$/.test(text);\n' },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const written = nodesOf(root, 'regex').map((node) => {
      const [pattern, flags] = [node.field('pattern')?.text() ?? '', node.field('flags')?.text() ?? ''];
      return { node, pattern, flags };
    });
    const made = nodesOf(root, 'new_expression').flatMap((node) => {
      const [source, flags] = node.field('arguments')?.namedChildren() ?? [];
      const pattern = node.field('constructor')?.text() === 'RegExp' ? literalText(source ?? null) : null;
      return pattern === null ? [] : [{ node, pattern, flags: literalText(flags ?? null) ?? '' }];
    });
    return [...written, ...made].flatMap(({ node, pattern, flags }): Match[] => {
      if (!NESTED.test(pattern) || flags.includes('v')) return [];
      const dialect = {
        python: false,
        ignoreCase: flags.includes('i'),
        multiline: flags.includes('m'),
        dotAll: flags.includes('s'),
        verbose: false,
      };
      return matchOf(node, attackOn(pattern, dialect));
    });
  },
};

function matchOf(node: Node, attack: Attack | null): Match[] {
  return attack ? [{ ...span(node), message: describe(attack) }] : [];
}

export const pythonPatternRules: readonly RuleImpl[] = [pythonPattern];
export const javascriptPatternRules: readonly RuleImpl[] = [javascriptPattern];
