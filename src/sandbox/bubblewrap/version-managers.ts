/**
 * Finds the program behind the shim of a version manager: pyenv and its kind, rustup, Volta, asdf, mise. A shim asks its
 * manager at run time, which is not there inside: the same answer is read from its files. Rule: nothing is executed, and
 * what the repository names is a plain version, never a path.
 */
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isExecutable, textOf } from './host.ts';

interface Place {
  home: string;
  /** Where version files may stand, innermost first. */
  folders: readonly string[];
}

/** Returns `path` itself where it is no shim, and null where nothing stands behind it. */
export function behindShim(path: string, place: Place): string | null {
  const name = basename(path);
  const root = dirname(dirname(path));
  const target = basename(realpathSync.native(path));
  if (basename(dirname(path)) === 'shims') {
    if (existsSync(join(root, 'versions'))) return behindEnv(root, name, place);
    if (target === 'mise') return behindInstalls(root, name, miseVersions(place));
    if (existsSync(join(root, 'installs'))) return behindInstalls(root, name, asdfVersions(textOf(path), place));
  }
  if (target === 'volta-shim') return behindVolta(root, name, place);
  return isRustup(path) && name !== 'rustup' ? behindRustup(path, place) : path;
}

const VERSION_FILES: Record<string, string> = { nodenv: '.node-version', goenv: '.go-version', rbenv: '.ruby-version' };

/** Pyenv, nodenv, goenv, rbenv. */
function behindEnv(root: string, name: string, { folders }: Place): string | null {
  const file = VERSION_FILES[basename(root).replace(/^\./, '')] ?? '.python-version';
  const named = folders.map((folder) => textOf(join(folder, file))).filter((text) => text !== '');
  for (const version of [...named.slice(0, 1), textOf(join(root, 'version'))].flatMap((text) => text.split(/\s+/))) {
    const bin = join(root, 'versions', closestVersion(join(root, 'versions'), version), 'bin', name);
    if (isVersion(version) && isExecutable(bin)) return bin;
  }
  return null;
}

type Asked = Array<[tool: string, version: string]>;

/** Asdf and mise keep programs alike. */
function behindInstalls(root: string, name: string, asked: Asked): string | null {
  for (const [tool, version] of asked) {
    if (!isVersion(tool) || !isVersion(version)) continue;
    const installs = join(root, 'installs', tool);
    // Go is unpacked one folder deeper by asdf; npm and its kind come with node.
    for (const bin of ['bin', 'go/bin', 'packages/bin']) {
      const program = join(installs, installed(installs, version), bin, name);
      if (isExecutable(program)) return program;
    }
  }
  return null;
}

