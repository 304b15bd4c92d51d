/** Cheap gates of several parts. Rule: linear in the text, however often a part stands in it without the others. */

/** Matches a text that holds every one of `parts`, in any order. They must not rely on flags or groups. */
export function holdsAll(...parts: readonly RegExp[]): RegExp {
  return new RegExp(`^${parts.map((part) => `(?=[\\s\\S]*?(?:${part.source}))`).join('')}`);
}
