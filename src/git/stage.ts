/**
 * The private room of a landing: its index, the files that come, the files that went. Rule: the plan stands complete on
 * the disk before the first file of the user's is moved, so that whoever finds the room can put everything back.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRunning, ownMark, type ProcessMark, randomId } from '../base/index.ts';
import { requireWorkTree } from './state.ts';
import type { Landing, RepositoryInfo } from './types.ts';
import { look, type Sight } from './working-files.ts';

/** One path of a landing: what stood there, and what is to. */
export interface Exchange {
  /** In Latin-1. */
  path: string;
  was: Sight;
  to: Sight;
  /** The commit has it, the working tree is not to (a sparse checkout). */
  hidden: boolean;
}

export interface Plan {
  landing: Landing;
  exchanges: Exchange[];
}

export interface Stage {
  /** In the private git directory. */
  readonly dir: string;
  /** The index that the commit is made from. Hooks see it as GIT_INDEX_FILE. */
  readonly index: string;
  /** Files: on the file system of the working tree, because they are renamed. */
  readonly files: string;
  /** Text of our lock on the user's index: nobody else's is like it. */
  readonly mark: string;
}

const NAME = 'landing';

/** Null: somebody's room is there already. */
export function makeStage(info: RepositoryInfo): Stage | null {
  const place = placeOf(info);
  const own = ownMark();
  const mark = `landing\n${own.pid}\n${own.start}\n${randomId(16)}\n`;
  // Complete or not at all: a room without an owner could belong to one who is about to say so.
  const draft = passing(place.dir);
  sweep(info);
  mkdirSync(draft, { mode: 0o700 });
  try {
    write(join(draft, 'owner'), mark);
    // Fails where the room is: a directory with something in it is not replaced.
    renameSync(draft, place.dir);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (look(place.dir) !== undefined) return null;
    throw error;
  }
  if (place.files.startsWith(place.dir)) mkdirSync(place.files);
  else makeBeside(place.files);
  return { ...place, mark };
}

/** In the working tree nobody is to see it, `git add -A` of a hook least of all. */
function makeBeside(files: string): void {
  rmSync(files, { recursive: true, force: true });
  mkdirSync(files, { mode: 0o700 });
  write(join(files, '.gitignore'), '*\n');
}

export function readStage(info: RepositoryInfo): Stage | null {
  const place = placeOf(info);
  const mark = readText(join(place.dir, 'owner'));
  return mark === null ? null : { ...place, mark };
}

/** Null: no file of the user's was moved yet. */
export function readPlan(stage: Stage): Plan | null {
  const text = readText(join(stage.dir, 'plan.json'));
  return text === null ? null : (JSON.parse(text) as Plan);
}

export function writePlan(stage: Stage, plan: Plan): void {
  const path = join(stage.dir, 'plan.json');
  write(`${path}.new`, JSON.stringify(plan));
  renameSync(`${path}.new`, path);
}

/** The plan goes in one piece: half of it would say what is not so. */
export function removeStage(stage: Stage): void {
  rmSync(stage.files, { recursive: true, force: true });
  const doomed = passing(stage.dir);
  renameSync(stage.dir, doomed);
  rmSync(doomed, { recursive: true, force: true });
}

const passing = (dir: string) => `${dir}.${process.pid}-${randomId(8)}`;

/** Removes what a process left that was killed while it made or removed a room. */
export function sweep(info: RepositoryInfo): void {
  for (const name of readdirSync(info.gitDir)) {
    const pid = Number(/^landing\.(\d+)-/.exec(name)?.[1] ?? 0);
    if (pid > 0 && (pid === process.pid || !isRunning({ pid, start: '' })))
      rmSync(join(info.gitDir, name), { recursive: true, force: true });
  }
}

/** The process that made the room, or the git that it left behind, as far as their marks tell. */
export function isAlive(stage: Stage): boolean {
  const owner = parseMark(stage.mark);
  if (owner !== null && owner.pid !== process.pid && isRunning(owner)) return true;
  const child = readText(join(stage.dir, 'child'));
  const mark = child === null ? null : parseMark(`landing\n${child}`);
  return mark !== null && isRunning(mark);
}

/** Remembers the git that makes the commit: it outlives us when we are killed. */
export function rememberChild(stage: Stage, { pid, start }: ProcessMark): void {
  write(join(stage.dir, 'child'), `${pid}\n${start}\n`);
}

/** Where the file that stood at the path waits, and where the one that was put there goes. */
export const asideOf = (stage: Stage, at: number): string => join(stage.files, `was-${at}`);
export const undoneOf = (stage: Stage, at: number): string => join(stage.files, `undone-${at}`);
export const comingOf = (stage: Stage): string => join(stage.files, 'to');

function placeOf(info: RepositoryInfo): Omit<Stage, 'mark'> {
  const top = requireWorkTree(info);
  const dir = join(info.gitDir, NAME);
  const near = statSync(top).dev === statSync(info.gitDir).dev;
  return { dir, index: join(dir, 'index'), files: near ? join(dir, 'files') : join(top, '.git-landing') };
}

function parseMark(text: string): ProcessMark | null {
  const match = /^landing\n([1-9]\d{0,9})\n(\d*)\n/.exec(text);
  return match ? { pid: Number(match[1]), start: match[2] ?? '' } : null;
}

function write(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function readText(path: string): string | null {
  return look(path) === undefined ? null : readFileSync(path, 'utf8');
}
