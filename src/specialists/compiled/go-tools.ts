/**
 * What `go vet -json` and `staticcheck -f json` print. Rule: pure; an edit is there only where vet itself offers one, and one only,
 * in the same file.
 */
import type { SpecialistName } from '../../records/index.ts';
import type { Told } from './types.ts';

interface Vetted {
  posn: string;
  message: string;
  suggested_fixes?: Array<{ edits: Array<{ filename: string; start: number; end: number; new: string }> }>;
}

/** Of every package; null: it is no such output, or a package could not be read. */
export function readVet(output: string): Told[] | null {
  const told: Told[] = [];
  // One object for each package, with lines for people between them.
  const text = output.replace(/^#.*\n?/gm, '');
  for (const block of text.split(/^(?=\{)/m)) {
    if (block.trim() === '') continue;
    let packages: Record<string, Record<string, Vetted[] | { error: string }>>;
    try {
      packages = JSON.parse(block);
    } catch {
      return null;
    }
    for (const analyses of Object.values(packages))
      for (const [code, said] of Object.entries(analyses)) {
        if (!Array.isArray(said)) return null;
        for (const one of said) told.push(...toldBy(code, one));
      }
  }
  return unique(told);
}

function toldBy(code: string, { posn, message, suggested_fixes: fixes = [] }: Vetted): Told[] {
  const [, path, line, column] = /^(.+):(\d+):(\d+)$/.exec(posn) ?? [];
  if (path === undefined || !/^\w+$/.test(code)) return [];
  const [fix, other] = fixes;
  const edits =
    fix !== undefined && other === undefined && fix.edits.every(({ filename }) => filename === path) ? fix.edits : [];
  return [
    {
      ...{ path, rule: `go/vet-${code}`, tool: 'go vet', code, specialist: 'StyleEnforcer', severity: 'medium' },
      message: sentence(message),
      place: { line: Number(line), column: Number(column) },
      edits: edits.map(({ start, end, new: text }) => ({ start, end, text })),
    },
  ];
}

/** Checks that are on by default and say that something is wrong or can be simpler; not those of taste and naming. */
const SAID = /^(SA[1-6]\d{3}|S1\d{3})$/;

/** One object a line; null: it is no such output. */
export function readStaticcheck(output: string): Told[] | null {
  const told: Told[] = [];
  for (const line of output.split('\n')) {
    if (line.trim() === '') continue;
    let said: { code?: unknown; message?: unknown; location?: { file?: unknown; line?: unknown; column?: unknown } };
    try {
      said = JSON.parse(line);
    } catch {
      return null;
    }
    const { code, message, location = {} } = said;
    if (code === 'compile') return null;
    if (typeof code !== 'string' || typeof location.file !== 'string' || !SAID.test(code)) continue;
    told.push({
      ...{ path: location.file, rule: `go/${code}`, tool: 'staticcheck', code, specialist: specialistFor(code) },
      severity: /^SA[1-5]/.test(code) ? 'medium' : 'low',
      message: sentence(String(message)),
      place: { line: Number(location.line), column: Number(location.column) },
      edits: [],
    });
  }
  return unique(told);
}

const specialistFor = (code: string): SpecialistName =>
  code.startsWith('SA6') ? 'PerformanceOptimizer' : 'StyleEnforcer';
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** A package is vetted with and without its tests. */
function unique(told: readonly Told[]): Told[] {
  return [...new Map(told.map((one) => [JSON.stringify([one.path, one.rule, one.place, one.message]), one])).values()];
}
