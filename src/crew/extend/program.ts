/**
 * A program of the repository's trusted configuration, asked one question in the sandbox. Rule: it sees the configuration
 * that is trusted and what it is handed, nothing of any proposal; whatever goes wrong is a reason, never an exception.
 */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AmbientError, randomId, redact } from '../../base/index.ts';
import { removeAny } from '../../git/index.ts';
import { isAllowed, limitsFrom, parseCommand, type SandboxResult } from '../../sandbox/index.ts';
import { sandboxOf } from '../checks.ts';
import { type Crew, once } from '../open.ts';
import { configurationFilesOf } from './configuration.ts';

export interface Question {
  command: string;
  /** Told on standard input, as JSON. */
  request: unknown;
  /** Files that lie at `tree/<path>`. */
  files?: ReadonlyArray<{ path: string; text: string }>;
  /** Milliseconds. */
  timeout: number;
}

export type Answer = { ok: true; value: unknown } | { ok: false; reason: string };

/** Bytes of the question; larger ones are refused before anything starts. */
const LARGEST = 16 * 1024 * 1024;
/** Bytes that it may write. */
const DISK = 256 * 1024 ** 2;
/** What a killed process left lying. Milliseconds. */
const STALE = 60 * 60_000;

/** Asks. @throws AmbientError `aborted` when the crew is told to stop, and nothing else. */
export async function askProgram(crew: Crew, question: Question): Promise<Answer> {
  try {
    return readResult(await runProgram(crew, question), question);
  } catch (error) {
    if (crew.signal.aborted || !(error instanceof AmbientError) || error.kind === 'bug') throw error;
    return { ok: false, reason: error.message };
  }
}

async function runProgram(crew: Crew, { command, request, files = [], timeout }: Question): Promise<SandboxResult> {
  const argv = parseCommand(command);
  const verdict = isAllowed(argv, crew.config.sandbox.allowed_commands);
  if (!verdict.allowed) throw refused(verdict.reason);
  const input = `${JSON.stringify(request)}\n`;
  if (Buffer.byteLength(input) > LARGEST)
    throw refused(`not run: it would be told more than ${LARGEST / 1024 ** 2} MiB`);
  const driver = await sandboxOf(crew);
  const dir = await makeRoom(crew);
  try {
    for (const { path, content } of await configurationFilesOf(crew)) await put(join(dir, path), content);
    for (const { path, text } of files) await put(join(dir, 'tree', path), text);
    await put(join(dir, REQUEST), input);
    const limits = limitsFrom(crew.config.sandbox);
    return await driver.run({
      ...{ argv, dir, stdin: join(dir, REQUEST) },
      env: { CI: '1', NO_COLOR: '1', TERM: 'dumb', TZ: 'UTC', LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
      readOnly: crew.config.sandbox.read_only_paths.map((path) => ({ path })),
      limits: { ...limits, timeout: Math.min(timeout, limits.timeout), diskBytes: Math.min(DISK, limits.diskBytes) },
      signal: crew.signal,
    });
  } finally {
    removeAny(dir);
  }
}

const REQUEST = 'request.json';

function readResult(result: SandboxResult, { command, timeout }: Question): Answer {
  const no = (reason: string): Answer => ({ ok: false, reason });
  if (result.setupError !== null) return no(`not run: ${result.setupError.replace(/ \(looked in .*\)$/s, '')}`);
  if (result.timedOut) return no(`it gave no answer within ${Math.round(timeout / 100) / 10} s`);
  if (result.oom) return no('it ran out of memory');
  if (result.diskFull || result.fileTooLarge) return no('it wrote too much to the disk');
  if (result.pidsFull) return no('it started too many processes');
  if (result.truncated) return no('it printed more than is read');
  if (result.code !== 0) {
    const last = redact(result.stderr).trim().split('\n').at(-1)?.slice(0, 200) ?? '';
    const how =
      result.code === 127
        ? `${command.split(' ')[0]} could not be started`
        : `it ended with ${result.code ?? result.signal}`;
    return no(last === '' ? how : `${how}: ${last}`);
  }
  try {
    return { ok: true, value: JSON.parse(result.stdout) };
  } catch {
    const shown = redact(result.stdout).trim().slice(0, 60);
    return no(shown === '' ? 'it answered nothing' : `its answer is no JSON: ${JSON.stringify(shown)}`);
  }
}

/** A folder of its own: where trees are judged, something of a candidate may lie. */
export async function makeRoom(crew: Crew): Promise<string> {
  const root = join(crew.store.dir, 'programs');
  await once(crew, 'programs swept', () => sweep(root));
  const dir = join(root, randomId(12));
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AmbientError('room-unusable', `could not make the directory ${dir}`, { kind: 'environment', cause });
  }
  return dir;
}

async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const info = await stat(join(root, name)).catch(() => null);
    if (info !== null && Date.now() - info.mtimeMs > STALE) removeAny(join(root, name));
  }
}

export async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function refused(reason: string): AmbientError {
  return new AmbientError('program-refused', reason, { kind: 'config' });
}
