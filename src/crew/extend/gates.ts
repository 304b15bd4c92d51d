/**
 * The gates of `risk_policy.custom_gates`. Rule: a gate that cannot be asked, hangs, breaks or talks rubbish denies; what each
 * said becomes part of the evaluation, and policy is handed it.
 */
import { createTurns, digest } from '../../base/index.ts';
import type { EvaluationContent, GateAnswer, Proposal } from '../../records/index.ts';
import type { Crew } from '../open.ts';
import { askProgram } from './program.ts';
import { wrongShape } from './shape.ts';

/** Milliseconds. */
const TIMEOUT = 60_000;
/** Gates that run at the same time. */
const AT_ONCE = 2;

/** The evaluation with the answers of every gate; one that did not pass is no question for a gate. */
export async function withGates(
  crew: Crew,
  proposal: Proposal,
  evaluation: EvaluationContent,
): Promise<EvaluationContent> {
  const commands = crew.config.risk_policy.custom_gates;
  if (commands.length === 0 || evaluation.outcome !== 'passed') return evaluation;
  crew.log.progress(`asking ${commands.length} ${commands.length === 1 ? 'gate' : 'gates'}`);
  const request = await requestOf(crew, proposal, evaluation);
  const turns = createTurns(AT_ONCE);
  const ask = async (command: string): Promise<GateAnswer> => ({
    name: gateName(command),
    ...(await turns.take(() => askGate(crew, command, request))),
  });
  return { ...evaluation, gates: await Promise.all(commands.map(ask)) };
}

/** A record is one short line: a long command is told apart by its digest. */
export function gateName(command: string): string {
  return command.length <= 60 ? command : `${command.slice(0, 50)}… ${digest([command], 8)}`;
}

async function askGate(crew: Crew, command: string, request: unknown): Promise<Omit<GateAnswer, 'name'>> {
  const answer = await askProgram(crew, { command, request, timeout: TIMEOUT });
  if (!answer.ok) return { allowed: false, reason: answer.reason };
  const wrong = await wrongShape('gateAnswer', answer.value);
  if (wrong !== null) return { allowed: false, reason: `its answer is not what was asked for: ${wrong}` };
  const { allow, reason = '' } = answer.value as { allow: boolean; reason?: string };
  return {
    allowed: allow,
    reason: reason.replace(/\s+/g, ' ').trim() || (allow ? 'no objection' : 'it gave no reason'),
  };
}

async function requestOf(crew: Crew, proposal: Proposal, evaluation: EvaluationContent) {
  const { id, commit, base, specialist, rule, title, rationale, risk } = proposal;
  const { outcome, evidence, reasons, checks } = evaluation;
  const changes = await crew.repository.trees.diff(base, commit);
  return {
    schema: 1,
    proposal: { id, commit, base, specialist, rule, title, rationale, risk },
    evaluation: { outcome, evidence, reasons, checks },
    files: changes.map(({ path, status }) => ({ path, status })),
    diff: await crew.repository.trees.patch(base, commit),
  };
}
