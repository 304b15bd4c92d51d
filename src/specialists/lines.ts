/** Where an offset stands on its line. Rule: a line ends with its newline; offsets and text are of the same string. */

/** Offset of the first character of the line of `offset`. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** What stands before `offset` on its line. */
export function beforeOnLine(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset);
}

/** What stands before `offset` on its line, where that is nothing but blanks; else null. */
export function indentAt(text: string, offset: number): string | null {
  const before = beforeOnLine(text, offset);
  return /^[ \t]*$/.test(before) ? before : null;
}
