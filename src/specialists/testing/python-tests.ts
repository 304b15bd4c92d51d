/**
 * The test functions of a Python file. Rule: only what pytest or unittest would collect by its name is a test; what a test
 * leads to through names that nobody can follow counts as doing whatever a rule asks about.
 */
import { type Call, type PythonFile, readPython } from '../python-source.ts';
import type { Node, RuleContext, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, within } from '../structural.ts';

export interface PythonTest {
  node: Node;
  name: string;
  body: Node;
  /** Texts of its decorators and of those of its class. */
  decorators: string[];
  /** Calls in its own body, not in functions inside. */
  calls: Call[];
}

/** What every rule about tests shares: it looks at tests, and at nothing else. */
const aboutTests = { tests: true, languages: ['python'] } as const;
/** Reports of one rule in a file; the rest say nothing new. */
export const FEW = 3;

export function readTests(context: RuleContext): Promise<PythonTest[]> {
  return context.perFile('python tests', async () => {
    const python = await readPython(context);
    return nodesOf(python.root, 'function_definition').flatMap((node) => readTest(node, python) ?? []);
  });
}

function readTest(node: Node, { calls }: PythonFile): PythonTest | null {
  const name = node.field('name')?.text() ?? '';
  const body = node.field('body');
  if (!/^test(_|[A-Z0-9]|$)/.test(name) || !body) return null;
  const outer = enclosing(node, ['function_definition', 'class_definition', 'lambda']);
  if (outer !== null && !isTestClass(outer)) return null;
  return {
    ...{ node, name, body },
    decorators: [node, ...(outer === null ? [] : [outer])].flatMap(decoratorsOf),
    calls: calls.filter(
      (call) => within(call.node, body) && enclosing(call.node, ['function_definition', 'lambda'])?.id() === node.id(),
    ),
  };
}

function isTestClass(node: Node): boolean {
  const heading = `${node.field('name')?.text() ?? ''} ${node.field('superclasses')?.text() ?? ''}`;
  const inside = enclosing(node, ['function_definition']) !== null;
  return !inside && node.is('class_definition') && /\bTest|Tests?\b|TestCase/.test(heading);
}

/** Without the at sign. */
export function decoratorsOf(node: Node): string[] {
  const parent = node.parent();
  if (!parent?.is('decorated_definition')) return [];
  return parent
    .children()
    .filter((child) => child.is('decorator'))
    .map((child) => child.text().slice(1).trim());
}

/** Does anything stand between `node` and its test that repeats it or waits with a deadline? */
export function inLoop(node: Node): boolean {
  return (
    enclosing(node, ['while_statement', 'for_statement', 'function_definition'])?.is('function_definition') === false
  );
}

/** The words of the test, its class and its decorators. */
export function wordsOf({ node, name, decorators }: PythonTest): string {
  const owner = enclosing(node, ['class_definition'])?.field('name')?.text() ?? '';
  return `${name} ${owner} ${decorators.join(' ')}`;
}

/** Keeps a rule to test files. */
export function inTests(rule: Omit<RuleImpl, keyof typeof aboutTests>): RuleImpl {
  return { ...rule, ...aboutTests, find: (file, context) => (file.test ? rule.find(file, context) : []) };
}
