/**
 * What a person wrote to keep a linter away from a line. Rule: when in doubt a suppression counts, since whoever wrote
 * it has already decided.
 */
import { pylintNames } from './pylint-names.ts';
import type { LanguageId } from './types.ts';

/** Names under which a rule may be suppressed: its id and the names of the same rule in other linters. */
export interface Suppressible {
  id: string;
  aliases?: readonly string[];
  /** A defect with a number of its own is not hidden by a comment for the compiler. */
  cwe?: string;
}

const PYTHON_FILE =
  /^[ \t]*#[ \t]*(?:(?:ruff|flake8)[:=][ \t]*noqa|ruff:[ \t]*file-ignore|ambient:[ \t]*ignore-file|(isort:[ \t]*skip_file)|(pylint:[ \t]*skip-file))\b[ \t]*:?[ \t]*([^\n]*)/gim;
const SCRIPT_FILE =
  /(?:\/\*[ \t]*(?:eslint-disable(?!-)|oxlint-disable(?!-)|ambient:[ \t]*ignore-file)\b|\/\/[ \t]*(?:ambient:[ \t]*ignore-file|deno-lint-ignore-file)\b)[ \t]*([^\n*]*)/gim;

/** Is the whole file kept from `rule`? */
export function fileSuppressed(text: string, language: LanguageId, rule: Suppressible): boolean {
  const head = text.slice(0, 20_000);
  for (const match of head.matchAll(language === 'python' ? PYTHON_FILE : SCRIPT_FILE)) {
    if (match[0].includes('isort')) {
      if (known(rule).includes('isort')) return true;
    } else if (/pylint/.test(match[0])) return true;
    else if (names(match.at(-1) ?? '', language, rule)) return true;
  }
  if (language !== 'python' && !rule.cwe && /\/[/*][ \t]*@ts-nocheck\b/.test(head)) return true;
  const biome = [...head.matchAll(/biome-ignore-all[ \t]+(\w[\w/]*)/g)].map((match) => match[1] ?? '');
  return language !== 'python' && biome.some((name) => biomeCovers(name, rule));
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
  if (language === 'python' ? pythonAbove(above, lines, line, rule) : scriptAbove(above, lines, line, rule))
    return true;
  const pattern =
    language === 'python'
      ? /#[ \t]*(?:noqa|nosec|nosemgrep|NOSONAR|pylint:[ \t]*disable=|isort:[ \t]*skip|ambient:[ \t]*ignore(?!-))[ \t]*:?([^#]*)/i
      : /(?:\/\/|\/\*)[ \t]*(?:eslint-disable-line|NOSONAR|nosemgrep|nosec|ambient:[ \t]*ignore(?!-))\b([^*]*)/;
  for (const text of lines.slice(line - 1, endLine)) {
    const found = pattern.exec(text);
    if (!found) continue;
    if (/isort:/.test(found[0]) && !known(rule).includes('isort')) continue;
    if (/nosemgrep|NOSONAR/i.test(found[0])) return true;
    if (/pylint/.test(found[0]) ? pylintCovers(found[1] ?? '', rule) : names(found[1] ?? '', language, rule))
      return true;
  }
  return false;
}

function pythonAbove(above: string, lines: readonly string[], line: number, rule: Suppressible): boolean {
  if (/#[ \t]*nosemgrep\b/.test(above)) return true;
  const ours = /#[ \t]*ambient:[ \t]*ignore-next-line\b([^#]*)/.exec(above);
  if (ours && names(ours[1] ?? '', 'python', rule)) return true;
  const next = /#[ \t]*pylint:[ \t]*disable-next=([^#]*)/.exec(above);
  if (next && pylintCovers(next[1] ?? '', rule)) return true;
  return pylintScope(lines, line, rule);
}

/** `# pylint: disable=…` on a line of its own holds for the rest of its block, until `enable`. */
function pylintScope(lines: readonly string[], line: number, rule: Suppressible): boolean {
  let off: number | null = null;
  for (const text of lines.slice(0, line - 1)) {
    const indent = /^[ \t]*/.exec(text)?.[0].length ?? 0;
    if (off !== null && text.trim() !== '' && indent < off) off = null;
    const found = /^[ \t]*#[ \t]*pylint:[ \t]*(disable|enable)=([^#]*)/.exec(text);
    if (found && pylintCovers(found[2] ?? '', rule)) off = found[1] === 'disable' ? indent : null;
  }
  const own = /^[ \t]*/.exec(lines[line - 1] ?? '')?.[0].length ?? 0;
  return off !== null && own >= off;
}

function pylintCovers(listed: string, rule: Suppressible): boolean {
  const codes = listed.split(/[\s,]+/).filter((code) => code !== '');
  return codes.some((code) => code === 'all' || pylintNames(code).some((name) => covers(name, rule)));
}

function scriptAbove(above: string, lines: readonly string[], line: number, rule: Suppressible): boolean {
  if (/(\/\/|\/\*)[ \t]*(nosemgrep)\b/.test(above)) return true;
  if (!rule.cwe && /(\/\/|\/\*)[ \t]*@ts-(ignore|expect-error)\b/.test(above)) return true;
  const next =
    /(?:(?:eslint|oxlint)-disable-next-line|deno-lint-ignore(?!-)|ambient:[ \t]*ignore-next-line)\b([^\n*]*)/.exec(
      above,
    );
  if (next && names(next[1] ?? '', 'javascript', rule)) return true;
  const biome = /biome-ignore[ \t]+(\w[\w/]*)/.exec(above)?.[1];
  if (biome && biomeCovers(biome, rule)) return true;
  if (/prettier-ignore\b/.test(above) && known(rule).includes('import/order')) return true;
  return biomeRange(lines, line, rule);
}

/** `biome-ignore-start lint/…` to `biome-ignore-end`. */
function biomeRange(lines: readonly string[], line: number, rule: Suppressible): boolean {
  let inside = false;
  for (const text of lines.slice(0, line - 1)) {
    const found = /biome-ignore-(start|end)[ \t]+(\w[\w/]*)/.exec(text);
    if (found && biomeCovers(found[2] ?? '', rule)) inside = found[1] === 'start';
  }
  return inside;
}

/** `lint` covers every rule, `lint/style` those of its group; `assist/source/organizeImports` the order of imports. */
function biomeCovers(name: string, rule: Suppressible): boolean {
  if (name === 'lint') return true;
  if (/organizeImports$/.test(name)) return known(rule).includes('import/order');
  return known(rule).some((alias) => alias === name || alias.startsWith(`${name}/`));
}

function known(rule: Suppressible): string[] {
  return [rule.id, ...(rule.aliases ?? [])];
}

/** Does what follows the marker name `rule`, or nothing in particular? Words after ` -- ` are a reason. */
function names(listed: string, language: LanguageId, rule: Suppressible): boolean {
  const words = (listed.split(/\s--\s/)[0] ?? '').split(/[\s,[\]()]+/).filter((word) => word !== '');
  const code = language === 'python' ? /^[A-Z]+\d+$|\// : /[/-]|^[a-z]+$/;
  const codes = words.filter((word) => code.test(word));
  if (codes.length === 0) return true;
  return codes.some((one) => covers(one, rule));
}

function covers(code: string, rule: Suppressible): boolean {
  return known(rule).some((name) => name === code || (/^[A-Z]+\d+$/.test(code) && name.startsWith(code)));
}
