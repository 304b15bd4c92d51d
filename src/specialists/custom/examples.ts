/**
 * Do the examples of a rule hold? Rule: a rule is used only if it finds what its author shows, spares what its author shows,
 * makes of it exactly what its author shows, and finds nothing in that any more.
 */
import { edited } from '../edited.ts';
import type { Node, RuleContext, RuleImpl } from '../rule.ts';
import { parseTree } from '../structural.ts';
import type { SourceFile } from '../types.ts';
import { compileRule } from './compile.ts';
import type { CustomRule, Example } from './types.ts';

/** Why the rule is not to be used, as `{where, reason}`, or null. */
export async function faultOf(rule: CustomRule): Promise<{ where: string; reason: string } | null> {
  const unused = await engineFault(rule);
  if (unused !== null) return { where: rule.where, reason: unused };
  const compiled = compileRule({ ...rule, files: [], ignores: [] });
  for (const example of rule.valid) {
    const found = await matchesIn(compiled, example, example.code);
    if (typeof found === 'string') return { where: example.where, reason: `this valid example ${found}` };
    const [first] = found;
    if (first) return { where: example.where, reason: `it finds something in this valid example: ${first.message}` };
  }
  for (const example of rule.invalid) {
    const reason = await invalidFault(compiled, example);
    if (reason !== null) return { where: example.where, reason };
  }
  return null;
}

async function invalidFault(rule: RuleImpl, example: CustomRule['invalid'][number]): Promise<string | null> {
  const found = await matchesIn(rule, example, example.code);
  if (typeof found === 'string') return `this invalid example ${found}`;
  if (found.length === 0) return 'it finds nothing in this invalid example';
  if (example.fixed === null) return null;
  const edits = found.flatMap(({ edits = [] }) => edits);
  if (edits.length === 0) return 'its fix cannot be filled in for this example';
  const made = edited(example.code, edits);
  if (made === null) return 'its fixes overlap in this example';
  if (made.trimEnd() !== example.fixed.trimEnd()) return `its fix makes ${quoted(made)}, not ${quoted(example.fixed)}`;
  const after = await matchesIn(rule, example, made);
  if (typeof after === 'string') return `what its fix makes ${after}`;
  return after.length > 0 ? 'it still finds something in what its fix makes' : null;
}

async function matchesIn(rule: RuleImpl, { path }: Example, text: string) {
  const file = fileOf(path, text);
  let tree: Node;
  try {
    tree = await parseTree(file);
  } catch (error) {
    return `is not valid ${file.language}: ${messageOf(error)}`;
  }
  const context = { tree: async () => tree } as unknown as RuleContext;
  return rule.find(file, context);
}

/** The engine says what it does not understand when it is asked about anything. */
async function engineFault({ engine, endings }: CustomRule): Promise<string | null> {
  for (const ending of endings) {
    try {
      (await parseTree(fileOf(`empty.${ending}`, ''))).findAll(engine as Parameters<Node['findAll']>[0]);
    } catch (error) {
      return `ast-grep does not accept it: ${messageOf(error).replace(/\s*\n[ |>-]*/g, ' ')}`;
    }
  }
  return null;
}

function fileOf(path: string, text: string): SourceFile {
  const language = /\.py$/.test(path) ? 'python' : /\.tsx?$/.test(path) ? 'typescript' : 'javascript';
  return { path, blob: '', text, language, test: false };
}

const quoted = (text: string) => {
  const plain = text.trimEnd();
  return JSON.stringify(plain.length > 120 ? `${plain.slice(0, 119)}…` : plain);
};

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
