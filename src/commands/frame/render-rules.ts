/** The rules of the repository and whether their examples hold. Pure. */
import type { RulesReport } from '../../crew/index.ts';
import { columns } from './render.ts';
import { visibleLine } from './visible.ts';

export function renderRules({ rules, refused }: RulesReport): string {
  if (rules.length + refused.length === 0) return 'There are no rules in .ambient/rules/.';
  const rows = rules.map(({ rule, where, severity, fixable, examples }) => [
    ...['ok', where, rule, severity, fixable ? 'with a fix' : 'report only'],
    `${examples} examples hold`,
  ]);
  return [
    ...(rows.length > 0 ? [columns(rows)] : []),
    ...refused.map(({ where, reason }) => visibleLine(`FAIL  ${where}: ${reason}`)),
  ].join('\n');
}
