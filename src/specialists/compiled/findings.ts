/**
 * From what tools of Go and Rust said to findings. Rule: pure; only of files that were asked about, with edits that lie within
 * them and do not meet, and never of lines that a person has kept from it.
 */
import { diagnosed } from '../diagnosed.ts';
import { edited } from '../edited.ts';
import { lineStart } from '../lines.ts';
import type { TextEdit } from '../rule.ts';
import { editOf, lineChanges, linesOf, startsOf, withChange } from '../style/line-changes.ts';
import { lineSuppressed } from '../suppress.ts';
import type { Diagnosed, Rule } from '../types.ts';
import type { Place, Told } from './types.ts';

export interface CompiledFile {
  path: string;
  blob: string;
  text: string;
}

export interface CompiledFindings {
  found: Diagnosed[];
  rules: Rule[];
}

/** Null: it cannot be formatted. */
export type Format = (text: string) => Promise<string | null>;

/**
 * What is said of `file` among `told`, whose paths are the repository's. What an edit leaves is formatted where the file was
 * before: nobody wants a second change for that.
 */
export async function compiledFindings(
  file: CompiledFile,
  told: readonly Told[],
  format: Format | null = null,
): Promise<CompiledFindings> {
  const findings: CompiledFindings = { found: [], rules: [] };
  const about = told.filter(({ path }) => path === file.path);
  if (about.length === 0) return findings;
  const offsets = offsetsOf(file.text);
  const tidy = format !== null && (await format(file.text)) === file.text ? format : null;
  const taken: Array<TextEdit & { rule: string }> = [];
  for (const one of about) {
    const place = offsets.of(one.place);
    if (place === null || (one.line !== undefined && one.line !== lineAround(file.text, place.start))) continue;
    const own = one.edits.map(({ start, end, text }) => ({ ...offsets.of({ start, end }), text }));
    const whole = own.every((edit): edit is TextEdit => edit.start !== undefined && edit.end !== undefined);
    const edits = whole && own.length > 0 ? await tidied(file.text, own, tidy) : [];
    // A suggestion that meets another one of its rule is made when that is done.
    const meets = taken.some(
      (other) => other.rule === one.rule && edits.some(({ start, end }) => start <= other.end && end >= other.start),
    );
    const kept = meets ? [] : edits;
    taken.push(...kept.map((edit) => ({ ...edit, rule: one.rule })));
    const rule = ruleOf(one, kept.length > 0);
    const match = { ...place, message: one.message, edits: kept };
    add(findings, { specialist: one.specialist, rule, file: sourceOf(file), match }, file.text.split('\n'));
  }
  return findings;
}

/** Paths of a tool may be of another folder than they look. */
function lineAround(text: string, at: number): string {
  const start = lineStart(text, at);
  return (text.slice(start).split('\n')[0] ?? '').replace(/\r$/, '');
}

async function tidied(text: string, edits: readonly TextEdit[], format: Format | null): Promise<TextEdit[]> {
  const after = edited(text, edits);
  if (after === null) return [];
  const formatted = format === null ? after : await format(after);
  if (formatted === null) return [];
  if (formatted === after) return edits.toSorted((a, b) => a.start - b.start);
  const before = linesOf(text);
  const starts = startsOf(before);
  return (lineChanges(before, linesOf(formatted), LINES) ?? []).map((change) => editOf(starts, change));
}

/** From bytes, or lines and columns of bytes, to UTF-16. */
function offsetsOf(text: string) {
  const bytes = Buffer.from(text);
  const starts = startsOf(linesOf(text), (line) => Buffer.byteLength(line));
  const at = (byte: number) => bytes.subarray(0, byte).toString('utf8').length;
  return {
    of(place: Place): { start: number; end: number } | null {
      const found = 'line' in place ? lineAt(starts, place.line, place.column) : place;
      if (found === null || found.start > found.end || found.end > bytes.length) return null;
      return { start: at(found.start), end: at(found.end) };
    },
  };
}

/** Places, and lines of them, beyond which nobody keeps the file in format. */
const PLACES = 6;
const LINES = 60;

/** Where `file` departs from what its formatter makes of it; `format` is asked whether a place makes sense by itself. */
export async function formatFindings(
  file: CompiledFile,
  tool: 'gofmt' | 'rustfmt',
  format: Format,
): Promise<CompiledFindings> {
  const findings: CompiledFindings = { found: [], rules: [] };
  const formatted = await format(file.text);
  if (formatted === null || formatted === file.text) return findings;
  const before = linesOf(file.text);
  const changes = lineChanges(before, linesOf(formatted), LINES) ?? [];
  if (changes.length > PLACES) return findings;
  const rule = formatRule(tool);
  const starts = startsOf(before);
  for (const change of changes) {
    if (changes.length > 1 && (await format(withChange(before, change))) !== formatted) continue;
    const edit = editOf(starts, change);
    const { start, end } = edit;
    const message = `The lines are not formatted as ${tool} formats.`;
    const match = { start, end: Math.max(start, end - 1), message, edits: [edit] };
    add(findings, { specialist: 'StyleEnforcer', rule, file: sourceOf(file), match }, file.text.split('\n'));
  }
  return findings;
}

type Input = Parameters<typeof diagnosed>[0];

function add(findings: CompiledFindings, input: Input, lines: readonly string[]): void {
  const one = diagnosed(input);
  const { line, end_line: last, rule: id } = one.finding;
  // A comment is one in these languages as it is in JavaScript.
  if (lineSuppressed(lines, line, last, 'javascript', { id })) return;
  findings.found.push(one);
  findings.rules.push(input.rule);
}

/** The language of it is only asked for what no tool of these languages has. */
const sourceOf = (file: CompiledFile) => ({ ...file, language: 'javascript' as const, test: false });

function lineAt(starts: readonly number[], line: number, column: number): { start: number; end: number } | null {
  const [from, next] = [starts[line - 1], starts[line]];
  if (from === undefined || next === undefined) return null;
  const start = Math.min(from + Math.max(0, column - 1), next);
  return { start, end: Math.max(start, next - 1) };
}

const NONE = { languages: [], example: { path: '', before: '' }, lookAlikes: [] };

function ruleOf({ rule: id, tool, code, severity, message }: Told, fixable: boolean): Rule {
  const title = `Follow ${tool}: ${code}`;
  const own = `${message} So says ${tool} (${code}), run in the sandbox on this tree.`;
  const edit = fixable ? ` The edit is its own, and one that it calls safe to make without looking.` : '';
  return {
    ...NONE,
    id,
    severity,
    fixable,
    title: title.length <= 60 ? title : `Follow ${tool}`,
    rationale: `${own}${edit}`,
  };
}

function formatRule(tool: 'gofmt' | 'rustfmt'): Rule {
  const id = tool === 'gofmt' ? 'go/unformatted' : 'rust/unformatted';
  const rationale = `These lines are not as ${tool} leaves them; the edit is what it makes of them, and the program stays the same. Each place stands by itself, and a file that departs from the format in many places is left alone.`;
  return { ...NONE, id, severity: 'low', fixable: true, title: `Format as ${tool} does`, rationale };
}
