/**
 * Exact edits → the new bytes of the files they touch. Rule: everything is checked before anything is produced; one edit
 * that does not fit refuses the whole fix, with the reason.
 */
import type { Edit, NewFile } from '../records/index.ts';
import { countLines } from './lines.ts';
import type { Plan, PlannedFile } from './types.ts';
import { vetPath } from './vet.ts';

/** Larger files are data. Bytes. */
const LARGEST = 4 * 1024 * 1024;
const MOST_EDITS = 10_000;

/** The file that an edit is for, as it stands in the base tree. */
export interface TargetFile {
  oid: string;
  mode: string;
  content: Buffer;
}

/** Plans `edits` on the files that `read` finds, and new files where nothing stands. A refusal is a result; only `read` can throw. */
export async function planEdits(
  edits: readonly Edit[],
  read: (path: string) => Promise<TargetFile | null>,
  creates: readonly NewFile[] = [],
): Promise<Plan> {
  if (edits.length + creates.length === 0) return { ok: false, reason: 'the fix has no edits' };
  if (edits.length > MOST_EDITS) return { ok: false, reason: `the fix has more than ${MOST_EDITS} edits` };
  const files: PlannedFile[] = [];
  for (const [path, own] of byPath(edits)) {
    const unsafe = vetPath(path);
    if (unsafe !== null) return refusal(unsafe, own[0]);
    const target = await read(path);
    if (target === null) return refusal(`${path} does not exist in the base`, own[0]);
    const planned = planFile(path, target, own);
    if ('reason' in planned) return { ok: false, ...planned };
    files.push(planned);
  }
  for (const { path, text } of creates) {
    const unsafe = vetPath(path) ?? unfit(path, text);
    if (unsafe !== null) return { ok: false, reason: unsafe };
    const taken = (await read(path)) !== null || files.some((file) => file.path === path);
    if (taken) return { ok: false, reason: `${path} exists already: a new file never replaces one` };
    const content = Buffer.from(text);
    files.push({ path, mode: '100644', content, ...countLines(Buffer.alloc(0), content) });
  }
  return { ok: true, files };
}

function unfit(path: string, text: string): string | null {
  if (text.includes('\0') || /\p{Cs}/u.test(text)) return `the text of ${path} is not valid text`;
  return Buffer.byteLength(text) > LARGEST ? `${path} would be larger than ${LARGEST / 1024 / 1024} MiB` : null;
}

type Refusal = { reason: string; edit?: Edit };

function planFile(path: string, target: TargetFile, given: readonly Edit[]): PlannedFile | Refusal {
  const { mode, content } = target;
  if (mode !== '100644' && mode !== '100755') return { reason: `${path} is not a regular file (mode ${mode})` };
  if (content.length > LARGEST) return { reason: `${path} is larger than ${LARGEST / 1024 / 1024} MiB` };
  if (content.includes(0)) return { reason: `${path} is binary` };
  const edits = distinct(given);
  for (const edit of edits) {
    const reason = misfit(edit, target);
    if (reason !== null) return { reason, edit };
  }
  const collision = collide(edits);
  if (collision) return collision;
  const after = apply(content, edits);
  if (after.length > LARGEST) return { reason: `${path} would be larger than ${LARGEST / 1024 / 1024} MiB` };
  if (after.equals(content)) return { reason: `the edits of ${path} change nothing` };
  if (isUtf8(content) && !isUtf8(after)) return { reason: `the edits of ${path} cut a character in two` };
  return { path, mode, content: after, ...countLines(content, after) };
}

function misfit(edit: Edit, { oid, content }: TargetFile): string | null {
  const { path, start, end, text } = edit;
  if (edit.blob !== oid) return `${path} is not the version that the edit was made for (${edit.blob}, now ${oid})`;
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || end < start || end > content.length)
    return `the range ${start}-${end} does not lie within ${path} (${content.length} bytes)`;
  if (text.includes('\0')) return `the new text for ${path} is binary`;
  if (/\p{Cs}/u.test(text)) return `the new text for ${path} is not valid text`;
  return null;
}

/** `edits` are sorted and distinct. Touching ranges are fine; two different texts at one point have no order. */
function collide(edits: readonly Edit[]): Refusal | null {
  for (const [index, edit] of edits.entries()) {
    const before = edits[index - 1];
    if (before === undefined) continue;
    const samePoint = edit.start === before.start && edit.end === before.end;
    if (edit.start < before.end || samePoint)
      return { reason: `two edits of ${edit.path} overlap at bytes ${edit.start}-${before.end}`, edit };
  }
  return null;
}

function apply(content: Buffer, edits: readonly Edit[]): Buffer {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    pieces.push(content.subarray(at, start), Buffer.from(text));
    at = end;
  }
  return Buffer.concat([...pieces, content.subarray(at)]);
}

/** Sorted by place; identical edits once. */
function distinct(edits: readonly Edit[]): Edit[] {
  const keyOf = ({ blob, start, end, text }: Edit) => JSON.stringify([blob, start, end, text]);
  const once = [...new Map(edits.map((edit) => [keyOf(edit), edit])).values()];
  return once.sort((a, b) => a.start - b.start || a.end - b.end);
}

function byPath(edits: readonly Edit[]): Array<[string, Edit[]]> {
  const groups = new Map<string, Edit[]>();
  for (const edit of edits) {
    const own = groups.get(edit.path);
    if (own) own.push(edit);
    else groups.set(edit.path, [edit]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function refusal(reason: string, edit: Edit | undefined): Plan {
  return { ok: false, reason, ...(edit && { edit }) };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
