/** The user's own diff tool. Rule: it is theirs: their environment, terminal and configuration, nothing neutralised. */
import { spawn } from 'node:child_process';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { scrub } from './environment.ts';
import type { Oid } from './types.ts';

export function runDifftool(git: GitContext, from: Oid, to: Oid): Promise<number> {
  const child = spawn('git', ['difftool', '--no-prompt', from, to], {
    cwd: git.info.workTree ?? git.info.gitDir,
    env: scrub(process.env) as NodeJS.ProcessEnv,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new AmbientError('no-git', 'git could not be started', { kind: 'environment', cause })),
    );
    child.once('close', (code) => resolve(code ?? 1));
  });
}
