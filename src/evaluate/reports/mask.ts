/**
 * Splits source text into code and comments. Rule: positions stay: what is not code becomes blanks of the same length,
 * so that a word in a string or in a comment is never taken for an instruction.
 */
export interface Masked {
  /** The text with the contents of strings and comments blanked. */
  code: string;
  comments: string[];
}

const PYTHON =
  /(?<comment>#[^\n]*)|"""(?:\\[\s\S]|[^\\])*?(?:"""|$)|'''(?:\\[\s\S]|[^\\])*?(?:'''|$)|"(?:\\[\s\S]|[^\\"\n])*(?:"|(?=\n)|$)|'(?:\\[\s\S]|[^\\'\n])*(?:'|(?=\n)|$)/g;

export function maskPython(text: string): Masked {
  return mask(text, PYTHON);
}

/** A regular expression literal can only stand where a value is expected. */
const JAVASCRIPT =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|`(?:\\[\s\S]|[^\\`])*(?:`|$)|'(?:\\[\s\S]|[^\\'\n])*(?:'|(?=\n)|$)|"(?:\\[\s\S]|[^\\"\n])*(?:"|(?=\n)|$)|(?<=[=(,:;!&|?{}[\n]\s*|\breturn\s+|^)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\/\n[])+\//g;

export function maskJavascript(text: string): Masked {
  return mask(text, JAVASCRIPT);
}

const GO =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|`[^`]*(?:`|$)|'(?:\\.[^'\n]*|[^\\'\n])'|"(?:\\.|[^\\"\n])*(?:"|(?=\n)|$)/g;

export function maskGo(text: string): Masked {
  return mask(text, GO);
}

/** A quote without a partner begins a lifetime. */
const RUST =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|\bb?r(#*)"[\s\S]*?(?:"\2|$)|"(?:\\[\s\S]|[^\\"])*(?:"|$)|'(?:\\(?:x\w\w|u\{[^}]*\}|.)|[^\\'\n])'/g;

export function maskRust(text: string): Masked {
  return mask(text, RUST);
}

function mask(text: string, pattern: RegExp): Masked {
  const comments: string[] = [];
  const code = text.replace(pattern, (found, ...rest) => {
    const groups = rest.at(-1) as { comment?: string };
    if (groups.comment !== undefined) comments.push(found);
    // The first character tells strings from nothing: `skip('x')` stays a call with an argument.
    const keep = groups.comment === undefined ? 1 : 0;
    return (
      found.slice(0, keep) +
      found.slice(keep, found.length - keep).replace(/[^\n]/g, ' ') +
      found.slice(found.length - keep)
    );
  });
  return { code, comments };
}
