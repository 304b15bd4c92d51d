/** The record of each specialist and rule as text. Pure. */
import type { AgentsReport } from '../../crew/index.ts';
import { columns } from './render.ts';

export function renderAgents({ learning, rules }: AgentsReport): string {
  if (rules.length === 0) return 'Nothing was proposed here yet.';
  const head = ['specialist', 'rule', 'proposed', 'merged', 'rejected', 'reverted', 'rewritten', 'score', ''];
  const table = columns([head, ...rules.map(cells)]);
  const less = rules.some((row) => row.proposed_less);
  const note = !learning
    ? 'learning.enabled is false: the record changes nothing that is proposed.'
    : less
      ? 'proposed less: one fix of the rule is offered at a time; its findings stay, and merged ones lift it again.'
      : 'No rule is proposed less.';
  return `${table}\n\n${note}`;
}

type Row = AgentsReport['rules'][number];

function cells({ specialist, rule, score, interval, proposed_less, ...counts }: Row): string[] {
  const { proposed, merged, rejected, reverted, rewritten } = counts;
  const known = score === null || interval === null ? '-' : `${percent(score)} (${interval.map(percent).join(' to ')})`;
  return [
    ...[specialist, rule],
    ...[proposed, merged, rejected, reverted, rewritten].map(String),
    ...[known, proposed_less ? 'proposed less' : ''],
  ];
}

const percent = (part: number) => `${Math.round(100 * part)} %`;
