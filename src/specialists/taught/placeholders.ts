/** Where a text takes something in: by %, braces, or as a parameter of SQL. Pure. Rule: rather one too many than one too few. */

/** Places in a string that something is put into, in order. */
export function placeholdersIn(text: string): string {
  return [...text.matchAll(/%(?:\(\w+\))?[-+ #0]*[\d.*]*[a-zA-Z%]|\$?\{[^}]*\}|\?|(?<![\w:]):\w+|\$\d+/g)]
    .map(([one]) => one)
    .join(' ');
}
