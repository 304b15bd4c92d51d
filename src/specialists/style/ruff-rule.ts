/**
 * A rule on top of one ruff code. Rule: a finding is dropped unless `accept` takes it, and an edit that would delete a
 * comment is never offered.
 */
import { isPython2 } from '../../code/index.ts';
import type { Match, RuleContext, RuleImpl, TextEdit } from '../rule.ts';
import type { SourceFile, Unbinds } from '../types.ts';
import { type RuffFinding, ruffFindings } from './ruff.ts';

export interface RuffRule extends Omit<RuleImpl, 'find' | 'languages' | 'severity' | 'aliases'> {
  code: RuffCode;
  severity?: RuleImpl['severity'];
  message: string;
  /** 'edit': ruff's edit is right here. 'report': the defect is real, the edit may be wrong. 'drop': not a defect. */
  accept?: (
    finding: RuffFinding,
    file: SourceFile,
    context: RuleContext,
  ) => Promise<'edit' | 'report' | 'drop'> | 'edit' | 'report' | 'drop';
  /** Names that the edit takes out of the module. */
  unbinds?: (finding: RuffFinding) => Unbinds;
  /** Our edit where ruff has none. */
  write?: (finding: RuffFinding, file: SourceFile, context: RuleContext) => Promise<TextEdit[]> | TextEdit[];
  /** Changes ruff's edit where a person would have edited a little more. */
  mend?: (edit: TextEdit, file: SourceFile) => TextEdit;
}

/** Every code that a rule asks for: they run together, once per file. */
export const RUFF_CODES = [
  ...['F401', 'F541', 'F632', 'E703', 'E711', 'E712', 'E713', 'E714', 'C408', 'W605', 'PIE790'],
  ...['UP004', 'UP005', 'UP008', 'UP010', 'UP011', 'UP012', 'UP015', 'UP017', 'UP018', 'UP021', 'UP024', 'UP025'],
  ...['UP033', 'UP034', 'UP039', 'UP041', 'F901', 'F631', 'F601', 'T100', 'B006', 'F841', 'F821', 'E731'],
] as const;
export type RuffCode = (typeof RUFF_CODES)[number];

/** Makes a rule of one ruff code. */
export function ruffRule({ code, message, accept, mend, write, unbinds, ...rule }: RuffRule): RuleImpl {
  return {
    severity: 'low',
    tests: !rule.taste,
    ...(code.startsWith('UP') && code !== 'UP034' ? { python3: 'drop' } : {}),
    ...rule,
    languages: ['python'],
    aliases: [code],
    async find(file, context) {
      const matches: Match[] = [];
      for (const finding of await ruffFindings(file, context, RUFF_CODES)) {
        if (finding.code !== code) continue;
        const verdict = (await accept?.(finding, file, context)) ?? 'edit';
        if (verdict === 'drop') continue;
        const { start, end } = finding;
        const real = finding.edits.filter((edit) => file.text.slice(edit.start, edit.end) !== edit.text);
        const own = write && verdict === 'edit' ? await write(finding, file, context) : real;
        const edits = mend ? own.map((edit) => mend(edit, file)) : own;
        const safe = verdict === 'edit' && !edits.some((edit) => deletesComment(file.text, edit));
        matches.push({ start, end, message, edits: safe ? edits : [], ...(unbinds && { unbinds: unbinds(finding) }) });
      }
      return matches;
    },
  };
}

function deletesComment(text: string, edit: TextEdit): boolean {
  return text.slice(edit.start, edit.end).includes('#') && !edit.text.includes('#');
}

/** May the file still run on Python 2? Said by the repository, else by marks in the file. */
export function mayBePython2(file: SourceFile, context: RuleContext): boolean {
  const { python } = context.options.conventions;
  if (python) return python[0] < 3;
  return (
    isPython2(file.text) ||
    /^\s*(from __future__ import .*(print_function|unicode_literals|absolute_import|division)|(import|from) six\b)/m.test(
      file.text,
    )
  );
}
