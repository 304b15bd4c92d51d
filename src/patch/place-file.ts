/**
 * One file's sections and the file → what becomes of it. Rule: pure; an `index` line that names the file as it stands
 * must name the result too, unless nothing had to be forgiven.
 */
import { indexOf, isBlob } from './blob-id.ts';
import type { Carried } from './carry.ts';
import { type CoreResult, placeHunks } from './core.ts';
import { withEnding } from './endings.ts';
import { dominantIndent, isForeign } from './indentation.ts';
import type { Job } from './jobs.ts';
import { countLines } from './lines.ts';
import type { Section } from './model.ts';
import type { PlacedFile, PlacedHunk, Refusal, StoredFile } from './place-types.ts';
import { createFile, deleteFile, type Whole } from './whole-file.ts';

/** Larger files are data. Bytes. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** More sections for one file are no series. */
const MOST_TURNS = 20;

/** Null: everything stood there already. */
export type PlacedOrNot = PlacedFile | null | Refusal[];

export interface Known {
  /** Line ending for a file that has none: CR LF or not. Null: as the patch has it. */
  ending: boolean | null;
  /** What a merge with the version that the patch names has made of the file. */
  carried: Carried | null;
}

export function placeFile(job: Job, before: StoredFile | null, { ending, carried }: Known): PlacedOrNot {
  const { action, path, from } = job.action;
  const refuse = (reason: string): Refusal[] => [{ path, hunk: null, reason, closest: null }];
  if (before && before.mode !== '100644' && before.mode !== '100755')
    return refuse(`${from ?? path} is not a regular file (mode ${before.mode})`);
  if (before && before.content.length > LARGEST_FILE) return refuse('it is larger than 16 MiB');
  const whole =
    action === 'create'
      ? createFile(job.sections, before)
      : action === 'delete'
        ? deleteFile(job.sections, before)
        : before === null
          ? { refusals: [{ hunk: null, reason: `${from ?? path} does not exist`, closest: null }] }
          : (carried ?? changeFile(job, before, ending));
  if ('refusals' in whole) return whole.refusals.map((refusal) => ({ path, ...refusal }));
  if ('already' in whole) return null;
  return finishFile(job, before, whole);
}

function finishFile(
  job: Job,
  before: StoredFile | null,
  { content, hunks }: { content: string | null; hunks: PlacedHunk[] },
): PlacedFile | null {
  const { path, from } = job.action;
  const mode = job.sections.findLast(({ newMode }) => newMode !== null)?.newMode ?? before?.mode ?? '100644';
  const after = content === null ? null : { mode, content: Buffer.from(content, 'latin1') };
  if (from === null && before && after && before.mode === after.mode && before.content.equals(after.content))
    return null;
  const counts = countLines(before?.content ?? '', after?.content ?? '');
  return { path, from, before, after, ...counts, hunks };
}

function changeFile({ action, sections }: Job, before: StoredFile, ending: boolean | null): Whole {
  const index = indexOf(sections);
  const mode = sections.findLast(({ newMode }) => newMode !== null)?.newMode;
  const stands = before.content.toString('latin1');
  if (index && action.from === null && isBlob(index.new, before.content))
    return mode === undefined || mode === before.mode ? { already: true } : { content: stands, hunks: [] };
  const hunks = withEnding(
    sections.flatMap((section) => section.hunks),
    stands,
    ending,
  );
  const changes = hunks.some(({ lines }) => lines.some(({ kind }) => kind === '+' || kind === '-'));
  if (!changes && action.from === null && mode === undefined)
    return { refusals: [{ hunk: null, reason: 'the patch changes nothing in it', closest: null }] };
  const vouched = index !== null && isBlob(index.old, before.content);
  const isResult = (content: string) => vouched && isBlob(index.new, Buffer.from(content, 'latin1'));
  const atOnce = placeHunks(hunks, stands, vouched ? isResult : null);
  const placed = atOnce.ok ? atOnce : (placeInTurn(sections, stands) ?? atOnce);
  if (!placed.ok) return { refusals: placed.refusals };
  const dominant = dominantIndent(stands.split('\n'), 1);
  const foreign = hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === '+' && isForeign(text, dominant)));
  const certain = stands !== '' && !foreign && placed.hunks.every(({ tier }) => tier === 'exact');
  if (vouched && !certain && !isResult(placed.content)) {
    const [hunk = null] = placed.hunks.filter(({ tier }) => tier !== 'exact').map((one) => one.hunk);
    const reason = 'its index line names this file as it stands, and another result than its hunks give';
    return { refusals: [{ hunk, reason, closest: null }] };
  }
  if (placed.content === '' && stands !== '' && index && /^0+$/.test(index.new))
    return { content: null, hunks: placed.hunks };
  return { content: placed.content, hunks: placed.hunks };
}

/** Patches of a series, and blocks that go on from each other: each to the letter on what the one before it left. */
function placeInTurn(sections: readonly Section[], stands: string): CoreResult | null {
  if (sections.length < 2 || sections.length > MOST_TURNS) return null;
  const hunks: PlacedHunk[] = [];
  let content = stands;
  for (const section of sections) {
    const placed = placeHunks(section.hunks, content);
    if (!placed.ok || placed.hunks.some(({ tier }) => tier !== 'exact')) return null;
    hunks.push(...placed.hunks);
    content = placed.content;
  }
  return { ok: true, content, hunks };
}
