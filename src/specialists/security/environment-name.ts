/** What a variable of the environment is called. Rule: the words of the source, in capitals; no other name is made up. */

/** `dbPassword` → `DB_PASSWORD`; empty for a name without letters and digits. */
export function inCapitals(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
}

/** May a variable be called so? */
export function isVariableName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name);
}
