/**
 * src/ → dist/ by esbuild: the command line in two CommonJS files with their compiled code beside them, and the worker.
 * Rule: looking at proposals reads one file; reading and compiling oclif and the rooms file by file costs more than
 * everything else that a command does. Packages that only the worker needs stay outside.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Plugin as OclifPlugin } from '@oclif/core/config';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { licencesOf } from './licences.ts';
import { buildParts } from './parts.ts';
import { requiredLate } from './required-late.ts';
import { toAscii } from './to-ascii.ts';
import { buildWorker } from './worker.ts';

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  keepNames: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};
/** Heavy, native or WebAssembly: loaded by the worker, from node_modules. */
const ANALYSERS = [
  'eslint',
  'eslint-plugin-unicorn',
  '@typescript-eslint/parser',
  'typescript',
  '@ast-grep/*',
  '@astral-sh/*',
];
/** What dockerode needs for builds that this program does not ask of it. */
const WITHOUT = /^(@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/;
/** Optional parts of oclif that this program does not use. */
const UNUSED = ['ts-node', 'tsx'];

/** Builds the command line and the worker into the folder `out`. */
export async function bundle(root: string, out: string): Promise<void> {
  const files = await buildParts(root, 'src/start.ts', {
    ...shared,
    external: [...ANALYSERS, ...UNUSED],
    plugins: [commandTable(root), dockerodeApart, requiredLate],
  });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), toAscii(text));
  await buildWorker(root, out, shared);
  await bundleDockerode(root, out);
  keepCompiled(root, out);
}

/** In a file of its own: only who uses Docker reads it. */
const dockerodeApart: Plugin = {
  name: 'dockerode-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^dockerode$/ }, () => ({ path: './dockerode.cjs', external: true }));
  },
};

/** With the licences of what it is made of. */
async function bundleDockerode(root: string, out: string): Promise<void> {
  const { metafile } = await build({
    ...shared,
    absWorkingDir: root,
    entryPoints: ['node_modules/dockerode/lib/docker.js'],
    outfile: join(out, 'dockerode.cjs'),
    format: 'cjs',
    metafile: true,
    plugins: [
      {
        name: 'without',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: WITHOUT }, ({ path }) => ({ path, namespace: 'without' }));
          onLoad({ filter: /./, namespace: 'without' }, () => ({ contents: 'module.exports = {};' }));
        },
      },
    ],
  });
  writeFileSync(join(out, 'dockerode.LICENSES.txt'), licencesOf(root, Object.keys(metafile.inputs)));
}

/** Writes oclif's manifest, with which help and mistakes are answered without loading a command. */
export async function writeManifest(root: string, out: string): Promise<void> {
  // A passing package, built as oclif expects to find one.
  const place = mkdtempSync(join(out, 'manifest-'));
  try {
    cpSync(join(root, 'package.json'), join(place, 'package.json'));
    await build({
      ...shared,
      absWorkingDir: root,
      entryPoints: commandNames(root).map((name) => `src/commands/${name}.ts`),
      outdir: join(place, 'dist/commands'),
      format: 'esm',
      // What commands share is loaded once.
      splitting: true,
      chunkNames: '../[name]-[hash]',
      packages: 'external',
    });
    const plugin = new OclifPlugin({ root: place, type: 'core', ignoreManifest: true, respectNoCacheDefault: true });
    await plugin.load();
    writeFileSync(join(root, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
  } finally {
    rmSync(place, { recursive: true });
  }
}

function commandNames(root: string): string[] {
  const files = readdirSync(join(root, 'src/commands')).filter((name) => name.endsWith('.ts'));
  return files.map((name) => name.slice(0, -'.ts'.length));
}

function commandTable(root: string): Plugin {
  const entries = commandNames(root).map((name) => `${JSON.stringify(name)}: () => import('./commands/${name}.ts')`);
  return {
    name: 'command-table',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^built:commands$/ }, ({ path }) => ({ path, namespace: 'built' }));
      onLoad({ filter: /./, namespace: 'built' }, () => ({
        contents: `export const commands = { ${entries.join(', ')} };`,
        resolveDir: join(root, 'src'),
      }));
    },
  };
}

/** Keeps the compiled code as it is after a look at proposals and at a patch, for a node that does not do so itself. */
function keepCompiled(root: string, out: string): void {
  const program = `
    const fs = require('node:fs'), vm = require('node:vm'), module_ = require('node:module'), { join } = require('node:path');
    const [out, root] = process.argv.slice(1);
    const scripts = {};
    function load(name) {
      const filename = join(out, name);
      const script = new vm.Script(module_.wrap(fs.readFileSync(filename, 'latin1')), { filename: join(root, 'dist', name) });
      const loaded = { exports: {} };
      script.runInThisContext()(loaded.exports, module_.createRequire(filename), loaded, filename, out);
      scripts[filename] = script;
      return loaded.exports;
    }
    process.stdout.write = (text, done) => (typeof done === 'function' && done(), true);
    const { start } = load('start.cjs').begin(load);
    start(['list', '-C', root], root)
      .then(() => start(['apply', '-', '--check', '-C', root], root))
      .then(() => (process.exitCode = 0))
      .then(() => {
        for (const name in scripts) fs.writeFileSync(name + '.cache', scripts[name].createCachedData());
      });`;
  const input =
    '--- a/package.json\n+++ b/package.json\n@@ -1,2 +1,2 @@\n {\n-  "name": "git-ambient",\n+  "name": "x",\n';
  execFileSync(process.execPath, ['-e', program, out, root], { input });
}