/** What a shim of asdf names are the tools that have this program; `.tool-versions` says which version, innermost first. */
function asdfVersions(shim: string, place: Place): Asked {
  const tools = new Set([...shim.matchAll(/^# asdf-plugin: (\S+)/gm)].map(([, tool]) => tool ?? ''));
  const found: Asked = [];
  for (const tool of tools) {
    const lines = [...place.folders, place.home].flatMap((folder) => toolVersions(join(folder, '.tool-versions')));
    const first = lines.find(([name]) => name === tool);
    if (first) found.push(first);
  }
  return found;
}

function miseVersions({ folders, home }: Place): Asked {
  const files = ['mise.toml', '.mise.toml', '.config/mise/config.toml', '.config/mise.toml'];
  const found: Asked = [];
  for (const folder of [...folders, home]) {
    for (const file of files) found.push(...miseTools(textOf(join(folder, file))));
    found.push(...toolVersions(join(folder, '.tool-versions')).map(([tool, one]): Asked[number] => [own(tool), one]));
  }
  // The innermost file that names a tool decides.
  return found.filter(([tool], at) => found.findIndex(([other]) => other === tool) === at);
}

/** Mise has names of its own for what asdf calls by the name of a plugin. */
function own(tool: string): string {
  return { nodejs: 'node', golang: 'go' }[tool] ?? tool;
}

/** `[tools]` of mise: `node = "20"`, `node = ["20", "18"]`, `node = { version = "20" }`. */
function miseTools(text: string): Asked {
  const section = /^\[tools\]\s*$([^[]*(?:\[[^\]\n]*"[^[]*)*)/m.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^\s*"?([\w:./@-]+?)"?\s*=\s*[^"'\n]*["']([^"'\n]+)["']/gm)].map(
    ([, tool = '', version = '']): Asked[number] => [own(tool), version],
  );
}

function toolVersions(file: string): Asked {
  return textOf(file)
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .flatMap(([tool, version]): Asked => (tool && version ? [[tool, version]] : []));
}

/** `20` stands for the newest 20.x that is installed; so do links of that name, where the manager makes them. */
function installed(folder: string, version: string): string {
  if (existsSync(join(folder, version)) || !existsSync(folder)) return version;
  const names = readdirSync(folder).filter((name) => name.startsWith(`${version}.`));
  return names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0] ?? version;
}

/** Volta: `volta` of the nearest package.json that has it, else what `volta install` chose. */
function behindVolta(root: string, name: string, { folders }: Place): string | null {
  const chosen = jsonOf(join(root, 'tools/user/platform.json'));
  const pinned = folders
    .map((folder) => jsonOf(join(folder, 'package.json'))['volta'])
    .find((one) => one !== undefined);
  const node = textIn(pinned, 'node') || textIn(chosen['node'], 'runtime');
  const tool = name === 'npx' ? 'npm' : name;
  const own = textIn(pinned, tool) || (tool === 'npm' ? textIn(chosen['node'], 'npm') : textIn(chosen, tool));
  const image = (kind: string, version: string) => join(root, 'tools/image', kind, version, 'bin', name);
  const wanted: Asked =
    name === 'node'
      ? [['node', node]]
      : [
          [tool, own],
          ['node', node],
        ];
  for (const [kind, version] of wanted)
    if (isVersion(version) && isVersion(kind) && isExecutable(image(kind, version))) return image(kind, version);
  return null;
}

function jsonOf(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(textOf(file) || '{}');
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textIn(value: unknown, key: string): string {
  const found = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'string' ? found : '';
}

/** A link to rustup, or a hard link to it. */
function isRustup(path: string): boolean {
  if (basename(realpathSync.native(path)) === 'rustup') return true;
  const [own, rustup] = [path, join(dirname(path), 'rustup')].map((file) => statSync(file, { throwIfNoEntry: false }));
  return own !== undefined && rustup !== undefined && own.ino === rustup.ino && own.dev === rustup.dev;
}

function behindRustup(path: string, host: Place): string | null {
  // Where it is by default, or beside cargo's own home (`/usr/local/cargo` and `/usr/local/rustup`).
  const cargoHome = dirname(dirname(path));
  const homes = [join(host.home, '.rustup'), join(dirname(cargoHome), 'rustup'), join(dirname(cargoHome), '.rustup')];
  const rustup = homes.find((folder) => existsSync(join(folder, 'toolchains')));
  if (rustup === undefined) return null;
  const named = host.folders.map(rustToolchainIn).find((channel) => channel !== null);
  const fallback = /^default_toolchain\s*=\s*"([^"]+)"/m.exec(textOf(join(rustup, 'settings.toml')))?.[1] ?? '';
  const channel = named ?? fallback;
  if (!isVersion(channel)) return null;
  // `1.75` and `stable` stand for themselves followed by the name of this machine.
  const installed = readdirSync(join(rustup, 'toolchains')).sort();
  const version = installed.find((one) => one === channel) ?? installed.find((one) => one.startsWith(`${channel}-`));
  const bin = join(rustup, 'toolchains', version ?? '', 'bin', basename(path));
  return version !== undefined && isExecutable(bin) ? bin : null;
}

/** `rust-toolchain.toml`, or the older form of one line. */
function rustToolchainIn(folder: string): string | null {
  const text = textOf(join(folder, 'rust-toolchain.toml')) || textOf(join(folder, 'rust-toolchain'));
  if (text === '') return null;
  return /^\s*channel\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] ?? (/^[\w.+-]+$/.test(text) ? text : null);
}

/** The text may come from the tree under test: a plain name, never a path. */
function isVersion(text: string): boolean {
  return /^[A-Za-z0-9][\w.+-]*$/.test(text);
}

/** pyenv reads `3.11` as the newest 3.11.x. */
function closestVersion(folder: string, version: string): string {
  if (!/^\d+\.\d+$/.test(version)) return version;
  const patch = (name: string) => Number(name.slice(version.length + 1));
  const names = readdirSync(folder).filter((name) => name.startsWith(`${version}.`) && Number.isInteger(patch(name)));
  return names.sort((a, b) => patch(b) - patch(a))[0] ?? version;
}
