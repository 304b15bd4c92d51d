/** Programs of version managers, found behind their shims and run in the sandbox with a home that holds nothing else. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findToolchain } from '../../src/sandbox/bubblewrap/toolchain.ts';
import { bubblewrap, limitsFrom } from '../../src/sandbox/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/version-managers');
const isolated = spawnSync('bwrap', ['--version']).status === 0 || process.env['CI'] === 'true';
const SHIM = '#!/bin/sh\necho the manager is not here >&2\nexit 127\n';

interface Case {
  what: string;
  /** Below the home. Programs print where they are. */
  programs?: string[];
  files?: Record<string, string>;
  links?: Record<string, string>;
  /** Folder of PATH, below the home. */
  path: string;
  program: string;
  /** In the tree that is judged. */
  tree?: Record<string, string>;
  /** Which of `programs` runs; null: none is found. */
  runs: string | null;
}

const volta = {
  programs: ['.volta/tools/image/node/20.1.0/bin/node', '.volta/tools/image/node/18.2.0/bin/node'],
  files: { '.volta/tools/user/platform.json': '{"node":{"runtime":"20.1.0","npm":null},"yarn":null}' },
  links: { '.volta/bin/node': 'volta-shim', '.volta/bin/npm': 'volta-shim', '.volta/bin/yarn': 'volta-shim' },
  path: '.volta/bin',
};
const asdf = {
  programs: ['.asdf/installs/nodejs/20.1.0/bin/node', '.asdf/installs/golang/1.21.5/go/bin/go'],
  files: {
    '.asdf/shims/node': `#!/usr/bin/env bash\n# asdf-plugin: nodejs 20.1.0\nexec asdf exec "node" "$@"\n`,
    '.asdf/shims/go': `#!/usr/bin/env bash\n# asdf-plugin: golang 1.21.5\nexec asdf exec "go" "$@"\n`,
    '.tool-versions': 'nodejs 20.1.0 # the newest\ngolang 1.21.5\n',
  },
  path: '.asdf/shims',
};
const MISE = '.local/share/mise';
const mise = {
  programs: [`${MISE}/installs/node/20.1.0/bin/node`, `${MISE}/installs/node/18.2.0/bin/node`],
  files: {
    '.config/mise/config.toml': '[settings]\nexperimental = true\n\n[tools]\nnode = "20"\n"npm:prettier" = "3"\n',
  },
  links: { [`${MISE}/shims/node`]: '../../../bin/mise' },
  path: `${MISE}/shims`,
};

