/**
 * Reading and replacing hook files. Rule: whole files by rename, mode kept; a link or anything that is no text is never
 * touched; nothing half-written stays.
 */
import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AmbientError, randomId } from '../base/index.ts';

export type HookFile = { kind: 'text'; text: string; mode: number } | { kind: 'none' } | { kind: 'other' };

export async function readHook(path: string): Promise<HookFile> {
  const info = await lstat(path).catch(() => null);
  if (info === null) return { kind: 'none' };
  if (!info.isFile()) return { kind: 'other' };
  const bytes = await readFile(path);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes) || text.includes('\0')) return { kind: 'other' };
  return { kind: 'text', text, mode: info.mode & 0o777 };
}

export function isShell(text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  return text.trim() === '' || !first.startsWith('#!') || /\b(sh|bash|dash|ash|zsh|ksh)\b/.test(first);
}

/** Replaces `path` as a whole. @throws AmbientError `hook-not-written` (environment). */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomId()}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text, { mode });
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new AmbientError('hook-not-written', `could not write ${path}: ${(cause as Error).message}`, {
      kind: 'environment',
      hint: 'check the permissions of its directory; the file was not changed',
      data: { path },
      cause,
    });
  }
}
