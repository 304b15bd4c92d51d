/**
 * Ways to end a run of tests as if all were well. Rule: what is reached when a file is loaded, or in a test, counts always;
 * what a function of the program does when it is called is a person's own affair, and no proposal's.
 */
import type { SyntaxNode } from '../../code/index.ts';
import type { Language } from '../test-files.ts';
import { canonical } from './canonical.ts';
import type { Trick } from './tricks.ts';

interface Exit {
  kinds: RegExp;
  text: RegExp;
  /** Nothing but a test run is ended this way. */
  always?: RegExp;
}

const EXITS: Record<Language, Exit> = {
  python: {
    kinds: /^(call|raise_statement|attribute)$/,
    text: /^((sys\.)?exit|quit)\((0|None|False)?\)$|^raise SystemExit(\((0|None)?\))?$/,
    always: /^os\._exit(\(0\))?$|^os\.(kill|abort)\(os\.getpid\(|^os\.abort\(\)$/,
  },
  javascript: {
    kinds: /^(call_expression|assignment_expression)$/,
    text: /^(process|Deno)\.exit\((0|"0")?\)$/,
    always:
      /^process\.reallyExit\(|^process\.exitCode=0$|^process\.kill\(process\.pid|^process\.(on|once)\("(exit|beforeExit)",.*(process\.exit(Code)?|reallyExit)/,
  },
  go: { kinds: /^call_expression$/, text: /^(os\.Exit|syscall\.Exit)\(0\)$/, always: /^runtime\.Goexit\(\)$/ },
  rust: { kinds: /^call_expression$/, text: /^(std::)?(process::)?exit\(0\)$/ },
};
const FUNCTIONS =
  /^(function_definition|lambda|function_declaration|function_expression|arrow_function|method_definition|method_declaration|func_literal|function_item|closure_expression)$/;

export function exitsIn(root: SyntaxNode, language: Language, test: boolean, strict: boolean): Trick[] {
  const { kinds, text: pattern, always } = EXITS[language];
  const found: Trick[] = [];
  for (const node of root.below()) {
    if (!kinds.test(node.kind) || node.end - node.start > 400) continue;
    const text = canonical(node);
    const hidden = always?.test(text) ?? false;
    if (!hidden && !pattern.test(text)) continue;
    // The name in a call is told with the call.
    if (node.kind === 'attribute' && node.parent?.kind === 'call' && node.parent.children[0] === node) continue;
    if (hidden || test || strict || isReached(node, language))
      found.push({ what: 'exit with success', text: hidden ? text : 'exit' });
  }
  return found;
}

/** Does it happen when the file is loaded? */
function isReached(node: SyntaxNode, language: Language): boolean {
  for (const above of node.above()) {
    if (isMain(above)) return false;
    if (!FUNCTIONS.test(above.kind)) continue;
    const name = above.child('identifier')?.text ?? '';
    if (language === 'go') return name === 'init' || above.kind === 'func_literal';
    if (language === 'rust') return name !== 'main';
    if (isCalledAtOnce(above)) continue;
    return false;
  }
  return true;
}

/** `if __name__ == "__main__"`, `if (require.main === module)`. */
function isMain(node: SyntaxNode): boolean {
  return (
    node.kind === 'if_statement' && /__name__|require\.main|import\.meta\.(main|url)/.test(canonical(node.children[1]))
  );
}

/** A function that is called where it stands, or as soon as the file is loaded. */
function isCalledAtOnce(node: SyntaxNode): boolean {
  const parent = node.parent?.kind === 'parenthesized_expression' ? node.parent.parent : node.parent;
  if (parent?.kind === 'call_expression' || parent?.kind === 'call') return true;
  const call = parent?.kind === 'arguments' || parent?.kind === 'argument_list' ? parent.parent : null;
  return (
    call !== null &&
    /^(setTimeout|setImmediate|queueMicrotask|process\.nextTick|atexit\.register|.*\.then|.*\.finally)$/.test(
      canonical(call?.children[0]),
    )
  );
}
