/** Edits → vetted files. Rule: plan everything, check everything, then produce; one bad edit refuses the whole fix. */
import type { Edit } from '../records/index.ts';

export interface PlannedFile {
  path: string;
  mode: '100644' | '100755';
  content: Buffer;
  /** Added and removed lines. */
  added: number;
  removed: number;
}

export type Plan = { ok: true; files: PlannedFile[] } | { ok: false; reason: string; edit?: Edit };
