/**
 * `ruff format` for repositories that use it. Rule: one finding for each place where the file departs from its format, so
 * that a change answers for its own lines alone; a file that departs in many places is not kept in format and is left alone.
 */
import { type RuleContext, type RuleImpl, Unanalysable } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { editOf, type LineChange, lineChanges, linesOf, startsOf, withChange } from './line-changes.ts';
import { loadRuff } from './load-ruff.ts';

/** Places, and lines of them, beyond which nobody keeps the file in format. */
const PLACES = 6;
const LINES = 60;

const unformatted: RuleImpl = {
  id: 'python/unformatted',
  languages: ['python'],
  severity: 'low',
  title: 'Format as ruff format does',
  rationale:
    "The repository formats its Python with `ruff format`, and its check fails until this place is formatted. The edit is what the formatter makes of it under the repository's own settings; the program stays the same. Each place stands by itself, so lines that a commit did not touch are not changed with it. Files that depart from the format in many places, files and lines that switch the formatter off, and repositories that use another formatter, or a version of ruff that formats in another way, are left alone. With `defer_to_formatter: false` the usual format of ruff is kept where a repository names no formatter.",
  fixable: true,
  tests: true,
  aliases: ['format'],
  trigger: /\S/,
  conventions: { ruff: { formats: true, sortsImports: false, options: { 'line-length': 88 } } },
  example: {
    path: 'app/a.py',
    before: 'def read(path):\n    text = load( path )\n    return text\n',
    after: 'def read(path):\n    text = load(path)\n    return text\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def read(path):\n    text = load(path)\n    return text\n' },
    { path: 'app/c.py', text: 'table = [1,  0]  # fmt: skip\n# fmt: off\na  =  1\n' },
    { path: 'app/d.py', text: Array.from({ length: 9 }, (_, index) => `a${index}  = 1\nb${index} = 2\n`).join('') },
    { path: 'app/e.py', text: 'a  = 1  # ambient: ignore\n' },
  ],
  async find(file, context) {
    if (!isWanted(context)) return [];
    const format = await context.perRun('ruff format', () => openFormatter(context));
    const formatted = run(format, file);
    const before = linesOf(file.text);
    const changes = lineChanges(before, linesOf(formatted), LINES) ?? [];
    if (changes.length > PLACES) return [];
    const starts = startsOf(before);
    return changes
      .filter((change) => formatsAlone(format, before, change, formatted))
      .map((change) => {
        const edit = editOf(starts, change);
        const end = edit.end > edit.start ? edit.end - 1 : edit.end;
        const message = 'The lines are not formatted as the repository formats.';
        return { start: edit.start, end: Math.max(end, edit.start), message, edits: [edit] };
      });
  },
};

/** The repository's own formatter decides; without one, `defer_to_formatter: false` asks for ruff's usual format. */
function isWanted({ options: { conventions, settings } }: RuleContext): boolean {
  if (conventions.ruff) return conventions.ruff.formats;
  return settings['defer_to_formatter'] === false && !conventions.tools.some((tool) => /^(black|ruff)$/.test(tool));
}

type Format = (text: string) => string;

async function openFormatter(context: RuleContext): Promise<Format> {
  const { PositionEncoding, Workspace } = await loadRuff();
  const [major, minor] = context.options.conventions.python ?? [3, 10];
  const target = `py3${major < 3 || minor < 7 ? 7 : Math.min(minor, 14)}`;
  const options = { 'target-version': target, ...context.options.conventions.ruff?.options };
  const workspace = new Workspace(options, PositionEncoding.Utf16);
  return (text) => workspace.format(text);
}

function run(format: Format, file: SourceFile): string {
  try {
    return format(file.text);
  } catch (error) {
    throw new Unanalysable(`ruff cannot format it: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Does the change make sense without the others? Then formatting goes on to the same text. */
function formatsAlone(format: Format, before: readonly string[], change: LineChange, formatted: string): boolean {
  try {
    return format(withChange(before, change)) === formatted;
  } catch {
    return false;
  }
}

export const formatRules: readonly RuleImpl[] = [unformatted];
