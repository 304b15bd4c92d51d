/**
 * Does another file read a name that a fix would take out of a module? Rule: a specialist sees one file; what only the
 * whole tree can say is asked here, and in doubt the name is in use.
 */
import { basename } from 'node:path';
import type { Diagnosed } from '../specialists/index.ts';
import type { Crew } from './open.ts';

/** Where Python names are written: sources, notebooks, and configuration that names objects by their path. */
const PYTHON = ['*.py', '*.pyi', '*.pyx', '*.ipynb', '*.cfg', '*.toml', '*.ini'];

/** Takes back what would take a name from another file of `tree`. */
export async function heedOtherFiles(crew: Crew, tree: string, found: readonly Diagnosed[]): Promise<Diagnosed[]> {
  const mentions = new Map<string, Promise<Mention[]>>();
  const mentionsOf = (module: string) => {
    const known = mentions.get(module) ?? readMentions(crew, tree, module);
    mentions.set(module, known);
    return known;
  };
  const heeded = await Promise.all(
    found.map(async (item): Promise<Diagnosed[]> => {
      const { unbinds, finding } = item;
      if (unbinds === undefined) return [item];
      const module = moduleName(finding.path);
      const others = (await mentionsOf(module)).filter((mention) => mention.path !== finding.path);
      if (!others.some(({ text }) => unbinds.names.some((name) => reads(text, module, name)))) return [item];
      return unbinds.usedElsewhere === 'drop' ? [] : [{ finding: { ...finding, fixable: false }, edits: [] }];
    }),
  );
  return heeded.flat();
}

interface Mention {
  path: string;
  text: string;
}

async function readMentions(crew: Crew, tree: string, module: string): Promise<Mention[]> {
  const paths = await crew.repository.trees.grep(tree, module, PYTHON);
  return Promise.all(
    paths.map(async (path) => {
      const blob = await crew.repository.objects.blobAt(tree, path);
      return { path, text: blob?.content.toString('latin1') ?? '' };
    }),
  );
}

/** What other files call the module: a package is called by its folder. */
function moduleName(path: string): string {
  const name = basename(path).replace(/\.\w+$/, '');
  return name === '__init__' ? basename(path.slice(0, -basename(path).length - 1)) || name : name;
}

/** Could `text`, which mentions `module`, read `name` from it? As an attribute, by an import, or as a string. */
export function reads(text: string, module: string, name: string): boolean {
  if (new RegExp(`\\.${name}\\b|['"]${name}\\b`).test(text)) return true;
  const imports = text.matchAll(
    new RegExp(`\\bfrom\\s+[\\w.]*\\b${literally(module)}\\s+import\\s*(\\([^)]*\\)|[^\\n]*)`, 'g'),
  );
  return [...imports].some(([, names = '']) => new RegExp(`\\*|\\b${name}\\b`).test(names));
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
