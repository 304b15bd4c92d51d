/**
 * From a match in UTF-16 offsets to a finding with byte-exact edits. Rule: pure; the fingerprint depends on the whole
 * lines that the match touches and on what the edits make of them, never on where in the file they stand.
 */
import { type Edit, fingerprint, type SpecialistName } from '../records/index.ts';
import { lineStart } from './lines.ts';
import type { Match, TextEdit } from './rule.ts';
import type { Diagnosed, Rule, SourceFile } from './types.ts';

export interface DiagnosedInput {
  specialist: SpecialistName;
  rule: Rule;
  file: SourceFile;
  match: Match;
}

/** Builds a finding and its edits. Offsets of `match` must lie within the file's text. */
export function diagnosed({ specialist, rule, file, match }: DiagnosedInput): Diagnosed {
  const { text } = file;
  const edits = (match.edits ?? []).toSorted((a, b) => a.start - b.start || a.end - b.end);
  const end = Math.max(match.start, match.end - 1);
  const from = lineStart(text, match.start);
  const to = lineEnd(text, end);
  const masked = mask(text, from, to, match.secrets ?? []);
  const after = edits.length === 0 ? '' : applyWithin(text, from, to, edits);
  return {
    finding: {
      rule: rule.id,
      specialist,
      severity: rule.severity,
      path: file.path,
      line: lineOf(text, match.start),
      end_line: lineOf(text, end),
      message: match.message,
      fixable: edits.length > 0,
      fingerprint: fingerprint({ specialist, rule: rule.id, path: file.path, before: masked, after }),
      ...(rule.cwe ? { cwe: rule.cwe } : {}),
    },
    edits: edits.map((edit) => byteEdit(file, edit)),
    ...(match.unbinds && edits.length > 0 ? { unbinds: match.unbinds } : {}),
  };
}

function byteEdit(file: SourceFile, edit: TextEdit): Edit {
  const start = Buffer.byteLength(file.text.slice(0, edit.start));
  const end = start + Buffer.byteLength(file.text.slice(edit.start, edit.end));
  return { path: file.path, blob: file.blob, start, end, text: edit.text };
}

/** 1-based line of a UTF-16 offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline;
}

function mask(text: string, from: number, to: number, secrets: ReadonlyArray<readonly [number, number]>): string {
  const inside = secrets.map(([start, end]) => ({ start: Math.max(start, from), end: Math.min(end, to), text: '***' }));
  return applyWithin(
    text,
    from,
    to,
    inside.filter((secret) => secret.start < secret.end),
  );
}

/** The text [from, to) after those edits that lie within it. */
function applyWithin(text: string, from: number, to: number, edits: readonly TextEdit[]): string {
  let result = '';
  let at = from;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start < at || edit.start > to) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(Math.min(at, to), to);
}
