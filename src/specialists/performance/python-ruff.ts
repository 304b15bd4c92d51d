/**
 * A rule on top of ruff codes that are about speed. Rule: ruff says where; whether the new text certainly does the same
 * is decided by `accept`, and an edit never loses a comment.
 */
import type { Match, RuleContext, RuleImpl } from '../rule.ts';
import { type RuffFinding, ruffFindings } from '../style/ruff.ts';
import type { SourceFile } from '../types.ts';
import { mayRunOnPython2 } from './python-values.ts';

/** Every code that a rule of this specialist asks for: they run together, once per file. */
const CODES = [
  ...['C400', 'C401', 'C402', 'C403', 'C404', 'C405', 'C406', 'C409', 'C410', 'C411', 'C413', 'C414', 'C416'],
  ...['C417', 'C418', 'C419', 'C420', 'PERF102'],
] as const;
type Code = (typeof CODES)[number];

export interface Found extends RuffFinding {
  /** What stands there now. */
  text: string;
  file: SourceFile;
  context: RuleContext;
}

type Verdict = 'edit' | 'report' | 'drop';

export interface SpeedRule extends Omit<RuleImpl, 'find' | 'languages' | 'severity' | 'aliases' | 'fixable'> {
  codes: readonly Code[];
  message: string;
  accept(found: Found): Promise<Verdict> | Verdict;
}

/** Makes a rule of ruff's `codes`. */
export function ruffSpeedRule({ codes, message, accept, ...rule }: SpeedRule): RuleImpl {
  return {
    ...rule,
    languages: ['python'],
    severity: 'low',
    fixable: true,
    python3: 'drop',
    aliases: codes,
    async find(file, context) {
      if (mayRunOnPython2(file, context)) return [];
      const matches: Match[] = [];
      const seen = new Set<number>();
      for (const finding of await ruffFindings(file, context, CODES)) {
        if (!(codes as readonly string[]).includes(finding.code) || seen.has(finding.start)) continue;
        const { start, end } = finding;
        const text = file.text.slice(start, end);
        const verdict = await accept({ ...finding, text, file, context });
        if (verdict === 'drop') continue;
        seen.add(start);
        const safe =
          verdict === 'edit' && !finding.edits.some((edit) => file.text.slice(edit.start, edit.end).includes('#'));
        matches.push({ start, end, message, edits: safe ? finding.edits : [] });
      }
      return matches;
    },
  };
}
