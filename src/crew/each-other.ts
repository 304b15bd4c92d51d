/**
 * Would one fix take away what another needs? Rule: a fix that binds a name anew trusts the import that is there, so an
 * import that nothing used until then stays; it is unused no longer when the other fix has landed. Pure.
 */
import type { Diagnosed, SourceFile } from '../specialists/index.ts';

const REMOVES_NAMES = /\/unused-(import|variable)$/;
const NAME = /[\p{ID_Start}_$][\p{ID_Continue}$]*/gu;
const WORDS = new Set(['import', 'from', 'as', 'const', 'let', 'var', 'type', 'default', 'require']);

/** Takes the edits from findings that would remove a name which the edits of another one use in that file. */
export function heedEachOther(found: readonly Diagnosed[], files: readonly SourceFile[]): Diagnosed[] {
  const removers = found.filter(({ finding, edits }) => edits.length > 0 && REMOVES_NAMES.test(finding.rule));
  if (removers.length === 0) return [...found];
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const needed = new Map<string, Set<string>>();
  for (const { path, text } of found.filter((one) => !removers.includes(one)).flatMap(({ edits }) => edits))
    needed.set(path, new Set([...(needed.get(path) ?? []), ...namesIn(text)]));
  return found.map((one) => {
    const { path } = one.finding;
    const wanted = needed.get(path);
    if (wanted === undefined || !removers.includes(one)) return one;
    const bytes = Buffer.from(texts.get(path) ?? '');
    const gone = one.edits.flatMap(({ start, end, text }) => {
      const kept = namesIn(text);
      return [...namesIn(bytes.subarray(start, end).toString())].filter((name) => !kept.has(name));
    });
    if (!gone.some((name) => wanted.has(name))) return one;
    return { finding: { ...one.finding, fixable: false }, edits: [] };
  });
}

function namesIn(text: string): Set<string> {
  return new Set([...text.matchAll(NAME)].map(([name]) => name).filter((name) => !WORDS.has(name)));
}
