/**
 * What the flags of `run` and `findings` name. Rule: paths are meant from where the person stands, revisions as git reads
 * them; what names nothing is said, never an empty result.
 */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { Scope } from '../loops/index.ts';
import type { CycleInput } from './cycle.ts';
import { type Crew, commitOf, headOf } from './open.ts';

export interface RunRequest {
  /** Nothing given: what is pending. */
  all?: boolean | undefined;
  since?: string | undefined;
  /** Files and folders, relative to `crew.dir`. */
  paths?: string[] | undefined;
  /** Started by the hook: leave at once when another runner lives, and say nothing. */
  background?: boolean | undefined;
}

/** Null where the flags name nothing. The cursor stays: commits that wait are other work, on other paths or branches. */
export async function explicitWork(crew: Crew, request: RunRequest): Promise<CycleInput | null> {
  if (request.since !== undefined)
    return { base: await headOf(crew), scope: { kind: 'changes', from: await commitOf(crew, request.since) } };
  const paths = request.paths ?? [];
  if (!request.all && paths.length === 0) return null;
  const base = await headOf(crew);
  return { base, scope: { kind: 'all', paths: await Promise.all(paths.map((path) => rooted(crew, base, path))) } };
}

/** As `explicitWork`; without flags what the newest commit changed. */
export async function scopeOf(crew: Crew, request: RunRequest): Promise<CycleInput> {
  const asked = await explicitWork(crew, request);
  if (asked !== null) return asked;
  const base = await headOf(crew);
  return { base, scope: await sinceParent(crew, base) };
}

async function sinceParent(crew: Crew, commit: string): Promise<Scope> {
  const { parents, cutOff } = await crew.repository.objects.commit(commit);
  if (cutOff)
    throw new AmbientError('no-parent', `${commit.slice(0, 12)} has no parent in this shallow clone`, {
      kind: 'user',
      hint: 'run `git fetch --deepen=1`, or look at everything with `--all`',
      data: { commit },
    });
  return { kind: 'changes', from: parents[0] ?? null };
}

/** What a person hears of a commit whose change cannot be told. */
export function cutOffNotice(commit: string): string {
  return `${commit.slice(0, 12)} has no parent in this shallow clone: what it changed cannot be told; \`git ambient run --all\` looks at everything`;
}

/** The path from the top of the repository. In a bare one that is where the person stands. */
async function rooted(crew: Crew, base: string, path: string): Promise<string> {
  const top = crew.repository.info.workTree;
  const inside = top === null ? path : await below(top, await realpath(crew.dir), path);
  if (inside === null)
    throw new AmbientError('outside-repository', `${path} is outside of the repository at ${top}`, {
      kind: 'user',
      hint: 'name files and folders of this repository, or another one with `-C <dir>`',
    });
  const clean = inside.replace(/\/+$/, '') || '.';
  // git reads one question a line.
  const known =
    clean === '.' || /[\n\0]|\r$/.test(clean) || (await crew.repository.objects.resolve(`${base}:${clean}`));
  if (known) return clean;
  throw new AmbientError('unknown-path', `${path} is not in the newest commit`, {
    kind: 'user',
    hint: 'name committed files or folders, from where you are',
    data: { path: clean },
  });
}

/** Null: not below `top`. A link on the way is followed only where the name alone leads out. */
async function below(top: string, dir: string, path: string): Promise<string | null> {
  const given = resolve(dir, path);
  const real = await realpath(given).catch(() => given);
  const found = [given, real].map((at) => relative(top, at)).find((at) => !isAbsolute(at) && !/^\.\.(\/|$)/.test(at));
  return found ?? null;
}
