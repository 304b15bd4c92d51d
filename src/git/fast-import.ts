/** Runs a fast-import stream and returns what it printed. Leaves no crash report in the user's `.git`. */
import { rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { GitContext } from './context.ts';
import { gitFailed } from './run.ts';

const ARGS = ['fast-import', '--quiet', '--done', '--date-format=raw'];

export async function fastImport(git: GitContext, stream: Uint8Array): Promise<string[]> {
  const result = await git.run(ARGS, { input: stream, ok: [0, 1, 128] });
  if (result.code === 0) return result.stdout.toString().split('\n').filter(Boolean);
  const report = /dumping crash report to (.*fast_import_crash_\d+)$/m.exec(result.stderr.toString())?.[1];
  if (report !== undefined)
    rmSync(isAbsolute(report) ? report : join(git.info.workTree ?? git.info.gitDir, report), { force: true });
  throw gitFailed(ARGS, result);
}
