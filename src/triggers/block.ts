/**
 * Our block in a hook file, as text. Rule: pure; what stood before the block stays byte for byte, and taking the block
 * out again gives exactly the bytes that were there.
 */

const START = '# >>> git-ambient >>> added by `git ambient init`; `git ambient uninstall` takes it out';
const END = '# <<< git-ambient <<<';
export const BLOCK_MARK = '# >>> git-ambient >>>';
const SHEBANG = '#!/bin/sh\n';

export interface Places {
  /** Absolute paths, fixed at installation: graphical clients lack the PATH that a shell has. */
  node: string;
  cli: string;
  /** `hooks/post-commit` of this package. */
  script: string;
}

/** Returns `text` with our block at its end; a block that is there already is replaced. Null `text`: a new file. */
export function withBlock(text: string | null, places: Places, marks: { directory?: boolean } = {}): string {
  const old = withoutBlock(text ?? '');
  const before = old.text === '' ? SHEBANG : old.text;
  const glue = before.endsWith('\n') ? '' : '\n';
  const directory = marks.directory || old.directory;
  const body = [
    `${START}${glue === '' ? '' : ' (newline)'}${directory ? ' (directory)' : ''}`,
    `ambient_node=${quote(places.node)} ambient_cli=${quote(places.cli)}`,
    `if [ -r ${quote(places.script)} ]; then . ${quote(places.script)}; fi`,
    END,
  ].join('\n');
  return `${before}${glue}${body}\n`;
}

export interface Stripped {
  text: string;
  found: boolean;
  /** Nothing but a shebang is left, so the file was ours. */
  empty: boolean;
  /** The hooks directory was made for the file. */
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
  const empty = rest === '' || rest === SHEBANG;
  return { text: rest, found: true, empty, directory: firstLine.includes('(directory)') };
}

function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
