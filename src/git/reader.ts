/**
 * The read primitive: one long-lived `git cat-file --batch-command`, requests pipelined, answers in order. Rule: it
 * never keeps the process alive; if it dies, what was asked fails and the next question starts a new one. Only where it
 * died of an object that a partial clone lacks, that one is answered "not here" and the others are asked again.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { AmbientError } from '../base/index.ts';
import { ByteQueue } from './byte-queue.ts';
import { type OpenOptions, placeArguments } from './context.ts';
import { neutral } from './environment.ts';
import { isPromised, presentAmong } from './promised.ts';
import type { Oid, RepositoryInfo } from './types.ts';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';
export interface ObjectInfo {
  oid: Oid;
  type: ObjectType;
  size: number;
}
export interface ReadObject extends ObjectInfo {
  content: Buffer;
}

interface Question {
  name: string;
  contents: boolean;
  header: ObjectInfo | null;
  answer: (found: ReadObject | null) => void;
  fail: (error: unknown) => void;
}
type Child = ChildProcessByStdio<Writable, Readable, Readable>;
const HEADER = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/;
const EMPTY = Buffer.alloc(0);

export class CatFile {
  readonly #info: RepositoryInfo;
  readonly #options: OpenOptions;
  #child: Child | null = null;
  #questions: Question[] = [];
  /** While its end is awaited, the answer to a question that nobody waits for any more must not let the process go. */
  #closing = false;
  #recovering: Promise<void> = Promise.resolve();

  constructor(info: RepositoryInfo, options: OpenOptions) {
    this.#info = info;
    this.#options = options;
  }

  /** The object that `name` (one line) stands for, or null. */
  read(name: string): Promise<ReadObject | null> {
    return this.#ask(name, true);
  }

  /** As `read`, without the content. */
  find(name: string): Promise<ObjectInfo | null> {
    return this.#ask(name, false);
  }

  /** Ends the process once it has answered what was asked. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#recovering;
    for (let child = this.#child; child !== null; child = this.#child) {
      hold(child, true);
      const ended = new Promise((resolve) => child?.once('close', resolve));
      child.stdin.end();
      await ended;
      await this.#recovering;
    }
    this.#closing = false;
  }

  #ask(name: string, contents: boolean): Promise<ReadObject | null> {
    // A line ends at a newline, and git takes a carriage return before it away.
    if (/[\n\0]|\r$/.test(name)) return Promise.reject(oddName(name));
    if (this.#options.signal?.aborted) return Promise.reject(this.#died('was stopped'));
    return new Promise((answer, fail) => this.#put({ name, contents, header: null, answer, fail }));
  }

  #put(question: Question): void {
    const child = this.#child ?? this.#start();
    if (this.#questions.length === 0) hold(child, true);
    this.#questions.push(question);
    child.stdin.write(`${question.contents ? 'contents' : 'info'} ${question.name}\n`);
  }

  #start(): Child {
    const child = spawn('git', [...placeArguments(this.#info), 'cat-file', '--batch-command'], {
      cwd: this.#info.commonDir,
      env: neutral(this.#options.env ?? process.env, []) as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    const bytes = new ByteQueue();
    let stderr = '';
    const stop = () => child.kill('SIGKILL');
    this.#options.signal?.addEventListener('abort', stop, { once: true });
    child.stdin.on('error', () => {});
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-2000);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      bytes.push(chunk);
      this.#answer(child, bytes);
    });
    const gone = (how: string) => {
      this.#options.signal?.removeEventListener('abort', stop);
      if (this.#child !== child) return;
      this.#child = null;
      const questions = this.#questions.splice(0);
      const fail = (question: Question) => question.fail(this.#died(how, stderr));
      if (!isPromised(stderr) || this.#options.signal?.aborted) return questions.forEach(fail);
      this.#recovering = this.#askAgain(questions).catch(() => questions.forEach(fail));
    };
    child.on('error', (error) => gone(error.message));
    child.on('close', (code, signal) => gone(`ended with ${signal ?? `exit code ${code}`}`));
    hold(child, false);
    return child;
  }

  /** The first is what it died of; of the others nobody knows how many would end the next one. */
  async #askAgain([first, ...others]: Question[]): Promise<void> {
    const oids = new Set(others.map(({ name }) => name).filter((name) => /^[0-9a-f]{40,64}$/.test(name)));
    const env = neutral(this.#options.env ?? process.env, []);
    const present = oids.size > 0 ? await presentAmong(placeArguments(this.#info), env, [...oids]) : oids;
    first?.answer(null);
    for (const question of others)
      oids.has(question.name) && !present.has(question.name)
        ? question.answer(null)
        : this.#put({ ...question, header: null });
  }

  #answer(child: Child, bytes: ByteQueue): void {
    for (let question = this.#questions[0]; question; question = this.#questions[0]) {
      const found = takeAnswer(question, bytes);
      if (found === undefined) return;
      this.#questions.shift();
      if (this.#questions.length === 0 && !this.#closing) hold(child, false);
      question.answer(found);
    }
  }

  #died(how: string, stderr = ''): AmbientError {
    return new AmbientError('git-failed', `git cat-file ${how}${stderr ? `: ${stderr.trim()}` : ''}`, {
      kind: 'environment',
      data: { command: ['git', 'cat-file', '--batch-command'], stderr },
    });
  }
}

/** undefined: not all of it is there yet. null: git does not know the object. */
function takeAnswer(question: Question, bytes: ByteQueue): ReadObject | null | undefined {
  if (question.header === null) {
    const line = bytes.line();
    if (line === null) return undefined;
    const match = HEADER.exec(line.toString());
    if (!match) return null;
    question.header = { oid: match[1] as string, type: match[2] as ObjectType, size: Number(match[3]) };
  }
  if (!question.contents) return { ...question.header, content: EMPTY };
  const content = bytes.block(question.header.size + 1);
  return content === null ? undefined : { ...question.header, content: content.subarray(0, -1) };
}

/** Whether the child keeps our process alive: only while a question is open. */
function hold(child: Child, held: boolean): void {
  const parts = [child, child.stdin as Socket, child.stdout as Socket, child.stderr as Socket];
  for (const part of parts) held ? part.ref() : part.unref();
}

function oddName(name: string): AmbientError {
  return new AmbientError('bad-object-name', `${JSON.stringify(name)} cannot name an object`, { kind: 'bug' });
}
