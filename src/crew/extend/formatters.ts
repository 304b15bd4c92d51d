/**
 * gofmt and rustfmt as functions of a text. Rule: they run in the sandbox, in a slot that no code of the tree has seen, for what
 * they read is written there by us; what only another version of them would do is not done.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path/posix';
import { randomId } from '../../base/index.ts';
import type { Programs, Stand } from '../../evaluate/index.ts';
import { folderOf, foldersAbove } from './folders.ts';

/** Null: nothing says how it is to be formatted. */
export async function formatterFor(stand: Stand, { files }: Programs, tool: 'gofmt' | 'rustfmt', path: string) {
  const edition = tool === 'rustfmt' ? await editionOf(path, files) : '';
  if (edition === null) return null;
  const argv = tool === 'gofmt' ? ['gofmt'] : ['rustfmt', '--edition', edition, '--emit', 'stdout', '--quiet'];
  return async (text: string): Promise<string | null> => {
    const stdin = `.ambient-${randomId(12)}`;
    await writeFile(join(stand.dir, stdin), text, { flag: 'wx' });
    const result = await stand.run({ argv, cwd: folderOf(path), stdin, timeout: 20_000 });
    // Settings that only another version of it has make another format.
    const odd = /unstable|nightly|Unknown configuration/i.test(result.stderr);
    return result.code === 0 && !odd && !result.truncated && result.stdout !== '' ? result.stdout : null;
  };
}

async function editionOf(path: string, { read }: Programs['files']): Promise<string | null> {
  let inherits = false;
  for (const folder of foldersAbove(folderOf(path))) {
    const text = (await read(join(folder, 'Cargo.toml'))) ?? '';
    const own = /^edition\s*=\s*"(\d{4})"/m.exec(text)?.[1];
    if (own !== undefined) return own;
    inherits ||= /^edition\.workspace\s*=\s*true/m.test(text);
    if (text !== '' && /^\[package\]/m.test(text) && !inherits) return '2015';
  }
  return null;
}