const CASES: Case[] = [
  { what: 'volta, by default', ...volta, program: 'node', runs: volta.programs[0] ?? '' },
  {
    ...{ what: 'volta, pinned by the repository', ...volta, program: 'node', runs: volta.programs[1] ?? '' },
    tree: { 'package.json': '{"volta":{"node":"18.2.0"}}' },
  },
  {
    ...{ what: 'volta, pinned and not installed', ...volta, program: 'node', runs: null },
    tree: { 'package.json': '{"volta":{"node":"16.0.0"}}' },
  },
  {
    ...{ what: 'volta, a path instead of a version', ...volta, program: 'node', runs: null },
    tree: { 'package.json': '{"volta":{"node":"../../../../evil"}}' },
  },
  {
    ...{
      what: 'volta, npm that came with node',
      ...volta,
      program: 'npm',
      runs: '.volta/tools/image/node/20.1.0/bin/npm',
    },
    programs: [...volta.programs, '.volta/tools/image/node/20.1.0/bin/npm'],
  },
  {
    ...{ what: 'volta, yarn of its own', ...volta, program: 'yarn', runs: '.volta/tools/image/yarn/1.22.1/bin/yarn' },
    programs: [...volta.programs, '.volta/tools/image/yarn/1.22.1/bin/yarn'],
    tree: { 'package.json': '{"volta":{"node":"20.1.0","yarn":"1.22.1"}}' },
  },
  { what: 'asdf, by default', ...asdf, program: 'node', runs: asdf.programs[0] ?? '' },
  { what: 'asdf, go one folder deeper', ...asdf, program: 'go', runs: asdf.programs[1] ?? '' },
  {
    ...{ what: 'asdf, chosen by the repository and not installed', ...asdf, program: 'node', runs: null },
    tree: { '.tool-versions': 'nodejs 16.0.0\n' },
  },
  { what: 'mise, the newest of 20', ...mise, program: 'node', runs: mise.programs[0] ?? '' },
  {
    ...{ what: 'mise, chosen by the repository', ...mise, program: 'node', runs: mise.programs[1] ?? '' },
    tree: { 'mise.toml': '[tools]\nnode = ["18", "20"]\n' },
  },
  {
    ...{ what: 'mise, chosen in the form of asdf', ...mise, program: 'node', runs: mise.programs[1] ?? '' },
    tree: { '.tool-versions': 'nodejs 18.2.0\n' },
  },
  {
    ...{ what: 'pyenv, what the repository asks for', program: 'python3', path: '.pyenv/shims' },
    programs: ['.pyenv/versions/3.11.7/bin/python3', '.pyenv/versions/3.9.18/bin/python3'],
    files: { '.pyenv/shims/python3': SHIM, '.pyenv/version': '3.11.7\n' },
    ...{ tree: { '.python-version': '3.9\n' }, runs: '.pyenv/versions/3.9.18/bin/python3' },
  },
  {
    ...{ what: 'nodenv', program: 'node', path: '.nodenv/shims' },
    programs: ['.nodenv/versions/20.1.0/bin/node', '.nodenv/versions/18.2.0/bin/node'],
    files: { '.nodenv/shims/node': SHIM, '.nodenv/version': '20.1.0\n' },
    ...{ tree: { '.node-version': '18.2.0\n' }, runs: '.nodenv/versions/18.2.0/bin/node' },
  },
  {
    ...{ what: 'nvm', program: 'node', path: '.nvm/versions/node/v20.1.0/bin' },
    ...{ programs: ['.nvm/versions/node/v20.1.0/bin/node'], runs: '.nvm/versions/node/v20.1.0/bin/node' },
  },
  {
    ...{ what: 'fnm, by a link for each shell', program: 'node', path: '.local/state/fnm_multishells/1_2/bin' },
    programs: ['.local/share/fnm/node-versions/v20.1.0/installation/bin/node'],
    links: { '.local/state/fnm_multishells/1_2': '../../share/fnm/node-versions/v20.1.0/installation' },
    runs: '.local/share/fnm/node-versions/v20.1.0/installation/bin/node',
  },
  {
    ...{ what: 'uv, by a link in ~/.local/bin', program: 'python3.12', path: '.local/bin' },
    programs: ['.local/share/uv/python/cpython-3.12.1-linux/bin/python3.12'],
    links: { '.local/bin/python3.12': '../share/uv/python/cpython-3.12.1-linux/bin/python3.12' },
    runs: '.local/share/uv/python/cpython-3.12.1-linux/bin/python3.12',
  },
  {
    ...{ what: 'conda, the base', program: 'pytest', path: 'miniconda3/bin', programs: ['miniconda3/bin/pytest'] },
    ...{ files: { 'miniconda3/lib/python3.11/os.py': '' }, runs: 'miniconda3/bin/pytest' },
  },
  {
    ...{ what: 'conda, an environment', program: 'pytest', path: 'miniconda3/envs/dev/bin' },
    ...{ programs: ['miniconda3/envs/dev/bin/pytest'], runs: 'miniconda3/envs/dev/bin/pytest' },
  },
  {
    ...{
      what: 'pipx, a link to a script whose interpreter is in its environment',
      program: 'ruff',
      path: '.local/bin',
    },
    programs: ['.local/share/pipx/venvs/ruff/bin/python'],
    files: { '.local/share/pipx/venvs/ruff/bin/ruff': '#!{home}/.local/share/pipx/venvs/ruff/bin/python\n' },
    links: { '.local/bin/ruff': '../share/pipx/venvs/ruff/bin/ruff' },
    runs: '.local/share/pipx/venvs/ruff/bin/python',
  },
];

function prepare({ programs = [], files = {}, links = {}, path, tree = {} }: Case) {
  const [home, slot] = [temporaryDirectory(), temporaryDirectory()];
  const write = (root: string, name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text.replace('{home}', home));
    chmodSync(join(root, name), 0o755);
  };
  const print = (program: string) => `#!/bin/sh\necho ${program}; ls -a "$HOME" '${home}'\n`;
  for (const manager of ['.volta/bin/volta-shim', '.local/bin/mise']) write(home, manager, SHIM);
  write(home, '.ssh/id_ed25519', 'secret');
  for (const program of programs) write(home, program, print(program));
  for (const [name, text] of Object.entries(files)) write(home, name, text);
  for (const [name, target] of Object.entries(links)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    symlinkSync(target, join(home, name));
  }
  for (const [name, text] of Object.entries(tree)) write(slot, name, text);
  return { home, slot, path: `${join(home, path)}:/usr/bin:/bin:/usr/sbin:/sbin` };
}

for (const one of CASES)
  test(`${one.what}: ${one.runs === null ? 'not found' : 'found'}`, () => {
    const { home, slot, path } = prepare(one);
    const found = findToolchain(one.program, { path: path.split(':')[0] ?? '', home, folders: [slot] });
    if (one.runs === null) return assert.is(found, null);
    assert.ok(found !== null);
    assert.ok(found.mounts.every((mount) => mount !== home && !mount.startsWith(join(home, '.ssh'))));
  });

for (const one of CASES.filter(({ runs }) => runs !== null))
  (isolated ? test : test.skip)(`${one.what}: runs in the sandbox`, async () => {
    const { home, slot, path } = prepare(one);
    const limits = limitsFrom({ timeout_seconds: 60 });
    const result = await bubblewrap({ path, home }).run({ argv: [one.program], dir: slot, limits });
    assert.is(result.stdout.split('\n')[0], one.runs, JSON.stringify(result));
    assert.not.match(result.stdout, '.ssh');
  });

test.run();
