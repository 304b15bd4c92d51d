/** A tree with other files in it, for `evaluate`. Rule: objects only; no ref, no index, no worktree. */
import type { EditTree } from '../evaluate/index.ts';
import type { Repository } from '../git/index.ts';

export function editTreeIn(repository: Repository): EditTree {
  return async (tree, files) => {
    const contents = await Promise.all(
      files.map(async ({ path, content }) => {
        if (content === null) return { path, content };
        if (typeof content === 'string') return { path, content: Buffer.from(content) };
        return { path, content: (await repository.objects.blobAt(content.of, path))?.content ?? null };
      }),
    );
    return contents.length === 0 ? tree : repository.trees.edit(tree, contents);
  };
}
