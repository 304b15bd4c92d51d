/** How this repository writes code, in lines for a model. Rule: only what its own configuration says. */
import { type Conventions, readConventions } from '../code/index.ts';
import type { Crew } from './open.ts';

/** What `tree` says about itself. */
export function conventionsOf(crew: Crew, tree: string): Promise<Conventions> {
  return readConventions(async (path) => {
    const blob = await crew.repository.objects.blobAt(tree, path);
    return blob === null ? null : blob.content.toString('utf8');
  });
}

export async function conventionLines(crew: Crew, tree: string): Promise<string[]> {
  return linesOf(await conventionsOf(crew, tree));
}

function linesOf({ python, oldestNode, esm, tools, ignoredRules }: Conventions): string[] {
  return [
    ...(python === null ? [] : [`Python ${python.join('.')} is the oldest that is supported.`]),
    ...(oldestNode === undefined ? [] : [`Node.js ${oldestNode} is the oldest that is supported.`]),
    ...(esm ? ['JavaScript files are ECMAScript modules.'] : []),
    ...(tools.length > 0 ? [`Tools in use: ${tools.join(', ')}.`] : []),
    ...(ignoredRules.length > 0 ? [`Rules that are ignored here: ${ignoredRules.slice(0, 40).join(', ')}.`] : []),
  ];
}
