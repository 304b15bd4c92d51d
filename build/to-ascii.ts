/** Regular expressions keep their characters as they are; escaped, the file is read as bytes, which is quicker. */
export function toAscii(text: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(/[^\0-\x7f]/g, escaped);
}
