/**
 * Which paths a change may touch. Rule: a name is refused when any file system that people use could take it for another
 * one: the worst reading decides (NFKC, invisible characters, case, trailing dots, streams, short names).
 */

const LONGEST_PATH = 1024;
const LONGEST_NAME = 255;

/** Never written by a proposal, at any depth. */
const FORBIDDEN = new Set(['.git', '.env', '.ssh', '.swarmguard_secrets']);
/** `.env.local` holds what `.env` holds; examples without values are ordinary files. */
const ENVIRONMENT = /^\.env\.(?!(?:example|sample|template|dist|defaults?)$)/;
/** How Windows abbreviates the forbidden names. */
const SHORT_NAME = /^(?:git|env|ssh|swarmg)~\d+$/;

/** Returns why `path` may not be touched, or null when it may. Paths are repository-relative with forward slashes. */
export function vetPath(path: string): string | null {
  const shown = JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);
  if (path === '') return 'the path is empty';
  if (Buffer.byteLength(path) > LONGEST_PATH) return `${shown} is longer than ${LONGEST_PATH} bytes`;
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(path)) return `${shown} holds a control character`;
  if (/\p{Cs}|\uFFFD/u.test(path)) return `${shown} is not valid text`;
  if (/[\u202A-\u202E\u2066-\u2069]/u.test(path))
    return `${shown} holds a character that reverses the direction of text`;
  if (path.includes('\\')) return `${shown} holds a backslash`;
  if (path.startsWith('/')) return `${shown} is absolute`;
  if (/^[A-Za-z]:/.test(path)) return `${shown} names a drive`;
  for (const name of path.split('/')) {
    const reason = vetName(name);
    if (reason !== null) return `${shown} ${reason}`;
  }
  return null;
}

function vetName(name: string): string | null {
  if (name === '') return 'has an empty component';
  if (name === '.' || name === '..') return `has the component ${name}`;
  if (Buffer.byteLength(name) > LONGEST_NAME) return `has a component of more than ${LONGEST_NAME} bytes`;
  const worst = worstReading(name);
  if (worst === '' || worst === '..') return 'has a component that disappears on some file systems';
  if (FORBIDDEN.has(worst) || ENVIRONMENT.test(worst) || SHORT_NAME.test(worst))
    return `touches ${JSON.stringify(name)}, which proposals never do`;
  if (/[. ]$/.test(name.normalize('NFKC'))) return 'has a component that ends in a dot or a space';
  return null;
}

/** What the least careful file system makes of a name. */
function worstReading(name: string): string {
  const visible = name.normalize('NFKC').replace(/\p{Cf}|\p{Default_Ignorable_Code_Point}/gu, '');
  const [stem = ''] = visible.split(':', 1);
  return stem
    .replace(/[. ]+$/, '')
    .toUpperCase()
    .toLowerCase();
}
