/**
 * What a specialist of the repository answers, as findings with exact edits. Rule: pure; an answer counts as a whole or not at
 * all: who names a file or a line that is not there has not understood what was asked.
 */
import { redact } from '../../base/index.ts';
import type { Severity, SpecialistName } from '../../records/index.ts';
import { diagnosed } from '../diagnosed.ts';
import type { Match, TextEdit } from '../rule.ts';
import type { Diagnosed, Rule, SourceFile } from '../types.ts';

/** The answer once its shape is right. */
export interface ProgramAnswer {
  findings: ReadonlyArray<{
    rule: string;
    path: string;
    /** 1-based, inclusive. */
    line: number;
    end_line?: number;
    severity: Severity;
    message: string;
    title?: string;
    rationale?: string;
    cwe?: string;
    /** Lines [line, end_line] become `text`; `end_line` = `line` - 1 puts it before `line`. */
    edits?: ReadonlyArray<{ line: number; end_line: number; text: string }>;
  }>;
}

/** A file that was shown. Programs read more than the languages that the crew has grammars for. */
export type AnswerFile = Pick<SourceFile, 'path' | 'blob' | 'text'>;

export interface ReadAnswer {
  found: Diagnosed[];
  /** The documentation of each rule that spoke, by its first finding. */
  rules: Rule[];
}

/** Reads `answer` of `specialist`; a text says what is wrong with it. */
export function readAnswer(
  specialist: SpecialistName,
  answer: ProgramAnswer,
  files: readonly AnswerFile[],
): ReadAnswer | string {
  const known = new Map(files.map((file) => [file.path, file]));
  const read: ReadAnswer = { found: [], rules: [] };
  for (const one of answer.findings) {
    const file = known.get(one.path);
    if (file === undefined) return `it names ${JSON.stringify(one.path)}, which it was not shown`;
    const starts = lineStarts(file.text);
    const { line, end_line: endLine = line, edits = [] } = one;
    const lines = starts.length - 1;
    if (endLine < line || endLine > lines) return `${one.path} has no lines ${line} to ${endLine}`;
    const placed = edits.map((edit) => place(edit, file.text, starts));
    const wrong = placed.indexOf(null);
    if (wrong >= 0) return `${one.path} has no lines ${edits[wrong]?.line} to ${edits[wrong]?.end_line} to edit`;
    const fits = (placed as TextEdit[]).toSorted((a, b) => a.start - b.start);
    if (fits.some((edit, at) => at > 0 && edit.start < (fits[at - 1]?.end ?? 0)))
      return `two edits of ${one.path} overlap`;
    const match: Match = {
      ...{ start: starts[line - 1] ?? 0, end: starts[endLine] ?? 0, message: plain(one.message) },
      edits: fits.filter(({ start, end, text }) => file.text.slice(start, end) !== text),
    };
    const rule = ruleOf(specialist, one);
    read.found.push(diagnosed({ specialist, rule, file: { ...file, language: 'python', test: false }, match }));
    if (!read.rules.some(({ id }) => id === rule.id)) read.rules.push(rule);
  }
  return read;
}

function ruleOf(specialist: SpecialistName, one: ProgramAnswer['findings'][number]): Rule {
  const { rule, message, severity, title = `Follow ${specialist}: ${rule}`, rationale = message, cwe } = one;
  return {
    ...{
      id: `${specialist}/${rule}`,
      languages: [],
      severity,
      title: plain(title).slice(0, 60),
      rationale: redact(rationale),
      fixable: true,
    },
    ...(cwe === undefined ? {} : { cwe }),
    ...{ example: { path: one.path, before: '' }, lookAlikes: [] },
  };
}

/** One line, without what looks like a credential. */
const plain = (text: string) => redact(text).replace(/\s+/g, ' ').trim();

/** Offsets of every line, and of the end. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (starts.at(-1) !== text.length || text === '') starts.push(text.length);
  return starts;
}

/** Null: the file does not have these lines. What is put in ends as what it replaces: with a newline, but at a torn end. */
function place(
  { line, end_line: endLine, text }: { line: number; end_line: number; text: string },
  whole: string,
  starts: readonly number[],
): TextEdit | null {
  const lines = starts.length - 1;
  if (endLine < line - 1 || endLine > lines || line > lines + 1) return null;
  const start = starts[line - 1] ?? whole.length;
  const end = Math.max(start, starts[endLine] ?? start);
  const torn = whole !== '' && !whole.endsWith('\n');
  if (text === '') return { start, end, text };
  const closed = text.endsWith('\n') || (torn && end === whole.length) ? text : `${text}\n`;
  // After a last line without a newline.
  return { start, end, text: torn && start === whole.length ? `\n${closed}` : closed };
}
