/**
 * How a rule is made of an ESLint rule. Rule: a repository that has a linter of its own has chosen its idioms there, so
 * rules of taste are silent in it; a report without an edit is kept only where the defect is real.
 */
import type { Match, RuleContext, RuleImpl, TextEdit } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { lint, type Message } from './javascript-eslint.ts';

const LINTERS = ['eslint', 'biome', 'oxlint', 'xo', 'standard', 'deno', 'tslint', 'jshint'];

interface Curated extends Omit<RuleImpl, 'find' | 'languages' | 'fixable' | 'severity'> {
  /** ESLint's name of the rule. */
  eslint: string;
  /** `taste`: silent where the repository has its own linter, and only with an edit. */
  kind: 'taste' | 'defect';
  languages?: RuleImpl['languages'];
  severity?: RuleImpl['severity'];
  /** Reports that count, beyond what ESLint says. */
  only?: (message: Message, file: SourceFile) => boolean;
  /** Our edits where ESLint has none. */
  mend?: (message: Message, file: SourceFile) => TextEdit[];
  /** Sentence for people; default: ESLint's. */
  message?: string;
}

/** Makes an embedded rule of one of ESLint's. */
export function fromEslint({ eslint, kind, only, message, mend, ...rule }: Curated): RuleImpl {
  return {
    languages: ['javascript', 'typescript'],
    severity: 'low',
    ...rule,
    aliases: [eslint, `@typescript-eslint/${eslint}`, ...(rule.aliases ?? [])],
    fixable: rule.example.after !== undefined,
    async find(file, context) {
      if (kind === 'taste' && hasLinter(context)) return [];
      const reports = (await lint(file, context)).filter((report) => report.rule === eslint);
      return reports
        .filter((report) => !only || only(report, file))
        .map((report) => {
          const found = match(report, file, message);
          return mend && found.edits.length === 0 ? { ...found, edits: mend(report, file) } : found;
        })
        .filter((found) => kind === 'defect' || found.edits.length > 0);
    },
  };
}

export function hasLinter(context: RuleContext): boolean {
  return context.options.conventions.tools.some((tool) => LINTERS.includes(tool));
}

/** A match with its edit, unless the edit would lose a comment. */
export function match(report: Message, file: SourceFile, message?: string): Match & { edits: TextEdit[] } {
  const { fix, start, end } = report;
  const edits = fix && !losesComment(file.text.slice(fix.start, fix.end), fix.text) ? [smallest(fix, file.text)] : [];
  return { start, end, message: message ?? report.message, edits };
}

function losesComment(before: string, after: string): boolean {
  const count = (text: string) => text.match(/\/\/|\/\*/g)?.length ?? 0;
  return count(before) > count(after);
}

/** ESLint widens some edits to keep others away; the smallest one that ends between words says the same. */
function smallest(edit: TextEdit, text: string): TextEdit {
  const before = text.slice(edit.start, edit.end);
  const limit = Math.min(before.length, edit.text.length);
  const inWord = (source: string, at: number) => /\w/.test(source.charAt(at - 1)) && /\w/.test(source.charAt(at));
  const both = (at: number, other: number) => inWord(before, at) || inWord(edit.text, other);
  let head = 0;
  while (head < limit && before[head] === edit.text[head]) head += 1;
  while (head > 0 && both(head, head)) head -= 1;
  let tail = 0;
  while (tail < limit - head && before.at(-1 - tail) === edit.text.at(-1 - tail)) tail += 1;
  while (tail > 0 && both(before.length - tail, edit.text.length - tail)) tail -= 1;
  return { start: edit.start + head, end: edit.end - tail, text: edit.text.slice(head, edit.text.length - tail) };
}
