/**
 * Builds a fast-import stream. Pure. Rule: one scratch ref serves all commits of a stream and is reset to nothing at
 * its end, so that git writes objects and no ref; any byte in a path or message arrives as it is.
 */
import { AmbientError, randomId } from '../base/index.ts';
import type { Oid } from './types.ts';

export interface StreamCommit {
  mark: number;
  author: string;
  committer: string;
  message: string;
  /** Oids or marks (`:3`). */
  parents: readonly string[];
  /** Lines and blobs of changes, built by `file`, `remove`, `note`, `wholeTree`. */
  changes: readonly Change[];
}
export type Change = { line: string; data?: Uint8Array };

export class ImportStream {
  readonly #parts: Uint8Array[] = [];
  readonly #scratch = `refs/ambient/scratch/${randomId(16)}`;

  commit(commit: StreamCommit): this {
    this.#line(`reset ${this.#scratch}`);
    this.#line(`commit ${this.#scratch}`);
    this.#line(`mark :${commit.mark}`);
    this.#line(`author ${commit.author}`);
    this.#line(`committer ${commit.committer}`);
    this.#data(Buffer.from(commit.message));
    commit.parents.forEach((parent, index) => {
      this.#line(`${index === 0 ? 'from' : 'merge'} ${parent}`);
    });
    for (const change of commit.changes) {
      this.#line(change.line);
      if (change.data) this.#data(change.data);
    }
    return this;
  }

  /** Makes git print the oid of `mark`. */
  printMark(mark: number): this {
    return this.#line(`get-mark :${mark}`);
  }

  /** Makes git print the root tree of the commit that was just begun. */
  printTree(): this {
    return this.#line('ls ""');
  }

  end(zero: Oid): Buffer {
    this.#line(`reset ${this.#scratch}`).#line(`from ${zero}`);
    return Buffer.concat(this.#parts);
  }

  #line(text: string): this {
    this.#parts.push(Buffer.from(`${text}\n`));
    return this;
  }

  #data(bytes: Uint8Array): void {
    this.#parts.push(Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n'));
  }
}

export const setFile = (path: string, mode: string, data: Uint8Array): Change => ({
  line: `M ${mode} inline ${quotePath(path)}`,
  data,
});
export const removeFile = (path: string): Change => ({ line: `D ${quotePath(path)}` });
export const setNote = (target: string, data: Uint8Array): Change => ({ line: `N inline ${target}`, data });
export const startFrom = (tree: Oid | null): Change => ({ line: tree === null ? 'deleteall' : `M 040000 ${tree} ""` });

/** An identity line: UTC, seconds. */
export function identityLine(who: { name: string; email: string }, time: number): string {
  if (/[<>\n\0]/.test(who.name + who.email) || !Number.isInteger(time))
    throw new AmbientError('bad-identity', `${JSON.stringify(who)} at ${time} cannot be written in a commit`, {
      kind: 'bug',
    });
  return `${who.name} <${who.email}> ${time} +0000`;
}

/**
 * Quotes a path for fast-import. @throws AmbientError `bad-path` (user) for one that must never stand in a tree: it
 * would escape the worktree or reach into `.git`.
 */
export function quotePath(path: string): string {
  const bad = path.split('/').some((part) => part === '' || part === '.' || part === '..' || /^\.git$/i.test(part));
  if (bad || path.includes('\0'))
    throw new AmbientError('bad-path', `${JSON.stringify(path)} cannot be a path in a tree`, {
      kind: 'user',
      data: { path },
    });
  return `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
