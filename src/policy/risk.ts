/**
 * The risk of a change, computed from what it does. Rule: the worst file decides, and more files or more lines never make
 * it lower; who proposes it can only raise it.
 */
import type { Risk, Severity, SpecialistName } from '../records/index.ts';
import { sameMeaning } from './meaning.ts';
import { pathRisk, rank } from './paths.ts';

export interface ChangedFile {
  path: string;
  /** Lines. */
  added: number;
  removed: number;
  /** Whole texts; empty when the file does not exist. */
  before: string;
  after: string;
}

export interface RiskInput {
  files: readonly ChangedFile[];
  specialist: SpecialistName;
  severity: Severity;
}

export interface Assessment {
  risk: Risk;
  /** Why it is not lower, worst first, for people. */
  reasons: string[];
}

/** Lines of code above which nobody reads closely. */
const LARGE = 250;
/** Tests and prose are read faster. */
const LARGE_PROSE = 500;
/** Ways out of the program: more of them than before deserve a second look. */
const REACH =
  /\b(eval|exec|execSync|spawn|child_process|subprocess|os\.system|popen|socket|pickle|fetch|XMLHttpRequest|urlopen|__import__|dlopen)\b/g;

/** Rates a change. @returns the highest level that any of its parts asks for. */
export function assessRisk({ files, specialist, severity }: RiskInput): Assessment {
  const rated = files.map((file) => ({ file, ...rateFile(file) }));
  const parts: Array<{ risk: Risk; reason: string }> = rated.map(({ file, risk, reason }) => {
    return { risk, reason: `${file.path} is ${reason}` };
  });
  const code = rated.filter((one) => one.risk !== 'low').map((one) => one.file);
  const prose = rated.filter((one) => one.risk === 'low').map((one) => one.file);
  const lines = countOf(code);
  if (lines > LARGE) parts.push({ risk: 'high', reason: `${lines} lines of code change` });
  if (countOf(prose) > LARGE_PROSE) parts.push({ risk: 'medium', reason: `${countOf(prose)} lines change` });
  if (specialist === 'SecurityGuardian' && code.length > 0)
    parts.push({
      risk: severity === 'critical' ? 'critical' : 'high',
      reason: 'it changes how the program defends itself',
    });
  const worst = parts.reduce<Risk>((most, part) => (rank(part.risk) > rank(most) ? part.risk : most), 'low');
  const reasons = parts.filter((part) => part.risk === worst).map((part) => part.reason);
  return { risk: worst, reasons: [...new Set(reasons)] };
}

function rateFile(file: ChangedFile): { risk: Risk; reason: string } {
  const { path, before, after } = file;
  const place = pathRisk(path);
  if (place.risk === 'low') return place;
  if (sameMeaning(path, before, after))
    return { risk: 'low', reason: 'changed in comments, layout or the spelling of strings only' };
  if (rank(place.risk) < rank('high') && reachOf(after) > reachOf(before))
    return { risk: 'high', reason: 'given new ways to run or to fetch something' };
  return place;
}

function reachOf(text: string): number {
  return text.match(REACH)?.length ?? 0;
}

function countOf(files: readonly ChangedFile[]): number {
  return files.reduce((sum, file) => sum + file.added + file.removed, 0);
}
