/**
 * Files that nobody keeps by hand, as .gitattributes, .gitignore and .editorconfig say. Rule: gitignore-like patterns out,
 * read from the files at the top; what cannot be read as such a pattern is left out.
 */
import type { Read } from './python-conventions.ts';

export interface Exclusions {
  /** Generated or vendored by .gitattributes: nobody edits them. */
  generated: string[];
  /** Tracked although ignored, or without a style by .editorconfig: no linter looks at them. */
  unkept: string[];
}

export async function readExclusions(read: Read): Promise<Exclusions> {
  const [attributes, ignored, editor] = await Promise.all(['.gitattributes', '.gitignore', '.editorconfig'].map(read));
  return {
    generated: marked(attributes ?? ''),
    unkept: [...patterns(ignored ?? ''), ...unstyled(editor ?? '')],
  };
}

/** Lines of a gitignore-like file without comments; a negation stays, since order counts. */
export function patterns(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** Patterns with linguist's attributes; a later line that unsets one negates it, as in git. */
function marked(text: string): string[] {
  return patterns(text).flatMap((line) => {
    const [pattern = '', ...attributes] = line.trim().split(/\s+/);
    if (/^["[]/.test(pattern)) return [];
    const set = attributes.some((one) => /^linguist-(generated|vendored)(=(true|1|set))?$/.test(one));
    const unset = attributes.some((one) =>
      /^([-!]linguist-(generated|vendored)|linguist-(generated|vendored)=(false|0))$/.test(one),
    );
    return set ? [pattern] : unset ? [`!${pattern}`] : [];
  });
}

/** Sections of .editorconfig that say `generated_code = true`, or take every style away. */
function unstyled(text: string): string[] {
  const found: string[] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1] ?? section;
    const without = /^\s*(generated_code\s*=\s*true|indent_style\s*=\s*(unset|ignore|none))\s*$/i.test(line);
    if (without && section !== '' && section !== '*') found.push(...alternatives(section));
  }
  return [...new Set(found)];
}

/** `{a,b}/**` as two patterns, which gitignore has no braces for; ranges and nested braces are left out. */
export function alternatives(glob: string): string[] {
  const braces = /^([^{}]*)\{([^{}]*)\}(.*)$/.exec(glob);
  if (!braces) return /[{}]/.test(glob) ? [] : [glob];
  const [before = '', inside = '', after = ''] = braces.slice(1);
  return inside.includes('..') ? [] : inside.split(',').flatMap((one) => alternatives(before + one.trim() + after));
}
