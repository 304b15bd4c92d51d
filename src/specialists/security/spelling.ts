/** Names in another spelling. Rule: the words of the source as they stand there; none is made up. */

/** `dbPassword` → `DB_PASSWORD`; empty for a name without letters and digits. */
export function inCapitals(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
}

/** May a variable of the environment be called so? */
export function isVariableName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name);
}

/** `sessionToken` → `session_token`. */
export function inSnakeCase(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}
