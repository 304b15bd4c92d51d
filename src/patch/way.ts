/**
 * What the way here did to the lines of one file, it did to those of all. Rule: what old lines of one file prove is undone
 * in the files whose old lines say nothing of it; where such a file has the like itself, it is a refusal.
 */
import type { Job } from './jobs.ts';
import { FileIndex } from './match/file-index.ts';
import { mendHunks, provenRepairs, type Repair, touchedBy } from './match/transport.ts';
import type { Hunk } from './model.ts';
import type { Refusal, StoredFile } from './place-types.ts';
import { splitText } from './text.ts';

/** The jobs with their lines as they were before, or why that is not certain for one of them. */
export function undoForAll(befores: ReadonlyMap<Job, StoredFile | null>): Map<Job, Job | Refusal[]> {
  const jobs = [...befores.keys()];
  const known = new Map<Job, Job | Refusal[]>(jobs.map((job) => [job, job]));
  if (jobs.length < 2 || touchedBy(jobs.flatMap(hunksOf)).length === 0) return known;
  const indexes = new Map(
    [...befores].map(([job, before]) => [
      job,
      new FileIndex(splitText(before?.content.toString('latin1') ?? '').lines),
    ]),
  );
  const proven = new Set(jobs.flatMap((job) => provenRepairs(hunksOf(job), indexes.get(job)!)));
  for (const repair of proven)
    for (const job of jobs) {
      const now = known.get(job)!;
      if (!Array.isArray(now)) known.set(job, undoIn(now, repair, indexes.get(job)!));
    }
  return known;
}

const hunksOf = ({ sections }: Job): Hunk[] => sections.flatMap(({ hunks }) => hunks);

function undoIn(job: Job, repair: Repair, index: FileIndex): Job | Refusal[] {
  const hunks = hunksOf(job);
  const said = hunks.some(({ lines }) => lines.some(({ kind, text }) => kind !== '+' && repair.touches.test(text)));
  const asked = hunks.find(({ lines }) => lines.some(({ kind, text }) => kind === '+' && repair.mend(text) !== text));
  if (said || asked === undefined) return job;
  if (index.lines.some((text) => repair.mend(text) !== text)) {
    const reason = `lines of other files were changed on the way (${repair.name}), and whether its added lines were is not certain`;
    return [{ path: job.action.path, hunk: asked.number, reason, closest: null }];
  }
  return { ...job, sections: job.sections.map((section) => ({ ...section, hunks: mendHunks(section.hunks, repair) })) };
}
