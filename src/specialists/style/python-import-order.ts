/**
 * Imports in order, for repositories that let ruff sort them. Rule: lines change places inside the groups that a person
 * made; which group a module belongs to depends on files that are not seen here.
 */
import type { Diagnostic } from '@astral-sh/ruff-wasm-nodejs';
import type { Match, RuleContext, RuleImpl } from '../rule.ts';
import { loadRuff } from './load-ruff.ts';

const unsorted: RuleImpl = {
  id: 'python/unsorted-imports',
  languages: ['python'],
  severity: 'low',
  title: 'Sort imports',
  rationale:
    "The repository lets ruff sort its imports (rule I001), and its check fails until this block is sorted. The edit is ruff's, under the repository's own settings. It is taken only where every import stays in the group that it stands in, since which group a module belongs to depends on other files; blocks with comments, and repositories that sort in another way or with another tool, are left alone.",
  fixable: true,
  tests: true,
  aliases: ['I001', 'isort'],
  trigger: /^\s*(import|from)\s/m,
  conventions: { ruff: { formats: false, sortsImports: true, options: {} } },
  example: {
    path: 'app/a.py',
    before: 'import os\nimport json\n\nimport requests\n\nprint(os, json, requests)\n',
    after: 'import json\nimport os\n\nimport requests\n\nprint(os, json, requests)\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'import json\nimport os\n\nimport requests\n\nprint(os, json, requests)\n' },
    { path: 'app/c.py', text: 'import os\nimport app\nimport json\n\nprint(os, json, app)\n' },
    { path: 'app/d.py', text: 'import os  # first, it sets paths\nimport json\n\nprint(os, json)\n' },
    { path: 'app/e.py', text: '# isort: skip_file\nimport os\nimport json\n\nprint(os, json)\n' },
    { path: 'app/f.py', text: 'import sys\n\nsys.path.insert(0, ".")\n\nimport app\n' },
  ],
  async find(file, context) {
    if (!context.options.conventions.ruff?.sortsImports) return [];
    const check = await context.perRun('ruff imports', () => openSorter(context));
    const lines = [0, ...[...file.text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)];
    const offset = ({ row, column }: { row: number; column: number }) =>
      (lines[row - 1] ?? file.text.length) + column - 1;
    return check(file.text).flatMap((diagnostic): Match[] => {
      const [edit, ...more] = diagnostic.fix?.edits ?? [];
      if (diagnostic.code !== 'I001' || !edit || more.length > 0) return [];
      const [start, end] = [offset(edit.location), offset(edit.end_location)];
      const before = file.text.slice(start, end);
      const text = edit.content ?? '';
      if (before.includes('#') || !sameGroups(before, text)) return [];
      const shown = before.trimEnd().length;
      return [{ start, end: start + shown, message: 'The imports are not in order.', edits: [{ start, end, text }] }];
    });
  },
};

async function openSorter(context: RuleContext): Promise<(text: string) => Diagnostic[]> {
  const { PositionEncoding, Workspace } = await loadRuff();
  const { lint, ...options } = { lint: {}, ...context.options.conventions.ruff?.options };
  const workspace = new Workspace({ ...options, lint: { ...lint, select: ['I001'] } }, PositionEncoding.Utf16);
  return (text) => workspace.check(text) as Diagnostic[];
}

/** Do both texts import the same modules in each of the same groups? */
function sameGroups(before: string, after: string): boolean {
  const groups = (text: string) =>
    text
      .trim()
      .split(/\n[ \t]*\n\s*/)
      .map((group) => [...group.matchAll(/^[ \t]*(?:from|import)[ \t]+([.\w]+)/gm)].map((line) => line[1] ?? ''))
      .map((modules) => [...new Set(modules)].sort().join(' '));
  const [old, sorted] = [groups(before), groups(after)];
  return old.length === sorted.length && old.every((group, at) => group === sorted[at]);
}

export const importOrderRules: readonly RuleImpl[] = [unsorted];
