/**
 * Runs a program that asks functions of a tree. Rule: every run is a process of its own in a fresh slot, under another order
 * of hashes, so that what is only true today differs; the last line is data.
 */
import type { Programs } from '../programs.ts';

export interface Question {
  language: 'python' | 'javascript';
  program: string;
}

/** Milliseconds. */
const TIMEOUT = 60_000;

/** What each of `times` runs on `tree` says, as JSON; null where one says nothing or nothing can be run. */
export async function askFunctions(
  { language, program }: Question,
  tree: string,
  programs: Programs,
  times = 3,
): Promise<unknown[] | null> {
  const found = await programs.toolchain.find(language === 'python' ? 'python' : 'node');
  if (found === null) return null;
  const argv = language === 'python' ? [found.path, '-s', '-B', '-c', program] : [found.path, '-e', program];
  const said: unknown[] = [];
  for (let at = 0; at < times; at += 1) {
    const env = { PYTHONHASHSEED: String(at) };
    const result = await programs.on([tree], (stand) => lastLine(stand?.run({ argv, env, timeout: TIMEOUT })));
    if (result === null) return null;
    said.push(result);
  }
  return said;
}

async function lastLine(
  running: Promise<{ code: number | null; stdout: string; setupError: unknown }> | undefined,
): Promise<unknown> {
  const result = await running;
  const last = result?.stdout.trim().split('\n').at(-1) ?? '';
  if (result?.code !== 0 || result.setupError !== null || !last.startsWith('{')) return null;
  try {
    return JSON.parse(last);
  } catch {
    return null;
  }
}
