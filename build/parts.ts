/**
 * The command line as parts: functions in two files of CommonJS. Rule: what looking at proposals needs stands in
 * start.cjs; the rest stands in work.cjs and is read when something asks for it. A part exists once, whoever asks.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile, transform } from 'esbuild';

const TARGET = { target: 'node20', supported: { 'dynamic-import': false } } as const;
/** Loaded late, and in start.cjs all the same: a person who looks at proposals waits for them. */
const LOOKING = [
  'src/commands/list.ts',
  'src/commands/status.ts',
  'src/crew/index.ts',
  'src/crew/list.ts',
  'src/crew/status.ts',
  'src/triggers/index.ts',
];

/** Builds `entry` and what it loads. @returns the text of each file by its name. */
export async function buildParts(root: string, entry: string, options: BuildOptions): Promise<Record<string, string>> {
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    write: false,
    metafile: true,
    // The file knows where it lies, as a module would.
    define: { 'import.meta.url': 'importMetaUrl' },
  });
  const early = reached(metafile, [entry, ...LOOKING]);
  const texts: Record<'start.cjs' | 'work.cjs', string[]> = { 'start.cjs': [], 'work.cjs': [] };
  for (const { path, text } of outputFiles) {
    const name = relative(join(root, 'dist'), path);
    const { entryPoint = '' } = metafile.outputs[`dist/${name}`] ?? {};
    // CommonJS that is loaded late is handed on as it is.
    const asItIs = metafile.inputs[entryPoint]?.format === 'cjs' ? 'module.exports=module.exports.default' : '';
    const { code } = await transform(text, { ...TARGET, format: 'cjs', minify: true, platform: 'neutral' });
    const file = early.has(`dist/${name}`) ? 'start.cjs' : 'work.cjs';
    texts[file].push(`${JSON.stringify(`./${name}`)}(module,exports,require){${code.trimEnd()}${asItIs}}`);
  }
  const loader = readFileSync(join(root, 'build/loader.cjs'), 'utf8');
  const { code } = await transform(loader, { ...TARGET, minify: true });
  return {
    'start.cjs': `${HERE}exports.parts={${texts['start.cjs'].join(',\n')}};\n${code}`,
    'work.cjs': `${HERE}exports.parts={${texts['work.cjs'].join(',\n')}};\n`,
  };
}

const HERE = "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;\n";

/** The files that are loaded with one of `entries`, without those that are loaded late. */
function reached({ outputs }: Metafile, entries: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind, external } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) visit(next);
  };
  for (const entry of entries) {
    const [path] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? [];
    if (path === undefined) throw new Error(`${entry} is not loaded late any more: take it out of build/parts.ts`);
    visit(path);
  }
  return found;
}
