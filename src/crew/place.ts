/**
 * Fixes → draft commits. Rule: a draft exists as a git object before anything runs on it; what the limits or the vetting
 * refuse is said, never trimmed to fit.
 */
import { type PlannedFile, planEdits } from '../patch/index.ts';
import { assessRisk, checkLimits } from '../policy/index.ts';
import { type Fix, foldDecisions, type Proposal } from '../records/index.ts';
import type { DraftInput } from '../store/index.ts';
import type { Crew } from './open.ts';

export type Placed = { ok: true; draft: Proposal } | { ok: false; reason: string };

/** Builds the draft commit of one fix on `base`. The same fix on the same base gives the same commit. */
export async function placeFix(crew: Crew, base: string, fix: Fix & Pick<Proposal, 'choice'>): Promise<Placed> {
  const { repository } = crew;
  const tree = (await repository.objects.commit(base)).tree;
  // Only what the fix names: a fix must not cost the whole tree.
  const creates = fix.creates ?? [];
  const named = new Set([...fix.edits, ...creates].map(({ path }) => path));
  const entries = new Map((await repository.trees.list(tree, named)).map((entry) => [entry.path, entry]));
  const read = async (path: string) => {
    const entry = entries.get(path);
    return entry === undefined
      ? null
      : { oid: entry.oid, mode: entry.mode, content: await repository.objects.blob(entry.oid) };
  };
  const plan = await planEdits(fix.edits, read, creates);
  if (!plan.ok) return { ok: false, reason: plan.reason };
  const limit = checkLimits(plan.files, crew.config.risk_policy);
  if (limit !== null) return { ok: false, reason: limit };
  const before = async (file: PlannedFile) => {
    const entry = entries.get(file.path);
    return entry === undefined ? '' : (await repository.objects.blob(entry.oid)).toString('utf8');
  };
  const files = await Promise.all(
    plan.files.map(async (file) => ({ ...file, before: await before(file), after: file.content.toString('utf8') })),
  );
  const { risk } = assessRisk({ files, specialist: fix.specialist, severity: fix.severity });
  const draft = await saveAnew(crew, {
    base,
    specialist: fix.specialist,
    rule: fix.rule,
    title: fix.title,
    rationale: fix.cwe === undefined ? fix.rationale : `${fix.rationale} (${fix.cwe})`,
    risk,
    fingerprints: [
      ...new Set([...(fix.taught ? [fix.taught.print] : []), ...fix.findings.map((finding) => finding.fingerprint)]),
    ],
    configuration: crew.configuration,
    ...(fix.also === undefined ? {} : { also: fix.also }),
    ...(fix.prompt === undefined ? {} : { prompt: fix.prompt }),
    ...(fix.choice === undefined ? {} : { choice: fix.choice }),
    ...(fix.taught === undefined ? {} : { taught_by: fix.taught.by }),
    files: plan.files.map(({ path, mode, content }) => ({ path, mode, content })),
  });
  return { ok: true, draft };
}

/** A chain of those that were closed and came back. */
const MOST_TIMES = 20;

/**
 * The same fix on the same base is the same commit. Where that one was closed because nobody could merge it (its branch was
 * gone for a while), this one says that it takes its place, and so is another.
 */
async function saveAnew(crew: Crew, input: DraftInput): Promise<Proposal> {
  const { proposals } = crew.store;
  let draft = await proposals.saveDraft(input);
  for (let times = 0; times < MOST_TIMES; times += 1) {
    const decided = (await proposals.views([draft]))[0]?.decisions ?? [];
    const closed = foldDecisions(decided);
    if (closed !== 'superseded' && closed !== 'expired') break;
    const next = await proposals.saveDraft({ ...input, supersedes: [draft.id] });
    await proposals.dropDrafts([draft]);
    draft = next;
  }
  return draft;
}
