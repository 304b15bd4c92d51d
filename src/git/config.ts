/**
 * The user's git configuration. Rule: one process reads all of it, once for whoever opened the repository, as nearly every
 * command asks for several keys; who must know what others wrote since says so. Written only locally, and only what is named.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitContext } from './context.ts';
import type { Repository } from './types.ts';

export function createConfig(git: GitContext): Repository['config'] {
  let reading: Promise<Settings> | null = null;
  const forget = () => {
    reading = null;
  };
  const settings = () => {
    if (reading !== null) return reading;
    const begun = readSettings(git);
    reading = begun;
    begun.catch(forget);
    return begun;
  };
  return {
    get: async (key, { fresh = false } = {}) => {
      if (fresh) forget();
      return (await settings()).get(normal(key))?.value ?? null;
    },
    set: async (key, value) => {
      forget();
      await git.plain(['config', '--local', '--replace-all', key, value]);
      forget();
    },
    unset: async (key) => {
      forget();
      // 5: there was nothing to unset.
      const { code } = await git.plain(['config', '--local', '--unset-all', key], { ok: [0, 5] });
      if (code === 0) await removeEmptySection(git, key.slice(0, key.lastIndexOf('.')));
      forget();
    },
    identity: () => readIdentity(git),
    hooks: async () => findHooks(git, (await settings()).get('core.hookspath')),
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
async function findHooks(
  git: GitContext,
  setting: Setting | undefined,
): Promise<Awaited<ReturnType<Repository['config']['hooks']>>> {
  if (setting === undefined) return { dir: join(git.info.commonDir, 'hooks'), configured: null };
  const place = await git.plain(['rev-parse', '--path-format=absolute', '--git-path', 'hooks']);
  const dir = place.stdout.toString().replace(/\n$/, '');
  return { dir, configured: { scope: setting.scope, origin: setting.origin } };
}

interface Setting {
  value: string;
  scope: string;
  origin: string;
}
type Settings = Map<string, Setting>;

/** By key in git's own spelling; of several the last, which is the one that counts. */
async function readSettings(git: GitContext): Promise<Settings> {
  const { stdout } = await git.plain(['config', '--null', '--list', '--show-origin', '--show-scope']);
  const parts = stdout.toString().split('\0');
  const found: Settings = new Map();
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [scope = '', origin = '', setting = ''] = parts.slice(at, at + 3);
    const end = setting.indexOf('\n');
    const [key, value] = end < 0 ? [setting, ''] : [setting.slice(0, end), setting.slice(end + 1)];
    found.set(key, { value, scope, origin });
  }
  return found;
}

/** Case counts in the middle part alone. */
function normal(key: string): string {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')];
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase();
}
