/**
 * The self-made corpus: one text file a story, with every file of both sides under `=== before|after <mode> <path>`.
 * Rule: they go through git as any commit does, so that they are damaged in the same ways as real ones.
 */
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRepository } from '../../support/repository.ts';
import { readCommit } from './commits.ts';
import type { Source } from './model.ts';

const FOLDER = fileURLToPath(new URL('../../golden/patch', import.meta.url));

export function readStories(seed: string): Source[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => readStory(name.slice(0, -'.txt'.length), seed));
}

function readStory(name: string, seed: string): Source {
  const text = readFileSync(join(FOLDER, `${name}.txt`), 'utf8');
  const parts = [...text.matchAll(/^=== (before|after) (\d+) (.+)\n([\s\S]*?)(?=^=== (?:before|after) |(?![\s\S]))/gm)];
  const repo = makeRepository({ empty: true });
  const commit = (side: string) => {
    for (const entry of readdirSync(repo.dir)) if (entry !== '.git') rmSync(join(repo.dir, entry), { recursive: true });
    for (const [, of, mode, path = '', content = ''] of parts) {
      if (of !== side) continue;
      repo.write(path, content);
      if (mode === '100755') chmodSync(join(repo.dir, path), 0o755);
    }
    return repo.commit(side);
  };
  commit('before');
  const source = readCommit(repo.dir, commit('after'), { name, seed });
  repo.remove();
  if (source === null) throw new Error(`the story ${name} cannot be read`);
  return { ...source, name };
}
