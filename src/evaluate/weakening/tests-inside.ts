/** Tests that stand in the files of the program: Rust's. Rule: only where each side has exactly one module of them. */
import { parseSyntax, type SyntaxNode } from '../../code/index.ts';
import type { Change } from '../types.ts';
import { attributesOf, insideOf } from './read-rust.ts';

/** The changed files with the test modules of the base in them; only those whose tests differ. */
export async function withTestsOf(changes: readonly Change[]): Promise<Array<{ path: string; content: string }>> {
  const found: Array<{ path: string; content: string }> = [];
  for (const { path, before, after } of changes) {
    if (!path.endsWith('.rs') || before === null || after === null || before.length + after.length > 1024 * 1024)
      continue;
    const [old, now] = [await testsOf(path, before), await testsOf(path, after)];
    if (old === null || now === null || old.text === now.text) continue;
    found.push({ path, content: after.slice(0, now.start) + old.text + after.slice(now.end) });
  }
  return found;
}

async function testsOf(path: string, text: string): Promise<SyntaxNode | null> {
  const root = await parseSyntax(path, text);
  const modules = (root?.children ?? []).filter(
    (node) => node.kind === 'mod_item' && attributesOf(node).some((one) => insideOf(one) === 'cfg(test)'),
  );
  return modules.length === 1 ? (modules[0] ?? null) : null;
}
