/** What the reading of tests asks of a language. Rule: pure questions about one node. */
import type { SyntaxNode } from '../../code/index.ts';
import type { Claim } from './truth.ts';

export interface FoundTest {
  names: string[];
  /** With what stands before it: decorators, attributes. */
  node: SyntaxNode;
  body: SyntaxNode;
  /** Another one of its name takes its place: no runner sees it. */
  hidden?: boolean;
}

export interface Grammar {
  /** Kinds of nodes. */
  functions: RegExp;
  conditions: RegExp;
  returns: RegExp;
  calls: RegExp;
  /** The tests that a runner would collect, each once; and those that only another one of their name hides from it. */
  tests(root: SyntaxNode, path: string): FoundTest[];
  /** The name by which it may be called, or null. */
  functionName(node: SyntaxNode): string | null;
  /** What `node` itself insists on; null where it is no assertion. */
  claims(node: SyntaxNode): Claim[] | null;
  /** Why an assertion inside `inside` cannot fail where it stands, or null. */
  dead(node: SyntaxNode, inside: SyntaxNode): string | null;
  /** A mark that switches tests off or others on, without its reason. */
  marker(node: SyntaxNode): string | null;
  /** Rows of a table of cases that starts here. */
  rows(node: SyntaxNode): number;
  /** Conditions of a test that do not make it weaker. */
  ownCondition?(node: SyntaxNode, assertion: SyntaxNode): boolean;
}
