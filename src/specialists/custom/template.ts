/**
 * The `fix:` template of a rule. Rule: pure; what stands for a part of the match is the part's own text, and a template that
 * cannot be filled in, or whose lines cannot be indented without changing a string, gives no edit.
 */

/** A part of a match, by the name of its variable. */
export interface Part {
  text: string;
  /** The blanks that its first line begins with in the file. */
  indent: string;
  /** Holds a text over several lines: it must not be indented anew. */
  rigid: boolean;
}

type Piece = { text: string } | { name: string; several: boolean };

const VARIABLE = /(\$\$\$|\$)([A-Z_][A-Z0-9_]*)/g;

/** The variables that `text` names, without the dollars. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[2] ?? ''))];
}

/**
 * Fills `template` in. `one` gives a variable of one node, `several` one of a list (empty: nothing was matched by it);
 * `indent` is that of the line in which the match begins. @returns null when it cannot be done.
 */
export function expand(
  template: string,
  indent: string,
  one: (name: string) => Part | null,
  several: (name: string) => Part | null,
): string | null {
  let result = '';
  for (const piece of piecesOf(template.replace(/\n$/, ''))) {
    if ('text' in piece) {
      // A line of the template that is empty stays empty.
      result += piece.text.replace(/\n(?!\n)/g, `\n${indent}`);
      continue;
    }
    const part = piece.several ? several(piece.name) : one(piece.name);
    if (part === null && piece.several) continue;
    if (part === null) return null;
    const moved = reindent(
      part,
      /(?:^|\n)([ \t]*)[^\n]*$/.exec(result)?.[1] ?? '',
      result.includes('\n') ? '' : indent,
    );
    if (moved === null) return null;
    result += moved;
  }
  return result;
}

function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of template.matchAll(VARIABLE)) {
    pieces.push({ text: template.slice(at, match.index) });
    pieces.push({ name: match[2] ?? '', several: match[1] === '$$$' });
    at = match.index + match[0].length;
  }
  return [...pieces, { text: template.slice(at) }].filter((piece) => !('text' in piece) || piece.text !== '');
}

/** Later lines of a part keep their distance to its first line. */
function reindent({ text, indent, rigid }: Part, here: string, outer: string): string | null {
  const target = outer + here;
  if (!text.includes('\n') || indent === target) return text;
  if (rigid) return null;
  const [first = '', ...rest] = text.split('\n');
  return [first, ...rest.map((line) => (line.startsWith(indent) ? target + line.slice(indent.length) : line))].join(
    '\n',
  );
}
