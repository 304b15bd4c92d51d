/**
 * What a person wrote to keep a linter away from a line. Rule: when in doubt a suppression counts, since whoever wrote
 * it has already decided.
 */
import type { LanguageId } from './types.ts';

/** Names under which a rule may be suppressed: its id and the names of the same rule in other linters. */
export interface Suppressible {
  id: string;
  aliases?: readonly string[];
}

/** Is the whole file kept from `rule`? */
export function fileSuppressed(text: string, language: LanguageId, rule: Suppressible): boolean {
  const head = text.slice(0, 20_000);
  const pattern =
    language === 'python'
      ? /^[ \t]*#[ \t]*(?:(?:ruff|flake8)[:=][ \t]*noqa|ambient:[ \t]*ignore-file)\b[ \t]*:?[ \t]*([^\n]*)/gim
      : /(?:\/\*[ \t]*(?:eslint-disable(?!-)|ambient:[ \t]*ignore-file)\b|\/\/[ \t]*ambient:[ \t]*ignore-file\b)[ \t]*([^\n*]*)/gim;
  for (const match of head.matchAll(pattern)) if (names(match[1] ?? '', language, rule)) return true;
  return false;
}

/** Is `rule` kept from the lines [line, endLine] (1-based) or, for a comment that says so, by the line above? */
export function lineSuppressed(
  lines: readonly string[],
  line: number,
  endLine: number,
  language: LanguageId,
  rule: Suppressible,
): boolean {
  const above = lines[line - 2] ?? '';
  const next =
    /(?:(?:eslint|oxlint)-disable-next-line|deno-lint-ignore(?!-)|ambient:[ \t]*ignore-next-line)\b([^\n*]*)/.exec(
      above,
    );
  if (next && names(next[1] ?? '', language, rule)) return true;
  const biome = /biome-ignore[ \t]+(lint[\w/]*)/.exec(above)?.[1];
  if (biome && (biome === 'lint' || rule.aliases?.includes(biome))) return true;
  const pattern =
    language === 'python'
      ? /#[ \t]*(?:noqa|nosec|ambient:[ \t]*ignore(?!-))\b[ \t]*:?([^#]*)/i
      : /(?:\/\/|\/\*)[ \t]*(?:eslint-disable-line|NOSONAR|ambient:[ \t]*ignore(?!-))\b([^*]*)/;
  for (const text of lines.slice(line - 1, endLine)) {
    const found = pattern.exec(text);
    if (found && names(found[1] ?? '', language, rule)) return true;
  }
  return false;
}

/** Does what follows the marker name `rule`, or nothing in particular? Words after ` -- ` are a reason. */
function names(listed: string, language: LanguageId, rule: Suppressible): boolean {
  const words = (listed.split(/\s--\s/)[0] ?? '').split(/[\s,[\]()]+/).filter((word) => word !== '');
  const code = language === 'python' ? /^[A-Z]+\d+$|\// : /[/-]|^[a-z]+$/;
  const codes = words.filter((word) => code.test(word));
  if (codes.length === 0) return true;
  const known = [rule.id, ...(rule.aliases ?? [])];
  return codes.some((code) =>
    known.some((name) => name === code || (/^[A-Z]+\d+$/.test(code) && name.startsWith(code))),
  );
}
