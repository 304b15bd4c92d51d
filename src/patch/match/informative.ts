/** What a line says about where it stands. Rule: blank lines, braces and lone keywords vouch for no place. */

/** Two letters on end, or three anywhere. */
const WORD = /[A-Za-z0-9_\x80-\xff]{2}|(?:[A-Za-z0-9].*){3}/;

export function isInformative(text: string): boolean {
  if (!WORD.test(text)) return false;
  return !/^[\s})\];,]*(?:else|end|endif|fi|done|esac|return|break|continue|try|finally|pass|do|then|null|true|false)?[\s({[:;,)\]}]*$/.test(
    text,
  );
}

export const weightOf = (text: string): number => (isInformative(text) ? 1 : 0.25);
