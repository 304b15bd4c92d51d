/**
 * Installing and removing the post-commit hook. Rule: ask git for the place; a hooks directory that something else
 * manages gets nothing written; what was there is restored byte for byte, mode included.
 */
import { chmod, lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AmbientError, randomId } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import { BLOCK_MARK, type Places, withBlock, withoutBlock } from './block.ts';

export type Installation =
  | { installed: true; path: string; changed: boolean }
  /** `snippet` is what the person may add to their own hook. */
  | { installed: false; path: string; reason: string; snippet: string };

/** Puts our block into the post-commit hook of a plain hooks directory. Running it twice changes nothing. */
export async function installHook(repository: Repository, places: Places): Promise<Installation> {
  const { dir, configured } = await repository.config.hooks();
  const path = join(dir, 'post-commit');
  const snippet = withBlock(null, places).split('\n').slice(1).join('\n');
  if (configured !== null)
    return {
      installed: false,
      path,
      reason: `core.hooksPath is set in ${configured.origin} (${configured.scope}): that directory is managed by something else`,
      snippet,
    };
  const file = await readHook(path);
  if (file.kind === 'other')
    return { installed: false, path, reason: 'post-commit is not a regular text file', snippet };
  if (file.kind === 'text' && !isShell(file.text))
    return { installed: false, path, reason: 'post-commit is not a shell script', snippet };
  const text = file.kind === 'text' ? file.text : null;
  const directory = (await lstat(dir).catch(() => null)) === null;
  const wanted = withBlock(text, places, { directory });
  if (wanted === text) return { installed: true, path, changed: false };
  await mkdir(dir, { recursive: true });
  // An existing hook that is not executable does not run: making it executable would run what the user switched off.
  if (file.kind === 'text' && (file.mode & 0o100) === 0)
    return { installed: false, path, reason: 'post-commit exists but is not executable', snippet };
  await replaceFile(path, wanted, file.kind === 'text' ? file.mode : 0o755);
  return { installed: true, path, changed: true };
}

/** Takes our block out; deletes the file when nothing but a shebang is left. Says whether there was a block. */
export async function removeHook(repository: Repository): Promise<{ removed: boolean; path: string }> {
  const { dir } = await repository.config.hooks();
  const path = join(dir, 'post-commit');
  const file = await readHook(path);
  if (file.kind !== 'text') return { removed: false, path };
  const { text, found, empty, directory } = withoutBlock(file.text);
  if (!found) return { removed: false, path };
  if (!empty) await replaceFile(path, text, file.mode);
  else {
    await rm(path);
    if (directory) await rmdir(dir).catch(() => {});
  }
  return { removed: true, path };
}

/** Is our block in the post-commit hook that git runs here? `elsewhere`: `core.hooksPath` points away from us. */
export async function hookState(repository: Repository): Promise<'installed' | 'missing' | 'elsewhere'> {
  const { dir, configured } = await repository.config.hooks();
  const file = await readHook(join(dir, 'post-commit'));
  if (file.kind === 'text' && file.text.includes(BLOCK_MARK)) return 'installed';
  return configured === null ? 'missing' : 'elsewhere';
}

type HookFile = { kind: 'text'; text: string; mode: number } | { kind: 'none' } | { kind: 'other' };

async function readHook(path: string): Promise<HookFile> {
  const info = await lstat(path).catch(() => null);
  if (info === null) return { kind: 'none' };
  if (!info.isFile()) return { kind: 'other' };
  const bytes = await readFile(path);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes) || text.includes('\0')) return { kind: 'other' };
  return { kind: 'text', text, mode: info.mode & 0o777 };
}

function isShell(text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  return text.trim() === '' || !first.startsWith('#!') || /\b(sh|bash|dash|ash|zsh|ksh)\b/.test(first);
}

async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.post-commit.${randomId()}`);
  try {
    await writeFile(temporary, text, { mode });
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new AmbientError('hook-not-written', `could not write ${path}`, {
      kind: 'environment',
      hint: 'check the permissions of the hooks directory; nothing was changed',
      cause,
    });
  }
}
