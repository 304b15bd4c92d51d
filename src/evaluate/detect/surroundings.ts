/**
 * What of this machine decides an answer without being the program of a check: the other programs that it may start, and
 * which version a version manager would choose. Rule: by looking at files only.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { arch, homedir, release } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { digest } from '../../base/index.ts';

/** `make test` runs pytest, `npm test` runs node. */
const PROGRAMS = [
  ...['python3', 'python', 'pytest', 'node', 'npm', 'yarn', 'pnpm', 'go', 'cargo', 'rustc', 'make', 'sh', 'gcc'],
];

/** Where version managers keep what they choose by default, below the home directory. */
const CHOICES = [
  ...['.pyenv/version', '.nvm/alias/default', '.volta/tools/user/platform.json', '.tool-versions', '.asdfrc'],
  ...['.config/mise/config.toml', '.rustup/settings.toml'],
];

/** One digest over all of them. @param path of the user. */
export async function surroundings(path: string, home = homedir()): Promise<string> {
  const programs = await Promise.all(PROGRAMS.map(async (name) => `${name} ${await stampOf(name, path)}`));
  const chosen = await Promise.all(CHOICES.map((file) => readFile(join(home, file), 'utf8').catch(() => '')));
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return digest([release(), arch(), system, ...programs, ...chosen], 32);
}

async function stampOf(name: string, path: string): Promise<string> {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const real = await realpath(join(folder, name)).catch(() => null);
    const found = real === null ? null : await stat(real).catch(() => null);
    if (found?.isFile()) return `${real} ${found.size} ${found.mtimeMs}`;
  }
  return '';
}

/** Changes when a folder does that is lent as a whole: its own entry, not what is deeper in it. */
export async function folderStamps(paths: readonly string[]): Promise<string> {
  const stamps = paths.map(async (path) => {
    const found = await stat(path).catch(() => null);
    return found === null ? `${path} is not there` : `${path} ${found.ino} ${found.mtimeMs}`;
  });
  return (await Promise.all(stamps)).join('\n');
}
