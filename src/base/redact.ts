/**
 * Takes credentials out of text that comes from elsewhere: what a check printed, what a hook said. Rule: better a
 * harmless word masked than a secret kept; the rest of the text stays as it is.
 */

/** Shapes that only one issuer gives out, and what they are. */
export const CREDENTIALS: ReadonlyArray<{ what: string; pattern: RegExp }> = [
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}\b/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,})\b/ },
  { what: 'a GitLab token', pattern: /\bglpat-[\w-]{20,}/ },
  { what: 'a Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{20,}/ },
  { what: 'a live Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}\b/ },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: 'a Google API key', pattern: /\bAIza[\w-]{35}/ },
  {
    what: 'a private key',
    pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\\[rn]|\s)*[A-Za-z0-9+/=\s\\]{40,}(?:-----END [A-Z ]+-----)?/,
  },
];

const ISSUED = new RegExp(CREDENTIALS.map(({ pattern }) => pattern.source).join('|'), 'g');
/** `https://user:password@host`. */
const IN_ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/'"]*):[^\s@/'"]+@/gi;
const BEARER = /\b(bearer|basic)(\s+)[\w.~+/=-]{16,}/gi;
/** A signed web token. */
const SIGNED = /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/g;
const NAME = 'passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential';
/** A name that says what its value is, and the value. */
const NAMED = new RegExp(String.raw`((?:${NAME})\w{0,60}["']?\]?\s*[:=]\s*["']?)([^\s"'\`,;)}\]]{8,})`, 'gi');
/** The same with a value in quotes, which may be escaped (source in a message), after a type or another operator: up to its quote. */
const QUOTED = new RegExp(
  String.raw`((?:${NAME})\w{0,60}(?:\\{0,3}["'])?\]?(?:\s?\??:\s?[\w.<>[\]| ]{1,40}?)?\s*(?::=|=>|={1,3}|!={1,2}|:)\s*[rbuf]{0,2}(\\{0,3}["'\`]))((?:(?!\2)\S){8,400})`,
  'gi',
);

const MASK = '***';

/** Returns `text` with every credential that its shape, its place or its name gives away replaced by `***`. */
export function redact(text: string): string {
  return text
    .replace(ISSUED, MASK)
    .replace(SIGNED, MASK)
    .replace(IN_ADDRESS, `$1:${MASK}@`)
    .replace(BEARER, `$1$2${MASK}`)
    .replace(QUOTED, (whole, name: string, _quote: string, value: string) => (isMixed(value) ? name + MASK : whole))
    .replace(NAMED, (whole, name: string, value: string) => (isMixed(value) ? name + MASK : whole));
}

/** Words are not secrets; letters with digits may be. */
function isMixed(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value);
}
