/**
 * The worker: its own code, ESLint and TypeScript's parser in a file each, with their compiled code beside them. Rule: a
 * file is read when an analyser is first asked for it; packages that are native or WebAssembly stay outside.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { embedded } from '../src/specialists/index.ts';
import { UNICORN } from '../src/specialists/style/load-eslint.ts';
import { licencesOf } from './licences.ts';
import { toAscii } from './to-ascii.ts';

const HERE = "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;";

/** Builds it into the folder `out`. */
export async function buildWorker(root: string, out: string, shared: BuildOptions): Promise<void> {
  const folder = join(out, 'swarm');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'build/start-worker.js'), join(folder, 'worker.js'));
  const parts: Record<string, [entry: string, external: string[]]> = {
    work: ['src/swarm/worker.ts', ['@ast-grep/*', '@astral-sh/*', 'typescript']],
    eslint: ['src/specialists/style/load-eslint.ts', []],
    typescript: ['node_modules/@typescript-eslint/parser/dist/index.js', []],
  };
  const inputs = await Promise.all(
    Object.entries(parts).map(async ([name, [entry, external]]) => {
      const { outputFiles, metafile } = await build({
        ...shared,
        // TypeScript has no name that anybody reads, and a million characters of them.
        keepNames: name !== 'typescript',
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: `dist/swarm/${name}.cjs`,
        format: 'cjs',
        external,
        plugins: name === 'work' ? [apart] : [fewOfUnicorn],
        banner: { js: HERE },
        define: { 'import.meta.url': 'importMetaUrl' },
        supported: { 'dynamic-import': false },
        write: false,
        metafile: true,
      });
      writeFileSync(join(folder, `${name}.cjs`), toAscii(outputFiles[0]?.text ?? ''));
      return Object.keys(metafile.inputs);
    }),
  );
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(root, inputs.flat()));
  keepCompiled(root, folder);
}

/** Who reads Python only needs neither. */
const apart: Plugin = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/load-eslint\.ts$/ }, () => ({ path: './eslint.cjs', external: true }));
    onResolve({ filter: /^@typescript-eslint\/parser$/ }, () => ({ path: './typescript.cjs', external: true }));
  },
};

/** As `loadUnicorn` does it, from files that are named here and now. */
const fewOfUnicorn: Plugin = {
  name: 'few-of-unicorn',
  setup({ onLoad }) {
    onLoad({ filter: /\/load-eslint\.ts$/ }, ({ path }) => {
      const rules = join(dirname(createRequire(path).resolve('eslint-plugin-unicorn')), 'rules');
      const imported = (name: string, at: number) =>
        `import rule${at} from ${JSON.stringify(join(rules, `${name}.js`))};`;
      return {
        contents: `
          export { Linter } from 'eslint/universal';
          import { toEslintRules } from ${JSON.stringify(join(rules, 'rule/index.js'))};
          ${UNICORN.map(imported).join('\n')}
          const rules = toEslintRules({ ${UNICORN.map((name, at) => `'${name}': rule${at}`).join(', ')} });
          export const loadUnicorn = async () => ({ rules });`,
        resolveDir: dirname(path),
      };
    });
  },
};

/** Code in which much is found: what it takes to find and to mend it is what is kept. */
const SAMPLES = [
  {
    path: 'a.py',
    language: 'python',
    text: `import hashlib
import os
import subprocess
import yaml


def load(path, extra=[]):
    if path == None:
        return None
    for i in range(len(extra)):
        print(extra[i])
    with open(path) as f:
        return yaml.load(f)


def digest(password):
    return hashlib.md5(password.encode()).hexdigest()


def shell(name):
    subprocess.call("ls " + name, shell=True)
    try:
        return [int(n) for n in name if n != '']
    except:
        return []
`,
  },
  ...['js', 'ts'].map((ending) => ({
    path: `a.${ending}`,
    language: ending === 'ts' ? 'typescript' : 'javascript',
    text: `import { createHash } from 'crypto';
import { exec } from 'child_process';
import { readFileSync } from 'fs';
import express from 'express';
const app = express();
export async function digest(password, items${ending === 'ts' ? ': readonly string[]' : ''}) {
  var hash = createHash('md5').update(password).digest('hex');
  let known = [];
  for (const item of items) known.push(await fetch(item));
  if (hash == null) { return true; } else { return false; }
}
app.get('/x', (req, res) => {
  exec('ls ' + req.query.name);
  try { res.send(new Date().getTime() + '<b>' + req.query.name); } catch (e) {}
});
`,
  })),
];

/** Keeps the compiled code as it is after a look at the samples, for a node that does not do so itself. */
function keepCompiled(root: string, folder: string): void {
  const program = `
    import { writeFileSync } from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import vm from 'node:vm';
    const scripts = {};
    vm.Script = class extends vm.Script {
      constructor(text, options) {
        super(text, { ...options, filename: options.filename.replace(${JSON.stringify(folder)}, ${JSON.stringify(join(root, 'dist/swarm'))}) });
        scripts[options.filename] = this;
      }
    };
    syncBuiltinESMExports();
    await import(${JSON.stringify(pathToFileURL(join(folder, 'worker.js')))});
    const conventions = { python: [3, 9], esm: true, tools: [], ignoredRules: [] };
    for (const file of ${JSON.stringify(SAMPLES)}) {
      for (const specialist of ${JSON.stringify(embedded)}) {
        const files = [{ blob: '', test: false, ...file }];
        const { diagnosis, error } = await new Promise((resolve) => {
          process.send = resolve;
          process.emit('message', { id: 1, specialist, files, options: { conventions, settings: {} } });
        });
        const [lost = error] = diagnosis.skipped.map(({ reason }) => reason);
        if (lost !== undefined) throw new Error(specialist + ' on ' + file.path + ': ' + lost);
      }
    }
    for (const name in scripts) writeFileSync(name + '.cache', scripts[name].createCachedData());
    process.exit(0);`;
  execFileSync(process.execPath, ['--input-type=module', '-e', program]);
}
