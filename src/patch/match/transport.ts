/**
 * What the way through a web page, a word processor or a listing does to every line: `&lt;`, curly quotes, composed
 * letters, line numbers. Rule: undone only where old lines stand in the file without it and none stands with it; added
 * lines that may mean it, because the file has its like, are a refusal.
 */
import type { Hunk, PatchLine } from '../model.ts';
import type { FileIndex } from './file-index.ts';

export interface Repair {
  name: string;
  touches: RegExp;
  /** Null: this line cannot have come that way. */
  mend(text: string): string | null;
  /** It befalls every line or none. */
  everywhere: boolean;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', '#39': "'", '#x27': "'" };
const inUtf8 = (change: (text: string) => string) => (text: string) =>
  Buffer.from(change(Buffer.from(text, 'latin1').toString('utf8'))).toString('latin1');

const REPAIRS: readonly Repair[] = [
  {
    name: 'HTML entities',
    touches: /&(?:lt|gt|amp|quot|apos|nbsp|#39|#x27);/,
    mend: (text) =>
      text.replace(/&(lt|gt|quot|apos|nbsp|#39|#x27);/g, (_, name: string) => ENTITIES[name]!).replaceAll('&amp;', '&'),
    everywhere: false,
  },
  {
    name: 'typographic quotes, dashes or blanks',
    touches: /\xe2\x80[\x90-\x93\x98-\x9f]|\xc2\xa0/,
    mend: (text) =>
      text
        .replace(/\xe2\x80[\x98-\x9b]/g, "'")
        .replace(/\xe2\x80[\x9c-\x9f]/g, '"')
        .replace(/\xe2\x80[\x90-\x93]/g, '-')
        .replace(/\xc2\xa0/g, ' '),
    everywhere: false,
  },
  {
    name: 'composed letters',
    touches: /[\xc2-\xf4]/,
    mend: inUtf8((text) => text.normalize('NFC')),
    everywhere: false,
  },
  {
    name: 'decomposed letters',
    touches: /[\xc2-\xf4]/,
    mend: inUtf8((text) => text.normalize('NFD')),
    everywhere: false,
  },
  {
    name: 'line numbers',
    touches: /^\s*\d+(?:\s?[|:]|\t| )/,
    mend: (text) => (text.trim() === '' ? text : (/^\s*\d+(?:\s?[|:] ?|\t| |$)(.*)$/s.exec(text)?.[1] ?? null)),
    everywhere: true,
  },
];

/** The hunks as they were before, or why they are in doubt. */
export function undoTransport(
  hunks: readonly Hunk[],
  index: FileIndex,
): { hunks: readonly Hunk[] } | { hunk: number; reason: string } {
  let current = hunks;
  for (const repair of REPAIRS) {
    if (!isTouched(current, repair) || !isProven(repair, current, index)) continue;
    const doubtful = repair.everywhere ? undefined : current.find((hunk) => comes(hunk, repair));
    if (doubtful && index.lines.some((text) => repair.touches.test(text) && repair.mend(text) !== text))
      return {
        hunk: doubtful.number,
        reason: `its old lines were changed on the way (${repair.name}), and whether its added lines were is not certain`,
      };
    current = mendHunks(current, repair);
  }
  return { hunks: current };
}

const isTouched = (hunks: readonly Hunk[], { touches }: Repair): boolean =>
  hunks.some(({ lines }) => lines.some(({ text }) => touches.test(text)));

/** What may have been done to single lines of `hunks`. */
export function touchedBy(hunks: readonly Hunk[]): Repair[] {
  return REPAIRS.filter((repair) => !repair.everywhere && isTouched(hunks, repair));
}

export function provenRepairs(hunks: readonly Hunk[], index: FileIndex): Repair[] {
  return touchedBy(hunks).filter((repair) => isProven(repair, hunks, index));
}

export function mendHunks(hunks: readonly Hunk[], repair: Repair): Hunk[] {
  return hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map((line) => mended(line, repair)) }));
}

const comes = ({ lines }: Hunk, { mend }: Repair): boolean =>
  lines.some(({ kind, text }) => kind === '+' && mend(text) !== text);

function isProven({ mend, everywhere }: Repair, hunks: readonly Hunk[], index: FileIndex): boolean {
  const stands = (text: string) => index.occurrences('strip', text).length > 0;
  let proofs = 0;
  for (const { kind, text } of hunks.flatMap(({ lines }) => lines)) {
    const now = mend(text);
    if (now === null) return false;
    if (kind === '+' || (now === text && !everywhere)) continue;
    if (text.trim() === '' || now.trim() === '') continue;
    if (stands(text)) return false;
    if (stands(now)) proofs += 1;
  }
  return proofs > 0;
}

function mended(line: PatchLine, { mend }: Repair): PatchLine {
  const text = mend(line.text) ?? line.text;
  return { ...line, text, raw: line.raw.slice(0, line.raw.length - line.text.length) + text };
}
