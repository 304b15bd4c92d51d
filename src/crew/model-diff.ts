/**
 * A model's diff, placed on a tree of blobs: exact edits or the reason why not. Rule: a model edits files and adds new ones
 * where source and tests live; it deletes, renames and makes executable nothing.
 */
import type { TreeEntry } from '../git/index.ts';
import { type PatchTarget, type PlacedFile, placePatch, type Refusal, vetPath } from '../patch/index.ts';
import type { Edit, NewFile } from '../records/index.ts';
import { type PlacedDiff, refusedToModels } from '../swarm/index.ts';
import type { Crew } from './open.ts';

/** Places diffs on the tree that `entries` list. */
export function diffPlacer(crew: Crew, entries: readonly TreeEntry[]): (diff: string) => Promise<PlacedDiff> {
  const { objects } = crew.repository;
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const target: PatchTarget = {
    paths: async () => [...byPath.keys()],
    read: async (path) => {
      const entry = byPath.get(path);
      return entry === undefined ? null : { mode: entry.mode, content: await objects.blob(entry.oid) };
    },
  };
  return async (diff) => {
    const placement = await placePatch(Buffer.from(diff), target);
    if (!placement.ok) return { ok: false, reason: placement.refusals.map(inWords).join('; ') };
    if (placement.files.length === 0)
      return { ok: false, reason: 'it changes nothing: the files are like that already' };
    const placed: Extract<PlacedDiff, { ok: true }> = { ok: true, edits: [], creates: [], touched: [] };
    for (const file of placement.files) {
      const reason = unwanted(file);
      if (reason !== null) return { ok: false, reason };
      add(placed, file, byPath.get(file.path)?.oid ?? null);
    }
    return placed;
  };
}

function unwanted({ path, from, before, after }: PlacedFile): string | null {
  if (after === null) return `it deletes ${path}: leave files in place`;
  if (from !== null) return `it renames ${from}: leave files in place`;
  if (after.mode !== (before?.mode ?? '100644')) return `it changes the mode of ${path}: leave modes as they are`;
  return vetPath(path) ?? refusedToModels(path);
}

function add(
  placed: Extract<PlacedDiff, { ok: true }>,
  { path, before, after }: PlacedFile,
  blob: string | null,
): void {
  const text = after?.content.toString('utf8') ?? '';
  if (before === null || blob === null) {
    const created: NewFile = { path, text };
    placed.creates.push(created);
    placed.touched.push({ path, line: 1, endLine: 1, before: '', after: text });
    return;
  }
  const edit = editBetween(path, blob, before.content, after?.content ?? before.content);
  placed.edits.push(edit);
  const was = before.content.subarray(edit.start, edit.end).toString('utf8');
  const line = before.content.subarray(0, edit.start).toString('latin1').split('\n').length;
  const endLine = line + Math.max(0, was.replace(/\n$/, '').split('\n').length - 1);
  placed.touched.push({ path, line, endLine, before: was, after: edit.text });
}

/** One edit from the first line that differs to the last: what lies between is the model's change, and stands together. */
export function editBetween(path: string, blob: string, before: Buffer, after: Buffer): Edit {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  // From -1 it would look from the end.
  start = start === 0 ? 0 : before.lastIndexOf(10, start - 1) + 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  // Whole lines: back to the end of the line that the common end begins in.
  const next = before.indexOf(10, before.length - end);
  const keep = end === 0 ? 0 : next < 0 ? 0 : before.length - next - 1;
  const tail = Math.min(keep, end);
  return {
    path,
    blob,
    start,
    end: before.length - tail,
    text: after.subarray(start, after.length - tail).toString('utf8'),
  };
}

function inWords({ path, hunk, reason, closest }: Refusal): string {
  const where = [path, hunk === null ? null : `hunk ${hunk}`].filter((part) => part !== null).join(', ');
  const [line] = closest?.differing ?? [];
  const found = line
    ? ` (line ${line.line} is ${JSON.stringify(line.found)}, not ${JSON.stringify(line.expected)})`
    : '';
  return `${where === '' ? '' : `${where}: `}${reason}${found}`;
}
