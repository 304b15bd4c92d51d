/** Runs the JavaScript rules of a specialist over texts, and checks what every rule promises. */

import * as assert from 'uvu/assert';
import { languageOf } from '../../src/code/index.ts';
import type { Edit } from '../../src/records/index.ts';
import type { Conventions, Diagnosed, SourceFile, Specialist } from '../../src/specialists/index.ts';

export const CONVENTIONS: Conventions = { python: null, esm: false, tools: [], ignoredRules: [] };

export function sourceFile(path: string, text: string, test = false): SourceFile {
  const language = languageOf(path);
  if (!language) throw new Error(`no language for ${path}`);
  return { path, blob: 'a'.repeat(40), text, language, test };
}

/** Applies edits in bytes, as a patch would: identical edits count once, others must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const unique = new Map(edits.map((edit) => [`${edit.start}:${edit.end}:${edit.text}`, edit]));
  const bytes = Buffer.from(text);
  let at = 0;
  const parts: Buffer[] = [];
  for (const edit of [...unique.values()].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at) throw new Error(`edits overlap at byte ${edit.start}`);
    parts.push(bytes.subarray(at, edit.start), Buffer.from(edit.text));
    at = edit.end;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]).toString();
}

export async function found(
  specialist: Specialist,
  path: string,
  text: string,
  conventions: Partial<Conventions> = {},
  test = false,
): Promise<Diagnosed[]> {
  const options = { conventions: { ...CONVENTIONS, ...conventions }, settings: {} };
  const diagnosis = await specialist.diagnose([sourceFile(path, text, test)], options);
  assert.equal(diagnosis.skipped, [], text);
  return diagnosis.found;
}

export async function rulesFound(...args: Parameters<typeof found>): Promise<string[]> {
  return (await found(...args)).map((one) => one.finding.rule);
}

/** The text after all edits of one rule. */
export async function mended(specialist: Specialist, rule: string, path: string, text: string): Promise<string> {
  const edits = (await found(specialist, path, text)).filter((one) => one.finding.rule === rule);
  return applyEdits(
    text,
    edits.flatMap((one) => one.edits),
  );
}

/**
 * Applies all edits of a file, each rule on its own, and checks that the result parses and that no finding appears
 * which was not there before. Returns the number of findings.
 */
export async function checkEdits(specialist: Specialist, path: string, text: string): Promise<number> {
  const before = await found(specialist, path, text);
  const count = (all: readonly Diagnosed[], rule: string) => all.filter((one) => one.finding.rule === rule).length;
  for (const rule of new Set(before.filter((one) => one.edits.length > 0).map((one) => one.finding.rule))) {
    const mine = before.filter((one) => one.finding.rule === rule);
    const text2 = applyEdits(
      text,
      mine.flatMap((one) => one.edits),
    );
    const after = await found(specialist, path, text2);
    for (const other of new Set(after.map((one) => one.finding.rule))) {
      const allowed = other === rule ? mine.filter((one) => one.edits.length === 0).length : count(before, other);
      assert.ok(count(after, other) <= allowed, `${rule} on ${path} causes ${other}:\n${text2}`);
    }
  }
  return before.length;
}
