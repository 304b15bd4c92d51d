/** A text after edits. Rule: edits that overlap say two things of one place, so nothing is made of them. */
import type { TextEdit } from './rule.ts';

/** Null when two of them overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string | null {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start < at) return null;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
