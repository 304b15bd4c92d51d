/**
 * Our block in a hook file, as text. Rule: pure; what stood around the block stays byte for byte, and taking the block
 * out again gives exactly the bytes that were there.
 */
import { type HookEvent, hookBody, type Places } from './body.ts';

const START = '# >>> git-ambient >>> added by `git ambient init`; `git ambient uninstall` takes it out';
const END = '# <<< git-ambient <<<';
export const BLOCK_MARK = '# >>> git-ambient >>>';
export const SHEBANG = '#!/bin/sh\n';

export interface BlockOptions {
  event: HookEvent;
  /** Null: a file that other clones get too. The block then looks for what `init` left in each clone. */
  places: Places | null;
  /** What a new file begins with. */
  head?: string;
  /** The directory of the file was made for it. */
  directory?: boolean;
}

/** Returns `text` with our block in it; a block that is there already is replaced. Null `text`: a new file. */
export function withBlock(text: string | null, options: BlockOptions): string {
  const old = withoutBlock(text ?? '');
  const fresh = text === null || (old.found && old.empty);
  const before = old.text === '' ? (options.head ?? SHEBANG) : old.text;
  const body = hookBody(options.event, options.places);
  return insertBlock(before, body, {
    first: comesFirst(options.event, before),
    directory: options.directory === true || old.directory,
    stood: fresh ? null : old.text === '' ? 'empty' : before === SHEBANG ? 'shebang' : null,
  });
}

/**
 * pre-push: before what is there, because that may read all of stdin, and may take minutes. post-commit: after it,
 * unless its last line is the end of everything.
 */
function comesFirst(event: HookEvent, text: string): boolean {
  if (event === 'pre-push') return true;
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  return /^\s*(exit|exec)\b/.test(lines.at(-1) ?? '');
}

/** Puts `body` between our marks into `text`, after the first line or at the end. */
export function insertBlock(
  text: string,
  body: readonly string[],
  options: { first?: boolean; directory?: boolean; stood?: 'empty' | 'shebang' | null } = {},
): string {
  const shebang = /^#!.*(\n|$)/.exec(text)?.[0] ?? '';
  const head = options.first ? shebang : text;
  const glue = head === '' || head.endsWith('\n') ? '' : '\n';
  const stood = options.stood ? ` (${options.stood})` : '';
  const marks = `${glue === '' ? '' : ' (newline)'}${options.directory ? ' (directory)' : ''}${stood}`;
  return `${head}${glue}${START}${marks}\n${body.join('\n')}\n${END}\n${text.slice(head.length)}`;
}

export interface Stripped {
  text: string;
  found: boolean;
  /** Nothing is left but what a new file begins with, and no file stood here before: it was ours. */
  empty: boolean;
  /** The directory was made for the file. */
  directory: boolean;
}

/** Takes the block out. What the installation added around it is written in the block's first line. */
export function withoutBlock(text: string): Stripped {
  const start = text.indexOf(BLOCK_MARK);
  const end = text.indexOf(END, start);
  if (start < 0 || end < 0) return { text, found: false, empty: false, directory: false };
  const firstLine = text.slice(start, text.indexOf('\n', start));
  const added = firstLine.includes('(newline)') ? 1 : 0;
  const rest = text.slice(0, start - added) + text.slice(end + END.length + 1);
  // A file that said nothing stood here before: it gets its bytes back. Lines that came since are kept with the shebang.
  const stood = ['(empty)', '(shebang)'].find((mark) => firstLine.includes(mark));
  const bare = rest === '' || rest === SHEBANG;
  const left = bare && stood === '(empty)' ? '' : rest;
  return {
    text: left,
    found: true,
    empty: bare && stood === undefined,
    directory: firstLine.includes('(directory)'),
  };
}

/** What a person may add to a hook of their own: the block without its marks. */
export function snippet(event: HookEvent, places: Places | null): string {
  return `${hookBody(event, places).join('\n')}\n`;
}

/** The programs that the block in `text` names, or null when it names none. */
export function placesIn(text: string): { node: string; cli: string } | null {
  const found = /ambient_node=('(?:[^']|'\\'')*') ambient_cli=('(?:[^']|'\\'')*')/.exec(text);
  if (!found) return null;
  return { node: unquote(found[1] ?? ''), cli: unquote(found[2] ?? '') };
}

function unquote(text: string): string {
  return text.slice(1, -1).replaceAll("'\\''", "'");
}
