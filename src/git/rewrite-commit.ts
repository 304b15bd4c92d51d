/**
 * Writes a commit again with another tree, parent or message. Rule: author, dates, encoding and message keep their bytes;
 * the committer is the user, at the old time; an old signature goes, and a new one is made only if the user signs.
 */
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { readAs } from './objects.ts';
import { tail } from './run.ts';
import type { Oid } from './types.ts';

export interface CommitWriter {
  rewrite(commit: Oid, change: { tree: Oid; parents: readonly Oid[]; message?: Uint8Array }): Promise<Oid>;
}

/** @throws AmbientError `no-identity` (user) when git does not know who the user is. */
export async function openCommitWriter(git: GitContext): Promise<CommitWriter> {
  const [who, sign] = await Promise.all([
    git.asUser(['var', 'GIT_COMMITTER_IDENT'], { ok: [0, 1, 128] }),
    git.plain(['config', '--type=bool', '--get', 'commit.gpgSign'], { ok: [0, 1, 128] }),
  ]);
  const name = /^(.*>) -?\d+ [+-]\d+\n?$/.exec(who.stdout.toString('latin1'))?.[1];
  if (who.code !== 0 || name === undefined)
    throw new AmbientError('no-identity', `git does not know who commits: ${tail(who.stderr, 300)}`, {
      kind: 'user',
      hint: 'run `git config user.name "…"` and `git config user.email …`',
    });
  const signs = sign.stdout.toString().trim() === 'true';
  return {
    rewrite: async (commit, change) => {
      const { content } = await readAs(git, commit, 'commit');
      const raw = rebuild(content, { ...change, committer: name });
      return signs ? writeSigned(git, raw) : write(git, raw);
    },
  };
}

interface Rebuilt {
  tree: Oid;
  parents: readonly Oid[];
  /** `Name <email>` in Latin-1. */
  committer: string;
  message?: Uint8Array;
}

/** The bytes of the new commit object. Pure. */
export function rebuild(raw: Buffer, { tree, parents, committer, message }: Rebuilt): Buffer {
  const split = raw.indexOf('\n\n');
  const head = raw.toString('latin1', 0, split < 0 ? raw.length : split);
  const body = message ?? (split < 0 ? Buffer.alloc(0) : raw.subarray(split + 2));
  // A field goes on in the lines that start with a space.
  const fields = head.split(/\n(?! )/).filter((field) => !/^(tree|parent|gpgsig|gpgsig-sha256|mergetag) /.test(field));
  const kept = fields.map((field) => field.replace(/^committer .*>( -?\d+ [+-]\d+)$/s, `committer ${committer}$1`));
  const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), ...kept];
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`, 'latin1'), body]);
}

async function write(git: GitContext, raw: Buffer): Promise<Oid> {
  return (await git.run(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: raw })).stdout.toString().trim();
}

/** Only git can sign as the user has set it up; fields that it does not know are lost on this way. */
async function writeSigned(git: GitContext, raw: Buffer): Promise<Oid> {
  const head = raw.toString('latin1', 0, raw.indexOf('\n\n'));
  const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(head)?.[1] ?? '';
  const parents = [...head.matchAll(/^parent (.*)$/gm)].flatMap((match) => ['-p', match[1] ?? '']);
  const encoding = field('encoding') || 'UTF-8';
  const args = ['-c', `i18n.commitEncoding=${encoding}`, 'commit-tree', '-S', field('tree'), ...parents];
  const env = { ...identity('AUTHOR', field('author')), ...identity('COMMITTER', field('committer')) };
  const result = await git.asUser(args, { input: raw.subarray(raw.indexOf('\n\n') + 2), env, ok: [0, 1, 128] });
  if (result.code === 0) return result.stdout.toString().trim();
  throw new AmbientError('signing-failed', `the rewritten commit could not be signed: ${tail(result.stderr)}`, {
    kind: 'user',
    hint: 'mend signing, or set `commit.gpgSign` to false; nothing was changed',
  });
}

function identity(role: 'AUTHOR' | 'COMMITTER', line: string): Record<string, string> {
  const match = /^(.*?) ?<([^>]*)> (-?\d+ [+-]\d+)$/.exec(Buffer.from(line, 'latin1').toString());
  const [name = '', email = '', time = ''] = match?.slice(1) ?? [];
  return { [`GIT_${role}_NAME`]: name, [`GIT_${role}_EMAIL`]: email, [`GIT_${role}_DATE`]: `@${time}` };
}
