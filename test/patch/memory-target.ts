/** Files in memory as a target, and a unified diff of two texts. Rule: text is latin1, as in the engine. */
import { type PatchTarget, type Placement, placePatch } from '../../src/patch/index.ts';
import type { PatchLine } from '../../src/patch/model.ts';
import { diffLines } from '../../src/patch/parse/line-diff.ts';

export type Files = Record<string, string | { mode: string; content: string }>;

export function memoryTarget(files: Files): PatchTarget {
  const known = new Map(
    Object.entries(files).map(([path, file]) => {
      const { mode, content } = typeof file === 'string' ? { mode: '100644', content: file } : file;
      return [path, { mode, content: Buffer.from(content, 'latin1') }];
    }),
  );
  return {
    read: async (path) => known.get(path) ?? null,
    paths: async () => [...known.keys()],
  };
}

export const place = (files: Files, patch: string): Promise<Placement> =>
  placePatch(Buffer.from(patch, 'latin1'), memoryTarget(files));

/** The files after the patch; the reasons where it was refused. */
export async function outcome(files: Files, patch: string): Promise<Record<string, string> | string> {
  const placement = await place(files, patch);
  if (!placement.ok) return placement.refusals.map(({ path, hunk, reason }) => `${path}#${hunk}: ${reason}`).join('\n');
  const after: Record<string, string> = {};
  for (const [path, file] of Object.entries(files)) after[path] = typeof file === 'string' ? file : file.content;
  for (const file of placement.files) {
    if (file.from !== null) delete after[file.from];
    if (file.after === null) delete after[file.path];
    else after[file.path] = file.after.content.toString('latin1');
  }
  return after;
}

/** As `git diff -U3` prints it, without an index line. Empty where nothing differs. */
export function unified(path: string, before: string, after: string): string {
  const lines = diffLines(linesOf(before), linesOf(after)).map((line) => ({
    ...line,
    text: line.text.replace(BARE, ''),
    bare: line.text.endsWith(BARE),
  }));
  const changed = lines.flatMap(({ kind }, at) => (kind === ' ' ? [] : [at]));
  if (changed.length === 0) return '';
  const ranges: Array<[number, number]> = [];
  for (const at of changed) {
    const last = ranges.at(-1);
    if (last && at - 3 <= last[1]) last[1] = Math.min(lines.length, at + 4);
    else ranges.push([Math.max(0, at - 3), Math.min(lines.length, at + 4)]);
  }
  const count = (part: readonly PatchLine[], kinds: string) => part.filter(({ kind }) => kinds.includes(kind)).length;
  const hunks = ranges.map(([from, to]) => {
    const [above, part] = [lines.slice(0, from), lines.slice(from, to)];
    const side = (kinds: string) => {
      const size = count(part, kinds);
      return `${count(above, kinds) + (size === 0 ? 0 : 1)},${size}`;
    };
    const body = part.map(({ kind, text, bare }) => `${kind}${text}\n${bare ? '\\ No newline at end of file\n' : ''}`);
    return `@@ -${side(' -')} +${side(' +')} @@\n${body.join('')}`;
  });
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
}

const BARE = '\x01bare';

/** A last line without newline differs from the same line with one. */
function linesOf(content: string): PatchLine[] {
  const texts = content.split('\n');
  const last = texts.pop() ?? '';
  if (last !== '') texts.push(`${last}${BARE}`);
  return texts.map((text) => ({ kind: ' ', text, raw: text, cr: false, bare: false }));
}
