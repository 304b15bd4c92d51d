/**
 * Foreign text on a terminal. Pure. Rule: what a file holds can neither move the cursor nor hide or reorder what a person
 * is about to approve: control and direction characters are shown, not obeyed.
 */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** `text` with its control and direction characters spelt out; newlines and tabs stay. */
export function visible(text: string): string {
  return text.replace(/\r(?=\n|$)/g, '').replace(HIDDEN, spell);
}

/** As `visible`, for what has to stay on its line: names of files, titles, reasons. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, spell).replace(/[\n\t]/g, spell);
}

function spell(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 32) return `^${String.fromCharCode(code + 64)}`;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
