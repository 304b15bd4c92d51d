/**
 * Does another file read a name that a fix would take out of a module, and does the repository run on Python 2? Rule: a
 * specialist sees one file; what only the whole tree can say is asked here, and in doubt it speaks against the fix.
 */
import { basename } from 'node:path';
import { PYTHON_2_LINE } from '../code/index.ts';
import type { Diagnosed } from '../specialists/index.ts';
import { type Crew, once } from './open.ts';

/** Where Python names are written: sources, notebooks, and configuration that names objects by their path. */
const PYTHON = ['*.py', '*.pyi', '*.pyx', '*.ipynb', '*.cfg', '*.toml', '*.ini'];

/** Takes back what would take a name from another file of `tree`, or what Python 2 does not know from a tree for it. */
export async function heedOtherFiles(
  crew: Crew,
  tree: string,
  all: readonly Diagnosed[],
  step?: Step,
): Promise<Diagnosed[]> {
  const found = await heedPython2(crew, tree, all);
  const modules = new Set(found.flatMap(({ unbinds, finding }) => (unbinds ? [moduleName(finding.path)] : [])));
  const mentions = await readAllMentions(crew, tree, [...modules], step);
  return found.flatMap((item): Diagnosed[] => {
    const { unbinds, finding } = item;
    if (unbinds === undefined) return [item];
    const module = moduleName(finding.path);
    const others = (mentions.get(module) ?? []).filter((mention) => mention.path !== finding.path);
    if (!others.some(({ text }) => unbinds.names.some((name) => reads(text, module, name)))) return [item];
    return unbinds.usedElsewhere === 'drop' ? [] : [reportOnly(item)];
  });
}

/** Processes of git that search at the same time. */
const WIDTH = 4;

async function readAllMentions(
  crew: Crew,
  tree: string,
  modules: string[],
  step: Step | undefined,
): Promise<Map<string, Mention[]>> {
  const mentions = new Map<string, Mention[]>();
  await Promise.all(
    Array.from({ length: WIDTH }, async () => {
      for (let module = modules.shift(); module !== undefined; module = modules.shift())
        mentions.set(module, await readMentions(crew, tree, module, step));
    }),
  );
  return mentions;
}

async function heedPython2(crew: Crew, tree: string, found: readonly Diagnosed[]): Promise<readonly Diagnosed[]> {
  if (!found.some(({ python3 }) => python3 !== undefined)) return found;
  const old = await once(crew, `python 2 ${tree}`, () => crew.repository.trees.hasLine(tree, PYTHON_2_LINE, ['*.py']));
  if (!old) return found;
  return found.flatMap((item): Diagnosed[] => {
    if (item.python3 === undefined) return [item];
    return item.python3 === 'drop' ? [] : [reportOnly(item)];
  });
}

function reportOnly({ finding }: Diagnosed): Diagnosed {
  return { finding: { ...finding, fixable: false }, edits: [] };
}

interface Mention {
  path: string;
  text: string;
}

/** What was done to a tree: `tree` came of it. */
export interface Step {
  tree: string;
  all: ReadonlyArray<{ path: string }>;
}

async function readMentions(crew: Crew, tree: string, module: string, step: Step | undefined): Promise<Mention[]> {
  const paths = await mentionedIn(crew, tree, module, step);
  return Promise.all(
    paths.map(async (path) => {
      const blob = await crew.repository.objects.blobAt(tree, path);
      return { path, text: blob?.content.toString('latin1') ?? '' };
    }),
  );
}

/** More paths than are named one by one. */
const MANY = 200;

/** Paths of the files that mention `module`. Of a tree that differs in few files from one that was searched, only those are searched. */
async function mentionedIn(
  crew: Crew,
  tree: string,
  module: string,
  step: Step | undefined,
): Promise<readonly string[]> {
  const { trees } = crew.repository;
  const search = (of: string) => once(crew, `${module} in ${of}`, () => trees.grep(of, module, PYTHON));
  if (step === undefined || step.all.length > MANY) return search(tree);
  const changed = new Set(step.all.map(({ path }) => path));
  const searched = [...changed].filter((path) => PYTHON.some((pattern) => path.endsWith(pattern.slice(1))));
  const [same, own] = await Promise.all([
    search(step.tree),
    searched.length === 0
      ? []
      : trees.grep(
          tree,
          module,
          searched.map((path) => `:(top,literal)${path}`),
        ),
  ]);
  return [...same.filter((path) => !changed.has(path)), ...own];
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
