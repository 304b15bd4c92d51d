/** A file as lines. Rule: joining what was split gives the same bytes; a lone CR is part of its line. */

export interface Text {
  /** Without line endings. */
  lines: string[];
  /** 1 where the line ends in CR LF. */
  cr: Uint8Array;
  /** The last line ends in a line ending; true for an empty file. */
  ended: boolean;
}

export function splitText(content: string): Text {
  if (content === '') return { lines: [], cr: new Uint8Array(0), ended: true };
  const lines = content.split('\n');
  const ended = lines.at(-1) === '';
  if (ended) lines.pop();
  const cr = new Uint8Array(lines.length);
  const withEnding = ended ? lines.length : lines.length - 1;
  for (let index = 0; index < withEnding; index += 1) {
    const line = lines[index]!;
    if (line.charCodeAt(line.length - 1) !== 13) continue;
    cr[index] = 1;
    lines[index] = line.slice(0, -1);
  }
  return { lines, cr, ended };
}

export interface NewLine {
  text: string;
  cr: boolean;
}

/** Lines `from` up to `to` go, `insert` comes in their place. */
export interface LineEdit {
  from: number;
  to: number;
  insert: NewLine[];
}

/** `edits` are sorted and do not overlap. `ended`: whether the result ends in a line ending. */
export function applyEdits(text: Text, edits: readonly LineEdit[], ended: boolean): string {
  const pieces: string[] = [];
  const keep = (from: number, to: number) => {
    for (let index = from; index < to; index += 1) pieces.push(text.lines[index]!, text.cr[index] ? '\r\n' : '\n');
  };
  let at = 0;
  for (const edit of edits) {
    keep(at, edit.from);
    for (const line of edit.insert) pieces.push(line.text, line.cr ? '\r\n' : '\n');
    at = edit.to;
  }
  keep(at, text.lines.length);
  if (!ended) pieces.pop();
  return pieces.join('');
}
