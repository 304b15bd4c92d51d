/**
 * Whether tests cover what a refactoring replaces. Rule: a rule that moves code says that it needs them; without them its
 * finding stays a finding, and the reason is said.
 */
import { affectedBy, type Change, type Check, type EvaluationResult, type Place, proofs } from '../evaluate/index.ts';
import type { Edit } from '../records/index.ts';
import { analysePaths, ruleIndex } from './diagnose.ts';
import { editTreeIn } from './edit-tree.ts';
import type { Crew } from './open.ts';
import type { Candidate } from './verify.ts';

interface Judged {
  checks: readonly Check[];
  changes: readonly Change[];
  result: EvaluationResult;
}

/** The evaluation of a proposal whose rule demands tests, or inconclusive where none notices; any other as it is. */
export async function demandTests(crew: Crew, candidate: Candidate, judged: Judged): Promise<EvaluationResult> {
  const { checks, changes, result } = judged;
  if (result.outcome !== 'passed' || !candidate.by.includes('RefactorArchitect')) return result;
  const view = await crew.store.proposals.find(candidate.commit.slice(0, 12));
  if ((await ruleIndex(crew)).get(view.proposal.rule)?.demandsTests !== true) return result;
  const green = checks.filter(({ kind, name }) => {
    const said = result.checks.find((one) => one.name === name);
    return kind === 'tests' && said?.base === 'passed' && said.candidate === 'passed' && !said.flaky;
  });
  const { cache } = crew.store;
  const { covered, reason } = await proofs.coveredBy(
    await placesOf(crew, candidate, changes),
    { baseTree: candidate.baseTree, changes, checks: green },
    {
      ...{ cache, signal: crew.signal, log: crew.log, editTree: editTreeIn(crew.repository) },
      affected: affectedBy(crew.repository, { ...candidate, changes }, cache),
    },
  );
  if (covered) return { ...result, evidence: 'tests', reasons: [...result.reasons, reason] };
  const said = `${reason}: without tests that cover it, a refactoring stays a finding`;
  return { ...result, outcome: 'inconclusive', evidence: 'analysis', reasons: [said, ...result.reasons] };
}

/** What the edits of the claimed findings replace; else what the candidate takes out of the base. */
async function placesOf(
  crew: Crew,
  { baseTree, tree, claimed, by }: Candidate,
  changes: readonly Change[],
): Promise<Place[]> {
  const paths = new Set(changes.map(({ path }) => path));
  const { found } = await analysePaths(crew, baseTree, paths, by);
  const edits = found.filter(({ finding }) => claimed.includes(finding.fingerprint)).flatMap((one) => one.edits);
  const replaced = edits.flatMap((edit) => placeOf(edit, changes));
  if (replaced.length > 0) return replaced;
  const taken = await crew.repository.trees.diff(tree, baseTree);
  return taken.flatMap(({ path, lines }) => lines.map((range): Place => ({ path, lines: range })));
}

/** Insertions replace nothing. */
function placeOf({ path, start, end }: Edit, changes: readonly Change[]): Place[] {
  const before = changes.find((change) => change.path === path)?.before ?? null;
  if (before === null || end <= start) return [];
  const bytes = Buffer.from(before);
  const lineAt = (offset: number) => bytes.subarray(0, offset).toString('latin1').split('\n').length;
  return [{ path, lines: [lineAt(start), lineAt(end - 1)] }];
}
