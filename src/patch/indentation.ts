/**
 * How the patch indents where the file indents otherwise. Rule: a reading counts only if every matched line of the hunk
 * bears it out; readings that leave an added line in two places are a refusal, not a guess.
 */

/** A line as the patch has it and as the file has it. */
export type IndentPair = readonly [patch: string, file: string];
export type Reading = (indent: string) => string | null;

export const indentOf = (text: string): string => /^[ \t]*/.exec(text)![0];

/** Added lines → with the file's indentation; null when the matched lines do not tell how. */
export function reindent(
  added: readonly string[],
  replaced: readonly IndentPair[],
  pairs: readonly IndentPair[],
  others: readonly IndentPair[],
): string[] | null {
  const readings = bestBorne(
    readingsOf(pairs).filter((reading) => pairs.every(([patch, file]) => reading(patch) === file)),
    others,
  );
  const result: string[] = [];
  const exact = new Map(isFunction(pairs) ? pairs : isFunction(replaced) ? replaced : []);
  for (const text of added) {
    const indent = indentOf(text);
    const rest = text.slice(indent.length);
    if (rest.trim() === '') {
      result.push(text);
      continue;
    }
    const seen = exact.get(indent);
    const indents = new Set(readings.map((reading) => reading(indent)));
    const [only = null] = indents;
    if (seen !== undefined) result.push(seen + rest);
    else if (indents.size === 1 && only !== null) result.push(only + rest);
    else return null;
  }
  return result;
}

/** By one reading; what the matched lines show goes before it. Null where it says nothing of a line. */
export function reindentBy(added: readonly string[], reading: Reading, pairs: readonly IndentPair[]): string[] | null {
  const exact = new Map(isFunction(pairs) ? pairs : []);
  const lines = added.map((text) => {
    const indent = indentOf(text);
    if (indent.length === text.length) return text;
    const now = exact.get(indent) ?? reading(indent);
    return now === null ? null : now + text.slice(indent.length);
  });
  return lines.every((line) => line !== null) ? lines : null;
}

/** Where the hunk itself leaves several readings, those that the other hunks bear out most. */
function bestBorne(readings: readonly Reading[], others: readonly IndentPair[]): Reading[] {
  const distinct = new Map(others.map((pair) => [pair.join('>'), pair]));
  const support = readings.map(
    (reading) => [...distinct.values()].filter(([patch, file]) => reading(patch) === file).length,
  );
  const most = Math.max(...support);
  return readings.filter((_, at) => support[at] === most);
}

/** One indentation of the patch stands for one of the file. */
function isFunction(pairs: readonly IndentPair[]): boolean {
  const map = new Map<string, string>();
  for (const [patch, file] of pairs) {
    const known = map.get(patch);
    if (known !== undefined && known !== file) return false;
    map.set(patch, file);
  }
  return true;
}

export function readingsOf(pairs: readonly IndentPair[]): Reading[] {
  const readings: Reading[] = [(indent) => indent];
  for (const [patch, file] of pairs) {
    if (file.endsWith(patch) && file !== patch) {
      const more = file.slice(0, file.length - patch.length);
      readings.push((indent) => more + indent);
    } else if (patch.endsWith(file) && file !== patch) {
      const less = patch.slice(0, patch.length - file.length);
      readings.push((indent) => (indent.startsWith(less) ? indent.slice(less.length) : null));
    }
  }
  for (const width of [2, 3, 4, 8]) readings.push(spacesToTabs(width), tabsToSpaces(width));
  for (const [from, to] of [
    [2, 4],
    [4, 2],
    [4, 8],
    [8, 4],
    [2, 3],
    [4, 3],
  ] as const)
    readings.push((indent) =>
      indent.includes('\t') || indent.length % from > 1
        ? null
        : ' '.repeat(Math.floor(indent.length / from) * to + (indent.length % from)),
    );
  return readings;
}

/** One blank more stands before the stars of a comment. */
const spacesToTabs =
  (width: number): Reading =>
  (indent) => {
    const blanks = indent.replace(/\t/g, ' '.repeat(width)).length;
    return blanks % width > 1 ? null : '\t'.repeat(Math.floor(blanks / width)) + ' '.repeat(blanks % width);
  };

const tabsToSpaces =
  (width: number): Reading =>
  (indent) =>
    indent.replace(/\t/g, ' '.repeat(width));

/** Fewer indented lines are no custom. */
const ENOUGH = 10;

/** Which characters indent the file's lines; null when it has both or neither. */
export function dominantIndent(lines: readonly string[], enough = ENOUGH): '\t' | ' ' | null {
  let [tabs, blanks] = [0, 0];
  for (const line of lines) {
    if (line.trim() === '') continue;
    if (line.startsWith('\t')) tabs += 1;
    else if (line.startsWith('  ')) blanks += 1;
  }
  if (tabs >= enough && blanks === 0) return '\t';
  return blanks >= enough && tabs === 0 ? ' ' : null;
}

/** Indented by what the file never uses. */
export function isForeign(line: string, dominant: '\t' | ' ' | null): boolean {
  return dominant !== null && line.trim() !== '' && line.startsWith(dominant === '\t' ? '  ' : '\t');
}

/** By how many blanks the lines of a file without tabs are indented at a time; null where they do not agree. */
export function unitOf(lines: readonly string[]): number | null {
  const depths = lines
    .flatMap((line) => (line.trim() === '' ? [] : indentOf(line).length))
    .filter((depth) => depth > 0);
  if (depths.some((depth) => depth % 2 === 1)) return null;
  if (depths.some((depth) => depth % 4 !== 0)) return depths.includes(2) ? 2 : null;
  return depths.includes(4) ? 4 : null;
}

/** Lines that are indented by tabs alone, by blanks; null where one has both. */
export function tabsAs(unit: number, lines: readonly string[]): string[] | null {
  const indents = lines.map(indentOf);
  if (indents.some((indent) => indent.includes('\t') && indent.includes(' '))) return null;
  if (indents.some((indent) => indent.length > 1 && indent.includes(' '))) return null;
  return lines.map((line, at) => indents[at]!.replaceAll('\t', ' '.repeat(unit)) + line.slice(indents[at]!.length));
}
