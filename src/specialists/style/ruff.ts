/**
 * Ruff in process, on the text alone: it sees no file system, so nothing here depends on other files. Rule: ruff says
 * what may be wrong; whether its edit is right everywhere is decided by our own rules, since it does not tell us.
 */
import type { Diagnostic, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { type RuleContext, type TextEdit, Unanalysable } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { loadRuff } from './load-ruff.ts';

export interface RuffFinding {
  code: string;
  message: string;
  /** UTF-16 range. */
  start: number;
  end: number;
  edits: TextEdit[];
}

/** Runs ruff's `codes` over the file, once for all rules that ask. @throws Unanalysable on a syntax error. */
export function ruffFindings(file: SourceFile, context: RuleContext, codes: readonly string[]): Promise<RuffFinding[]> {
  return context.perFile('ruff', async () => {
    const workspace = await context.perRun('ruff', () => openWorkspace(context, codes));
    const diagnostics = workspace.check(file.text) as Diagnostic[];
    const broken = diagnostics.find((diagnostic) => !/^[A-Z]+\d+$/.test(diagnostic.code ?? ''));
    if (broken) throw new Unanalysable(`syntax error on line ${broken.start_location.row}`);
    const offset = offsetsOf(file.text);
    return diagnostics.map((diagnostic) => ({
      code: diagnostic.code ?? '',
      message: diagnostic.message,
      start: offset(diagnostic.start_location),
      end: offset(diagnostic.end_location),
      edits: (diagnostic.fix?.edits ?? []).map((edit) => ({
        start: offset(edit.location),
        end: offset(edit.end_location),
        text: edit.content ?? '',
      })),
    }));
  });
}

async function openWorkspace(context: RuleContext, codes: readonly string[]): Promise<Workspace> {
  const { PositionEncoding, Workspace } = await loadRuff();
  const [major, minor] = context.options.conventions.python ?? [3, 9];
  const oldest = major < 3 || minor < 7 ? 7 : Math.min(minor, 14);
  const options = { 'target-version': `py3${oldest}`, lint: { select: [...codes] } };
  return new Workspace(options, PositionEncoding.Utf16);
}

/** From ruff's 1-based row and column to an offset. Ruff ends lines at \n, \r\n and \r. */
function offsetsOf(text: string): (location: { row: number; column: number }) => number {
  const starts = [0];
  for (const end of text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
  return ({ row, column }) => Math.min((starts[row - 1] ?? text.length) + column - 1, text.length);
}
