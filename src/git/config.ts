/** The user's git configuration as it stands. Rule: written only locally, and only what the caller names. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitContext } from './context.ts';
import type { Repository } from './types.ts';

export function createConfig(git: GitContext): Repository['config'] {
  return {
    get: async (key) => {
      const result = await git.plain(['config', '--null', '--get', key], { ok: [0, 1] });
      return result.code === 0 ? result.stdout.toString().slice(0, -1) : null;
    },
    set: async (key, value) => {
      await git.plain(['config', '--local', '--replace-all', key, value]);
    },
    unset: async (key) => {
      // 5: there was nothing to unset.
      const { code } = await git.plain(['config', '--local', '--unset-all', key], { ok: [0, 5] });
      if (code === 0) await removeEmptySection(git, key.slice(0, key.lastIndexOf('.')));
    },
    identity: () => readIdentity(git),
    hooks: () => findHooks(git),
  };
}

/** git leaves the header of an emptied section where a comment stands above it; a section with a comment inside stays. */
async function removeEmptySection(git: GitContext, section: string): Promise<void> {
  const text = await readFile(join(git.info.commonDir, 'config'), 'utf8').catch(() => '');
  const [name = '', ...rest] = section.split('.');
  const header = rest.length === 0 ? `[${name}]` : `[${name} "${rest.join('.')}"]`;
  const lines = text.split('\n');
  const at = lines.indexOf(header);
  const after = lines[at + 1];
  if (at < 0 || !(after === undefined || after === '' || after.startsWith('['))) return;
  await git.plain(['config', '--local', '--remove-section', section], { ok: [0, 128] });
}

async function readIdentity(git: GitContext): Promise<{ name: string; email: string } | null> {
  const result = await git.plain(['var', 'GIT_AUTHOR_IDENT'], { ok: [0, 1, 128] });
  const match = /^(.*) <([^>]*)> \d+ [+-]\d+$/.exec(result.stdout.toString().trim());
  return match?.[1] === undefined || match[2] === undefined ? null : { name: match[1], email: match[2] };
}

/** Where core.hooksPath is set, git is asked what it means; else the place is the same for all worktrees. */
async function findHooks(git: GitContext): Promise<Awaited<ReturnType<Repository['config']['hooks']>>> {
  const asked = ['config', '--show-origin', '--show-scope', '--null', '--get', 'core.hooksPath'];
  const setting = await git.plain(asked, { ok: [0, 1] });
  if (setting.code !== 0) return { dir: join(git.info.commonDir, 'hooks'), configured: null };
  const place = await git.plain(['rev-parse', '--path-format=absolute', '--git-path', 'hooks']);
  const dir = place.stdout.toString().replace(/\n$/, '');
  const [scope = '', origin = ''] = setting.stdout.toString().split('\0');
  return { dir, configured: { scope, origin } };
}
