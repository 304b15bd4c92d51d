/** How a file is written, so that what is added reads like the rest. Rule: what stands there more often is its manner. */

/** The quote that stands more often. */
export function usualQuote(text: string): string {
  return text.split('"').length > text.split("'").length ? '"' : "'";
}

/** What statements end with: a semicolon where any line does. */
export function usualEnd(text: string): string {
  return /;[ \t]*\r?\n/.test(text) ? ';' : '';
}
